/* common: what the operations share; private to ops. */
#ifndef LO_OPS_COMMON_H
#define LO_OPS_COMMON_H

#include "campaign/campaign.h"
#include "ops/ops.h"

/* Say something to the person. */
void	op_say(const struct op *, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));
/* Open the campaign and pass its warnings on. */
struct campaign *op_open_write(const struct op *, const char *command,
	    struct err *);
struct campaign *op_open_read(const struct op *, struct err *);
/* The same for those that tell of an empty campaign, with a warning, where
 * the state of a used one is gone; op_open_read refuses that. */
struct campaign *op_open_read_damaged(const struct op *, struct err *);
/* Bare: whatever state its files are in. */
struct campaign *op_open_write_bare(const struct op *, const char *command,
	    struct err *);
struct campaign *op_open_read_bare(const struct op *, struct err *);

#endif
