/* propose_several_goal: what several objectives are to improve on.  See
 * propose_several.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "contract/objective.h"
#include "model/front.h"
#include "ops/propose_several.h"

/* Beyond the front's worst values, in its ranges; every so manieth trial
 * looks farther, but not beyond the worst of all by more than the first. */
#define MARGIN 0.1
#define FAR_MARGIN 1
#define FAR_EVERY 5

/* The front of what is seen, in a copy that the caller frees. */
static double *
front_of(const struct several *v, size_t n, size_t *size)
{
	double *front = xcalloc(n, v->k * sizeof(*front));

	memcpy(front, v->seen, n * v->k * sizeof(*front));
	*size = front_filter(n, v->k, front);
	return front;
}

static void
range_of(const double *y, size_t n, size_t k, size_t j, double range[2])
{
	size_t i;

	range[0] = INFINITY;
	range[1] = -INFINITY;
	for (i = 0; i < n; i++) {
		range[0] = fmin(range[0], y[i * k + j]);
		range[1] = fmax(range[1], y[i * k + j]);
	}
}

/* Where a front is short, as it is while little of it is known, a reference
 * close to it lets it grow by tenths of itself only: what lies beyond is
 * worth nothing, however good. */
static double
farther(const struct several *v, size_t j, const double range[2], double near)
{
	double width = range[1] - range[0], all[2], most;

	range_of(v->seen, v->nseen, v->k, j, all);
	most = all[1] + MARGIN * (all[1] - all[0]);
	return fmax(near, fmin(range[1] + FAR_MARGIN * width, most));
}

static void
set_reference(struct several *v, const double *front, size_t n)
{
	bool far = v->goal == GOAL_FRONT &&
	    v->search->trial_id % FAR_EVERY == 0;
	double range[2], width;
	size_t j;

	for (j = 0; j < v->k; j++) {
		range_of(front, n, v->k, j, range);
		if (!(range[0] < range[1]))
			range_of(v->seen, v->nseen, v->k, j, range);
		width = range[1] - range[0];
		v->reference[j] = range[1] + MARGIN * (width > 0 ? width : 1);
		if (far)
			v->reference[j] = farther(v, j, range,
			    v->reference[j]);
	}
}

/* Weights of a direction, uniform among those of sum 1; the best value of
 * each objective is where they are measured from. */
static void
choose_direction(struct several *v)
{
	double sum = 0, range[2];
	struct rng rng;
	size_t j;

	rng_init(&rng, v->search->seed, (uint64_t)v->search->trial_id,
	    RNG_CHEBYSHEV);
	for (j = 0; j < v->k; j++) {
		v->weight[j] = 1e-3 - log1p(-rng_uniform(&rng));
		sum += v->weight[j];
		range_of(v->seen, v->nseen, v->k, j, range);
		v->centre[j] = range[0];
	}
	for (j = 0; j < v->k; j++)
		v->weight[j] /= sum;
}

static void
copy_scalarization(struct several *v)
{
	const struct objectives *o = v->search->state->objectives;
	size_t j;

	for (j = 0; j < v->k; j++) {
		v->weight[j] = o->weight[j];
		if (o->reference != NULL)
			v->centre[j] = several_turned(v, j, o->reference[j]);
	}
}

static double
scalar_of(const struct several *v, const struct scalar *s, size_t i)
{
	double *y = xcalloc(v->k, sizeof(*y)), value;
	size_t j;

	for (j = 0; j < v->k; j++) {
		y[j] = v->seen[i * v->k + j];
		if (s->warp != NULL)
			y[j] = warp_inverse(&s->warp[j], y[j]);
	}
	value = scalar_value(s, y);
	free(y);
	return value;
}

static int
rising(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* From the best to the median or, if they are equal, to the worst.  The
 * values are sorted. */
static double
spread_of(size_t n, double *value)
{
	double spread;

	qsort(value, n, sizeof(*value), rising);
	spread = value[n / 2] - value[0];
	if (!(spread > 0))
		spread = value[n - 1] - value[0];
	return spread > 0 && isfinite(spread) ? spread : 1;
}

static void
set_scalar(struct several *v)
{
	const struct objectives *o = v->search->state->objectives;
	struct scalar s = { .k = v->k, .weight = v->weight,
	    .centre = v->centre };
	double *value = xcalloc(v->nseen, sizeof(*value)), best = INFINITY;
	size_t i;

	if (v->goal == GOAL_DIRECTION) {
		choose_direction(v);
		s.kind = SCALAR_MAX;
	} else {
		copy_scalarization(v);
		s.kind = o->policy == POLICY_WEIGHTED_SUM ? SCALAR_SUM :
		    SCALAR_DISTANCE;
		s.warp = v->warp;
	}
	for (i = 0; i < v->nseen; i++) {
		value[i] = scalar_of(v, &s, i);
		best = fmin(best, value[i]);
	}
	scalar_ei_init(&v->scalar, &s, best, v->search->seed,
	    (uint64_t)v->search->trial_id);
	v->spread = spread_of(v->nseen, value);
	free(value);
}

/* The best of those equal so far, and halfway to the next value, by which
 * an equal one may be missed. */
static void
set_level(struct several *v, size_t j, const struct observation *best)
{
	const struct state *state = v->search->state;
	double at = several_value(v, j, best), next = INFINITY, y;
	size_t i;

	for (i = 0; i < state->nobs; i++) {
		if (!state->obs[i].usable || state->obs[i].status != TRIAL_OK)
			continue;
		y = several_value(v, j, &state->obs[i]);
		if (y > at && y < next)
			next = y;
	}
	v->lexi.best[j] = at;
	v->lexi.edge[j] = next < INFINITY ? (at + next) / 2 : at + 1;
}

/* A pending point may become the best of its equals. */
static void
pending_level(struct several *v, const double *mean)
{
	size_t j;

	for (j = 0; j < v->lexi.levels && mean[j] <= v->lexi.edge[j]; j++)
		v->lexi.best[j] = fmin(v->lexi.best[j], mean[j]);
}

static void
set_levels(struct several *v)
{
	const struct observation *best = state_find_best(v->search->state);
	size_t j, i;

	v->lexi.k = v->k;
	v->lexi.levels = several_levels(v->search);
	v->lexi.best = xcalloc(v->k, sizeof(*v->lexi.best));
	v->lexi.edge = xcalloc(v->k, sizeof(*v->lexi.edge));
	for (j = 0; j < v->lexi.levels; j++)
		set_level(v, j, best);
	for (i = v->nobserved; i < v->nseen; i++)
		pending_level(v, v->seen + i * v->k);
}

void
several_ready(struct several *v)
{
	size_t n;
	double *front = front_of(v, v->nseen, &n);

	set_reference(v, front, n);
	if (v->goal == GOAL_FRONT)
		boxes_init(&v->boxes, n, v->k, front, v->reference);
	else if (v->goal == GOAL_LEXICOGRAPHIC)
		set_levels(v);
	else
		set_scalar(v);
	free(front);
}
