/*
 * propose_local: when to look around the incumbent only.
 *
 * A process of the whole space is slow to follow a narrow valley.  Once
 * more than 8 d trials are observed and 2 d of them in a row brought no
 * improvement, every second trial of the process (descents and trials in
 * other branches aside, see propose_descent.h and propose_branch.h) is
 * sought in a box around the best one, by a process that learns from the
 * nearest 4 d + 50 trials alone (the idea of TREGO, Diouane et al. 2022,
 * "TREGO: a trust-region framework for efficient global optimization"); in
 * more than 30 dimensions so from the end of the warm-up on.  The box begins
 * with a fifth of each range, doubles when a local trial improves and halves
 * after three that do not; when it has become tiny it begins anew.
 *
 * All of this follows from the observations in the order of their ids:
 * there is no memory that could be lost; killed and timed out ones are as
 * if they had never been.  Only with floats, and not if the configuration
 * says that values scatter: the best would then be a lucky one.  Where there
 * are several objectives the best is that of the primary or of the
 * configured scalar; where they are ranked or a front is explored, there is
 * none to go on from.
 */
#ifndef LO_OPS_PROPOSE_LOCAL_H
#define LO_OPS_PROPOSE_LOCAL_H

#include "ops/propose_model.h"
#include "ops/propose_search.h"

/* How many trials a local process learns from. */
size_t	local_rows(const struct search *);
/* If it is time, set search->local and narrow the box, which the caller
 * keeps for local_end; or set search->descent or search->branch. */
void	local_begin(struct search *, const struct teach *,
	    struct range *kept);
/* Back to the whole space, for a search that begins anew. */
void	local_end(struct search *, const struct range *kept);

#endif
