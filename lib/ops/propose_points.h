/* propose_points: distinct points in the order in which they came. */
#ifndef LO_OPS_PROPOSE_POINTS_H
#define LO_OPS_PROPOSE_POINTS_H

#include <stdbool.h>
#include <stddef.h>

#include "contract/space.h"

struct points {
	const struct space *space;	/* borrowed */
	double *value;			/* n rows of space->n */
	unsigned long *hash;		/* of each row */
	size_t n, cap;
	size_t *slot;			/* row + 1, or 0; open addressing */
	size_t nslot;			/* power of two */
};

void	points_init(struct points *, const struct space *);
void	points_release(struct points *);
/* Copy a point in; false if it was there. */
bool	points_add(struct points *, const double *point);
bool	points_has(const struct points *, const double *point);
const double *points_at(const struct points *, size_t i);

#endif
