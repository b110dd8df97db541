/*
 * propose_rows: points as rows of the Gaussian process.
 *
 * One coordinate a parameter: floats in [0,1] by their scale, ints at the
 * middle of their share of [0,1] (log scale: of the interval half a step
 * around them), bools 0 or 1, categoricals their index; NaN if inactive.
 */
#ifndef LO_OPS_PROPOSE_ROWS_H
#define LO_OPS_PROPOSE_ROWS_H

#include "contract/encode.h"
#include "contract/space.h"
#include "model/gp.h"

/* space->n kinds of coordinates. */
void	rows_dims(const struct space *, struct gp_dim *);
double	rows_coordinate(const struct param *, double value);
void	rows_encode(const struct space *, const double *point, double *row);
/* The squared distance of two points, each coordinate of weight 1. */
double	rows_distance(const struct space *, const double *a,
	    const double *b);
/* The value of a float parameter at a coordinate, within the range. */
double	rows_value(const struct param *, const struct range *, double u);

#endif
