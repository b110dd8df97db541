/*
 * quadratic: a quadratic through one point, fitted to others around it.
 *
 * q(x) = g.x + x.Hx/2 of differences to the value at the origin.  The
 * coefficients are a posterior mean: a Gaussian process with the kernel
 *	k(x, x') = x.x' + c (x.x')^2
 * and independent noise of variance 1e-8 + r |x|^6, for what a quadratic
 * leaves out of a smooth function is of third order (Taylor), so that near
 * points count and far ones hardly do.  Any number of points will do; where
 * they do not determine the coefficients, these are as small as can be (the
 * idea of Powell's least Frobenius norm updates, 2004).  The mean does not
 * depend on the scale of y.  c is one of 0.1, 1, 10 and r one of 1e-6,
 * 1e-4, 1e-2, 1, those with the largest marginal likelihood, the scale of y
 * profiled out:
 *	-(n/2) ln(y.A^-1 y) - (ln det A)/2, A = K + noise
 * (Rasmussen and Williams 2006, eq. 5.8).  x should be in units of the
 * distance at which the model is to be believed.
 */
#ifndef LO_MODEL_QUADRATIC_H
#define LO_MODEL_QUADRATIC_H

#include <stdbool.h>
#include <stddef.h>

struct quadratic_data {
	size_t n, d;
	const double *x;	/* n x d, row-major; none is the origin */
	const double *y;	/* n, less the value at the origin */
};

struct quadratic {
	size_t d;
	double *gradient;	/* d */
	double *hessian;	/* d x d, symmetric */
	double curvature, remainder;	/* c, r */
};

/* 0, or -1 if the points say nothing: none, or all values the same.
 * quadratic_release in either case. */
int	quadratic_fit(struct quadratic *, const struct quadratic_data *);
void	quadratic_release(struct quadratic *);
/* q(x), its derivatives in gradient[d]. */
double	quadratic_value(const struct quadratic *, const double *x,
	    double *gradient);
/* A point in the box (lo <= 0 <= hi) where q is smaller than at the origin,
 * a local minimum reached from there; q there. */
double	quadratic_minimize(const struct quadratic *, const double *lo,
	    const double *hi, double *x);
/* Divide q by the largest magnitude of its coefficients.  False if it is
 * constant or not finite. */
bool	quadratic_normalize(struct quadratic *);

#endif
