/* acquire: what a candidate is worth.  See acquire.h. */
#include <float.h>
#include <math.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_sf_erf.h>

#include "model/acquire.h"

#define SQRT_HALF 0.70710678118654752440
#define INV_SQRT_2PI 0.39894228040143267794
#define HALF_LOG_2PI 0.91893853320467274178

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

/* log h and its parts Phi/h, phi/h; see acquire.h. */
struct h {
	double log, cdf, pdf;
};

/* The hazard phi(x) / Phi(-x) for x >= 1.  In this range GSL has no error
 * to report and its process-wide error handler stays out of it; should
 * that change, the continued fraction's first steps are what is left. */
static double
hazard(double x)
{
	gsl_sf_result r;

	if (gsl_sf_hazard_e(x, &r) != GSL_SUCCESS || !isfinite(r.val))
		return x + 1 / (x + 2 / (x + 3 / (x + 4 / x)));
	return r.val;
}

static struct h
h_near(double z)
{
	double cdf = 0.5 * erfc(-z * SQRT_HALF);
	double pdf = INV_SQRT_2PI * exp(-0.5 * z * z);
	double h = pdf + z * cdf;
	struct h r = { log(h), cdf / h, pdf / h };

	return r;
}

/* h = phi (1 - x/hazard) at x = -z; the parenthesis is 1/x^2 in the long
 * run and keeps 1e-16 x^2 of relative error. */
static struct h
h_tail(double x)
{
	double hz = hazard(x), rest = 1 - x / hz;
	struct h r;

	r.log = -0.5 * x * x - HALF_LOG_2PI + log1p(-x / hz);
	r.pdf = 1 / rest;
	r.cdf = 1 / (hz * rest);
	return r;
}

/* The same by its asymptotic series. */
static struct h
h_far(double x)
{
	double ix2 = 1 / x / x, less = 1 - 3 * ix2;
	struct h r;

	r.log = -0.5 * x * x - HALF_LOG_2PI - 2 * log(x) + log1p(-3 * ix2);
	r.pdf = x * x / less;
	r.cdf = x * (1 - ix2) / less;
	return r;
}

/* No uncertainty, or so little that improvement is certain. */
static double
log_certain(double u, double slope[2])
{
	slope[0] = u > 0 ? bounded(-1 / u) : 0;
	slope[1] = 0;
	return u > 0 ? log(u) : -DBL_MAX;
}

double
acquire_log_ei(double mean, double sd, double best, double slope[2])
{
	double u = bounded(best - mean), z = u / sd, unused[2];
	struct h h;

	if (slope == NULL)
		slope = unused;
	if (isnan(mean) || isnan(sd) || isnan(best))
		return log_certain(0, slope);
	if (sd <= 0 || z > 39)
		return log_certain(u, slope);
	h = z >= -1 ? h_near(z) : z >= -1000 ? h_tail(-z) : h_far(-z);
	slope[0] = bounded(-h.cdf / sd);
	slope[1] = bounded(h.pdf / sd);
	return bounded(h.log + log(sd));
}

double
acquire_log_cdf(double z, double *slope)
{
	double ratio, value;

	if (z < -1) {
		ratio = hazard(-z);
		value = bounded(-0.5 * z * z - HALF_LOG_2PI - log(ratio));
	} else {
		ratio = 0.5 * erfc(z * SQRT_HALF);
		value = log1p(-ratio);
		ratio = INV_SQRT_2PI * exp(-0.5 * z * z) / (1 - ratio);
	}
	if (slope != NULL)
		*slope = ratio;
	return value;
}
