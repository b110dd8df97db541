/* lbfgs: a local minimum of a smooth function in a box.  See lbfgs.h. */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "model/lbfgs_direction.h"

#define ARMIJO 1e-4
#define ROUNDING 1e-15		/* of the value */
#define STEEP 0.9		/* of the slope: the step could be longer */
#define TRIES 30		/* of one line search */

static double
clip(const struct lbfgs_run *run, size_t i, double x)
{
	return fmax(run->p->lo[i], fmin(run->p->hi[i], x));
}

/* Is all of it finite? */
static bool
evaluate(struct lbfgs_run *run, struct lbfgs_point *at)
{
	size_t i;

	run->r.evaluations++;
	at->value = run->p->value(run->p->arg, at->x, at->g);
	if (!isfinite(at->value))
		return false;
	for (i = 0; i < run->p->d; i++)
		if (!isfinite(at->g[i]))
			return false;
	return true;
}

static void
swap(struct lbfgs_point *a, struct lbfgs_point *b)
{
	struct lbfgs_point old = *a;

	*a = *b;
	*b = old;
}

static double
projected_gradient(const struct lbfgs_run *run)
{
	double largest = 0, g, room;
	size_t i;

	for (i = 0; i < run->p->d; i++) {
		g = run->at.g[i];
		room = g > 0 ? run->at.x[i] - run->p->lo[i] :
		    run->p->hi[i] - run->at.x[i];
		largest = fmax(largest, fmin(fabs(g), room));
	}
	return largest;
}

/* Is trial low enough, to where the slope promises gain < 0?  Where values
 * differ by their rounding only, slopes are what is left to go by (Hager
 * and Zhang 2005, "approximate Wolfe conditions"). */
static bool
low_enough(const struct lbfgs_run *run, double gain)
{
	double before = run->at.value, after = run->trial.value, slope = 0;
	size_t i;

	if (after < before && after <= before + ARMIJO * gain)
		return true;
	if (after > before + ROUNDING * fabs(before))
		return false;
	for (i = 0; i < run->p->d; i++)
		slope += run->trial.g[i] *
		    (run->trial.x[i] - run->at.x[i]);
	return fabs(slope) <= STEEP * fabs(gain);
}

/* Evaluate where a step of this length ends; is it low enough? */
static bool
decreases(struct lbfgs_run *run, double length)
{
	struct lbfgs_point *t = &run->trial;
	double gain = 0;
	size_t i;

	for (i = 0; i < run->p->d; i++) {
		t->x[i] = clip(run, i, run->at.x[i] + length * run->dir[i]);
		gain += run->at.g[i] * (t->x[i] - run->at.x[i]);
	}
	return evaluate(run, t) && gain < 0 && low_enough(run, gain);
}

/* Does the function still fall nearly as it did, along what no bound has
 * stopped? */
static bool
still_steep(const struct lbfgs_run *run)
{
	double before = 0, now = 0;
	size_t i;

	for (i = 0; i < run->p->d; i++) {
		if (run->trial.x[i] <= run->p->lo[i] ||
		    run->trial.x[i] >= run->p->hi[i])
			continue;
		before += run->at.g[i] * run->dir[i];
		now += run->trial.g[i] * run->dir[i];
	}
	return now < STEEP * before && now < 0;
}

/* Where the parabola through value, slope and the trial is lowest, between
 * a tenth and a half of the length. */
static double
shorter(const struct lbfgs_run *run, double length, double slope)
{
	double excess = run->trial.value - run->at.value - slope * length;
	double best = -0.5 * slope * length * length / excess;

	if (!isfinite(run->trial.value) || !(excess > 0))
		return 0.2 * length;
	return fmax(0.1 * length, fmin(0.5 * length, best));
}

static bool
may_try(const struct lbfgs_run *run, int tries)
{
	return tries < TRIES && run->r.evaluations < run->limit;
}

/* Longer steps, while each is better than the last. */
static void
lengthen(struct lbfgs_run *run, double length, int tries)
{
	for (; still_steep(run) && may_try(run, tries); tries++) {
		length *= 4;
		swap(&run->good, &run->trial);
		if (!decreases(run, length) ||
		    run->trial.value >= run->good.value) {
			swap(&run->good, &run->trial);
			return;
		}
	}
}

/* Leaves a better point in trial, or returns false. */
static bool
search(struct lbfgs_run *run)
{
	double slope, length = 1;
	int tries;

	if (!lbfgs_direct(run, &slope))
		return false;
	for (tries = 0; may_try(run, tries); tries++) {
		if (decreases(run, length)) {
			if (tries == 0)
				lengthen(run, length, 1);
			return true;
		}
		length = shorter(run, length, slope);
	}
	return false;
}

static void
prepare(struct lbfgs_run *run, const double *x)
{
	size_t d = run->p->d, i;
	double *next;

	run->memory = xcalloc((7 + 2 * LBFGS_MEMORY) * d + 1,
	    sizeof(*run->memory));
	run->rests = xcalloc(d + 1, sizeof(*run->rests));
	next = run->memory;
	run->at.x = next;
	run->at.g = next += d;
	run->trial.x = next += d;
	run->trial.g = next += d;
	run->good.x = next += d;
	run->good.g = next += d;
	run->dir = next += d;
	for (i = 0; i < LBFGS_MEMORY; i++) {
		run->pairs[i].s = next += d;
		run->pairs[i].y = next += d;
	}
	for (i = 0; i < d; i++)
		run->at.x[i] = clip(run, i, x[i]);
}

static enum lbfgs_status
iterate(struct lbfgs_run *run, const struct lbfgs_limits *l)
{
	double before;

	for (;;) {
		run->r.gradient = projected_gradient(run);
		if (run->r.gradient <= l->gradient)
			return LBFGS_CONVERGED;
		if (run->r.iterations >= l->iterations ||
		    run->r.evaluations >= run->limit)
			return LBFGS_LIMIT;
		before = run->at.value;
		if (search(run)) {
			lbfgs_step(run);
			if (before - run->at.value <=
			    l->decrease * fmax(1, fabs(before)))
				break;
		} else if (run->npairs == 0) {
			return run->r.evaluations < run->limit ?
			    LBFGS_STUCK : LBFGS_LIMIT;
		} else {
			/* Once more, straight downhill. */
			run->npairs = 0;
		}
	}
	run->r.gradient = projected_gradient(run);
	return run->r.gradient <= l->gradient ? LBFGS_CONVERGED : LBFGS_FLAT;
}

struct lbfgs_result
lbfgs_minimize(const struct lbfgs_problem *p,
    const struct lbfgs_limits *limits, double *x)
{
	struct lbfgs_run run = { 0 };

	run.p = p;
	run.limit = limits->evaluations ? limits->evaluations : (size_t)-1;
	prepare(&run, x);
	if (evaluate(&run, &run.at))
		run.r.status = iterate(&run, limits);
	else
		run.r.status = LBFGS_UNDEFINED;
	run.r.value = run.at.value;
	if (p->d > 0)
		memcpy(x, run.at.x, p->d * sizeof(*x));
	free(run.memory);
	free(run.rests);
	return run.r;
}
