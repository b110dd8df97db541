/* warp: objective values as a Gaussian process likes them.  See warp.h. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>

#include "base/xmem.h"
#include "model/warp.h"

#define LOG_1_5 0.40546510810816438198
#define LOG_2 0.69314718055994530942

/* The values in order, and what step 1 takes from them. */
struct half {
	size_t n;
	double *v;
	size_t good;		/* how many are up to the median, or kept */
	size_t bad;		/* distinct ones above */
	double below;		/* from the smallest to where those begin */
};

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* NaN passes. */
static double
bounded(double x)
{
	return x > DBL_MAX ? DBL_MAX : x < -DBL_MAX ? -DBL_MAX : x;
}

/* Away from both ends of the range of double. */
static int
shift_for(size_t n, const double *y)
{
	double largest = 0;
	size_t i;

	for (i = 0; i < n; i++)
		largest = fmax(largest, fabs(y[i]));
	if (largest == 0)
		return 0;
	return largest > 0x1p960 ? -64 : largest < 0x1p-896 ? 128 : 0;
}

static void
split(struct half *h, double keep)
{
	size_t i, lower = (h->n - 1) / 2, upper = h->n / 2;

	qsort(h->v, h->n, sizeof(*h->v), compare);
	/* Of differences, since a mean of large numbers would be rounded
	 * by more than it differs from them. */
	h->below = 0.5 * (h->v[lower] - h->v[0]) +
	    0.5 * (h->v[upper] - h->v[0]);
	h->good = upper;
	while (h->good < h->n && h->v[h->good] == h->v[lower])
		h->good++;
	if (keep > h->v[h->good - 1]) {
		while (h->good < h->n && h->v[h->good] <= keep)
			h->good++;
		h->below = h->v[h->good - 1] - h->v[0];
	}
	h->bad = 0;
	for (i = h->good; i < h->n; i++)
		h->bad += h->v[i] > h->v[i - 1];
}

/* The scale s, 1 in place of 0: nothing lies below the median then, and s
 * goes out of f. */
static double
good_scale(const struct half *h)
{
	double sum = 0, part;
	size_t i;

	if (h->below <= 0)
		return 1;
	for (i = 0; i < h->good; i++) {
		part = (h->v[i] - h->v[0] - h->below) / h->below;
		sum += part * part;
	}
	return h->below * sqrt(sum / (double)h->good);
}

static void
push(struct warp *w, double v, double f)
{
	w->v[w->n] = v;
	w->f[w->n] = f;
	w->n++;
}

/* q of number r from the worst; the lower tail has the finer numbers. */
static double
quantile(size_t r, size_t bad)
{
	return -gsl_cdf_ugaussian_Pinv(((double)r + 0.5) /
	    (2 * (double)bad));
}

/* Steps 1 and 2 of everything that is a knot. */
static void
place_knots(struct warp *w, const struct half *h)
{
	double low = h->v[0], last = h->v[h->good - 1], s = good_scale(h);
	double range = h->below;
	size_t i, r = h->bad;

	if (h->bad > 0)
		range += s * quantile(0, h->bad);
	push(w, low, 0);
	if (last > low)
		push(w, last, (last - low) / range);
	for (i = h->good; i < h->n; i++)
		if (h->v[i] > h->v[i - 1]) {
			r--;
			push(w, h->v[i],
			    (h->below + s * quantile(r, h->bad)) / range);
		}
	if (w->n == 1)
		push(w, low + (low == 0 ? 1 : fabs(low)), 1);
}

/* The piece that x is on, or that is nearest: which knot it begins at. */
static size_t
piece(const double *knots, size_t n, double x)
{
	size_t low = 0, high = n - 1, mid;

	while (high - low > 1) {
		mid = low + (high - low) / 2;
		if (knots[mid] <= x)
			low = mid;
		else
			high = mid;
	}
	return low;
}

/* The broken line through (from[i], to[i]), to the bit at each knot and
 * rising in spite of rounding. */
static double
follow(const double *from, const double *to, size_t n, double x)
{
	size_t k = piece(from, n, x);
	double width = from[k + 1] - from[k], rise = to[k + 1] - to[k];

	if (isnan(x))
		return x;
	if (width <= 0)
		return to[k];
	if (x >= from[k + 1])
		return to[k + 1] + rise * ((x - from[k + 1]) / width);
	return fmin(to[k + 1], to[k] + rise * ((x - from[k]) / width));
}

/* Step 3. */
static double
stretch(double f)
{
	if (f < -1)
		return (f + 1 - LOG_2) / LOG_1_5;
	return log1p(0.5 * f) / LOG_1_5;
}

static double
unstretch(double t)
{
	t *= LOG_1_5;
	return t < -LOG_2 ? t + LOG_2 - 1 : 2 * expm1(t);
}

/* Of step 4.  In rising order, so that the values' own does not matter. */
static void
standardize(struct warp *w, const struct half *h)
{
	double sum = 0, squares = 0, part;
	size_t i;

	w->mean = 0;
	w->sd = 1;
	if (h->v[0] == h->v[h->n - 1])
		return;
	for (i = 0; i < h->n; i++)
		sum += stretch(follow(w->v, w->f, w->n, h->v[i]));
	w->mean = sum / (double)h->n;
	for (i = 0; i < h->n; i++) {
		part = stretch(follow(w->v, w->f, w->n, h->v[i])) - w->mean;
		squares += part * part;
	}
	w->sd = sqrt(squares / (double)h->n);
}

void
warp_init(struct warp *w, size_t n, const double *y)
{
	warp_init_keep(w, n, y, -INFINITY);
}

void
warp_init_keep(struct warp *w, size_t n, const double *y, double keep)
{
	static const double nothing = 0;
	struct half h = { 0 };
	size_t i;

	if (n == 0) {
		n = 1;
		y = &nothing;
	}
	memset(w, 0, sizeof(*w));
	w->shift = shift_for(n, y);
	h.n = n;
	h.v = xcalloc(n, sizeof(*h.v));
	for (i = 0; i < n; i++)
		h.v[i] = ldexp(y[i], w->shift);
	split(&h, ldexp(keep, w->shift));
	w->v = xcalloc(h.bad + 2, sizeof(*w->v));
	w->f = xcalloc(h.bad + 2, sizeof(*w->f));
	place_knots(w, &h);
	standardize(w, &h);
	free(h.v);
}

void
warp_release(struct warp *w)
{
	free(w->v);
	free(w->f);
	memset(w, 0, sizeof(*w));
}

void
warp_apply(const struct warp *w, size_t n, const double *y, double *t)
{
	size_t i;

	for (i = 0; i < n; i++)
		t[i] = warp_forward(w, y[i]);
}

double
warp_forward(const struct warp *w, double y)
{
	double f = follow(w->v, w->f, w->n, ldexp(y, w->shift));

	return bounded((stretch(f) - w->mean) / w->sd);
}

double
warp_inverse(const struct warp *w, double t)
{
	double f = unstretch(t * w->sd + w->mean);

	return bounded(ldexp(follow(w->f, w->v, w->n, f), -w->shift));
}

double
warp_inverse_slope(const struct warp *w, double t, double *slope)
{
	double u = (t * w->sd + w->mean) * LOG_1_5, f = unstretch(t * w->sd +
	    w->mean), df = u < -LOG_2 ? 1 : 2 * exp(u);
	size_t k = piece(w->f, w->n, f);
	double width = w->f[k + 1] - w->f[k];

	*slope = width > 0 ? bounded(ldexp((w->v[k + 1] - w->v[k]) / width *
	    df * LOG_1_5 * w->sd, -w->shift)) : 0;
	return bounded(ldexp(follow(w->f, w->v, w->n, f), -w->shift));
}

void
warp_predict(const struct warp *w, double mean, double sd, double *median,
    double *deviation)
{
	*median = warp_inverse(w, mean);
	*deviation = 0.5 * warp_inverse(w, mean + sd) -
	    0.5 * warp_inverse(w, mean - sd);
}
