/* gp_objective: what the fit of a Gaussian process maximises; private to
 * model. */
#ifndef LO_MODEL_GP_OBJECTIVE_H
#define LO_MODEL_GP_OBJECTIVE_H

#include <math.h>
#include <stddef.h>

#include "model/gp.h"
#include "model/linalg.h"

/* Matern-5/2 of a squared scaled distance, and its derivative by it. */
struct matern52 {
	double value, slope;
};

static inline struct matern52
matern52_both(double r2)
{
	double r = sqrt(5 * r2), decay = exp(-r);
	struct matern52 k = { (1 + r + r * r / 3) * decay,
	    -5.0 / 6 * (1 + r) * decay };

	return k;
}

static inline double
matern52(double r2)
{
	return matern52_both(r2).value;
}

static inline double
matern52_slope(double r2)
{
	return matern52_both(r2).slope;
}

/* x becomes (L L')^-1 x. */
static inline void
solve_chol(size_t n, const double *l, size_t ldl, double *x)
{
	la_trsv_lower(n, l, ldl, x);
	la_trsv_lower_t(n, l, ldl, x);
}

/* The prior part of the log posterior. */
double	gp_log_prior(const struct gp_data *, double noise_floor,
	    const double *theta);
/* The best theta of all starts. */
void	gp_find_theta(const struct gp_data *, const struct gp_options *,
	    double *theta);

#endif
