/* ehvi: expected improvement of hypervolume.  See ehvi.h. */
#include <float.h>
#include <math.h>

#include "model/acquire.h"
#include "model/ehvi.h"
#include "model/log_sum.h"

/* A logarithm and its derivatives by mean and deviation. */
struct part {
	double log, mean, sd;
};

static struct part
psi(double mean, double sd, double c)
{
	double slope[2];
	struct part p;

	p.log = acquire_log_ei(mean, sd, c, slope);
	p.mean = slope[0];
	p.sd = slope[1];
	return p;
}

static const struct part nothing = { -DBL_MAX, 0, 0 };

/* psi(hi) - psi(lo) where both are nearly the same: the integral of Phi
 * between them, by five points of Gauss and Legendre. */
static struct part
narrow(double mean, double sd, double lo, double hi)
{
	static const double at[5] = { -0.90617984593866399280,
	    -0.53846931010568309104, 0, 0.53846931010568309104,
	    0.90617984593866399280 };
	static const double weight[5] = { 0.23692688505618908751,
	    0.47862867049936646804, 0.56888888888888888889,
	    0.47862867049936646804, 0.23692688505618908751 };
	double top = acquire_log_cdf((hi - mean) / sd, NULL);
	double sum = 0, pdf = 0, zpdf = 0, z, hazard, cdf;
	struct part p;
	int i;

	for (i = 0; i < 5; i++) {
		z = ((lo + hi) / 2 + at[i] * (hi - lo) / 2 - mean) / sd;
		cdf = weight[i] * exp(acquire_log_cdf(z, &hazard) - top);
		sum += cdf;
		pdf += cdf * hazard;
		zpdf += cdf * hazard * z;
	}
	p.log = top + log(sum / 2) + log(hi - lo);
	p.mean = -pdf / (sd * sum);
	p.sd = -zpdf / (sd * sum);
	return p;
}

static struct part
between(double mean, double sd, double lo, double hi)
{
	double width = (hi - lo) / sd, z = fabs(hi - mean) / sd, d, rest;
	struct part a, p;

	if (lo == -INFINITY)
		return psi(mean, sd, hi);
	if (width < 0.1 / (1 + z))
		return z < 1e8 ? narrow(mean, sd, lo, hi) : nothing;
	a = psi(mean, sd, lo);
	p = psi(mean, sd, hi);
	d = a.log - p.log;
	rest = -expm1(d);
	if (!(rest > 0))
		return nothing;
	p.log += log(rest);
	p.mean = (p.mean - exp(d) * a.mean) / rest;
	p.sd = (p.sd - exp(d) * a.sd) / rest;
	return p;
}

/* The product over the objectives; slope[2k] of its logarithm. */
static double
box_log(const struct boxes *b, size_t i, const double *mean,
    const double *sd, double *slope)
{
	const double *lo = boxes_lo(b, i), *hi = boxes_hi(b, i);
	double log_sum = 0;
	struct part p;
	size_t j;

	for (j = 0; j < b->k; j++) {
		p = between(mean[j], sd[j], lo[j], hi[j]);
		log_sum += p.log;
		slope[j] = p.mean;
		slope[b->k + j] = p.sd;
	}
	return log_sum;
}

double
ehvi_log(const struct boxes *b, const double *mean, const double *sd,
    double *slope)
{
	double part[2 * FRONT_BOXED], total[2 * FRONT_BOXED], v;
	struct log_sum sum;
	size_t i;

	log_sum_init(&sum, 2 * b->k, slope != NULL ? slope : total);
	for (i = 0; i < b->n; i++) {
		v = box_log(b, i, mean, sd, part);
		log_sum_add(&sum, v, part);
	}
	return log_sum_end(&sum);
}
