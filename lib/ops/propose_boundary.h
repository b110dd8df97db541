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

/* Coordinates u (of the parameters param[0..d), others as in the feasible
 * point from) to a local minimum of the problem within the rules; point is
 * from with what was found.  False if no feasible one was. */
bool	boundary_minimize(const struct search *,
	    const struct lbfgs_problem *, const size_t *param,
	    const double *from, double *u, double *point);

#endif
