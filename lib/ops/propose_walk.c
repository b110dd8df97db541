/* propose_walk: hit-and-run within constraints.  See propose_walk.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "contract/point.h"
#include "ops/propose_feasible.h"
#include "ops/propose_rows.h"
#include "ops/propose_walk.h"

#define SCARCE 1000	/* one in so many */
#define STEPS 20	/* for each point wanted, at most */

struct walk {
	struct search *search;
	struct rng rng;
	struct points starts;
	bool given;		/* the first of them */
	double *at, *next, *direction;	/* space->n each */
};

/* --------------------------------------------------------------- starts */

struct known {
	int64_t id;
	const double *point;
};

static int
by_id(const void *a, const void *b)
{
	const struct known *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

/* Feasible points of trials in the order of their ids, then drawn ones. */
static void
find_starts(struct walk *w)
{
	const struct search *s = w->search;
	const struct state *state = s->state;
	struct known *k = xcalloc(state->nobs + state->npend, sizeof(*k));
	size_t n = 0, i;

	for (i = 0; i < state->nobs; i++)
		if (state->obs[i].usable)
			k[n++] = (struct known){ state->obs[i].id,
			    state->obs[i].point };
	for (i = 0; i < state->npend; i++)
		if (state->pend[i].usable)
			k[n++] = (struct known){ state->pend[i].id,
			    state->pend[i].point };
	qsort(k, n, sizeof(*k), by_id);
	for (i = 0; i < n; i++)
		if (search_within(s, k[i].point))
			points_add(&w->starts, k[i].point);
	for (i = 0; i < s->found.n; i++)
		points_add(&w->starts, points_at(&s->found, i));
	free(k);
}

/* ---------------------------------------------------------------- steps */

/* Somewhere within a range of one number. */
static double
within(struct walk *w, size_t i, const struct range *r)
{
	const struct param *p = &w->search->space->param[i];
	double u = rng_uniform(&w->rng), lo, hi, x;

	if (p->type != PARAM_FLOAT) {
		lo = ceil(r->lo);
		hi = floor(r->hi);
		return lo <= hi ? lo + floor(u * (hi - lo + 1)) : w->next[i];
	}
	lo = rows_coordinate(p, r->lo);
	hi = rows_coordinate(p, r->hi);
	x = rows_value(p, r, lo + u * (hi - lo));
	return x;
}

static bool
number(const struct search *s, const double *point, size_t i)
{
	return (s->space->param[i].type == PARAM_FLOAT ||
	    s->space->param[i].type == PARAM_INT) && !isnan(point[i]) &&
	    s->box[i].lo < s->box[i].hi;
}

/* Give a number anything that the rules leave to it. */
static void
settle(struct walk *w, size_t i)
{
	const struct search *s = w->search;
	struct range r = { s->box[i].lo - w->next[i],
	    s->box[i].hi - w->next[i] };

	memset(w->direction, 0, s->space->n * sizeof(*w->direction));
	w->direction[i] = 1;
	if (!feasible_segment(s, w->next, w->direction, &r))
		return;
	r.lo = fmax(w->next[i] + r.lo, s->box[i].lo);
	r.hi = fmin(w->next[i] + r.hi, s->box[i].hi);
	if (r.lo <= r.hi)
		w->next[i] = within(w, i, &r);
}

/* Along all floats of linear scale at once. */
static void
step_line(struct walk *w)
{
	const struct search *s = w->search;
	struct range t = { -INFINITY, INFINITY };
	double *v = w->direction, a, b;
	size_t i, moving = 0;

	for (i = 0; i < s->space->n; i++) {
		v[i] = 0;
		if (!feasible_free(s, w->next, i) || s->space->param[i].log)
			continue;
		v[i] = (2 * rng_uniform(&w->rng) - 1) * (s->box[i].hi -
		    s->box[i].lo);
		if (!(v[i] < 0 || v[i] > 0))
			continue;
		moving++;
		a = (s->box[i].lo - w->next[i]) / v[i];
		b = (s->box[i].hi - w->next[i]) / v[i];
		t.lo = fmax(t.lo, fmin(a, b));
		t.hi = fmin(t.hi, fmax(a, b));
	}
	if (moving == 0 || !feasible_segment(s, w->next, v, &t))
		return;
	a = t.lo + rng_uniform(&w->rng) * (t.hi - t.lo);
	for (i = 0; i < s->space->n; i++)
		if (v[i] < 0 || v[i] > 0)
			w->next[i] = fmin(fmax(w->next[i] + a * v[i],
			    s->box[i].lo), s->box[i].hi);
}

/* One parameter, which: within the rules or, if free, anywhere. */
static size_t
step_single(struct walk *w, bool free)
{
	const struct search *s = w->search;
	size_t i = rng_below(&w->rng, (uint32_t)s->space->n);

	if (isnan(w->at[i]))
		return i;
	if (free || !number(s, w->next, i))
		w->next[i] = feasible_any(s, &w->rng, i);
	else
		settle(w, i);
	return i;
}

/* One parameter anywhere, another one what that leaves to it. */
static void
step_pair(struct walk *w)
{
	const struct search *s = w->search;
	size_t i = step_single(w, true);
	size_t j = rng_below(&w->rng, (uint32_t)s->space->n);

	if (j != i && number(s, w->next, j))
		settle(w, j);
}

/* The next point, or where the walk is if the step leads nowhere. */
static void
step(struct walk *w)
{
	const struct search *s = w->search;
	size_t n = s->space->n, i;
	uint32_t kind = rng_below(&w->rng, 3);

	memcpy(w->next, w->at, n * sizeof(*w->next));
	if (kind == 0)
		step_line(w);
	else if (kind == 1)
		step_single(w, false);
	else
		step_pair(w);
	/* what may wake up gets some value */
	for (i = 0; i < n; i++)
		if (isnan(w->next[i]))
			w->next[i] = feasible_any(s, &w->rng, i);
	point_deactivate(s->space, w->next);
	if (feasible_repair(w->search, w->next))
		memcpy(w->at, w->next, n * sizeof(*w->at));
}

/* The first leg starts at the first start, others at any. */
static void
walk(struct walk *w, size_t wanted, size_t leg)
{
	struct search *s = w->search;
	size_t n = s->space->n, k;
	uint32_t from;

	for (k = 0; k < STEPS * wanted && s->found.n < wanted; k++) {
		if (k % leg == 0) {
			from = k == 0 && w->given ? 0 :
			    rng_below(&w->rng, (uint32_t)w->starts.n);
			memcpy(w->at, points_at(&w->starts, from),
			    n * sizeof(*w->at));
		}
		step(w);
		if (points_has(&s->taken, w->at))
			s->met_taken = true;
		else
			points_add(&s->found, w->at);
	}
}

bool
walk_from(struct search *s, const double *start, size_t wanted, size_t leg)
{
	size_t n = s->space->n;
	struct walk w = { .search = s, .given = start != NULL };
	bool known;

	rng_init(&w.rng, s->seed, (uint64_t)s->trial_id, RNG_WALK);
	points_init(&w.starts, s->space);
	if (start != NULL)
		points_add(&w.starts, start);
	find_starts(&w);
	known = w.starts.n > 0;
	if (known) {
		w.at = xcalloc(3 * n, sizeof(*w.at));
		w.next = w.at + n;
		w.direction = w.next + n;
		walk(&w, wanted, leg);
		s->sampler = "hit_and_run";
		free(w.at);
	}
	points_release(&w.starts);
	return known;
}

void
walk_pool(struct search *s)
{
	if (s->nrule == 0 || s->accepted * SCARCE >= s->attempted ||
	    strcmp(s->sampler, "enumeration") == 0)
		return;
	walk_from(s, NULL, s->requested, WALK_LEG);
}
