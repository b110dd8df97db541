/*
 * propose_search: points that may be proposed, and the account of how they
 * were found.
 *
 * A drawn point is judged: it breaks a rule (an attempt that is counted,
 * with the first rule broken), is taken (already observed or pending, or
 * drawn before: not counted as a reject), or is fresh.
 */
#ifndef LO_OPS_PROPOSE_SEARCH_H
#define LO_OPS_PROPOSE_SEARCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "campaign/campaign.h"
#include "contract/encode.h"
#include "model/rng.h"
#include "model/sample.h"
#include "ops/propose_points.h"

/* A space of at most so many points can be looked through. */
#define SEARCH_ENUMERABLE 10000

enum phase { PHASE_INITIAL, PHASE_FALLBACK, PHASE_POOL };

struct search {
	const struct config *config;
	const struct space *space;
	const struct state *state;
	const struct constraints *constraints;	/* NULL: no file */
	int64_t trial_id;
	uint64_t seed;
	struct range *box;	/* bounds, tightened; see propose_local.h */
	const struct observation *local;	/* the box is around it */
	const struct observation *descent;	/* a step from there, or NULL;
				 * see propose_descent.h */
	double radius;		/* of that */
	const struct observation *branch;	/* its branch only, or NULL;
				 * see propose_branch.h */
	struct points taken;
	struct points found;	/* fresh ones */
	bool replicates;	/* where nothing else is left, what is taken
				 * will do; set if noise is configured */
	bool met_taken;		/* a feasible point that is taken was drawn */

	/* the account, as constraint_status has it */
	enum phase phase;
	size_t requested, accepted, attempted;
	size_t *rejects;	/* of each rule */
	size_t nrule;
	const char *sampler;	/* what found the points */
};

void	search_init(struct search *, const struct campaign *,
	    int64_t trial_id);
void	search_release(struct search *);

/* One point for a random phase, into found: the warm-up's next point if
 * sequence, else (and where that one will not do) points of a stream of
 * the trial's own. */
void	search_one(struct search *, bool sequence, enum rng_purpose);
/* A pool of candidate_pool_size candidates, less what is taken; where a
 * space has no more points than whole, all that is left of it.  The account
 * is that of the candidates drawn, be it all or not. */
void	search_pool(struct search *, size_t whole);
/* All that is left of a small finite space into found or, if replicates
 * will do and nothing is left, all of it.  False if it is none. */
bool	search_left(struct search *);
/* Within the tightened bounds and the rules.  (NaN is.) */
bool	search_within(const struct search *, const double *point);
/* Nothing found: is that because feasible points are all taken? */
bool	search_exhausted(struct search *);

const char *search_phase_name(const struct search *);
/* "rule=count, ...": the three rules that rejected most. */
void	search_dominant(const struct search *, struct buf *);

#endif
