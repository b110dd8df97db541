/*
 * count: the points of a finite space, numbered.
 *
 * Two points that differ only in parameters that are inactive in both are
 * one.  Constraints are not considered.
 */
#ifndef LO_CONTRACT_COUNT_H
#define LO_CONTRACT_COUNT_H

#include <stddef.h>

#include "contract/space.h"

/* Number of distinct points, or 0 if infinite or above limit. */
size_t	space_count(const struct space *, size_t limit);
/* The k-th point, 0 <= k < space_count(). */
void	space_nth(const struct space *, size_t k, double *point);

#endif
