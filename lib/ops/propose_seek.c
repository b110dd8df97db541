/* propose_seek: the first feasible point.  See propose_seek.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/xmem.h"
#include "contract/point.h"
#include "ops/propose_feasible.h"
#include "ops/propose_seek.h"
#include "ops/propose_seek_move.h"

#define DRAWS 512
#define STARTS 24	/* the best of them */
#define STEPS 150	/* from one start */
#define WORK 4e6	/* looks at a rule, at most */

/* ----------------------------------------------------------- violations */

/* 0 if the rule is kept.  Nothing broken is less than 1e-9, so that sums
 * tell it from what is kept. */
static double
violation(struct seek *k, size_t rule, const double *point)
{
	const struct search *s = k->search;
	double excess, norm = 0, unit;
	size_t i;

	if (!constraints_breaks(s->constraints, rule, point))
		return 0;
	if (rule >= constraints_linear(s->constraints) ||
	    !constraints_excess(s->constraints, rule, point, &excess,
	    k->slope))
		return 1;
	for (i = 0; i < k->n; i++) {
		if (!(k->slope[i] < 0 || k->slope[i] > 0))
			continue;
		unit = k->slope[i] * feasible_unit(s, point, i);
		norm += unit * unit;
	}
	norm = excess / sqrt(norm);
	return norm > 1e-9 ? fmin(norm, 1e9) : 1e-9;
}

/* The weighted sum; what is nearest of all is kept. */
static double
cost_of(struct seek *k, const double *point)
{
	double sum = 0, plain = 0, v;
	size_t rule;

	for (rule = 0; rule < k->search->nrule; rule++) {
		v = violation(k, rule, point);
		plain += v;
		sum += k->weight[rule] * v;
	}
	k->work += (double)k->search->nrule;
	if (!(plain > 0) && points_has(&k->search->taken, point)) {
		k->met_taken = true;
	} else if (plain < k->least) {
		k->least = plain;
		memcpy(k->nearest, point, k->n * sizeof(*point));
	}
	return sum;
}

double
seek_cost(struct seek *k, const double *full)
{
	memcpy(k->point, full, k->n * sizeof(*full));
	point_deactivate(k->search->space, k->point);
	return cost_of(k, k->point);
}

static void
go(struct seek *k, const double *full)
{
	memmove(k->full, full, k->n * sizeof(*full));
	k->cost = seek_cost(k, k->full);
	memcpy(k->at, k->point, k->n * sizeof(*k->at));
}

bool
seek_found(const struct seek *k)
{
	return !(k->least > 0);
}

bool
seek_over(const struct seek *k)
{
	return seek_found(k) || k->work > WORK;
}

/* ----------------------------------------------------------- projection */

static void
round_ints(const struct seek *k, double *point)
{
	const struct search *s = k->search;
	size_t i;

	for (i = 0; i < k->n; i++)
		if (s->space->param[i].type == PARAM_INT)
			point[i] = round(point[i]);
}

/* Floats as near to the rules as they can be, ints as they are. */
static void
repair(struct seek *k)
{
	size_t i;

	memcpy(k->point, k->at, k->n * sizeof(*k->at));
	feasible_repair(k->search, k->point);
	memcpy(k->trial, k->full, k->n * sizeof(*k->trial));
	for (i = 0; i < k->n; i++)
		if (!isnan(k->point[i]))
			k->trial[i] = k->point[i];
	if (seek_cost(k, k->trial) < k->cost)
		go(k, k->trial);
}

/* The numbers in, with as much room as there is. */
static void
relax(struct seek *k)
{
	static const double room[] = { 0.1, 0.03, 0.01, 1e-3, 0 };
	double *start = xcalloc(k->n, sizeof(*start));
	size_t r, i;

	memcpy(start, k->full, k->n * sizeof(*start));
	for (r = 0; r < sizeof(room) / sizeof(*room) && !seek_found(k); r++) {
		memcpy(k->trial, start, k->n * sizeof(*start));
		memcpy(k->point, start, k->n * sizeof(*start));
		point_deactivate(k->search->space, k->point);
		feasible_relax(k->search, k->point, room[r]);
		for (i = 0; i < k->n; i++)
			if (!isnan(k->point[i]))
				k->trial[i] = k->point[i];
		round_ints(k, k->trial);
		go(k, k->trial);
		if (!seek_found(k))
			repair(k);
	}
	free(start);
}

/* -------------------------------------------------------------- descent */

static void
add_weight(struct seek *k)
{
	size_t rule;

	for (rule = 0; rule < k->search->nrule; rule++)
		if (violation(k, rule, k->at) > 0)
			k->weight[rule]++;
	k->cost = cost_of(k, k->at);
}

static void
descend(struct seek *k)
{
	double least;
	int step;

	for (step = 0; step < STEPS && !seek_over(k) && k->cost > 0; step++) {
		least = seek_move(k);
		if (seek_found(k))
			return;
		if (!(least < k->cost)) {
			repair(k);
			add_weight(k);
		}
		go(k, k->move);
	}
}

/* --------------------------------------------------------------- starts */

struct draw {
	double cost;
	size_t index;
	double *full;
};

static int
by_cost(const void *a, const void *b)
{
	const struct draw *x = a, *y = b;

	if (x->cost < y->cost || x->cost > y->cost)
		return x->cost < y->cost ? -1 : 1;
	return (x->index > y->index) - (x->index < y->index);
}

/* The centre comes first. */
static void
draw_all(struct seek *k, struct draw *draw, double *value)
{
	const struct search *s = k->search;
	size_t i, j;

	for (j = 0; j < DRAWS && !seek_found(k); j++) {
		draw[j].full = value + j * k->n;
		draw[j].index = j;
		for (i = 0; i < k->n; i++)
			draw[j].full[i] = feasible_any(s, &k->rng, i);
		if (j == 0 && s->taken.n == 0) {
			for (i = 0; i < k->n; i++)
				k->trial[i] = 0.5;
			encode_sample(s->space, s->box, k->trial, k->point);
			for (i = 0; i < k->n; i++)
				if (!isnan(k->point[i]))
					draw[j].full[i] = k->point[i];
		}
		draw[j].cost = seek_cost(k, draw[j].full);
	}
	if (!seek_found(k))
		qsort(draw + 1, DRAWS - 1, sizeof(*draw), by_cost);
}

static void
try_all(struct seek *k)
{
	struct draw *draw = xcalloc(DRAWS, sizeof(*draw));
	double *value = xcalloc(DRAWS, k->n * sizeof(*value));
	size_t j, rule;

	draw_all(k, draw, value);
	for (j = 0; j < STARTS && !seek_found(k); j++) {
		for (rule = 0; rule < k->search->nrule; rule++)
			k->weight[rule] = 1;
		go(k, draw[j].full);
		relax(k);
	}
	for (j = 0; j < STARTS && !seek_over(k); j++) {
		for (rule = 0; rule < k->search->nrule; rule++)
			k->weight[rule] = 1;
		go(k, draw[j].full);
		relax(k);
		descend(k);
	}
	free(draw);
	free(value);
}

bool
seek_feasible(struct search *s, double *point)
{
	size_t n = s->space->n, i;
	struct seek k = { .search = s, .n = n, .least = INFINITY,
	    .nearest = point };

	rng_init(&k.rng, s->seed, (uint64_t)s->trial_id, RNG_SEEK);
	k.full = xcalloc(6 * n + s->nrule, sizeof(*k.full));
	k.at = k.full + n;
	k.trial = k.at + n;
	k.move = k.trial + n;
	k.point = k.move + n;
	k.slope = k.point + n;
	k.weight = k.slope + n;
	for (i = 0; i < s->nrule; i++)
		k.weight[i] = 1;
	try_all(&k);
	free(k.full);
	s->met_taken |= k.met_taken;
	return seek_found(&k);
}

void
seek_tell(const struct search *s, const double *point, struct buf *out)
{
	size_t nlinear = constraints_linear(s->constraints), k, shown = 0;
	double *slope = xcalloc(s->space->n, sizeof(*slope)), excess;
	char text[NUM_TEXT];

	for (k = 0; k < s->nrule && shown < 3; k++) {
		if (!constraints_breaks(s->constraints, k, point))
			continue;
		buf_addf(out, "%s%s", shown++ > 0 ? ", " : "",
		    constraints_rule_id(s->constraints, k));
		if (k < nlinear && constraints_excess(s->constraints, k,
		    point, &excess, slope))
			buf_addf(out, " (by %s)", num_plain(text, excess));
	}
	free(slope);
}
