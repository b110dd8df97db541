/*
 * propose: the next point and why.
 *
 * Here the documents meet the numbers: points are encoded, a model of the
 * surrogate table is fitted, candidates are made, checked and scored.  A
 * proposal is a function of configuration and state alone: observations
 * are taken in the order of their ids, random numbers from (seed, trial
 * id, purpose).
 *
 * While fewer than initial_random_trials trials are observed, whatever
 * became of them, the phase is initial-random: point number (observed +
 * pending) of the warm-up sequence, with levels of categoricals and bools
 * that no trial had yet put first; where that point is infeasible or
 * taken, points of a stream of the trial's own; where no attempt is
 * feasible, what propose_rescue.h finds.  Without any ok
 * observation after that it goes on likewise as fallback-random, and so it
 * does for gp below max(2, gp_min_fit_observations) of them.  Then a model
 * scores a pool of candidates: candidate-pool.  rbf_proxy takes ei for the
 * acquisition types auto and ehvi.
 *
 * surrogate.type random draws independent uniform points after the
 * warm-up; its decisions are strategy initial_random, phase
 * fallback-random, without a fallback_reason, since nothing was amiss.
 *
 * gp wants gradients and rows of mixed kinds, which the surrogate table does
 * not offer: it has a way of its own, propose_gp.h.  Where it cannot be
 * fitted, rbf_proxy serves or, where the configuration forbids that, points
 * are drawn as for random; fallback_reason says "gp_fit_failed: ...".
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
	struct buf decision;	/* JSON object, JW_LOG style; empty if
				 * exhausted */
	char *warning;		/* for stderr, or NULL */
	char *fallback;		/* why not the surrogate asked for, or NULL */
	bool exhausted;		/* every feasible point is taken */
	char *infeasible;	/* constraint_error_reason, or NULL */
	char *advice;		/* what else is known of that, or NULL */
	jv model;		/* for state.meta.model, or invalid */
};

/* Propose the point of trial_id given the campaign's state as it is now
 * (pending entries of the same request included).  type overrides the
 * config's surrogate.  0 with a point, or with point NULL and exhausted or
 * infeasible set; -1 on error. */
int	propose(const struct campaign *, int64_t trial_id,
	    enum surrogate_type type, struct proposal *, struct err *);
void	proposal_release(struct proposal *);

#endif
