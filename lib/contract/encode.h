/*
 * encode: points and the unit cube.
 *
 * Two cubes.  The sampling cube has one coordinate per parameter: uniform
 * numbers become values (log scale in log space, log-scaled ints rounded to
 * nearest and clamped, other ints, bools and choices in equal shares).
 * The model encoding of rbf_proxy maps numbers to [0,1] (log in log space,
 * a zero-width range to 0), bools to 0/1, categoricals one-hot, and an
 * inactive parameter to zeros; it has encode_dim() coordinates.
 */
#ifndef LO_CONTRACT_ENCODE_H
#define LO_CONTRACT_ENCODE_H

#include <stddef.h>

#include "contract/space.h"

/* Tightened ranges, one per parameter; see constraint_box(). */
struct range {
	double lo, hi;
};

/* From the sampling cube u[space->n] in [0,1) to a point; box NULL for the
 * space's own bounds. */
void	encode_sample(const struct space *, const struct range *box,
	    const double *u, double *point);
size_t	encode_dim(const struct space *);
void	encode_point(const struct space *, const double *point, double *x);

#endif
