/* gp_theta: the hyper-parameters of largest posterior.  See gp.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "model/gp.h"
#include "model/gp_objective.h"
#include "model/lbfgs.h"
#include "model/rng.h"

/* Bounds of theta: w, s2, noise - floor. */
#define W_MIN 2.8e-4
#define W_MAX 1600.0
#define S_MIN 0.01
#define S_MAX 100.0
#define NOISE_MIN 1e-7
#define NOISE_MAX 1.0
/* A warm start at the lower end would stick there. */
#define NOISE_WARM 1e-5

static void
theta_bounds(size_t d, double *lo, double *hi)
{
	size_t j;

	for (j = 0; j < d; j++) {
		lo[j] = log(W_MIN);
		hi[j] = log(W_MAX);
	}
	lo[d] = log(S_MIN);
	hi[d] = log(S_MAX);
	lo[d + 1] = log(NOISE_MIN);
	hi[d + 1] = log(NOISE_MAX);
}

static void
clamp_theta(size_t d, double *theta)
{
	double *lo = xcalloc(2 * (d + 2), sizeof(*lo)), *hi = lo + d + 2;
	size_t j;

	theta_bounds(d, lo, hi);
	for (j = 0; j < d + 2; j++)
		theta[j] = theta[j] < lo[j] ? lo[j] : theta[j] > hi[j] ?
		    hi[j] : theta[j];
	free(lo);
}

struct search {
	const struct gp_data *data;
	const struct gp_options *o;
	double *best;		/* d + 2 */
	double value;
};

static double
evaluate(void *arg, const double *theta, double *gradient)
{
	const struct search *s = arg;

	return gp_objective(s->data, s->o->noise_floor, theta, gradient);
}

/* Descend from theta, which is overwritten; keep the best of all starts. */
static void
descend(struct search *s, double *theta)
{
	size_t k = s->data->d + 2;
	double *lo = xcalloc(2 * k, sizeof(*lo)), *hi = lo + k;
	struct lbfgs_problem p = {
		.d = k, .lo = lo, .hi = hi, .value = evaluate, .arg = s
	};
	struct lbfgs_limits limits = {
		.iterations = (size_t)s->o->iterations, .gradient = 1e-3,
		.decrease = 1e-7
	};
	struct lbfgs_result r;

	theta_bounds(s->data->d, lo, hi);
	clamp_theta(s->data->d, theta);
	r = lbfgs_minimize(&p, &limits, theta);
	if (isfinite(r.value) && r.value < s->value) {
		s->value = r.value;
		memcpy(s->best, theta, k * sizeof(*theta));
	}
	free(lo);
}

static void
default_theta(size_t d, double *theta)
{
	size_t j;

	for (j = 0; j < d + 1; j++)
		theta[j] = 0;
	theta[d + 1] = -5;
}

static void
random_theta(size_t d, struct rng *rng, double *theta)
{
	size_t j;

	for (j = 0; j < d; j++)
		theta[j] = log(10) * (2 * rng_uniform(rng) - 0.5);
	theta[d] = log(3) * (2 * rng_uniform(rng) - 1);
	theta[d + 1] = -10 * rng_uniform(rng) - 2;
}

/* On from where the last fit ended; without iterations, that is all. */
static void
warm_start(struct search *s, double *theta)
{
	size_t d = s->data->d;

	memcpy(theta, s->o->start, (d + 2) * sizeof(*theta));
	memcpy(s->best, theta, (d + 2) * sizeof(*theta));
	clamp_theta(d, s->best);
	if (theta[d + 1] < log(NOISE_WARM))
		theta[d + 1] = log(NOISE_WARM);
	if (s->o->iterations > 0)
		descend(s, theta);
}

void
gp_find_theta(const struct gp_data *data, const struct gp_options *o,
    double *best)
{
	struct search s = { .data = data, .o = o, .best = best,
	    .value = INFINITY };
	double *theta = xcalloc(data->d + 2, sizeof(*theta));
	struct rng rng;
	int i;

	default_theta(data->d, best);
	if (o->start != NULL)
		warm_start(&s, theta);
	if (o->default_start) {
		default_theta(data->d, theta);
		descend(&s, theta);
	}
	rng_init(&rng, o->seed, o->trial, RNG_FIT);
	for (i = 0; i < o->random_starts; i++) {
		random_theta(data->d, &rng, theta);
		descend(&s, theta);
	}
	free(theta);
}
