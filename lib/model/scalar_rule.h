/*
 * scalar_rule: what the two ways of scalar_ei.h share.  Private to them.
 */
#ifndef LO_MODEL_SCALAR_RULE_H
#define LO_MODEL_SCALAR_RULE_H

#include "model/scalar_ei.h"

/* Gauss-Legendre on [-1,1]. */
#define RULE_POINTS 16
void	rule_point(size_t i, double *at, double *weight);

/* An objective in its own units and back. */
double	scalar_own(const struct scalar *, size_t j, double v);
double	scalar_own_slope(const struct scalar *, size_t j, double v,
	    double *slope);
double	scalar_warped(const struct scalar *, size_t j, double y);

/* scalar_ei_log of a maximum and of a sum; slope is not NULL. */
double	scalar_max_log(const struct scalar_ei *, const double *mean,
	    const double *sd, double *slope);
double	scalar_sum_log(const struct scalar_ei *, const double *mean,
	    const double *sd, double *slope);

#endif
