/*
 * propose_descent: quadratic steps down a valley.
 *
 * Once the warm-up is over, and there are d + 2 trials, trials of the
 * process take turns with steps to the minimum of a quadratic
 * (model/quadratic.h) within a trust region, a box around the incumbent
 * (after Powell 2009, "The BOBYQA algorithm for bound constrained
 * optimization without derivatives"): the way that improved goes on, after
 * a failure it is the other's turn.  The box begins with a tenth of each
 * range to either side, doubles when a step improves that went farther than
 * 0.7 of it, and halves when one fails, down to 1e-4.  Coordinates are
 * measured by the length scales of the process, so that what hardly matters
 * is not taken for curved.  Where the minimum breaks linear inequalities it
 * is sought along them (propose_boundary.h); a step that would break
 * another rule, or is taken already, is left to the process.
 *
 * Of several objectives that are weighed the sum is what is modelled, a
 * maximum of them never.
 *
 * The turns follow from the observations in the order of their ids, as in
 * propose_local.h.  Only where every parameter is a float that is always
 * active, nothing is pending (the turns would not be those of the trials
 * asked for meanwhile: batches of four lose 0.2 decades by it), and values
 * do not scatter.  A process takes what is too fine for it for noise, too;
 * so its word counts only if trials beside the incumbent bear it out.
 */
#ifndef LO_OPS_PROPOSE_DESCENT_H
#define LO_OPS_PROPOSE_DESCENT_H

#include <stdbool.h>

#include "model/gp.h"
#include "model/warp.h"
#include "ops/propose_model.h"
#include "ops/propose_search.h"

struct descent {
	bool turn;		/* the next trial is such a step */
	double radius;		/* in shares of the ranges */
};

void	descent_init(struct descent *);
/* A trial came after seen - 1 others: how far (see descent_far) it was from
 * the incumbent before it (0: there was none), and better or not. */
void	descent_advance(struct descent *, const struct search *, size_t seen,
	    double far, bool better);
/* The largest difference of two points, in shares of the ranges. */
double	descent_far(const struct search *, const double *a, const double *b);
/* Do the warped values of the trials beside search->descent, if there are
 * two at least, differ from its own as noise of that deviation would have
 * it? */
bool	descent_scatters(const struct search *, const struct teach *,
	    const struct warp *, double sd);
/* A step from search->descent within search->radius, measured by the
 * process; false if there is none. */
bool	descent_step(const struct search *, const struct teach *,
	    const struct gp *, double *point);

#endif
