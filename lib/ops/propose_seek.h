/*
 * propose_seek: a feasible point where draws bring none.
 *
 * From the centre of the space (for the first point of all) and the least
 * violated of many draws: first all numbers are moved into the linear
 * inequalities as if ints were floats (feasible_relax), some way inside if
 * that can be; ints are rounded, the floats moved once more.  Where that
 * does not do, one parameter after another takes the value that lessens the
 * sum of violations most, or two at once so that an equation stays kept;
 * where nothing lessens it, the rules that are broken gain in weight until
 * something does (Morris 1993, "The breakout method for escaping from local
 * minima").  A violation is the distance to the rule in the coordinates of
 * the model, 1 for a forbidden combination.
 *
 * All of it is bounded by the work done, not by time.
 */
#ifndef LO_OPS_PROPOSE_SEEK_H
#define LO_OPS_PROPOSE_SEEK_H

#include <stdbool.h>

#include "base/buf.h"
#include "ops/propose_search.h"

/* A point within the box and the rules that is not taken; false if none was
 * found: then point is the least violated one that was met.  met_taken is
 * set if feasible ones were met that are taken. */
bool	seek_feasible(struct search *, double *point);
/* What that one breaks, as text: "RULE (by AMOUNT), RULE"; three rules at
 * most. */
void	seek_tell(const struct search *, const double *point, struct buf *);

#endif
