/* propose_feasible: the linear inequalities.  See propose_feasible.h. */
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "base/xmem.h"
#include "ops/propose_feasible.h"

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

/* The shortest way back to a rule, within the box. */
static void
project(const struct search *s, double *point, const double *slope,
    double excess)
{
	double norm = 0, unit, step;
	size_t i;

	for (i = 0; i < s->space->n; i++)
		if (feasible_free(s, point, i)) {
			unit = slope[i] * feasible_unit(s, point, i);
			norm += unit * unit;
		}
	if (!(norm > 0) || !isfinite(norm))
		return;
	excess += margin(s, point, slope);
	for (i = 0; i < s->space->n; i++) {
		if (!feasible_free(s, point, i))
			continue;
		unit = feasible_unit(s, point, i);
		step = point[i] - excess * slope[i] * unit * unit / norm;
		point[i] = step < s->box[i].lo ? s->box[i].lo :
		    step > s->box[i].hi ? s->box[i].hi : step;
	}
}

bool
feasible_repair(const struct search *s, double *point)
{
	size_t n = constraints_linear(s->constraints), k;
	double *slope, excess;
	int sweep;

	if (feasible(s, point))
		return true;
	slope = xcalloc(s->space->n, sizeof(*slope));
	for (sweep = 0; sweep < SWEEPS; sweep++) {
		for (k = 0; k < n; k++)
			if (constraints_excess(s->constraints, k, point,
			    &excess, slope) && excess > 0)
				project(s, point, slope, excess);
		if (feasible(s, point))
			break;
	}
	free(slope);
	return sweep < SWEEPS;
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
