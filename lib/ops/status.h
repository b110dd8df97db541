/* status: figures of a campaign that several views show; private to ops. */
#ifndef LO_OPS_STATUS_H
#define LO_OPS_STATUS_H

#include <stdbool.h>
#include <stdint.h>

#include "campaign/campaign.h"

/* By how much the last patience_trials ok trials improved the best. */
struct plateau {
	double improvement;	/* NaN: not enough trials, or not asked */
	bool reached;		/* less than min_improvement */
};

void	status_plateau(const struct campaign *, struct plateau *);
int64_t	status_remaining(const struct campaign *);
size_t	status_stale(const struct campaign *, double now);
size_t	status_leased(const struct state *);
/* The whole document, one value.  Lease tokens are for those who evaluate,
 * not for those who watch. */
void	status_write(const struct campaign *, bool tokens, struct jw *);
/* {"ok":1,"failed":0,...} */
void	status_write_ends(const struct state *, struct jw *);

#endif
