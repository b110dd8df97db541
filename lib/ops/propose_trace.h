/*
 * propose_trace: what of a decision allows to make it again.
 *
 * A decision follows from the user's files, the observations and pending
 * trials, their ids, the seed and meta.model.  All but the last can be told
 * from the state and the event log long after; so the decision tells the
 * model that it leaves behind, which is where the next one begins.  A hash
 * of all that was there beforehand says whether somebody who repeats a
 * decision stands where it was made.
 */
#ifndef LO_OPS_PROPOSE_TRACE_H
#define LO_OPS_PROPOSE_TRACE_H

#include "ops/propose_gp.h"
#include "ops/propose_search.h"

/* Members of the decision: of any model (taught, the hash of seed, trial
 * id, observations and pending trials in the order of their ids and
 * meta.model), and of a Gaussian process.  sign is -1 where the objective is
 * maximised. */
void	trace_write(const struct search *, struct jw *);
void	trace_write_gp(const struct gp_model *, const struct search *,
	    double sign, struct jw *);

#endif
