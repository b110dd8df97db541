/*
 * propose_boundary: a local minimum within linear inequalities.
 *
 * Optima of constrained problems lie on the boundary more often than not,
 * where a descent that knows nothing of the rules leaves the feasible set.
 * An augmented Lagrangian (Hestenes 1969, Powell 1969; in the form of
 * Rockafellar 1973 for inequalities) keeps the descent to them: each rule
 * adds ((max(0, l + r g))^2 - l^2) / 2r, g the distance beyond it, and l
 * becomes max(0, l + r g) from one round to the next.
 */
#ifndef LO_OPS_PROPOSE_BOUNDARY_H
#define LO_OPS_PROPOSE_BOUNDARY_H

#include "model/lbfgs.h"
#include "ops/propose_search.h"

/* What is to be minimized, of the parameters param[0..d): their coordinates
 * (propose_rows.h) are origin + unit x. */
struct boundary_problem {
	const struct lbfgs_problem *f;	/* of x, without the rules */
	const size_t *param;	/* d; NULL: the first d */
	const double *origin, *unit;	/* d; NULL: zeros, ones */
	const double *from;	/* the others' values */
};

/* x[d] to a local minimum within the rules; point is from with what was
 * found.  False if no feasible one was. */
bool	boundary_minimize(const struct search *,
	    const struct boundary_problem *, double *x, double *point);

#endif
