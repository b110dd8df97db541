/* claim: who evaluates a pending trial. */
#ifndef LO_OPS_CLAIM_H
#define LO_OPS_CLAIM_H

#include <stdbool.h>

#include <jv.h>

#include "base/process.h"

/* Who claimed the entry (doc is borrowed); false if nobody did or it
 * cannot be told. */
bool	claim_read(jv doc, struct process_id *who);
/* The pending entry (consumed), claimed by this process as of now. */
jv	claim_set(jv entry);
/* When; NaN if the entry does not say. */
double	claim_time(jv entry);

#endif
