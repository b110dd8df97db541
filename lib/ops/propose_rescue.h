/*
 * propose_rescue: a point where no draw was feasible.
 *
 * Plain rejection of a warm-up's attempts may fail in a space that has
 * feasible points all the same.  Then, if the space is finite and small, it
 * is looked through; else one that is new is sought out (propose_seek.h),
 * and a walk along the rules (propose_walk.h) starts from there and from
 * the trials within them.  Of a few of the points met, the one that is
 * farthest from all trials is taken; the first of all is one in the middle.
 *
 * None of this is part of the account, which is that of the points drawn:
 * nothing accepted.  sampler says how the point was found.
 */
#ifndef LO_OPS_PROPOSE_RESCUE_H
#define LO_OPS_PROPOSE_RESCUE_H

#include "ops/propose_search.h"

/* After search_one: leave one point in found.  Does nothing if there is one
 * or if points were drawn that are taken.  Returns NULL or, if none was
 * found, what is known of why; the caller frees. */
char	*rescue(struct search *);
/* After search_pool, likewise: points of a walk into found. */
char	*rescue_pool(struct search *);

#endif
