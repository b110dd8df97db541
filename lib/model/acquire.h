/*
 * acquire: what a candidate is worth.  Larger is better; everything is
 * minimised.  Scores are never NaN.
 */
#ifndef LO_MODEL_ACQUIRE_H
#define LO_MODEL_ACQUIRE_H

struct acquire {
	double best;	/* incumbent, the smallest value observed */
	double xi;	/* of ei, ei_proxy */
	double kappa;	/* of ucb */
};

/* Expected improvement over best - xi (Jones et al. 1998, eq. 15):
 * u Phi(u/s) + s phi(u/s) with u = best - xi - mean; max(0, u) for
 * s = 0. */
double	acquire_ei(const struct acquire *, double mean, double sd);
/* max(0, best - mean) + xi * sd */
double	acquire_ei_proxy(const struct acquire *, double mean, double sd);
/* -(mean - kappa * sd) */
double	acquire_ucb(const struct acquire *, double mean, double sd);

#endif
