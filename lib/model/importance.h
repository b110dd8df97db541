/*
 * importance: how much of a function's variance is due to each coordinate.
 *
 * Coordinates are independent and uniform on [0,1).  The first-order index
 * of coordinate i is the share of the variance that remains when all but it
 * are averaged out, V(E(f | x_i)) / V(f); the total index is the share that
 * is left when all but it are known, E(V(f | all but x_i)) / V(f), which
 * counts every interaction it takes part in (Sobol' 1993, Homma and
 * Saltelli 1996).
 *
 * Both are estimated from n points A and B and the points A with coordinate
 * i taken from B, so that f is asked for n (d + 2) values: the first-order
 * one by mean(f(B) (f(A_B^i) - f(A))), the total one by half the mean of
 * (f(A) - f(A_B^i))^2 (Saltelli et al. 2010, "Variance based sensitivity
 * analysis of model output", table 2, b and f).  A and B are halves of fixed
 * scrambled Sobol points in 2 d coordinates (of independent points above
 * SAMPLE_SOBOL_MAX of them): the same function has the same indices always.
 */
#ifndef LO_MODEL_IMPORTANCE_H
#define LO_MODEL_IMPORTANCE_H

#include <stddef.h>

/* Values at m points, row-major m x d. */
typedef void importance_mean(void *arg, size_t m, const double *x,
	    double *value);

/* Fill first[d] and total[d], each cut to [0,1].  0, or -1 if f does not
 * vary or its variance is no number; the indices are 0 then. */
int	importance_sobol(size_t d, size_t n, importance_mean *f, void *arg,
	    double *first, double *total);

#endif
