/*
 * bbob_transform: what BBOB's functions are composed of, all of it in
 * place.  Names are those of the report's symbols and definitions.
 */
#ifndef TESTS_BENCH_OPT_BBOB_TRANSFORM_H
#define TESTS_BENCH_OPT_BBOB_TRANSFORM_H

#include <stddef.h>

#include "model/rng.h"

#include "bbob.h"

#define BBOB_PI 3.14159265358979323846

/* alpha^((i-1)/(d-1)) of the report, i counted from 0 here. */
double	bbob_power(const struct bbob *, double alpha, size_t i);
/* max(1, sqrt(d)/8), Rosenbrock's scale. */
double	bbob_stretch(const struct bbob *);

void	bbob_shift(const struct bbob *, const double *x, double *z);
void	bbob_rotate(const struct bbob *, const double *matrix, double *z);
void	bbob_lambda(const struct bbob *, double alpha, double *z);
void	bbob_tasy(const struct bbob *, double beta, double *z);
void	bbob_tosz(const struct bbob *, double *z);
double	bbob_tosz_one(double);
double	bbob_fpen(const struct bbob *, const double *x);

/* A random orthogonal d x d matrix: normal numbers, Gram-Schmidt. */
void	bbob_rotation(double *matrix, size_t d, struct rng *);

#endif
