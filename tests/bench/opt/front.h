/*
 * front: problems of two or three objectives, and how sets are measured.
 *
 * Objectives are normalised by (y - ideal) / (nadir - ideal) of the task.
 * A task's optimum is the hypervolume of its whole front.
 */
#ifndef TESTS_BENCH_OPT_FRONT_H
#define TESTS_BENCH_OPT_FRONT_H

#include <stddef.h>

#define FRONT_REFERENCE 1.1

/* The volume between the n points y (n rows of nobj, normalised, minimised)
 * and the reference point, 1.1 in each of the 2 or 3 objectives.  Exact;
 * points outside count nothing. */
double	front_dominated(size_t nobj, size_t n, const double *y);

#endif
