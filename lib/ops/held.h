/*
 * held: a campaign opened for writing with one of its pending trials, for
 * the verbs of those who work on a trial.
 */
#ifndef LO_OPS_HELD_H
#define LO_OPS_HELD_H

#include "campaign/campaign.h"
#include "campaign/txn.h"
#include "ops/ops.h"

struct held {
	struct campaign *c;
	struct pending *p;	/* its lease was checked */
	struct txn *t;
};

/* LO_REFUSED if the trial is not pending or the token is wrong. */
int	held_open(struct held *, const struct op *, int64_t trial,
	    const char *token, struct err *);
void	held_close(struct held *);

#endif
