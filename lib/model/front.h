/*
 * front: Pareto fronts of vectors to be minimised, and what they leave.
 *
 * A vector is k numbers, n of them an n x k array.  One dominates another
 * if it is no larger anywhere and smaller somewhere.  The hypervolume of a
 * set is that of all that lies between it and a reference point; what is
 * not below the reference point everywhere counts for nothing.
 *
 * What nothing dominates, below the reference point, is cut into boxes
 * (lo, hi], disjoint up to their rims and open towards -infinity, so that
 * the gain of hypervolume by a vector v is the sum over them of
 * prod_j max(0, hi_j - max(lo_j, v_j)).  Two objectives: one stripe between
 * two neighbours of the front.  Three: a sweep along the last one, which
 * ends a stripe where a vector covers it, makes at most 2n + 1 boxes (Yang
 * et al. 2017, "Computing 3-D expected hypervolume improvement and related
 * integrals in asymptotically optimal time").
 */
#ifndef LO_MODEL_FRONT_H
#define LO_MODEL_FRONT_H

#include <stddef.h>

/* Keep what nothing else dominates, each vector once, in the order of the
 * first number, then the second and so on.  Returns how many are left. */
size_t	front_filter(size_t n, size_t k, double *y);

/* k >= 1; takes n^(k-1) steps. */
double	front_hypervolume(size_t n, size_t k, const double *y,
	    const double *reference);

#define FRONT_BOXED 3	/* objectives, at most, that boxes are made for */

struct boxes {
	size_t n, cap, k;
	double *bound;		/* n times lo[k], hi[k] */
};

/* Of any set of vectors; k is 2 or 3.  To be released. */
void	boxes_init(struct boxes *, size_t n, size_t k, const double *y,
	    const double *reference);
void	boxes_release(struct boxes *);
const double *boxes_lo(const struct boxes *, size_t i);
const double *boxes_hi(const struct boxes *, size_t i);

#endif
