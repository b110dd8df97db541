/*
 * observe: how a pending trial becomes an observation.
 */
#ifndef LO_OPS_OBSERVE_H
#define LO_OPS_OBSERVE_H

#include <stdbool.h>

#include "campaign/campaign.h"
#include "campaign/txn.h"

/* How a trial ended.  Zeroed: nothing was said; heartbeat_meta must be a
 * valid jv or jv_invalid(). */
struct outcome {
	enum trial_status status;
	const double *y;		/* NULL unless ok */
	const char *terminal_reason;	/* of non-ok */
	bool has_penalty;
	double penalty;
	const char *artifact_path;	/* of the payload copy, or NULL */
	bool has_runtime;
	double runtime;
	bool has_heartbeat_at;
	double heartbeat_at;
	const char *heartbeat_note;
	jv heartbeat_meta;		/* borrowed */
	bool retired;			/* a late result may replace it */
};

/* Move the trial from pending to the observations, in state and manifest,
 * and bring best up to date. */
int	observe(struct campaign *, struct txn *, struct pending *,
	    const struct outcome *, struct err *);
/* The same for a trial that is observed already: a late result. */
int	observe_again(struct campaign *, struct txn *,
	    const struct observation *, const struct outcome *,
	    struct err *);
/* Put this text (taken over) in the place of an observation, and bring
 * manifest and best in line. */
int	observe_rewrite(struct campaign *, struct txn *, int64_t id,
	    struct buf *text, struct err *);
/* Was it retired, so that a late result may still replace it? */
bool	observed_retired(const struct observation *);

/* Retire pending trials older than the config allows. */
int	retire_stale(struct campaign *, struct txn *, size_t *retired,
	    struct err *);

#endif
