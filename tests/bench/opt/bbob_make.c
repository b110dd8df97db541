/* bbob_make: an instance, and which function evaluates it.  See bbob.h. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/xmem.h"

#include "bbob_functions.h"
#include "bbob_transform.h"
#include "task.h"

static bbob_function *const functions[BBOB_FUNCTIONS] = {
	bbob_f01, bbob_f02, bbob_f03, bbob_f04, bbob_f05, bbob_f06,
	bbob_f07, bbob_f08, bbob_f09, bbob_f10, bbob_f11, bbob_f12,
	bbob_f13, bbob_f14, bbob_f15, bbob_f16, bbob_f17, bbob_f18,
	bbob_f19, bbob_f20, bbob_f21, bbob_f22, bbob_f23, bbob_f24
};

enum stream { OPTIMUM = 1, FIRST_ROTATION, SECOND_ROTATION, PEAKS };

static void
uniform(struct rng *rng, double bound, double *x, size_t d)
{
	size_t i;

	for (i = 0; i < d; i++)
		x[i] = bound * (2 * rng_uniform(rng) - 1);
}

/* -size or size in each variable. */
static void
corner(struct rng *rng, double size, double *x, size_t d)
{
	size_t i;

	for (i = 0; i < d; i++)
		x[i] = rng_below(rng, 2) == 0 ? -size : size;
}

/* f9 and f19 have theirs where R x is 1/2 in each variable. */
static void
rotated_half(struct bbob *b)
{
	size_t i, j;

	for (i = 0; i < b->d; i++) {
		b->xopt[i] = 0;
		for (j = 0; j < b->d; j++)
			b->xopt[i] += b->r[j * b->d + i] * 0.5 /
			    bbob_stretch(b);
	}
}

static void
draw_optimum(struct bbob *b, struct rng *rng)
{
	size_t i;

	switch (b->function) {
	case 5:
		corner(rng, BBOB_BOUND, b->xopt, b->d);
		return;
	case 8:
		uniform(rng, 3, b->xopt, b->d);
		return;
	case 9:
	case 19:
		rotated_half(b);
		return;
	case 20:
		corner(rng, 4.2096874633 / 2, b->xopt, b->d);
		return;
	case 24:
		corner(rng, 2.5 / 2, b->xopt, b->d);
		return;
	default:
		uniform(rng, 4, b->xopt, b->d);
	}
	for (i = 0; b->function == 4 && i < b->d; i += 2)
		b->xopt[i] = fabs(b->xopt[i]);
}

static void
shuffle(struct rng *rng, size_t *order, size_t n)
{
	size_t i, k, kept;

	for (i = 0; i < n; i++)
		order[i] = i;
	for (i = n; i > 1; i--) {
		k = rng_below(rng, (uint32_t)i);
		kept = order[k];
		order[k] = order[i - 1];
		order[i - 1] = kept;
	}
}

/* Peak k, in an ellipsoid with axes' squares from alpha^(-1/4) to
 * alpha^(1/4) in a random order. */
static void
draw_peak(struct bbob *b, struct rng *rng, size_t k, double alpha)
{
	double bound = b->function == 21 ? 5 : 4.9;
	size_t order[BBOB_MAX], i;

	uniform(rng, k == 0 ? 0.8 * bound : bound, b->centre[k], b->d);
	if (k == 0)
		memcpy(b->xopt, b->centre[k], sizeof(b->xopt));
	bbob_rotate(b, b->r, b->centre[k]);
	shuffle(rng, order, b->d);
	for (i = 0; i < b->d; i++)
		b->shape[k][i] = bbob_power(b, sqrt(alpha), order[i]) /
		    pow(alpha, 0.25);
}

static void
draw_peaks(struct bbob *b, struct rng *rng)
{
	size_t order[BBOB_PEAKS], i;
	double last;

	b->npeaks = b->function == 21 ? 101 : 21;
	last = (double)(b->npeaks - 2);
	b->height[0] = 10;
	draw_peak(b, rng, 0, b->function == 21 ? 1e3 : 1e6);
	shuffle(rng, order, b->npeaks - 1);
	for (i = 1; i < b->npeaks; i++) {
		b->height[i] = 1.1 + 8 * (double)(i - 1) / last;
		draw_peak(b, rng, i, pow(1000, 2 * (double)order[i - 1] /
		    last));
	}
}

struct bbob *
bbob_make(int function, size_t d, uint64_t instance)
{
	struct bbob *b = xcalloc(1, sizeof(*b));
	struct rng rng;
	char name[40];

	b->function = function;
	b->d = d;
	snprintf(name, sizeof(name), "bbob-f%02d-d%02zu", function, d);
	task_rng(&rng, name, instance, FIRST_ROTATION);
	bbob_rotation(b->r, d, &rng);
	task_rng(&rng, name, instance, SECOND_ROTATION);
	bbob_rotation(b->q, d, &rng);
	task_rng(&rng, name, instance, OPTIMUM);
	draw_optimum(b, &rng);
	task_rng(&rng, name, instance, PEAKS);
	if (function == 21 || function == 22)
		draw_peaks(b, &rng);
	return b;
}

double
bbob_eval(const struct bbob *b, const double *x)
{
	return functions[b->function - 1](b, x);
}

size_t
bbob_budget(size_t d)
{
	size_t n = 15 * d;

	return n < 40 ? 40 : n > 150 ? 150 : n;
}
