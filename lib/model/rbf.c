/*
 * rbf: kernel-weighted mean and spread of what was observed, the surrogate
 * "rbf_proxy".
 *
 * With w = exp(-|x - xi|^2 / 2 l^2) the mean is sum(w y) / sum(w); the
 * standard deviation is the weighted one, at least 1e-6, plus
 * max(0, 1 - sum(w) / n).  Far from everything, at sum(w) < 1e-9, it is
 * the plain mean and 1.
 *
 * Observations stand in blocks that stay in the cache while all candidates
 * pass.  Pairs of doubles are GNU vectors, which every machine adds in the
 * same order: results do not depend on how wide its registers are, nor on
 * its exp().
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/xmem.h"
#include "model/surrogate.h"

#define BLOCK 64		/* observations in a block */
#define PAIRS (BLOCK / 2)
#define CUTOFF -60.0		/* exp() below this counts as 0 */

/* Not aligned to their size: malloc need not do so. */
typedef double pair __attribute__((vector_size(16), aligned(8)));
typedef uint64_t bits __attribute__((vector_size(16), aligned(8)));

struct rbf {
	size_t n, d;
	double inv;		/* 1 / 2 l^2 */
	int scale;		/* y is kept divided by 2^scale, within 1 */
	double plain;		/* mean of y */
	pair *x;		/* [block][dimension][PAIRS] */
	pair *y;		/* [block][PAIRS] */
};

/* Weighted moments so far, of one candidate. */
struct moments {
	double weight, mean, square;
};

/* exp() of arguments from CUTOFF to 0, 0 below; error under 1 ulp.
 * x = n ln 2 + r, |r| <= ln 2 / 2, Taylor's series in a form that has no
 * long chain (Estrin's), exponent by hand. */
static inline pair
exp_pair(pair x)
{
	bits low = (bits)(x < CUTOFF);
	pair shifted, n, r, r2, r4, p;

	x = (pair)((bits)x & ~low);
	shifted = x * 0x1.71547652b82fep0 + 0x1.8p52;
	n = shifted - 0x1.8p52;
	r = x - n * 0x1.62e42feep-1 - n * 0x1.a39ef35793c76p-33;
	r2 = r * r;
	r4 = r2 * r2;
	p = 1.0 / 40320 + r * (1.0 / 362880) +
	    r2 * (1.0 / 3628800 + r * (1.0 / 39916800)) +
	    r4 * (1.0 / 479001600 + r * (1.0 / 6227020800));
	p = 1.0 / 24 + r * (1.0 / 120) +
	    r2 * (1.0 / 720 + r * (1.0 / 5040)) + r4 * p;
	p = 1 + (r + (r2 * (1.0 / 2 + r * (1.0 / 6)) + r4 * p));
	p = p * (pair)(((bits)shifted << 52) + 0x3ff0000000000000u);
	return (pair)((bits)p & ~low);
}

/* Weights of one block at one point.  Four pairs at a time stay in
 * registers. */
static void
weigh(const struct rbf *m, const pair *restrict x,
    const double *restrict at, pair *restrict w)
{
	size_t j, k;

	for (j = 0; j < PAIRS; j += 4) {
		pair s0 = { 0 }, s1 = { 0 }, s2 = { 0 }, s3 = { 0 };
		const pair *col = x + j;

		for (k = 0; k < m->d; k++, col += PAIRS) {
			pair c = { at[k], at[k] };
			pair t0 = col[0] - c, t1 = col[1] - c;
			pair t2 = col[2] - c, t3 = col[3] - c;

			s0 += t0 * t0;
			s1 += t1 * t1;
			s2 += t2 * t2;
			s3 += t3 * t3;
		}
		w[j] = exp_pair(-m->inv * s0);
		w[j + 1] = exp_pair(-m->inv * s1);
		w[j + 2] = exp_pair(-m->inv * s2);
		w[j + 3] = exp_pair(-m->inv * s3);
	}
}

/* Add a block's moments (Chan et al. 1979): no cancellation, however far
 * the values are from zero. */
static void
gather(struct moments *all, const pair *restrict w, const pair *restrict y)
{
	pair sum = { 0 }, wy = { 0 }, sq = { 0 };
	double weight, mean, square, total, delta;
	size_t j;

	for (j = 0; j < PAIRS; j++) {
		sum += w[j];
		wy += w[j] * y[j];
	}
	weight = sum[0] + sum[1];
	if (weight <= 0)
		return;
	mean = (wy[0] + wy[1]) / weight;
	for (j = 0; j < PAIRS; j++) {
		pair t = y[j] - mean;

		sq += w[j] * (t * t);
	}
	square = sq[0] + sq[1];
	total = all->weight + weight;
	delta = mean - all->mean;
	all->square += square +
	    delta * delta * (all->weight * (weight / total));
	all->mean += delta * (weight / total);
	all->weight = total;
}

static void
conclude(const struct rbf *m, const struct moments *all, double *mean,
    double *sd)
{
	double deviation;

	if (all->weight < 1e-9) {
		*mean = ldexp(m->plain, m->scale);
		*sd = 1;
		return;
	}
	*mean = ldexp(all->mean, m->scale);
	deviation = ldexp(sqrt(all->square / all->weight), m->scale);
	*sd = fmax(deviation, 1e-6) +
	    fmax(0, 1 - all->weight / (double)m->n);
}

/* The last block's empty places lie at the origin: weightless. */
static void
blank_rest(const struct rbf *m, size_t block, pair w[PAIRS])
{
	size_t i;

	for (i = m->n - block * BLOCK; i < BLOCK; i++)
		w[i / 2][i % 2] = 0;
}

static void
predict(const void *model, size_t npoint, const double *x, double *mean,
    double *sd)
{
	const struct rbf *m = model;
	struct moments *all = xcalloc(npoint, sizeof(*all));
	pair w[PAIRS];
	size_t b, i;

	for (b = 0; b * BLOCK < m->n; b++) {
		for (i = 0; i < npoint; i++) {
			weigh(m, m->x + b * m->d * PAIRS, x + i * m->d, w);
			if (m->n - b * BLOCK < BLOCK)
				blank_rest(m, b, w);
			gather(&all[i], w, m->y + b * PAIRS);
		}
	}
	for (i = 0; i < npoint; i++)
		conclude(m, &all[i], &mean[i], &sd[i]);
	free(all);
}

static void
add(struct rbf *m, const double *x, double y)
{
	size_t block = m->n / BLOCK, at = m->n % BLOCK, k;
	pair *col = m->x + block * m->d * PAIRS + at / 2;

	for (k = 0; k < m->d; k++)
		col[k * PAIRS][at % 2] = x[k];
	m->y[block * PAIRS + at / 2][at % 2] = y;
	m->n++;
	m->plain += (y - m->plain) / (double)m->n;
}

static void
add_pending(struct rbf *m, const struct surrogate_data *data)
{
	double *mean = xcalloc(data->npending, sizeof(*mean));
	double *sd = xcalloc(data->npending, sizeof(*sd));
	size_t i;

	predict(m, data->npending, data->pending, mean, sd);
	for (i = 0; i < data->npending; i++)
		add(m, data->pending + i * data->d,
		    ldexp(mean[i], -m->scale));
	free(mean);
	free(sd);
}

static void
release(void *model)
{
	struct rbf *m = model;

	if (m == NULL)
		return;
	free(m->x);
	free(m->y);
	free(m);
}

static void *
fit(const struct surrogate_data *data, const struct surrogate_options *o,
    struct err *err)
{
	size_t blocks = (data->n + data->npending + BLOCK - 1) / BLOCK, i;
	double largest = 0;
	struct rbf *m;

	if (data->n == 0) {
		err_set(err, LO_REFUSED, "rbf_proxy: no observations");
		return NULL;
	}
	m = xcalloc(1, sizeof(*m));
	m->d = data->d;
	/* A bound keeps 0 * inv from being NaN. */
	m->inv = fmin(0.5 / o->length_scale / o->length_scale, 1e300);
	m->x = xcalloc(blocks * PAIRS, data->d * sizeof(*m->x));
	m->y = xcalloc(blocks * PAIRS, sizeof(*m->y));
	for (i = 0; i < data->n; i++)
		largest = fmax(largest, fabs(data->y[i]));
	frexp(largest, &m->scale);
	for (i = 0; i < data->n; i++)
		add(m, data->x + i * data->d,
		    ldexp(data->y[i], -m->scale));
	if (data->npending > 0)
		add_pending(m, data);
	return m;
}

const struct surrogate surrogate_rbf = {
	"rbf_proxy", fit, predict, release
};
