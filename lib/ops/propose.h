/*
 * propose: the next point and why.
 *
 * Here the documents meet the numbers: points are encoded, a model of the
 * surrogate table is fitted, candidates are made, checked and scored.  A
 * proposal is a function of configuration and state alone: observations
 * are taken in the order of their ids, random numbers from (seed, trial
 * id, purpose).
 */
#ifndef LO_OPS_PROPOSE_H
#define LO_OPS_PROPOSE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "campaign/campaign.h"

struct proposal {
	double *point;		/* space->n; NULL if nothing was feasible */
	struct buf decision;	/* JSON object, JW_LOG style */
	char *warning;		/* for stderr, or NULL */
	bool exhausted;		/* every feasible point is taken */
	char *infeasible;	/* constraint_error_reason, or NULL */
};

/* Propose the point of trial_id given the campaign's state as it is now
 * (pending entries of the same request included).  type overrides the
 * config's surrogate.  0 with a point, or with point NULL and exhausted or
 * infeasible set; -1 on error. */
int	propose(const struct campaign *, int64_t trial_id,
	    enum surrogate_type type, struct proposal *, struct err *);
void	proposal_release(struct proposal *);

#endif
