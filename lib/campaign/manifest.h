/*
 * manifest: trial_<id>/manifest.json, the audit record of one trial.
 *
 * Each function makes the new text from the one that is there (old; empty
 * if none), keeping keys that this version does not know.
 */
#ifndef LO_CAMPAIGN_MANIFEST_H
#define LO_CAMPAIGN_MANIFEST_H

#include "base/buf.h"
#include "base/err.h"
#include "campaign/campaign.h"

/* Of a pending trial. */
void	manifest_pending(const struct campaign *, const struct pending *,
	    const struct buf *old, double now, struct buf *out);
/* Of an observation. */
void	manifest_terminal(const struct campaign *, const struct observation *,
	    const struct buf *old, double now, struct buf *out);
/* Read the one of a trial: 1, 0, -1. */
int	manifest_read(const struct campaign *, int64_t id, struct buf *,
	    struct err *);
/* Merge two that were written independently: the younger (updated_at)
 * rules, keys only the other has are kept. */
int	manifest_merge(const struct buf *a, const struct buf *b,
	    struct buf *out, struct err *);

#endif
