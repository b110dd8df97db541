/* export: how observations are written; private to ops. */
#ifndef LO_OPS_EXPORT_H
#define LO_OPS_EXPORT_H

#include "base/buf.h"
#include "campaign/campaign.h"

/* An object a line, in the order of record_key. */
void	export_jsonl(const struct campaign *, struct buf *);
/* A table; nothing at all without observations. */
void	export_csv(const struct campaign *, struct buf *);

#endif
