/*
 * bbob_functions: one C function for each of BBOB's, by its number.
 *
 * Each takes what bbob_make drew and a point.
 */
#ifndef TESTS_BENCH_OPT_BBOB_FUNCTIONS_H
#define TESTS_BENCH_OPT_BBOB_FUNCTIONS_H

#include "bbob.h"

typedef double bbob_function(const struct bbob *, const double *x);

bbob_function bbob_f01, bbob_f02, bbob_f03, bbob_f04, bbob_f05, bbob_f06,
    bbob_f07, bbob_f08, bbob_f09, bbob_f10, bbob_f11, bbob_f12, bbob_f13,
    bbob_f14, bbob_f15, bbob_f16, bbob_f17, bbob_f18, bbob_f19, bbob_f20,
    bbob_f21, bbob_f22, bbob_f23, bbob_f24;

/* Shared by those above. */
double	bbob_rastrigin(const struct bbob *, const double *z);
double	bbob_banana(const double *z);	/* Rosenbrock's term of z[0], z[1] */

#endif
