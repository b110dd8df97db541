/* propose_several: several objectives.  See propose_several.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "contract/objective.h"
#include "model/front.h"
#include "ops/propose_several.h"

/* Of a process' scale: less is no noise. */
#define NOISY 1e-4
/* Beyond the front's worst values, in its ranges. */
#define MARGIN 0.1

bool
several_explores(const struct search *s)
{
	return s->config->acquisition == ACQ_EHVI &&
	    s->state->objectives->n > 1;
}

static bool
wanted(const struct search *s)
{
	const struct objectives *o = s->state->objectives;

	return several_explores(s) || (o->n > 1 &&
	    (o->policy == POLICY_WEIGHTED_SUM ||
	    o->policy == POLICY_WEIGHTED_TCHEBYCHEFF));
}

size_t
several_rank(const struct search *s, const struct observation *of)
{
	const struct state *state = s->state;
	size_t i, count = 0;

	for (i = 0; i < state->nobs; i++)
		count += state->obs[i].usable &&
		    state->obs[i].status == TRIAL_OK &&
		    objectives_dominates(state->objectives, state->obs[i].y,
		    of->y);
	return count;
}

/* An objective as it is minimised. */
static double
turned(const struct search *s, size_t j, double y)
{
	return s->state->objectives->objective[j].maximize ? -y : y;
}

struct ranked {
	const struct observation *o;
	double key;
};

static int
by_key(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return (x->o->id > y->o->id) - (x->o->id < y->o->id);
}

/* The ok trials, best first.  The caller frees. */
static struct ranked *
in_order(const struct search *s, const struct observation *const *obs,
    size_t n, size_t *ok)
{
	struct ranked *r = xcalloc(n, sizeof(*r));
	size_t i;

	*ok = 0;
	for (i = 0; i < n; i++) {
		if (obs[i]->status != TRIAL_OK)
			continue;
		r[*ok].o = obs[i];
		r[*ok].key = several_explores(s) ?
		    (double)several_rank(s, obs[i]) :
		    objectives_scalar(s->state->objectives, obs[i]->y);
		++*ok;
	}
	qsort(r, *ok, sizeof(*r), by_key);
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
			y[i] = turned(v->search, j, r[i].o->y[j]);
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

	if (!wanted(s))
		return NULL;
	v = xcalloc(1, sizeof(*v));
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

void
several_targets(const struct several *v, size_t j,
    const struct observation *const *obs, size_t n, double *y)
{
	size_t i;

	for (i = 0; i < n; i++)
		y[i] = obs[i]->status == TRIAL_OK ?
		    warp_forward(&v->warp[j], turned(v->search, j,
		    obs[i]->y[j])) : warp_failure(&v->warp[j]);
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
several_observed(struct several *v, const struct observation *const *obs,
    size_t n, const double *x)
{
	double *mean = xcalloc(3 * n, sizeof(*mean)), *sd = mean + n;
	double *y = mean + 2 * n, *at;
	size_t i, j, row;

	for (i = 0; i < n; i++)
		if (obs[i]->status == TRIAL_OK)
			see(v);
	v->nobserved = v->nseen;
	for (j = 0; j < v->k; j++) {
		several_targets(v, j, obs, n, y);
		if (gp_noise(v->gp[j]) >= NOISY * gp_scale(v->gp[j]))
			gp_predict(v->gp[j], n, x, y, sd);
		for (i = row = 0; i < n; i++) {
			at = v->seen + row * v->k + j;
			if (obs[i]->status == TRIAL_OK) {
				*at = y[i];
				row++;
			}
		}
	}
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

/* ------------------------------------------------- what to improve on */

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

static void
set_reference(struct several *v, const double *front, size_t n)
{
	double range[2], width;
	size_t j;

	for (j = 0; j < v->k; j++) {
		range_of(front, n, v->k, j, range);
		if (!(range[0] < range[1]))
			range_of(v->seen, v->nseen, v->k, j, range);
		width = range[1] - range[0];
		v->reference[j] = range[1] + MARGIN * (width > 0 ? width : 1);
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
			v->centre[j] = turned(v->search, j, o->reference[j]);
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

static void
set_scalar(struct several *v)
{
	const struct objectives *o = v->search->state->objectives;
	struct scalar s = { .k = v->k, .weight = v->weight,
	    .centre = v->centre };
	double best = INFINITY;
	size_t i;

	if (several_explores(v->search)) {
		choose_direction(v);
		s.kind = SCALAR_MAX;
	} else {
		copy_scalarization(v);
		s.kind = o->policy == POLICY_WEIGHTED_SUM ? SCALAR_SUM :
		    SCALAR_DISTANCE;
		s.warp = v->warp;
	}
	for (i = 0; i < v->nseen; i++)
		best = fmin(best, scalar_of(v, &s, i));
	scalar_ei_init(&v->scalar, &s, best, v->search->seed,
	    (uint64_t)v->search->trial_id);
}

static bool
by_boxes(const struct several *v)
{
	return several_explores(v->search) && v->k <= FRONT_BOXED;
}

void
several_ready(struct several *v)
{
	size_t n;
	double *front = front_of(v, v->nseen, &n);

	set_reference(v, front, n);
	if (by_boxes(v))
		boxes_init(&v->boxes, n, v->k, front, v->reference);
	else
		set_scalar(v);
	free(front);
}

/* -------------------------------------------------------------- worth */

static double
improvement(const struct several *v, const double *mean, const double *sd,
    double *slope)
{
	if (by_boxes(v))
		return ehvi_log(&v->boxes, mean, sd, slope);
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
