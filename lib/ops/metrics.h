/* metrics: the figures in Prometheus' text format 0.0.4; private to ops. */
#ifndef LO_OPS_METRICS_H
#define LO_OPS_METRICS_H

#include "base/buf.h"
#include "ops/snapshot.h"

/* Every sample has the label campaign, so that those of several campaigns
 * can stand in one file.  A figure that is not known has no sample. */
void	metrics_exposition(const struct snapshot *, struct buf *out);

#endif
