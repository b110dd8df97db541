/*
 * reserve: how a point becomes a pending trial.
 *
 *	reserve_limits(op, campaign, &count, &err);
 *	reserve_seed(campaign);
 *	reserve(&place, &what, &err);	count times
 *	governance_commit(campaign, txn, &err);
 */
#ifndef LO_OPS_RESERVE_H
#define LO_OPS_RESERVE_H

#include "base/buf.h"
#include "campaign/txn.h"
#include "ops/common.h"

/* Where it goes, borrowed. */
struct reserve {
	struct campaign *c;
	struct txn *t;
	struct buf *out;	/* suggestions, one a line */
	double started;		/* clock_steady of the request */
	bool claim;		/* by this process, in the same commit */
	size_t n;		/* reserved so far */
};

struct reserved {
	const double *point;
	const struct buf *decision;	/* JSON text */
	int64_t replicate_of;	/* 0: it is none */
	int64_t retry_of;	/* likewise */
};

/* May so many be reserved?  *count is lowered to what the budget leaves, and
 * the person told.  LO_AGAIN for max_pending_trials, LO_SPENT. */
int	reserve_limits(const struct op *, const struct campaign *,
	    int64_t *count, struct err *);
/* Before that, for those who take what they get: *count is lowered to what
 * max_pending_trials leaves, at least 1, and the person told. */
void	reserve_fit(const struct op *, const struct campaign *,
	    int64_t *count);
/* From now on the state's seed rules. */
void	reserve_seed(struct campaign *);
/* Pending entry, manifest, logs, a line of output. */
int	reserve(struct reserve *, const struct reserved *, struct err *);

#endif
