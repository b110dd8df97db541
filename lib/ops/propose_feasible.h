/*
 * propose_feasible: ways within the linear inequalities.
 *
 * Distances are measured in the coordinates of the model (propose_rows.h),
 * in which each parameter's range is 1; where a scale is logarithmic the
 * inequalities are curved there, and what is said of them is their tangent.
 */
#ifndef LO_OPS_PROPOSE_FEASIBLE_H
#define LO_OPS_PROPOSE_FEASIBLE_H

#include <stdbool.h>

#include "ops/propose_search.h"

/* May this float move?  It is active and has a range. */
bool	feasible_free(const struct search *, const double *point, size_t i);
/* Value that a unit of parameter i's coordinate is worth at the point. */
double	feasible_unit(const struct search *, const double *point, size_t i);
/* Any value of a parameter, even in the coordinates of the model. */
double	feasible_any(const struct search *, struct rng *, size_t i);
/* Breaks no rule, final values as they are. */
bool	feasible(const struct search *, const double *point);
/* Move the floats to the nearest place within all linear inequalities, or
 * about there, by projections onto one after the other (Kaczmarz 1937;
 * Agmon 1954 for inequalities).  True if the point is feasible then. */
bool	feasible_repair(const struct search *, double *point);
/* The same with ints moving, too, as if they were floats, and to room (a
 * distance) inside of each inequality, as far as there is room.  Whether
 * that is feasible is not looked at: ints are to be rounded first. */
void	feasible_relax(const struct search *, double *point, double room);
/* How far a line through the point can be followed: the t for which point
 * + t direction keeps to the inequalities and within t as given.  False if
 * there is none. */
bool	feasible_segment(const struct search *, const double *point,
	    const double *direction, struct range *t);

#endif
