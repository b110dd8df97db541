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
#define QUIET_MAX 1e-5
/* What makes noise the explanation: so many nats. */
#define JUDGED_BY 12.0
/* A warm start at the lower end would stick there. */
#define NOISE_WARM 1e-5

static void
theta_bounds(size_t d, bool quiet, double *lo, double *hi)
{
	size_t j;

	for (j = 0; j < d; j++) {
		lo[j] = log(W_MIN);
		hi[j] = log(W_MAX);
	}
	lo[d] = log(S_MIN);
	hi[d] = log(S_MAX);
	lo[d + 1] = log(NOISE_MIN);
	hi[d + 1] = log(quiet ? QUIET_MAX : NOISE_MAX);
}

static void
clamp_theta(size_t d, bool quiet, double *theta)
{
	double *lo = xcalloc(2 * (d + 2), sizeof(*lo)), *hi = lo + d + 2;
	size_t j;

	theta_bounds(d, quiet, lo, hi);
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
	bool quiet;		/* without noise */
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

	theta_bounds(s->data->d, s->quiet, lo, hi);
	clamp_theta(s->data->d, s->quiet, theta);
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
	clamp_theta(d, s->quiet, s->best);
	if (theta[d + 1] < log(NOISE_WARM))
		theta[d + 1] = log(NOISE_WARM);
	if (s->o->iterations > 0)
		descend(s, theta);
}

/* From every start. */
static void
search_theta(struct search *s)
{
	const struct gp_options *o = s->o;
	size_t d = s->data->d;
	double *theta = xcalloc(d + 2, sizeof(*theta));
	struct rng rng;
	int i;

	default_theta(d, s->best);
	clamp_theta(d, s->quiet, s->best);
	if (o->start != NULL)
		warm_start(s, theta);
	if (o->default_start) {
		default_theta(d, theta);
		descend(s, theta);
	}
	rng_init(&rng, o->seed, o->trial, RNG_FIT);
	for (i = 0; i < o->random_starts; i++) {
		random_theta(d, &rng, theta);
		descend(s, theta);
	}
	free(theta);
}

/* Was noise found the last time?  Then, and whenever the fit begins anew,
 * it is asked again. */
static bool
ask_for_noise(const struct gp_data *data, const struct gp_options *o)
{
	if (o->noise_rule != GP_NOISE_JUDGED || o->iterations == 0)
		return false;
	return o->default_start || o->random_starts > 0 ||
	    (o->start != NULL && o->start[data->d + 1] > log(2 * QUIET_MAX));
}

void
gp_find_theta(const struct gp_data *data, const struct gp_options *o,
    double *best)
{
	struct search s = { .data = data, .o = o, .best = best,
	    .value = INFINITY };
	struct search noisy = s;

	/* What is only taken over is taken as it is. */
	s.quiet = o->noise_rule != GP_NOISE_FREE && o->iterations > 0;
	search_theta(&s);
	if (!ask_for_noise(data, o))
		return;
	noisy.best = xcalloc(data->d + 2, sizeof(*best));
	search_theta(&noisy);
	if (noisy.value < s.value - JUDGED_BY)
		memcpy(best, noisy.best, (data->d + 2) * sizeof(*best));
	free(noisy.best);
}
