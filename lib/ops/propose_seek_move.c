/* propose_seek_move: one step of a search for a feasible point.  See
 * propose_seek_move.h. */
#include <math.h>
#include <string.h>

#include "contract/point.h"
#include "ops/propose_feasible.h"
#include "ops/propose_seek_move.h"

#define LEVELS 64	/* ints with more are not looked through */
#define PAIRS 8

/* The best move so far, any of the best ones. */
struct choice_of {
	double cost;
	uint32_t ties;
};

static void
consider(struct seek *k, struct choice_of *best)
{
	double cost = seek_cost(k, k->trial);

	if (cost > best->cost)
		return;
	best->ties = cost < best->cost ? 1 : best->ties + 1;
	best->cost = cost;
	if (rng_below(&k->rng, best->ties) == 0)
		memcpy(k->move, k->trial, k->n * sizeof(*k->move));
}

static bool
number(const struct seek *k, size_t i)
{
	const struct param *p = &k->search->space->param[i];

	return p->type == PARAM_FLOAT || p->type == PARAM_INT;
}

static void
set(struct seek *k, size_t i, double value)
{
	const struct range *box = &k->search->box[i];

	if (k->search->space->param[i].type != PARAM_FLOAT)
		value = round(value);
	k->trial[i] = fmin(fmax(value, box->lo), box->hi);
}

/* Where a number would just keep a rule that the trial breaks, by itself;
 * an int on the good side of that. */
static bool
solve(struct seek *k, size_t rule, size_t i)
{
	const struct search *s = k->search;
	double excess, value;

	if (!constraints_excess(s->constraints, rule, k->point, &excess,
	    k->slope) || !(k->slope[i] < 0 || k->slope[i] > 0) ||
	    isnan(k->point[i]) || !(excess > 0))
		return false;
	value = k->point[i] - excess / k->slope[i];
	if (s->space->param[i].type == PARAM_INT)
		value = k->slope[i] > 0 ? floor(value + 1e-9) :
		    ceil(value - 1e-9);
	set(k, i, value);
	return true;
}

static void
consider_levels(struct seek *k, size_t i, struct choice_of *best)
{
	const struct range *box = &k->search->box[i];
	double v;

	for (v = box->lo; v <= box->hi; v++) {
		k->trial[i] = v;
		if (v < k->full[i] || v > k->full[i])
			consider(k, best);
	}
}

static void
consider_number(struct seek *k, size_t i, struct choice_of *best)
{
	const struct search *s = k->search;
	double width = s->box[i].hi - s->box[i].lo;
	int e;
	size_t rule;

	for (rule = 0; rule < constraints_linear(s->constraints); rule++) {
		memcpy(k->point, k->at, k->n * sizeof(*k->at));
		if (solve(k, rule, i))
			consider(k, best);
	}
	for (e = 1; e <= 40; e += 3) {
		set(k, i, k->full[i] + ldexp(width, -e));
		consider(k, best);
		set(k, i, k->full[i] - ldexp(width, -e));
		consider(k, best);
	}
	set(k, i, feasible_any(s, &k->rng, i));
	consider(k, best);
	if (s->space->param[i].type != PARAM_INT)
		return;
	set(k, i, k->full[i] + 1);
	consider(k, best);
	set(k, i, k->full[i] - 1);
	consider(k, best);
}

static void
consider_singles(struct seek *k, struct choice_of *best)
{
	const struct range *box = k->search->box;
	size_t i;

	for (i = 0; i < k->n && !seek_over(k); i++) {
		if (isnan(k->at[i]) || !(box[i].lo < box[i].hi))
			continue;
		memcpy(k->trial, k->full, k->n * sizeof(*k->trial));
		if (k->search->space->param[i].type != PARAM_FLOAT &&
		    (!number(k, i) || box[i].hi - box[i].lo < LEVELS))
			consider_levels(k, i, best);
		else
			consider_number(k, i, best);
	}
}

/* One parameter anywhere, another one where a broken rule wants it. */
static void
consider_pairs(struct seek *k, struct choice_of *best)
{
	const struct search *s = k->search;
	size_t nlinear = constraints_linear(s->constraints), rule, i, j;
	int pair;

	for (pair = 0; pair < PAIRS && nlinear > 0 && !seek_over(k); pair++) {
		i = rng_below(&k->rng, (uint32_t)k->n);
		j = rng_below(&k->rng, (uint32_t)k->n);
		rule = rng_below(&k->rng, (uint32_t)nlinear);
		memcpy(k->trial, k->full, k->n * sizeof(*k->trial));
		k->trial[i] = feasible_any(s, &k->rng, i);
		memcpy(k->point, k->trial, k->n * sizeof(*k->trial));
		point_deactivate(s->space, k->point);
		if (number(k, j) && solve(k, rule, j))
			consider(k, best);
	}
}

double
seek_move(struct seek *k)
{
	struct choice_of best = { k->cost, 1 };

	memcpy(k->move, k->full, k->n * sizeof(*k->move));
	consider_singles(k, &best);
	consider_pairs(k, &best);
	return best.cost;
}
