/*
 * archived: what reset, restore and prune share; private to ops.
 */
#ifndef LO_OPS_ARCHIVED_H
#define LO_OPS_ARCHIVED_H

#include "campaign/archive.h"
#include "campaign/txn.h"
#include "ops/common.h"

/* Open, read all archives, and again if they changed meanwhile. */
struct campaign *archived_open(const struct op *, struct archives *,
	    struct err *);
/* Why it cannot be restored in this campaign: -1, or 0 if it can. */
int	archived_refuse(const struct archive *, struct runtime *,
	    struct err *);
/* "archive_id", and "age_seconds": null if nobody knows. */
void	archived_head(const struct archive *, struct jw *);
void	archived_age(const struct archive *, double now, struct jw *);

#endif
