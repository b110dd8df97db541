/*
 * lbfgs_direction: where lbfgs goes next; for lbfgs.c only.
 *
 * What one call of lbfgs_minimize works on, and the direction from what
 * its last steps taught.
 */
#ifndef LO_MODEL_LBFGS_DIRECTION_H
#define LO_MODEL_LBFGS_DIRECTION_H

#include <stdbool.h>

#include "model/lbfgs.h"

struct lbfgs_point {
	double *x, *g;
	double value;
};

struct lbfgs_pair {
	double *s, *y;		/* change of x and of the gradient */
	double rho, alpha;	/* of the product under way */
};

struct lbfgs_run {
	const struct lbfgs_problem *p;
	size_t limit;		/* of evaluations */
	struct lbfgs_point at, trial, good;
	double *dir;
	bool *rests;		/* not a variable in this iteration */
	struct lbfgs_pair pairs[LBFGS_MEMORY];	/* the newest first */
	size_t npairs;
	double *memory;
	struct lbfgs_result r;
};

/* Fill run->dir from run->at, its projected gradient in run->r.gradient
 * and the pairs.  The slope g'dir; false if that is not downhill. */
bool	lbfgs_direct(struct lbfgs_run *, double *slope);
/* Step from run->at to run->trial; what it taught becomes the first pair,
 * unless the slope along it fell. */
void	lbfgs_step(struct lbfgs_run *);

#endif
