/*
 * propose_walk: candidates where hardly any point is feasible.
 *
 * Where fewer than one in a thousand points drawn keeps to the rules, the
 * model's pool is filled by hit-and-run (Smith 1984, "Efficient Monte Carlo
 * procedures for generating points uniformly distributed over bounded
 * regions"): from the feasible points that are known, observed, pending or
 * drawn, a walk takes steps within the rules.  A step goes anywhere on a
 * random line through the point, as far as the linear inequalities let it,
 * along all floats of linear scale or along one number alone; or sets a
 * bool or categorical; or changes one parameter and gives another number
 * what that leaves to it, so that equations can be kept, too.  Every new
 * point is judged as it would be proposed, ints rounded.
 *
 * What the walk finds is no part of the account, which is that of the
 * points drawn.
 */
#ifndef LO_OPS_PROPOSE_WALK_H
#define LO_OPS_PROPOSE_WALK_H

#include "ops/propose_search.h"

#define WALK_LEG 40	/* steps from one start, for a pool */

/* After search_pool: more points into found, if it found that few. */
void	walk_pool(struct search *);
/* Walk until so many points are found, or for a while; first from start, or
 * anywhere if NULL, then from any feasible point known after each leg of so
 * many steps.  False if there is no start at all. */
bool	walk_from(struct search *, const double *start, size_t wanted,
	    size_t leg);

#endif
