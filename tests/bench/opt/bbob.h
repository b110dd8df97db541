/*
 * bbob: the noiseless functions of the BBOB testbed.
 *
 * Defined in N. Hansen, S. Finck, R. Ros and A. Auger, "Real-parameter
 * black-box optimization benchmarking 2009: noiseless functions
 * definitions", INRIA research report RR-6829; names of what they are made
 * of are the report's.  The domain is [-5, 5]^d.  f_opt is 0 here: a value
 * is a regret.  Where the report's f4 and f20 are not clear, the common
 * implementations are followed (the optimum of f4 is positive in every
 * other variable; the distance in f20 is from 2 |x_opt|).
 *
 * An instance draws x_opt, the rotations R and Q, and the peaks of f21 and
 * f22 anew; they are not the instances of the published platforms.
 */
#ifndef TESTS_BENCH_OPT_BBOB_H
#define TESTS_BENCH_OPT_BBOB_H

#include <stddef.h>
#include <stdint.h>

#define BBOB_FUNCTIONS 24
#define BBOB_MAX 20	/* dimensions; at least 2 */
#define BBOB_PEAKS 101
#define BBOB_BOUND 5.0

struct bbob {
	int function;			/* 1 to 24 */
	size_t d;
	double xopt[BBOB_MAX];		/* the value is 0 there */
	double r[BBOB_MAX * BBOB_MAX];	/* d rows of d */
	double q[BBOB_MAX * BBOB_MAX];
	/* f21 and f22 only; the first peak is the optimum. */
	size_t npeaks;
	double height[BBOB_PEAKS];		/* w_i */
	double centre[BBOB_PEAKS][BBOB_MAX];	/* R y_i */
	double shape[BBOB_PEAKS][BBOB_MAX];	/* the diagonal of C_i */
};

/* Released with free(3). */
struct bbob *bbob_make(int function, size_t d, uint64_t instance);
double	bbob_eval(const struct bbob *, const double *x);
/* Evaluations that the benchmark grants in d dimensions. */
size_t	bbob_budget(size_t d);

#endif
