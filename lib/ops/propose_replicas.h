/*
 * propose_replicas: observations of one point.
 *
 * Ok trials of the same point make one row of the model, the mean of their
 * values (in the model's units), with a count.
 */
#ifndef LO_OPS_PROPOSE_REPLICAS_H
#define LO_OPS_PROPOSE_REPLICAS_H

#include "ops/propose_search.h"

struct replicas {
	const struct observation *first;	/* the state's */
	size_t *next;	/* of each of the state's, 1 + the next replica */
	bool any;
};

/* Of n observations in the order of their ids the first of each point
 * stay; how many. */
size_t	replicas_merge(struct replicas *, const struct search *,
	    const struct observation **, size_t n);
void	replicas_release(struct replicas *);
/* The next observation of the point, or NULL. */
const struct observation *replicas_next(const struct replicas *,
	    const struct observation *);
size_t	replicas_count(const struct replicas *, const struct observation *);

#endif
