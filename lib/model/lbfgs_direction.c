/* lbfgs_direction: where lbfgs goes next.  See lbfgs_direction.h. */
#include <math.h>
#include <string.h>

#include "model/lbfgs_direction.h"

#define NEAR 1e-6		/* of the box, or of 1 */
#define CURVED 1e-10		/* cosine of step and change of gradient */

static double
dot(const struct lbfgs_run *run, const double *a, const double *b)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < run->p->d; i++)
		sum += a[i] * b[i];
	return sum;
}

/* Over what moves. */
static double
free_dot(const struct lbfgs_run *run, const double *a, const double *b)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < run->p->d; i++)
		if (!run->rests[i])
			sum += a[i] * b[i];
	return sum;
}

/* Variables that a bound holds rest; on the last bit of the way to it they
 * go there. */
static void
rest(struct lbfgs_run *run)
{
	double bound, width, near;
	size_t i;

	for (i = 0; i < run->p->d; i++) {
		bound = run->at.g[i] > 0 ? run->p->lo[i] : run->p->hi[i];
		width = run->p->hi[i] - run->p->lo[i];
		near = fmin(run->r.gradient,
		    NEAR * (isfinite(width) ? width : 1));
		run->rests[i] = width <= 0 || (run->at.g[i] != 0 &&
		    fabs(run->at.x[i] - bound) <= near);
		run->dir[i] = run->rests[i] ? bound - run->at.x[i] : 0;
	}
}

/* How far the first step goes, that has no curvature to go by. */
static double
first_scale(const struct lbfgs_run *run)
{
	double steepest = 0, widest = 0;
	size_t i;

	for (i = 0; i < run->p->d; i++) {
		if (run->rests[i])
			continue;
		steepest = fmax(steepest, fabs(run->at.g[i]));
		widest = fmax(widest, run->p->hi[i] - run->p->lo[i]);
	}
	return steepest > 0 ? fmin(1, 0.1 * widest) / steepest : 0;
}

/* dir -= factor * v, over what moves. */
static void
subtract(struct lbfgs_run *run, double factor, const double *v)
{
	size_t i;

	for (i = 0; i < run->p->d; i++)
		if (!run->rests[i])
			run->dir[i] -= factor * v[i];
}

static void
scale(struct lbfgs_run *run, double factor)
{
	size_t i;

	for (i = 0; i < run->p->d; i++)
		if (!run->rests[i])
			run->dir[i] *= factor;
}

/* rho = 1 / s'y over what moves, 0 where that is no curvature; the first
 * guess of the inverse curvature comes from the newest pair that has. */
static double
weigh_pairs(struct lbfgs_run *run)
{
	struct lbfgs_pair *pair;
	double sy, yy, ss, guess = 0;
	size_t k;

	for (k = 0; k < run->npairs; k++) {
		pair = &run->pairs[k];
		sy = free_dot(run, pair->s, pair->y);
		yy = free_dot(run, pair->y, pair->y);
		ss = free_dot(run, pair->s, pair->s);
		pair->rho = sy > CURVED * sqrt(ss) * sqrt(yy) ? 1 / sy : 0;
		if (guess == 0 && pair->rho > 0)
			guess = sy / yy;
	}
	return guess > 0 && isfinite(guess) ? guess : first_scale(run);
}

/* dir = -H g over what moves (Nocedal's two loops). */
static void
newton(struct lbfgs_run *run)
{
	double guess = weigh_pairs(run);
	struct lbfgs_pair *pair;
	size_t i, k;

	for (i = 0; i < run->p->d; i++)
		if (!run->rests[i])
			run->dir[i] = -run->at.g[i];
	for (k = 0; k < run->npairs; k++) {
		pair = &run->pairs[k];
		pair->alpha = pair->rho * free_dot(run, pair->s, run->dir);
		subtract(run, pair->alpha, pair->y);
	}
	scale(run, guess);
	for (k = run->npairs; k-- > 0;) {
		pair = &run->pairs[k];
		subtract(run, pair->rho * free_dot(run, pair->y, run->dir) -
		    pair->alpha, pair->s);
	}
}

/* Variables at a bound that the direction would leave by it must rest too:
 * the projection would stop them, and without them the others might go
 * uphill.  Were there any? */
static bool
stop_leavers(struct lbfgs_run *run)
{
	bool any = false;
	size_t i;

	for (i = 0; i < run->p->d; i++) {
		if (run->rests[i] || !(run->dir[i] < 0 ?
		    run->at.x[i] <= run->p->lo[i] :
		    run->dir[i] > 0 && run->at.x[i] >= run->p->hi[i]))
			continue;
		run->rests[i] = any = true;
		run->dir[i] = 0;
	}
	return any;
}

bool
lbfgs_direct(struct lbfgs_run *run, double *slope)
{
	rest(run);
	do {
		newton(run);
	} while (stop_leavers(run));
	*slope = dot(run, run->at.g, run->dir);
	return *slope < 0 && isfinite(*slope);
}

void
lbfgs_step(struct lbfgs_run *run)
{
	struct lbfgs_pair pair = run->pairs[LBFGS_MEMORY - 1];
	struct lbfgs_point old = run->at;
	size_t i;

	for (i = 0; i < run->p->d; i++) {
		pair.s[i] = run->trial.x[i] - run->at.x[i];
		pair.y[i] = run->trial.g[i] - run->at.g[i];
	}
	run->at = run->trial;
	run->trial = old;
	run->r.iterations++;
	/* What the oldest knew is overwritten by now; it counts for nothing
	 * without curvature. */
	if (!(dot(run, pair.s, pair.y) > 0))
		return;
	memmove(run->pairs + 1, run->pairs,
	    (LBFGS_MEMORY - 1) * sizeof(*run->pairs));
	run->pairs[0] = pair;
	if (run->npairs < LBFGS_MEMORY)
		run->npairs++;
}

