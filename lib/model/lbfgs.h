/*
 * lbfgs: a local minimum of a smooth function in a box.
 *
 * L-BFGS (Nocedal 1980, "Updating quasi-Newton matrices with limited
 * storage") on the variables that no bound holds, projected onto the box
 * (Bertsekas 1982, "Projected Newton methods for optimization problems with
 * simple constraints"): a variable at a bound that the function pushes
 * against rests there, one within min(1e-6 of the box, the projected
 * gradient) of it goes there.  A step must decrease the function as
 * Armijo wants (1e-4); it is halved or so until it does, and grown while
 * the function falls as steeply as before.  Where value or gradient is not
 * finite is taken for a place that is too high.
 *
 * Deterministic: sums are in the order of the variables, and nothing is
 * kept from one call to the next.
 */
#ifndef LO_MODEL_LBFGS_H
#define LO_MODEL_LBFGS_H

#include <stddef.h>

#define LBFGS_MEMORY 8

struct lbfgs_problem {
	size_t d;
	const double *lo, *hi;	/* lo <= hi; infinite: no bound */
	/* The value at x[d], its derivatives in gradient[d]. */
	double (*value)(void *arg, const double *x, double *gradient);
	void *arg;
};

struct lbfgs_limits {
	size_t iterations;
	size_t evaluations;	/* 0: no limit */
	/* Done when no component of the projected gradient, x - P(x - g),
	 * is larger. */
	double gradient;
	/* Done when an iteration gains no more than this part of
	 * max(1, |value|); negative: never. */
	double decrease;
};

enum lbfgs_status {
	LBFGS_CONVERGED,	/* the gradient is small */
	LBFGS_FLAT,		/* the last decrease was small */
	LBFGS_STUCK,		/* no step decreases the value: rounding,
				 * or a wrong gradient */
	LBFGS_LIMIT,		/* of iterations or evaluations */
	LBFGS_UNDEFINED		/* not finite where it began */
};

struct lbfgs_result {
	enum lbfgs_status status;
	double value;		/* at x */
	double gradient;	/* largest of the projected, at x */
	size_t iterations, evaluations;
};

/* From x[d], moved into the box first, to the best point found, in x.  The
 * value never rises by more than its rounding. */
struct lbfgs_result lbfgs_minimize(const struct lbfgs_problem *,
	    const struct lbfgs_limits *, double *x);

#endif
