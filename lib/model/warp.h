/*
 * warp: objective values as a Gaussian process likes them.
 *
 * What is smaller is better, here as everywhere in this layer.  The better
 * half of the values keeps its shape, the worse half keeps its order only,
 * and the whole is stretched towards the best (after Song et al. 2024, "The
 * Vizier Gaussian process bandit algorithm"):
 *
 *  1. Values up to the median stay.  With b distinct values above it,
 *     number r of them from the worst (0) becomes
 *     median + s q, q = Phi^-1(1 - (r + 1/2) / 2b), where s is the root
 *     mean square of value - median over all values up to the median.
 *     If that is 0, s cancels from 2 on.
 *  2. f = (value - min) / (max - min) of what 1 gave.
 *  3. t = log(1 + f/2) / log 1.5.
 *  4. t less its mean, by its standard deviation (that of n, not n - 1).
 *
 * If all values are equal, 0 is what they become.
 *
 * Between and beyond the values seen, f is linear: through the smallest
 * value, the largest up to the median and every distinct one above it, the
 * outer pieces going on.  The logarithm of 3 goes on to f = -1 (as far below
 * the best as the worst is above it) and along its tangent from there.  So
 * the map is continuous, rises everywhere, and has an inverse everywhere.  If
 * all values are equal to c, f rises from 0 at c to 1 at c + |c| (or 1, if c
 * is 0).  Where a result is no double, it is +-DBL_MAX; NaN stays NaN.
 *
 * Neither the order of the values nor, as long as nothing underflows, a
 * power of 2 as their unit changes a bit of the result.  Values as far
 * apart as doubles can be do not overflow.
 */
#ifndef LO_MODEL_WARP_H
#define LO_MODEL_WARP_H

#include <stddef.h>

struct warp {
	size_t n;		/* knots, at least 2 */
	double *v, *f;		/* rising; v are values times 2^shift */
	int shift;
	double mean, sd;	/* of step 4 */
};

/* From n finite values; n = 0 is as one value 0.  To be released. */
void	warp_init(struct warp *, size_t n, const double *y);
/* The same with all values up to keep as they are: they, rather than those
 * up to the median, are the better half. */
void	warp_init_keep(struct warp *, size_t n, const double *y, double keep);
void	warp_release(struct warp *);

/* t[i] = warp_forward(y[i]); t may be y. */
void	warp_apply(const struct warp *, size_t n, const double *y, double *t);
double	warp_forward(const struct warp *, double y);
/* A quantile in warped units back in those of the objective. */
double	warp_inverse(const struct warp *, double t);
/* The same, and its derivative there (that of a piece, at knots). */
double	warp_inverse_slope(const struct warp *, double t, double *slope);
/* What a prediction N(mean, sd^2) says of the objective: its median, and
 * half the distance of the quantiles that lie sd to both sides. */
void	warp_predict(const struct warp *, double mean, double sd,
	    double *median, double *deviation);

#endif
