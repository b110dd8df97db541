/* scalar_max: expected improvement of a maximum.  See scalar_ei.h. */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/xmem.h"
#include "model/acquire.h"
#include "model/log_sum.h"
#include "model/scalar_rule.h"

#define SQRT_HALF 0.70710678118654752440
#define LOG_SQRT_2PI 0.91893853320467274178
#define CERTAIN 8.0	/* deviations */
/* By so much the logarithm of F has fallen where the integral begins. */
#define DROP 30.0
#define DROP_LEAST 26.0
#define DROP_MOST 120.0

/* The logarithm of a normal probability, and its derivatives by the two
 * ends of the interval. */
struct chance {
	double log, lo, hi;
};

static double
log_density(double z)
{
	return -z * z / 2 - LOG_SQRT_2PI;
}

/* Of an interval with its middle at or below 0. */
static double
log_between(double lo, double hi)
{
	double top, mid = lo / 2 + hi / 2;

	if ((hi - lo) * (1 - mid) < 1e-3)
		return log_density(mid) + log(hi - lo);
	if (hi > 0)
		return log1p(-0.5 * erfc(hi * SQRT_HALF) -
		    0.5 * erfc(-lo * SQRT_HALF));
	top = acquire_log_cdf(hi, NULL);
	return top + log1p(-exp(acquire_log_cdf(lo, NULL) - top));
}

static struct chance
chance(double lo, double hi)
{
	struct chance c = { 0, 0, 0 };

	if (lo == -INFINITY) {
		c.log = acquire_log_cdf(hi, &c.hi);
		return c;
	}
	c.log = lo + hi > 0 ? log_between(-hi, -lo) : log_between(lo, hi);
	c.lo = -exp(log_density(lo) - c.log);
	c.hi = exp(log_density(hi) - c.log);
	return c;
}

struct prediction {
	const struct scalar *s;
	const double *mean, *sd;
};

/* log F(t), and unless NULL its derivatives by mean[k], sd[k]. */
static double
log_below(const struct prediction *p, double t, double *slope)
{
	const struct scalar *s = p->s;
	double sum = 0, lo, hi, part;
	struct chance c;
	size_t j;

	for (j = 0; j < s->k; j++) {
		part = t / s->weight[j];
		lo = s->kind == SCALAR_MAX ? -INFINITY : (scalar_warped(s, j,
		    s->centre[j] - part) - p->mean[j]) / p->sd[j];
		hi = (scalar_warped(s, j, s->centre[j] + part) -
		    p->mean[j]) / p->sd[j];
		c = chance(lo, hi);
		sum += c.log;
		if (slope == NULL)
			continue;
		slope[j] = -(c.lo + c.hi) / p->sd[j];
		slope[s->k + j] = -(c.hi * hi + (lo > -INFINITY ? c.lo * lo :
		    0)) / p->sd[j];
	}
	return isnan(sum) ? -INFINITY : sum;
}

/* Where objective j surely is, as its part of the maximum. */
static void
certain_range(const struct prediction *p, size_t j, double *lo, double *hi)
{
	const struct scalar *s = p->s;
	double a, b;

	a = scalar_own(s, j, p->mean[j] - CERTAIN * p->sd[j]) - s->centre[j];
	b = scalar_own(s, j, p->mean[j] + CERTAIN * p->sd[j]) - s->centre[j];
	if (s->kind == SCALAR_MAX) {
		*lo = s->weight[j] * a;
		*hi = s->weight[j] * b;
		return;
	}
	*lo = s->weight[j] * (a > 0 ? a : b < 0 ? -b : 0);
	*hi = s->weight[j] * fmax(fabs(a), fabs(b));
}

/* How far below best the integral must begin.  start is below what F may
 * be, or above best; log F is nearly concave, which makes of each step a
 * better guess. */
static double
depth(const struct prediction *p, double best, double start)
{
	double top = log_below(p, best, NULL), drop, factor;
	double width = fabs(best - start), least = 1e-9 * fabs(best);
	bool limited = p->s->kind == SCALAR_DISTANCE;
	int i;

	width = width > least ? width : least > 0 ? least : 1e-9;
	for (i = 0; i < 12; i++) {
		if (limited && width > best)
			width = best;
		drop = top - log_below(p, best - width, NULL);
		if ((drop >= DROP_LEAST && drop <= DROP_MOST) ||
		    (limited && width == best && drop < DROP))
			break;
		factor = drop > 0 ? DROP / drop : 50;
		width *= factor < 0.05 ? 0.05 : factor > 50 ? 50 : factor;
	}
	return width;
}

/* The integral of F over a piece. */
static void
add_piece(struct log_sum *sum, const struct prediction *p, double from,
    double to)
{
	double *with = xcalloc(2 * p->s->k, sizeof(*with));
	double half = (to - from) / 2, at, weight, value;
	size_t i;

	for (i = 0; i < RULE_POINTS && half > 0; i++) {
		rule_point(i, &at, &weight);
		value = log_below(p, from + half * (1 + at), with);
		log_sum_add(sum, value + log(weight * half), with);
	}
	free(with);
}

static int
rising(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double
scalar_max_log(const struct scalar_ei *e, const double *mean,
    const double *sd, double *slope)
{
	const struct scalar *s = &e->scalar;
	struct prediction p = { s, mean, sd };
	double *end = xcalloc(s->k + 1, sizeof(*end)), start = -INFINITY;
	double lo, from;
	struct log_sum sum;
	size_t j;

	log_sum_init(&sum, 2 * s->k, slope);
	for (j = 0; j < s->k; j++) {
		certain_range(&p, j, &lo, &end[j]);
		start = lo > start ? lo : start;
	}
	end[s->k] = e->best;
	qsort(end, s->k + 1, sizeof(*end), rising);
	if (s->kind == SCALAR_MAX || e->best > 0) {
		from = e->best - depth(&p, e->best, start);
		for (j = 0; j <= s->k && end[j] <= e->best; j++) {
			if (!(end[j] > from))
				continue;
			add_piece(&sum, &p, from, end[j]);
			from = end[j];
		}
	}
	free(end);
	return log_sum_end(&sum);
}
