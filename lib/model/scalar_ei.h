/*
 * scalar_ei: expected improvement of several objectives made one number.
 *
 * Each objective v_j has a Gaussian process of its own, so that none of
 * them must learn the kinks of the scalar.  It predicts N(mean, sd^2) in
 * warped units; y_j = g_j(v_j), g_j the inverse of the warp, is the
 * objective in its own.  Everything is minimised.  The scalar is
 *
 *	SCALAR_SUM	sum_j w_j y_j
 *	SCALAR_DISTANCE	max_j w_j |y_j - c_j|
 *	SCALAR_MAX	max_j w_j (y_j - c_j)
 *
 * and the expectation of max(0, best - scalar) is integrated, not sampled:
 *
 * The maxima are below t exactly if each objective is in its interval, so
 * that the distribution function F(t) is a product of normal ones and the
 * expectation the integral of F up to best, by Gauss-Legendre rules over
 * the pieces where F changes.
 *
 * For the sum, one objective (that which spreads most) is integrated by a
 * Gauss-Legendre rule given the others.  Those are at equidistant nodes
 * weighted with the normal density (the trapezoidal rule, which converges
 * fast on such integrands) if there is one of them, at the normal quantiles
 * of scrambled Sobol points if there are more.
 *
 * All is summed in logarithms: far from the incumbent neither the value nor
 * its slope vanish.  The relative error is about 1e-4 where the warp is
 * smooth, a few per cent across its knots; that of a sum of three and more
 * is that of the points.
 */
#ifndef LO_MODEL_SCALAR_EI_H
#define LO_MODEL_SCALAR_EI_H

#include <stddef.h>
#include <stdint.h>

#include "model/warp.h"

enum scalar_kind { SCALAR_SUM, SCALAR_DISTANCE, SCALAR_MAX };

struct scalar {
	enum scalar_kind kind;
	size_t k;		/* objectives, at least 1 */
	const struct warp *warp;	/* k; NULL: y is v */
	const double *weight;	/* k, positive */
	const double *centre;	/* k; not of the sum */
};

/* What it is worth to be below best. */
struct scalar_ei {
	struct scalar scalar;
	double best;
	size_t nodes;		/* of the sum's outer rule */
	double *node;		/* nodes x (k - 1) */
	double *log_weight;	/* nodes */
};

/* n x d normal quantiles of scrambled Sobol points. */
struct scalar_draw {
	uint64_t seed, trial;
	size_t n, d;
};
void	scalar_normals(const struct scalar_draw *, double *z);

/* The scalar of values in their own units. */
double	scalar_value(const struct scalar *, const double *y);

/* The arrays of scalar are borrowed; (seed, trial) are those of the Sobol
 * points.  To be released. */
void	scalar_ei_init(struct scalar_ei *, const struct scalar *, double best,
	    uint64_t seed, uint64_t trial);
void	scalar_ei_release(struct scalar_ei *);

/* The logarithm of the expected improvement; at least -DBL_MAX, never NaN.
 * slope[2k], unless NULL: its derivatives by mean[k], then by sd[k].
 * Deviations are positive. */
double	scalar_ei_log(const struct scalar_ei *, const double *mean,
	    const double *sd, double *slope);

#endif
