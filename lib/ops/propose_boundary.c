/* propose_boundary: an augmented Lagrangian.  See propose_boundary.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "ops/propose_boundary.h"
#include "ops/propose_feasible.h"
#include "ops/propose_rows.h"

#define ROUNDS 5
#define FIRST_PENALTY 1e2
#define NEAR_ENOUGH 1e-7

struct boundary {
	const struct search *search;
	const struct boundary_problem *problem;
	double *point, *slope;		/* space->n */
	double *norm, *multiplier;	/* of each linear rule */
	double penalty;
};

static size_t
parameter(const struct boundary *b, size_t i)
{
	return b->problem->param != NULL ? b->problem->param[i] : i;
}

static double
unit(const struct boundary *b, size_t i)
{
	return b->problem->unit != NULL ? b->problem->unit[i] : 1;
}

static void
place(const struct boundary *b, const double *x)
{
	const struct search *s = b->search;
	const double *origin = b->problem->origin;
	size_t i, p;

	for (i = 0; i < b->problem->f->d; i++) {
		p = parameter(b, i);
		b->point[p] = rows_value(&s->space->param[p], &s->box[p],
		    (origin != NULL ? origin[i] : 0) + unit(b, i) * x[i]);
	}
}

/* Distance beyond rule k at b->point, the slopes by x in b->slope; NaN if
 * the rule has no say. */
static double
beyond(const struct boundary *b, size_t k)
{
	const struct search *s = b->search;
	double excess, sum = 0;
	size_t i, p;

	if (!constraints_excess(s->constraints, k, b->point, &excess,
	    b->slope))
		return NAN;
	for (i = 0; i < b->problem->f->d; i++) {
		p = parameter(b, i);
		b->slope[p] *= feasible_unit(s, b->point, p) * unit(b, i);
		sum += b->slope[p] * b->slope[p];
	}
	if (!(b->norm[k] > 0))
		b->norm[k] = sqrt(sum);
	return b->norm[k] > 0 ? excess / b->norm[k] : NAN;
}

static double
lagrangian(void *arg, const double *x, double *gradient)
{
	const struct boundary *b = arg;
	const struct lbfgs_problem *f = b->problem->f;
	double value = f->value(f->arg, x, gradient);
	size_t n = constraints_linear(b->search->constraints), i, k;
	double g, m;

	place(b, x);
	for (k = 0; k < n; k++) {
		g = beyond(b, k);
		m = b->multiplier[k] + b->penalty * g;
		if (!(m > 0)) {
			if (!isnan(g))
				value -= b->multiplier[k] *
				    b->multiplier[k] / (2 * b->penalty);
			continue;
		}
		value += (m * m - b->multiplier[k] * b->multiplier[k]) /
		    (2 * b->penalty);
		for (i = 0; i < f->d; i++)
			gradient[i] += m * b->slope[parameter(b, i)] /
			    b->norm[k];
	}
	return value;
}

/* New multipliers; how far the point still is beyond the rules, or short of
 * one that holds it. */
static double
update(struct boundary *b)
{
	size_t n = constraints_linear(b->search->constraints), k;
	double g, m, worst = 0;

	for (k = 0; k < n; k++) {
		g = beyond(b, k);
		m = b->multiplier[k] + b->penalty * g;
		m = m > 0 ? m : 0;
		worst = fmax(worst, fabs(m - b->multiplier[k]) / b->penalty);
		b->multiplier[k] = m;
	}
	return worst;
}

static void
descend(struct boundary *b, double *x)
{
	struct lbfgs_problem p = *b->problem->f;
	struct lbfgs_limits limits = { .iterations = 25, .gradient = 1e-4,
	    .decrease = 1e-9 };
	double off, last = INFINITY;
	int round;

	p.value = lagrangian;
	p.arg = b;
	b->penalty = FIRST_PENALTY;
	for (round = 0; round < ROUNDS; round++) {
		lbfgs_minimize(&p, &limits, x);
		place(b, x);
		off = update(b);
		if (off < NEAR_ENOUGH)
			break;
		if (off > last / 8)
			b->penalty *= 10;
		last = off;
	}
}

bool
boundary_minimize(const struct search *s, const struct boundary_problem *p,
    double *x, double *point)
{
	size_t n = constraints_linear(s->constraints);
	struct boundary b = { .search = s, .problem = p, .point = point };
	bool found;

	if (n == 0)
		return false;
	memcpy(point, p->from, s->space->n * sizeof(*point));
	b.slope = xcalloc(s->space->n, sizeof(*b.slope));
	b.norm = xcalloc(2 * n, sizeof(*b.norm));
	b.multiplier = b.norm + n;
	descend(&b, x);
	place(&b, x);
	found = feasible_repair(s, point);
	free(b.slope);
	free(b.norm);
	return found;
}
