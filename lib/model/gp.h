/*
 * gp: Gaussian process regression with a Matern-5/2 kernel.
 *
 * y(x) = m + f(x) + e, f with covariance s2 * k(r), r2 = sum w_j D_j(x, x'),
 * k(r) = (1 + sqrt5 r + 5/3 r2) exp(-sqrt5 r) (Rasmussen and Williams 2006,
 * eq. 4.17), e of variance noise.  The mean m is constant and profiled out.
 *
 * Inputs.  A row has one coordinate for each parameter: NaN where it is
 * inactive, else a number in [0,1] (numeric) or the index of a level
 * (categorical).  D_j is (x - x')^2 or 0/1 while both are active.  A
 * conditional coordinate embeds as (x - 1/2, h), h = sqrt(1/2), and as the
 * origin while inactive, a categorical one as one-hot/sqrt2 beside h: one
 * active gives (x - 1/2)^2 + 1/2 or 1, both inactive 0.  That is positive
 * semi-definite with one weight a parameter.
 *
 * Targets are expected in warped units: mean 0, deviation 1.
 *
 * Hyper-parameters theta = (ln w_1 .. ln w_d, ln s2, ln(noise - floor))
 * maximise, without a Jacobian, the log marginal likelihood plus
 *   - a sum(1/w + w) + (ln s2 - s2) + (0.1 ln noise - 30 noise)
 * with a falling from 0.1 at n <= 5 d to 0.02 at n >= 15 d.
 */
#ifndef LO_MODEL_GP_H
#define LO_MODEL_GP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct gp_dim {
	bool categorical;
	bool conditional;	/* may be inactive */
};

struct gp_data {
	size_t n, d;
	const struct gp_dim *dim;	/* d */
	const double *x;		/* n x d, row-major */
	const double *y;		/* n */
	/* Rows that are the mean of several observations of one point: how
	 * many of each (NULL: one each), the sum of their squared distances
	 * to the means, and how many observations more than rows there are.
	 * As good as a row for each, but for a constant of the likelihood. */
	const double *count;
	double scatter, repeats;
};

/*
 * May the values scatter?  A posterior often has a second mode in which
 * short length scales and much noise explain what is a narrow valley; a
 * search that believes it wastes its trials.  GP_NOISE_NONE keeps noise -
 * floor at most 1e-5, GP_NOISE_JUDGED does unless noise is the better
 * explanation by far (12 nats of the log posterior), GP_NOISE_FREE lets it
 * be what it will.
 */
enum gp_noise_rule { GP_NOISE_FREE, GP_NOISE_NONE, GP_NOISE_JUDGED };

/* theta: d + 2 numbers as above. */
struct gp_options {
	enum gp_noise_rule noise_rule;
	double noise_floor;	/* 1e-6, or 1e-8 if deterministic */
	const double *start;	/* where the last fit ended, or NULL */
	bool default_start;	/* also from w = s2 = 1, noise e^-5 */
	int random_starts;	/* and from so many points of the prior */
	uint64_t seed, trial;	/* of those */
	int iterations;		/* at most, for each start; 0: take start */
};

struct gp;

/* A fitted model, or NULL if no jitter makes the covariance positive
 * definite.  The data are copied. */
struct gp *gp_fit(const struct gp_data *, const struct gp_options *,
	    struct err *);
void	gp_free(struct gp *);

/* Posterior mean and deviation (without noise) at m points, m x d. */
void	gp_predict(const struct gp *, size_t m, const double *x,
	    double *mean, double *sd);
/* The mean alone, which costs n d a point. */
void	gp_predict_mean(const struct gp *, size_t m, const double *x,
	    double *mean);
/* At one point, with derivatives by its numeric coordinates (0 for the
 * others): dmean[d], dsd[d]. */
void	gp_predict_gradient(const struct gp *, const double *x,
	    double *mean, double *sd, double *dmean, double *dsd);
/* Take a point as observed at its posterior mean: deviations shrink, means
 * stay.  0, or -1 if it adds nothing (a point that is there already). */
int	gp_condition(struct gp *, const double *x);

const double *gp_theta(const struct gp *);	/* d + 2 */
double	gp_weight(const struct gp *, size_t j);
double	gp_scale(const struct gp *);		/* s2 */
double	gp_noise(const struct gp *);
/* Noise below this part of the scale does not matter. */
#define GP_NOISY 1e-4
double	gp_mean(const struct gp *);
double	gp_jitter(const struct gp *);		/* added to noise */
/* Of theta, by the points observed: the marginal likelihood, mean profiled,
 * times the prior above (which has no norm). */
double	gp_log_posterior(const struct gp *);

/* Minus the log posterior of theta and its gradient (d + 2, or NULL); +inf
 * where the covariance is not positive definite.  For the fit and its
 * tests. */
double	gp_objective(const struct gp_data *, double noise_floor,
	    const double *theta, double *gradient);
/* The squared distance of two points along coordinate j. */
double	gp_distance(const struct gp_dim *, double a, double b);

#endif
