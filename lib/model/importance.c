/* importance: see importance.h. */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "model/importance.h"
#include "model/sample.h"

/* A spread that is only rounding. */
#define FLAT 1e-20

struct points {
	size_t d, n;
	double *a, *b;		/* n x d */
	double *mixed;		/* a with one coordinate of b */
	double *fa, *fb, *fm;	/* values, centred */
};

static void
points_init(struct points *p, size_t d, size_t n)
{
	struct sample_stream *s = sample_open(0, 0, RNG_IMPORTANCE, 2 * d);
	double *both = xcalloc(2 * d, sizeof(*both));
	size_t i;

	p->d = d;
	p->n = n;
	p->a = xcalloc(n, d * sizeof(*p->a));
	p->b = xcalloc(n, d * sizeof(*p->b));
	p->mixed = xcalloc(n, d * sizeof(*p->mixed));
	p->fa = xcalloc(n, sizeof(*p->fa));
	p->fb = xcalloc(n, sizeof(*p->fb));
	p->fm = xcalloc(n, sizeof(*p->fm));
	for (i = 0; i < n; i++) {
		sample_next(s, both);
		memcpy(p->a + i * d, both, d * sizeof(*both));
		memcpy(p->b + i * d, both + d, d * sizeof(*both));
	}
	free(both);
	sample_close(s);
}

static void
points_release(struct points *p)
{
	free(p->a);
	free(p->b);
	free(p->mixed);
	free(p->fa);
	free(p->fb);
	free(p->fm);
}

static double
mean_of(size_t n, const double *x)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < n; i++)
		sum += x[i];
	return sum / (double)n;
}

/* The product f(B) (...) is of numbers around 0, lest it be a small
 * difference of large ones.  The variance. */
static double
centre(struct points *p, double mean)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < p->n; i++) {
		p->fa[i] -= mean;
		p->fb[i] -= mean;
		sum += p->fa[i] * p->fa[i] + p->fb[i] * p->fb[i];
	}
	return sum / (double)(2 * p->n);
}

static double
cut(double share)
{
	return share < 0 ? 0 : share > 1 ? 1 : share;
}

/* The two indices of coordinate j, times the variance. */
static void
estimate(const struct points *p, double mean, double *first, double *total)
{
	double step;
	size_t i;

	*first = *total = 0;
	for (i = 0; i < p->n; i++) {
		step = p->fm[i] - mean - p->fa[i];
		*first += p->fb[i] * step / (double)p->n;
		*total += step * step / (double)(2 * p->n);
	}
}

static void
mix(struct points *p, size_t j)
{
	size_t i;

	memcpy(p->mixed, p->a, p->n * p->d * sizeof(*p->mixed));
	for (i = 0; i < p->n; i++)
		p->mixed[i * p->d + j] = p->b[i * p->d + j];
}

int
importance_sobol(size_t d, size_t n, importance_mean *f, void *arg,
    double *first, double *total)
{
	struct points p;
	double mean, variance;
	size_t j;
	bool varies;

	memset(first, 0, d * sizeof(*first));
	memset(total, 0, d * sizeof(*total));
	points_init(&p, d, n);
	f(arg, n, p.a, p.fa);
	f(arg, n, p.b, p.fb);
	mean = (mean_of(n, p.fa) + mean_of(n, p.fb)) / 2;
	variance = centre(&p, mean);
	varies = isfinite(variance) && variance > 0 &&
	    variance > FLAT * mean * mean;
	for (j = 0; varies && j < d; j++) {
		mix(&p, j);
		f(arg, n, p.mixed, p.fm);
		estimate(&p, mean, &first[j], &total[j]);
		first[j] = cut(first[j] / variance);
		total[j] = cut(total[j] / variance);
	}
	points_release(&p);
	return varies ? 0 : -1;
}
