/* propose_several: several objectives.  See propose_several.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "campaign/order.h"
#include "contract/objective.h"
#include "ops/propose_several.h"

bool
several_explores(const struct search *s)
{
	return s->config->acquisition == ACQ_EHVI &&
	    s->state->objectives->n > 1;
}

static bool
usable(const struct observation *o)
{
	return o->usable && o->status == TRIAL_OK;
}

/* Do they share the values of the first objectives? */
static bool
equal(const struct observation *a, const struct observation *b, size_t level)
{
	size_t j;

	for (j = 0; j < level; j++)
		if (a->y[j] != b->y[j])
			return false;
	return true;
}

size_t
several_levels(const struct search *s)
{
	const struct state *state = s->state;
	const struct observation *best = state_find_best(state);
	size_t level, i, n;

	for (level = 1; level < state->objectives->n; level++) {
		for (n = i = 0; i < state->nobs && best != NULL; i++)
			n += usable(&state->obs[i]) &&
			    equal(&state->obs[i], best, level);
		if (n < 2)
			break;
	}
	return level;
}

static enum several_goal
goal_of(const struct search *s)
{
	const struct objectives *o = s->state->objectives;

	if (o->n < 2)
		return GOAL_NONE;
	if (several_explores(s))
		return o->n <= FRONT_BOXED ? GOAL_FRONT : GOAL_DIRECTION;
	switch (o->policy) {
	case POLICY_WEIGHTED_SUM:
	case POLICY_WEIGHTED_TCHEBYCHEFF:
		return GOAL_SCALAR;
	case POLICY_LEXICOGRAPHIC:
		return several_levels(s) > 1 ? GOAL_LEXICOGRAPHIC : GOAL_NONE;
	default:
		return GOAL_NONE;
	}
}

size_t
several_rank(const struct search *s, const struct observation *of)
{
	const struct state *state = s->state;
	size_t i, count = 0;

	for (i = 0; i < state->nobs; i++)
		count += usable(&state->obs[i]) &&
		    objectives_dominates(state->objectives,
		    state->obs[i].y, of->y);
	return count;
}

double
several_turned(const struct several *v, size_t j, double y)
{
	return v->search->state->objectives->objective[j].maximize ? -y : y;
}

/* The ok trials, best first.  The caller frees. */
static struct ranked *
in_order(const struct search *s, const struct observation *const *obs,
    size_t n, size_t *ok)
{
	double sign = objectives_minimize_scalar(s->state->objectives) ?
	    1 : -1;
	struct ranked *r = xcalloc(n, sizeof(*r));
	size_t i;

	*ok = 0;
	for (i = 0; i < n; i++) {
		if (obs[i]->status != TRIAL_OK)
			continue;
		r[*ok].o = obs[i];
		r[*ok].key = several_explores(s) ?
		    (double)several_rank(s, obs[i]) : sign *
		    objectives_scalar(s->state->objectives, obs[i]->y);
		++*ok;
	}
	order_by_key(r, *ok);
	return r;
}

/* What matters is a compromise, where no objective need be good: the values
 * of the better half of the trials stay as they are. */
static void
make_warps(struct several *v, const struct observation *const *obs, size_t n)
{
	struct ranked *r = in_order(v->search, obs, n, &n);
	double *y = xcalloc(n, sizeof(*y)), keep;
	size_t i, j;

	for (j = 0; j < v->k; j++) {
		keep = -INFINITY;
		for (i = 0; i < n; i++) {
			y[i] = several_turned(v, j, r[i].o->y[j]);
			if (i < (n + 1) / 2)
				keep = fmax(keep, y[i]);
		}
		warp_init_keep(&v->warp[j], n, y, keep);
	}
	free(y);
	free(r);
}

struct several *
several_new(const struct search *s, const struct observation *const *obs,
    size_t n)
{
	struct several *v;

	if (goal_of(s) == GOAL_NONE)
		return NULL;
	v = xcalloc(1, sizeof(*v));
	v->goal = goal_of(s);
	v->search = s;
	v->k = s->state->objectives->n;
	v->gp = xcalloc(v->k, sizeof(*v->gp));
	v->warp = xcalloc(v->k, sizeof(*v->warp));
	v->reference = xcalloc(v->k, sizeof(*v->reference));
	v->weight = xcalloc(v->k, sizeof(*v->weight));
	v->centre = xcalloc(v->k, sizeof(*v->centre));
	v->mean = xcalloc(v->k, sizeof(*v->mean));
	v->sd = xcalloc(v->k, sizeof(*v->sd));
	make_warps(v, obs, n);
	return v;
}

void
several_free(struct several *v)
{
	size_t j;

	if (v == NULL)
		return;
	for (j = 0; j < v->k; j++) {
		if (j > 0)
			gp_free(v->gp[j]);
		warp_release(&v->warp[j]);
	}
	scalar_ei_release(&v->scalar);
	boxes_release(&v->boxes);
	free(v->lexi.best);
	free(v->lexi.edge);
	free(v->gp);
	free(v->warp);
	free(v->seen);
	free(v->reference);
	free(v->weight);
	free(v->centre);
	free(v->mean);
	free(v->sd);
	free(v);
}

double
several_value(const struct several *v, size_t j, const struct observation *o)
{
	return warp_forward(&v->warp[j], several_turned(v, j, o->y[j]));
}

/* Room for one more vector. */
static double *
see(struct several *v)
{
	v->seen = xgrow(v->seen, v->nseen, &v->seen_cap,
	    v->k * sizeof(*v->seen));
	return v->seen + v->nseen++ * v->k;
}

void
several_observed(struct several *v, size_t j, size_t n, const double *x,
    const double *y)
{
	double *mean = xcalloc(2 * n, sizeof(*mean));
	size_t i;

	while (v->nseen < n)
		see(v);
	v->nobserved = n;
	if (y == NULL || gp_noise(v->gp[j]) >= GP_NOISY * gp_scale(v->gp[j])) {
		gp_predict(v->gp[j], n, x, mean, mean + n);
		y = mean;
	}
	for (i = 0; i < n; i++)
		v->seen[i * v->k + j] = y[i];
	free(mean);
}

bool
several_condition(struct several *v, const double *row)
{
	double *at = see(v), sd;
	bool new = false;
	size_t j;

	for (j = 0; j < v->k; j++) {
		gp_predict(v->gp[j], 1, row, &at[j], &sd);
		if (gp_condition(v->gp[j], row) == 0)
			new = true;
	}
	v->nseen -= !new;
	return new;
}

/* -------------------------------------------------------------- worth */

static double
improvement(const struct several *v, const double *mean, const double *sd,
    double *slope)
{
	if (v->explore)
		return several_exploration(v, mean, sd, slope);
	if (v->goal == GOAL_FRONT)
		return ehvi_log(&v->boxes, mean, sd, slope);
	if (v->goal == GOAL_LEXICOGRAPHIC)
		return lexi_ei_log(&v->lexi, mean, sd, slope);
	return scalar_ei_log(&v->scalar, mean, sd, slope);
}

void
several_worth(const struct several *v, size_t m, const double *row,
    double *value)
{
	double *mean = xcalloc(2 * m, v->k * sizeof(*mean));
	double *sd = mean + m * v->k;
	double *one = xcalloc(2 * v->k, sizeof(*one));
	size_t i, j;

	for (j = 0; j < v->k; j++)
		gp_predict(v->gp[j], m, row, mean + j * m, sd + j * m);
	for (i = 0; i < m; i++) {
		for (j = 0; j < v->k; j++) {
			one[j] = mean[j * m + i];
			one[v->k + j] = sd[j * m + i];
		}
		value[i] = improvement(v, one, one + v->k, NULL);
	}
	free(mean);
	free(one);
}

double
several_gradient(const struct several *v, const double *row,
    double *gradient)
{
	size_t k = v->k, d = v->search->space->n, i, j;
	double *by = xcalloc(4 * k + 2 * k * d, sizeof(*by)), *mean = by;
	double *sd = mean + k, *slope = sd + k, *dmean = slope + 2 * k;
	double *dsd = dmean + k * d, value;

	for (j = 0; j < k; j++)
		gp_predict_gradient(v->gp[j], row, &mean[j], &sd[j],
		    dmean + j * d, dsd + j * d);
	value = improvement(v, mean, sd, slope);
	for (i = 0; i < d; i++) {
		gradient[i] = 0;
		for (j = 0; j < k; j++)
			gradient[i] += slope[j] * dmean[j * d + i] +
			    slope[k + j] * dsd[j * d + i];
	}
	free(by);
	return value;
}
