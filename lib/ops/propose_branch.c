/* propose_branch: the other branches.  See propose_branch.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "campaign/order.h"
#include "contract/objective.h"
#include "ops/propose_branch.h"

#define NOTABLE 1e-4

bool
branch_same(const struct space *space, const double *a, const double *b)
{
	size_t i;

	for (i = 0; i < space->n; i++)
		if (isnan(a[i]) != isnan(b[i]))
			return false;
	return true;
}

/* -------------------------------------------------------------- the turns */

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Of the values the warm-up had; later ones crowd near the best. */
static double
median_at_first(const struct search *s, const struct teach *t)
{
	size_t n = (size_t)s->config->initial_random_trials;
	double *y, median;

	if (n == 0 || n > t->data.n)
		n = t->data.n;
	y = xcalloc(n, sizeof(*y));
	memcpy(y, t->y, n * sizeof(*y));
	qsort(y, n, sizeof(*y), by_value);
	median = y[n / 2];
	free(y);
	return median;
}

void
branching_init(struct branching *b, const struct search *s,
    const struct teach *t)
{
	size_t i;

	memset(b, 0, sizeof(*b));
	b->mark = INFINITY;
	b->patience = SIZE_MAX;
	for (i = 0; i < s->space->n && s->space->param[i].nwhen == 0; i++)
		;
	if (i == s->space->n || t->data.n == 0)
		return;		/* one branch */
	b->tolerance = NOTABLE * median_at_first(s, t) - NOTABLE * t->best;
	b->patience = 0;
}

static size_t
numbers(const struct space *space, const double *point)
{
	size_t n = 0, i;

	for (i = 0; i < space->n; i++)
		n += !isnan(point[i]) && (space->param[i].type == PARAM_FLOAT
		    || space->param[i].type == PARAM_INT);
	return n;
}

void
branching_advance(struct branching *b, const struct search *s, double value,
    const struct observation *best)
{
	if (b->patience == SIZE_MAX)
		return;
	b->stale++;
	if (!(value < b->mark - b->tolerance))
		return;
	b->mark = value;
	b->stale = 0;
	b->patience = 2 * numbers(s->space, best->point) + 1;
}

bool
branching_due(const struct branching *b, size_t pending)
{
	return b->patience > 0 && b->stale + pending >= b->patience &&
	    (b->stale + pending) % 2 == 1;
}

/* ----------------------------------------------------------- the branches */

struct branch {
	const double *point;		/* of any trial there */
	const struct observation *best;	/* NULL: none was ok */
	double value;			/* of that, or INFINITY */
	size_t trials;
};

struct branches {
	const struct space *space;
	struct branch *v;
	size_t n;
};

static struct branch *
branch_of(struct branches *b, const double *point)
{
	size_t i;

	for (i = 0; i < b->n; i++)
		if (branch_same(b->space, b->v[i].point, point))
			return &b->v[i];
	b->v[b->n] = (struct branch){ .point = point, .value = INFINITY };
	return &b->v[b->n++];
}

static void
count_observed(struct branches *b, const struct search *s,
    const struct teach *t)
{
	const struct observation **o = order_observed(s->state);
	struct branch *at;
	size_t i;
	double y;

	for (i = 0; i < s->state->nobs; i++) {
		if (!o[i]->usable)
			continue;
		at = branch_of(b, o[i]->point);
		at->trials++;
		if (o[i]->status != TRIAL_OK)
			continue;
		y = t->sign * objectives_scalar(s->state->objectives, o[i]->y);
		if (y < at->value) {
			at->value = y;
			at->best = o[i];
		}
	}
	free(o);
}

static void
count_pending(struct branches *b, const struct state *state)
{
	size_t i;

	for (i = 0; i < state->npend; i++)
		if (state->pend[i].usable)
			branch_of(b, state->pend[i].point)->trials++;
}

static int
by_best(const void *a, const void *b)
{
	const struct branch *x = a, *y = b;

	if (x->value != y->value)
		return x->value < y->value ? -1 : 1;
	if (x->best == NULL || y->best == NULL)
		return (x->best == NULL) - (y->best == NULL);
	return (x->best->id > y->best->id) - (x->best->id < y->best->id);
}

/* Of branches in the order of their best values. */
static const struct observation *
whose_turn(const struct branches *b, const struct observation *best)
{
	const struct observation *found = NULL;
	double least = INFINITY, cost;
	size_t rank = 0, i;

	for (i = 0; i < b->n && b->v[i].best != NULL; i++) {
		if (branch_same(b->space, b->v[i].point, best->point))
			continue;
		cost = (double)(b->v[i].trials + 1) * sqrt((double)++rank);
		if (cost < least) {
			least = cost;
			found = b->v[i].best;
		}
	}
	return found;
}

const struct observation *
branch_elsewhere(const struct search *s, const struct teach *t,
    const struct observation *best)
{
	struct branches b = { .space = s->space };
	const struct observation *found;

	b.v = xcalloc(s->state->nobs + s->state->npend, sizeof(*b.v));
	count_observed(&b, s, t);
	count_pending(&b, s->state);
	qsort(b.v, b.n, sizeof(*b.v), by_best);
	found = whose_turn(&b, best);
	free(b.v);
	return found;
}
