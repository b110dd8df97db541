/*
 * count: the points of a finite space, how many and which.
 *
 * Two points that differ only in parameters that are inactive in both are
 * one.  Constraints are not considered.
 */
#ifndef LO_CONTRACT_COUNT_H
#define LO_CONTRACT_COUNT_H

#include <stdbool.h>
#include <stddef.h>

#include "contract/space.h"

/* Number of distinct points, or 0 if infinite or above limit. */
size_t	space_count(const struct space *, size_t limit);
/* The first point, and the one that follows a point; false after the last.
 * Together they visit every point of a finite space once. */
void	space_first(const struct space *, double *point);
bool	space_next(const struct space *, double *point);

#endif
