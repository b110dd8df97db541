/* propose_feasible: the linear inequalities.  See propose_feasible.h. */
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "base/xmem.h"
#include "ops/propose_feasible.h"
#include "ops/propose_rows.h"

#define SWEEPS 100
/* What constraints forgive. */
#define TOLERANCE 1e-12

bool
feasible_free(const struct search *s, const double *point, size_t i)
{
	return s->space->param[i].type == PARAM_FLOAT && !isnan(point[i]) &&
	    s->box[i].lo < s->box[i].hi;
}

double
feasible_unit(const struct search *s, const double *point, size_t i)
{
	const struct param *p = &s->space->param[i];

	if (p->log)
		return point[i] * log(p->hi / p->lo);
	return p->hi - p->lo;
}

double
feasible_any(const struct search *s, struct rng *rng, size_t i)
{
	const struct param *p = &s->space->param[i];
	const struct range *box = &s->box[i];
	double u = rng_uniform(rng), lo, hi;

	if (p->type != PARAM_FLOAT)
		return box->lo + floor(u * (box->hi - box->lo + 1));
	lo = rows_coordinate(p, box->lo);
	hi = rows_coordinate(p, box->hi);
	return rows_value(p, box, lo + u * (hi - lo));
}

bool
feasible(const struct search *s, const double *point)
{
	return s->nrule == 0 || constraints_broken(s->constraints, point) < 0;
}

/* Large numbers round by more than is forgiven: stay so far inside. */
static double
margin(const struct search *s, const double *point, const double *slope)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < s->space->n; i++)
		if (slope[i] < 0 || slope[i] > 0)
			sum += fabs(slope[i] * point[i]);
	sum *= 4 * DBL_EPSILON;
	return sum > TOLERANCE / 2 ? sum : 0;
}

/* How points are moved. */
struct mover {
	const struct search *search;
	bool ints;		/* as well as floats */
	double room;		/* to keep from each inequality */
	double *slope;		/* space->n */
};

static bool
moves(const struct mover *m, const double *point, size_t i)
{
	const struct search *s = m->search;

	if (m->ints && s->space->param[i].type == PARAM_INT)
		return !isnan(point[i]) && s->box[i].lo < s->box[i].hi;
	return feasible_free(s, point, i);
}

/* The shortest way back to a rule, within the box.  False: the point is
 * well within the rule, or nothing can be done. */
static bool
project(const struct mover *m, double *point, double excess)
{
	const struct search *s = m->search;
	double norm = 0, unit, step;
	size_t i;

	for (i = 0; i < s->space->n; i++)
		if (moves(m, point, i)) {
			unit = m->slope[i] * feasible_unit(s, point, i);
			norm += unit * unit;
		}
	excess += m->room * sqrt(norm);
	if (!(norm > 0) || !isfinite(norm) || !(excess > 0))
		return false;
	excess += margin(s, point, m->slope);
	for (i = 0; i < s->space->n; i++) {
		if (!moves(m, point, i))
			continue;
		unit = feasible_unit(s, point, i);
		step = point[i] - excess * m->slope[i] * unit * unit / norm;
		point[i] = step < s->box[i].lo ? s->box[i].lo :
		    step > s->box[i].hi ? s->box[i].hi : step;
	}
	return true;
}

/* Once onto each rule; false if nothing moved. */
static bool
sweep(const struct mover *m, double *point)
{
	const struct constraints *c = m->search->constraints;
	bool moved = false;
	double excess;
	size_t k;

	for (k = 0; k < constraints_linear(c); k++)
		if (constraints_excess(c, k, point, &excess, m->slope))
			moved |= project(m, point, excess);
	return moved;
}

bool
feasible_repair(const struct search *s, double *point)
{
	struct mover m = { .search = s };
	int n;

	if (feasible(s, point))
		return true;
	m.slope = xcalloc(s->space->n, sizeof(*m.slope));
	for (n = 0; n < SWEEPS; n++) {
		sweep(&m, point);
		if (feasible(s, point))
			break;
	}
	free(m.slope);
	return n < SWEEPS;
}

void
feasible_relax(const struct search *s, double *point, double room)
{
	struct mover m = { .search = s, .ints = true, .room = room };
	int n;

	m.slope = xcalloc(s->space->n, sizeof(*m.slope));
	for (n = 0; n < SWEEPS && sweep(&m, point); n++)
		;
	free(m.slope);
}

bool
feasible_segment(const struct search *s, const double *point,
    const double *direction, struct range *t)
{
	size_t n = constraints_linear(s->constraints), i, k;
	double *slope = xcalloc(s->space->n, sizeof(*slope)), excess, rate;
	bool room = true;

	for (k = 0; k < n && room; k++) {
		if (!constraints_excess(s->constraints, k, point, &excess,
		    slope))
			continue;
		excess -= TOLERANCE / 2;
		rate = 0;
		for (i = 0; i < s->space->n; i++)
			if (direction[i] < 0 || direction[i] > 0)
				rate += slope[i] * direction[i];
		if (rate > 0)
			t->hi = fmin(t->hi, -excess / rate);
		else if (rate < 0)
			t->lo = fmax(t->lo, -excess / rate);
		else
			room = excess <= 0;
	}
	free(slope);
	return room && t->lo <= t->hi;
}
