/* acquire: what a candidate is worth.  See acquire.h. */
#include <float.h>
#include <math.h>

#include "model/acquire.h"

#define SQRT_HALF 0.70710678118654752440
#define INV_SQRT_2PI 0.39894228040143267794

/* Objectives near the end of the range of double overflow in differences:
 * what is huge stays huge and keeps its sign. */
static double
bounded(double score)
{
	return fmax(-DBL_MAX, fmin(DBL_MAX, score));
}

double
acquire_ei(const struct acquire *a, double mean, double sd)
{
	double u = bounded(a->best - a->xi - mean);
	double z, score;

	if (sd <= 0)
		return fmax(0, u);
	z = u / sd;
	/* Beyond this the normal density is below the smallest double. */
	if (fabs(z) > 39)
		return fmax(0, u);
	score = u * 0.5 * erfc(-z * SQRT_HALF) +
	    sd * INV_SQRT_2PI * exp(-0.5 * z * z);
	return bounded(fmax(0, score));
}

double
acquire_ei_proxy(const struct acquire *a, double mean, double sd)
{
	return bounded(fmax(0, a->best - mean) + a->xi * sd);
}

double
acquire_ucb(const struct acquire *a, double mean, double sd)
{
	return bounded(a->kappa * sd - mean);
}
