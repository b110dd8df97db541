/* propose_search: points that may be proposed.  See propose_search.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "contract/count.h"
#include "ops/propose_levels.h"
#include "ops/propose_search.h"

/* Where drawing brings nothing new and the space is too large to be looked
 * through, so many more points are drawn. */
#define STUBBORN 20000

void
search_init(struct search *s, const struct campaign *c, int64_t trial_id)
{
	const struct state *state = c->state;
	size_t i;

	memset(s, 0, sizeof(*s));
	s->config = c->c.config;
	s->space = c->c.space;
	s->state = state;
	s->constraints = c->c.constraints;
	s->trial_id = trial_id;
	s->seed = (uint64_t)state_seed(state, s->config);
	s->box = xcalloc(s->space->n, sizeof(*s->box));
	constraints_box(s->constraints, s->space, s->box);
	if (s->constraints != NULL)
		s->nrule = constraints_rules(s->constraints);
	s->rejects = xcalloc(s->nrule, sizeof(*s->rejects));
	s->replicates = s->config->noise > 0;
	points_init(&s->found, s->space);
	points_init(&s->taken, s->space);
	for (i = 0; i < state->nobs; i++)
		if (state->obs[i].usable)
			points_add(&s->taken, state->obs[i].point);
	for (i = 0; i < state->npend; i++)
		if (state->pend[i].usable)
			points_add(&s->taken, state->pend[i].point);
}

void
search_release(struct search *s)
{
	points_release(&s->taken);
	points_release(&s->found);
	free(s->box);
	free(s->rejects);
}

bool
search_within(const struct search *s, const double *point)
{
	size_t i;

	for (i = 0; i < s->space->n; i++)
		if (point[i] < s->box[i].lo || point[i] > s->box[i].hi)
			return false;
	return s->nrule == 0 || constraints_broken(s->constraints, point) < 0;
}

/* The first rule that the point breaks, or -1. */
static int
broken(const struct search *s, const double *point)
{
	return s->nrule > 0 ? constraints_broken(s->constraints, point) : -1;
}

enum verdict { REJECTED, TAKEN, FRESH };

/* Fresh points go into found. */
static enum verdict
judge(struct search *s, const double *point)
{
	int rule = broken(s, point);

	if (rule >= 0) {
		s->rejects[rule]++;
		return REJECTED;
	}
	if (points_has(&s->taken, point)) {
		s->met_taken = true;
		return TAKEN;
	}
	return points_add(&s->found, point) ? FRESH : TAKEN;
}

static size_t
pool_size(const struct search *s)
{
	return (size_t)s->config->candidate_pool_size;
}

/* Attempts that plain rejection makes. */
static size_t
attempt_limit(const struct search *s)
{
	size_t most = 8 * s->requested;

	return most > pool_size(s) ? most : pool_size(s);
}

/* The space as bound_tightening leaves it; free its param. */
static struct space
tightened(const struct search *s)
{
	struct space tight = *s->space;
	size_t i;

	tight.param = xcalloc(tight.n, sizeof(*tight.param));
	memcpy(tight.param, s->space->param, tight.n * sizeof(*tight.param));
	for (i = 0; i < tight.n; i++) {
		tight.param[i].lo = s->box[i].lo;
		tight.param[i].hi = s->box[i].hi;
	}
	return tight;
}

/* All that is left of a finite space, or all of it, into found; false if it
 * is none. */
static bool
enumerate(struct search *s, size_t limit, bool all)
{
	struct space tight = tightened(s);
	size_t n = space_count(&tight, limit);
	double *point = xcalloc(tight.n, sizeof(*point));
	bool more = n > 0;

	space_first(&tight, point);
	for (; more; more = space_next(&tight, point)) {
		if (broken(s, point) >= 0)
			continue;
		if (points_has(&s->taken, point))
			s->met_taken = true;
		if (all || !points_has(&s->taken, point))
			points_add(&s->found, point);
	}
	free(point);
	free(tight.param);
	if (n > 0)
		s->sampler = "enumeration";
	return n > 0;
}

bool
search_left(struct search *s)
{
	if (!enumerate(s, SEARCH_ENUMERABLE, false))
		return false;
	if (s->found.n == 0 && s->replicates)
		enumerate(s, SEARCH_ENUMERABLE, true);
	return true;
}

/* What random draws miss: the last points of a space nearly full.  Nothing
 * of this is counted; without any feasible draw it is not tried. */
static void
scrape(struct search *s, struct sample_stream *stream)
{
	double *u, *point;
	size_t i;

	if (!s->met_taken || search_left(s))
		return;
	u = xcalloc(s->space->n, sizeof(*u));
	point = xcalloc(s->space->n, sizeof(*point));
	for (i = 0; i < STUBBORN && s->found.n == 0; i++) {
		sample_next(stream, u);
		encode_sample(s->space, s->box, u, point);
		if (broken(s, point) < 0 && !points_has(&s->taken, point))
			points_add(&s->found, point);
	}
	free(u);
	free(point);
}

/* Leave one of the found ones, any. */
static void
pick_one(struct search *s)
{
	struct rng rng;
	size_t k;

	rng_init(&rng, s->seed, (uint64_t)s->trial_id, RNG_ENUMERATE);
	k = rng_below(&rng, (uint32_t)s->found.n);
	memmove(s->found.value, points_at(&s->found, k),
	    s->space->n * sizeof(*s->found.value));
	s->found.n = 1;
}

static void
warmup_point(struct search *s, double *u)
{
	size_t index = s->state->nobs + s->state->npend;
	int64_t planned = s->config->initial_random_trials - 1;

	sample_warmup(s->seed, s->space->n,
	    planned > 0 ? (size_t)planned : 0, index, u);
	s->sampler = index == 0 ? "centre" :
	    s->space->n > SAMPLE_SOBOL_MAX ? "latin_hypercube" : "sobol";
}

/* Draw until a point is fresh or the attempts are used up.  Taken points
 * are no attempts; as many of them end the search too. */
static void
draw_one(struct search *s, bool sequence, struct sample_stream *stream)
{
	size_t limit = attempt_limit(s), ntaken = 0;
	double *u = xcalloc(s->space->n, sizeof(*u));
	double *point = xcalloc(s->space->n, sizeof(*point));
	struct levels levels;
	enum verdict v;

	levels_init(&levels, s);
	while (s->attempted < limit && ntaken < limit && s->found.n == 0) {
		if (sequence && s->attempted + ntaken == 0) {
			warmup_point(s, u);
		} else {
			sample_next(stream, u);
			s->sampler = "random";
		}
		levels_prefer(&levels, u, s->attempted + ntaken == 0);
		encode_sample(s->space, s->box, u, point);
		v = judge(s, point);
		s->attempted += v != TAKEN;
		ntaken += v == TAKEN;
	}
	levels_release(&levels);
	free(u);
	free(point);
}

void
search_one(struct search *s, bool sequence, enum rng_purpose purpose)
{
	struct sample_stream *stream = sample_open(s->seed,
	    (uint64_t)s->trial_id, purpose, s->space->n);

	s->requested = 1;
	draw_one(s, sequence, stream);
	if (s->found.n == 0) {
		scrape(s, stream);
		if (s->found.n > 0) {
			pick_one(s);
			s->attempted++;
		}
	}
	s->accepted = s->found.n;
	sample_close(stream);
}

void
search_pool(struct search *s, size_t whole)
{
	struct sample_stream *stream = sample_open(s->seed,
	    (uint64_t)s->trial_id, RNG_POOL, s->space->n);
	double *u = xcalloc(s->space->n, sizeof(*u));
	double *point = xcalloc(s->space->n, sizeof(*point));
	size_t limit;

	s->requested = pool_size(s);
	s->sampler = s->space->n > SAMPLE_SOBOL_MAX ? "random" : "sobol";
	limit = attempt_limit(s);
	while (s->accepted < s->requested && s->attempted < limit) {
		sample_next(stream, u);
		encode_sample(s->space, s->box, u, point);
		s->attempted++;
		s->accepted += judge(s, point) != REJECTED;
	}
	if (s->found.n == 0)
		scrape(s, stream);
	else
		enumerate(s, whole, false);
	sample_close(stream);
	free(u);
	free(point);
}

bool
search_exhausted(struct search *s)
{
	if (s->found.n == 0 && !s->met_taken) {
		enumerate(s, SEARCH_ENUMERABLE, false);
		return s->met_taken && s->found.n == 0;
	}
	return s->found.n == 0;
}

const char *
search_phase_name(const struct search *s)
{
	static const char *const name[] = {
		"initial-random", "fallback-random", "candidate-pool"
	};

	return name[s->phase];
}

/* Does rule a come before b in a list of the worst? */
static bool
worse(const struct search *s, size_t a, size_t b)
{
	if (s->rejects[a] != s->rejects[b])
		return s->rejects[a] > s->rejects[b];
	return strcmp(constraints_rule_id(s->constraints, a),
	    constraints_rule_id(s->constraints, b)) < 0;
}

void
search_dominant(const struct search *s, struct buf *out)
{
	size_t shown, i, best, last = s->nrule;

	for (shown = 0; shown < 3; shown++) {
		best = s->nrule;
		for (i = 0; i < s->nrule; i++) {
			if (s->rejects[i] == 0 ||
			    (last < s->nrule && !worse(s, last, i)))
				continue;
			if (best == s->nrule || worse(s, i, best))
				best = i;
		}
		if (best == s->nrule)
			return;
		buf_addf(out, "%s%s=%zu", shown > 0 ? ", " : "",
		    constraints_rule_id(s->constraints, best),
		    s->rejects[best]);
		last = best;
	}
}
