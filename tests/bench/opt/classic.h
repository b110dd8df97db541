/*
 * classic: smooth functions with a known least value, for several families.
 *
 * Each stands in its published box.  An instance is moved: Branin and
 * Hartmann's are mirrored along some axes, since they have a meaning only
 * inside their box; the others are shifted, so that the middle of the box
 * is nothing special.
 */
#ifndef TESTS_BENCH_OPT_CLASSIC_H
#define TESTS_BENCH_OPT_CLASSIC_H

#include "task.h"

#define CLASSIC_DIM 8

static inline double
square(double x)
{
	return x * x;
}

struct classic {
	double (*f)(size_t d, const double *x);
	double lo[2], hi[2];	/* of x0, and of all others */
	bool shift;
	double optimum;
	double best[CLASSIC_DIM];
};

extern const struct classic classic_branin, classic_hartmann6,
    classic_rosenbrock, classic_ackley, classic_levy, classic_quadratic;

/* The function's x from a point: x = sign * point + offset. */
struct moved {
	const struct classic *c;
	size_t d;
	double sign[CLASSIC_DIM], offset[CLASSIC_DIM];
};

/* Name and instance of the task say how it is moved. */
void	classic_move(struct moved *, const struct classic *, size_t d,
	    const struct task *);
void	classic_x(const struct moved *, const double *point, double *x);
double	classic_value(const struct moved *, const double *point);
/* Space, optimum and best point of a task that is this function alone. */
void	classic_space(struct task *, const struct moved *);

#endif
