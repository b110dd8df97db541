/* propose_local: around the incumbent.  See propose_local.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "campaign/order.h"
#include "contract/objective.h"
#include "ops/propose_branch.h"
#include "ops/propose_descent.h"
#include "ops/propose_local.h"
#include "ops/propose_rows.h"
#include "ops/propose_several.h"

#define SIDE_FIRST 0.2
#define SIDE_MAX 0.8
#define SIDE_MIN 0.002
#define FAILS 3
#define MANY_DIMENSIONS 30

/* Where the alternation stands after some trials. */
struct phase_state {
	const struct observation *best;
	double value, side;
	size_t seen, since;	/* trials; of them without improvement */
	int fails;
	bool active, turn;	/* turn: the next one is local */
	struct descent descent;	/* whose turns come before these */
	struct branching branching;	/* whose come next */
};

/* Of ranked objectives the first tells little of what is better. */
static bool
one_number(const struct search *s)
{
	const struct objectives *o = s->state->objectives;

	return !several_explores(s) && (o->n < 2 ||
	    o->policy != POLICY_LEXICOGRAPHIC);
}

static bool
has_floats(const struct search *s)
{
	size_t i;

	for (i = 0; i < s->space->n; i++)
		if (s->space->param[i].type == PARAM_FLOAT)
			return true;
	return false;
}

size_t
local_rows(const struct search *s)
{
	return 4 * s->space->n + 50;
}

/* Stagnation begins the phase. */
static void
activate(struct phase_state *p, const struct search *s)
{
	size_t d = s->space->n;
	bool many = d > MANY_DIMENSIONS &&
	    (int64_t)p->seen >= s->config->initial_random_trials;

	if (!p->active && (many || (p->seen > 8 * d && p->since >= 2 * d)))
		p->active = p->turn = true;
}

static void
shrink(struct phase_state *p)
{
	if (++p->fails < FAILS)
		return;
	p->fails = 0;
	p->side /= 2;
	if (p->side < SIDE_MIN)
		p->side = SIDE_FIRST;
}

static void
advance(struct phase_state *p, const struct search *s, const struct teach *t,
    const struct observation *o)
{
	bool descent = p->descent.turn;
	bool before = descent || branching_due(&p->branching, 0);
	bool local = p->active && p->turn && !before;
	double y = INFINITY, far;

	if (!before)
		p->turn = p->active && !p->turn;
	p->seen++;
	if (o->status == TRIAL_OK && o->usable)
		y = t->sign * objectives_scalar(s->state->objectives, o->y);
	far = p->best != NULL && o->usable ?
	    descent_far(s, o->point, p->best->point) : 0;
	descent_advance(&p->descent, s, p->seen, far, y < p->value);
	if (y < p->value) {
		p->best = o;
		p->value = y;
		p->since = 0;
		if (local) {
			p->fails = 0;
			p->side = fmin(SIDE_MAX, 2 * p->side);
		}
	} else {
		p->since++;
		if (local)
			shrink(p);
	}
	branching_advance(&p->branching, s, y, p->best);
	activate(p, s);
}

static struct phase_state
replay(const struct search *s, const struct teach *t)
{
	struct phase_state p = { .value = INFINITY, .side = SIDE_FIRST };
	size_t n = s->state->nobs, i;
	const struct observation **o = order_observed(s->state);

	descent_init(&p.descent);
	branching_init(&p.branching, s, t);
	for (i = 0; i < n; i++)
		if (o[i]->status == TRIAL_OK || o[i]->status == TRIAL_FAILED)
			advance(&p, s, t, o[i]);
	free(o);
	return p;
}

static void
narrow(const struct param *p, struct range *box, double x, double side)
{
	double u, steps;
	struct range whole = *box;

	if (p->type == PARAM_FLOAT) {
		u = rows_coordinate(p, x);
		box->lo = rows_value(p, &whole, u - side / 2);
		box->hi = rows_value(p, &whole, u + side / 2);
	} else if (p->type == PARAM_INT) {
		steps = fmax(1, ceil(side / 2 * (p->hi - p->lo)));
		box->lo = fmax(whole.lo, x - steps);
		box->hi = fmin(whole.hi, x + steps);
	}
}

/* An incumbent that was imported from outside the bounds is no centre. */
static bool
inside(const struct search *s, const double *point)
{
	size_t i;

	for (i = 0; i < s->space->n; i++)
		if (point[i] < s->box[i].lo || point[i] > s->box[i].hi)
			return false;
	return true;
}

void
local_begin(struct search *s, const struct teach *t, struct range *kept)
{
	size_t n = s->space->n, i;
	struct phase_state p;

	memcpy(kept, s->box, n * sizeof(*kept));
	if (!one_number(s) || s->config->noise > 0)
		return;
	p = replay(s, t);
	if (p.best == NULL || !inside(s, p.best->point))
		return;
	if (p.descent.turn && s->state->npend == 0) {
		s->descent = p.best;
		s->radius = p.descent.radius;
		return;
	}
	if (branching_due(&p.branching, s->state->npend)) {
		s->branch = branch_elsewhere(s, t, p.best);
		if (s->branch != NULL)
			return;
	}
	if (!p.turn || !has_floats(s))
		return;
	s->local = p.best;
	for (i = 0; i < n; i++)
		if (!isnan(p.best->point[i]))
			narrow(&s->space->param[i], &s->box[i],
			    p.best->point[i], p.side);
}

void
local_end(struct search *s, const struct range *kept)
{
	memcpy(s->box, kept, s->space->n * sizeof(*kept));
	s->local = NULL;
	s->accepted = s->attempted = 0;
	memset(s->rejects, 0, s->nrule * sizeof(*s->rejects));
}
