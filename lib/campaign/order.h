/*
 * order: trials one after the other.
 *
 * The rows of a state stand as the file has them, and its rows may be
 * reordered by hand or by a late result.  What a decision is made of must
 * not depend on that, so it goes through these.  Lists are of borrowed
 * trials; the list itself is the caller's, to be freed.
 */
#ifndef LO_CAMPAIGN_ORDER_H
#define LO_CAMPAIGN_ORDER_H

#include <stddef.h>

#include "campaign/state.h"

/* All of a state, nobs or npend of them, by their ids. */
const struct observation **order_observed(const struct state *);
const struct pending **order_pending(const struct state *);
/* Sort a list by ids. */
void	order_by_id(const struct observation **, size_t n);

/* An observation and what it is ranked by. */
struct ranked {
	const struct observation *o;
	double key;
};

/* Sort by rising keys, equal ones by id. */
void	order_by_key(struct ranked *, size_t n);

#endif
