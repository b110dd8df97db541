/*
 * propose_branch: the other branches of a conditional space.
 *
 * Points at which the same parameters are active are of one branch.  A
 * process that learnt in one branch believes too firmly that another, which
 * began badly, is bad all over.  So, once 2 m + 1 trials in a row brought no
 * improvement worth speaking of (1e-4 of the way from the best value to the
 * median of the warm-up's), m being how many numbers are active at the best
 * point, every second trial is sought in another branch where trials were
 * made: that of the least (trials + 1) sqrt(rank), ranked by their best
 * values, which gives each of them trials in proportion to 1 / sqrt(rank).
 * What it seeks there is improvement over the branch's own best.
 *
 * The turns follow from the observations in the order of their ids, as in
 * propose_local.h; a pending trial is one turn more, and counts as a trial
 * of its branch.
 */
#ifndef LO_OPS_PROPOSE_BRANCH_H
#define LO_OPS_PROPOSE_BRANCH_H

#include <stdbool.h>
#include <stddef.h>

#include "contract/space.h"
#include "ops/propose_model.h"
#include "ops/propose_search.h"

struct branching {
	double tolerance;	/* an improvement by less is none */
	double mark;		/* what the last one led to */
	size_t stale;		/* trials since */
	size_t patience;
};

void	branching_init(struct branching *, const struct search *,
	    const struct teach *);
/* A trial of that value (INFINITY: failed) came; best is the best now. */
void	branching_advance(struct branching *, const struct search *,
	    double value, const struct observation *best);
/* With so many pending, is the next trial one for another branch? */
bool	branching_due(const struct branching *, size_t pending);

/* The best trial of the branch whose turn it is, not that of best; NULL if
 * no other has an ok trial. */
const struct observation *branch_elsewhere(const struct search *,
	    const struct teach *, const struct observation *best);
/* Is the same active at both points? */
bool	branch_same(const struct space *, const double *, const double *);

#endif
