/*
 * ehvi: expected improvement of hypervolume.
 *
 * For a vector of independent normals, which is what one Gaussian process
 * for each objective predicts, the expectation of the gain over a front is
 * the sum over the boxes that the front leaves free (model/front.h) of the
 * products over the objectives of
 *
 *	E max(0, hi - max(lo, v)) = psi(hi) - psi(lo),
 *	psi(c) = E max(0, c - v) = sd h((c - mean) / sd),
 *
 * h(z) = phi(z) + z Phi(z): exact for two objectives (Emmerich, Deutz,
 * Klinkenberg 2011) and for three (Yang et al. 2017).  All terms are
 * positive, so that the sum is taken of logarithms, without cancelling or
 * underflow.
 */
#ifndef LO_MODEL_EHVI_H
#define LO_MODEL_EHVI_H

#include "model/front.h"

/* The logarithm of the expected gain; at least -DBL_MAX, never NaN.
 * slope[2k], unless NULL: its derivatives by mean[k], then by sd[k]. */
double	ehvi_log(const struct boxes *, const double *mean, const double *sd,
	    double *slope);

#endif
