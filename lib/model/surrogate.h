/*
 * surrogate: what a model of the objective must offer.
 *
 * A model is one file with one const struct surrogate; callers know no
 * other name of it.  Everything is minimised: callers negate what is
 * maximised.
 */
#ifndef LO_MODEL_SURROGATE_H
#define LO_MODEL_SURROGATE_H

#include <stddef.h>

#include "base/err.h"

/* What was observed.  x is row-major, n rows of d coordinates. */
struct surrogate_data {
	size_t n, d;
	const double *x;
	const double *y;
	/* Points in flight, row-major npending rows of d: they count as
	 * observations of the model's own mean, taken for all of them at
	 * once from the model of what was observed, so that their order
	 * does not matter. */
	size_t npending;
	const double *pending;
};

struct surrogate_options {
	double length_scale;	/* of rbf, in the unit cube */
};

struct surrogate {
	const char *name;	/* as in decisions: "rbf_proxy" */
	/* A fitted model, or NULL and why it cannot be fitted. */
	void *(*fit)(const struct surrogate_data *,
	    const struct surrogate_options *, struct err *);
	/* Mean and standard deviation at m points, row-major m x d. */
	void (*predict)(const void *model, size_t m, const double *x,
	    double *mean, double *sd);
	void (*free)(void *model);
};

extern const struct surrogate surrogate_rbf;

/* By name of a decision, NULL if there is none. */
const struct surrogate *surrogate_find(const char *name);

#endif
