/* suggest: parts of op_suggest; private to ops. */
#ifndef LO_OPS_SUGGEST_H
#define LO_OPS_SUGGEST_H

#include "campaign/campaign.h"
#include "ops/ops.h"

/* Print the pending trials that nobody works on: claimed by a process that
 * is dead on this host or, on another one, missed three heartbeats; or
 * unclaimed, and without a heartbeat for as long. */
int	suggest_resume(const struct op *, const struct suggest_request *,
	    struct buf *out, struct err *);
bool	nobody_works_on(const struct pending *);
/* A pending entry as it was suggested, with its lease token or without. */
void	suggestion_write(const struct state *, const struct pending *,
	    bool token, struct jw *);

/* The user's own point, checked against space, constraints and what is
 * observed or pending. */
int	given_params(const struct campaign *, const char *text, double *point,
	    struct err *);
/* The trial of --replicate ID|best. */
const struct observation *given_trial(const struct campaign *,
	    const char *which, struct err *);
/* Why: a decision's text.  of is the trial that it repeats, and key says
 * how ("replicate_of"); 0 if it repeats none. */
void	given_decision(const struct campaign *, const char *strategy,
	    const char *key, int64_t of, struct buf *);

#endif
