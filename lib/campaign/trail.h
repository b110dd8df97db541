/*
 * trail: lines of the two logs.
 *
 *	trail_event(&w, &line, "trial_canceled", now);
 *	JW_KEY(&w, "trial_id", int, id);
 *	trail_end(&w);
 */
#ifndef LO_CAMPAIGN_TRAIL_H
#define LO_CAMPAIGN_TRAIL_H

#include <stdint.h>

#include "base/buf.h"
#include "store/json.h"

void	trail_event(struct jw *, struct buf *line, const char *event,
	    double now);
void	trail_end(struct jw *);
/* A line of the acquisition log; decision is a JSON object's text. */
void	trail_decision(struct buf *line, int64_t id, double now,
	    double latency, const struct buf *decision);

#endif
