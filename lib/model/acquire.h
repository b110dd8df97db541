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

/* Logarithm of the expected improvement over best, log(sd h(z)) with
 * z = (best - mean) / sd and h(z) = phi(z) + z Phi(z), in a form that
 * neither underflows nor loses its slope far from the incumbent (Ament et
 * al. 2023, "Unexpected improvements to expected improvement", sec. 4.1).
 * The error is below 1e-9 relative wherever the result is a double; beyond
 * it is -DBL_MAX.  Without uncertainty (sd <= 0): log(best - mean), or
 * -DBL_MAX if nothing is gained.  NaN is worth -DBL_MAX.
 *
 * slope[0] becomes the derivative by mean, -Phi/(sd h), slope[1] that by
 * sd, phi/(sd h), both within +-DBL_MAX and 0 where the result does not
 * depend on them; slope may be NULL. */
double	acquire_log_ei(double mean, double sd, double best,
	    double slope[2]);

/* log Phi(z), the logarithm of the normal distribution function, and
 * unless NULL its derivative phi/Phi; z is a number. */
double	acquire_log_cdf(double z, double *slope);

#endif
