#include <float.h>
#include <math.h>

#include "contract/encode.h"
#include "contract/point.h"

static double
clamp(double x, double lo, double hi)
{
	return x < lo ? lo : x > hi ? hi : x;
}

/* The width of a range may be more than a double holds. */
static double
between(double lo, double hi, double u)
{
	if (isfinite(hi - lo))
		return lo + u * (hi - lo);
	return lo * (1 - u) + hi * u;
}

/* Even in log space.  A power of the ratio gives round numbers where the
 * bounds are round: the middle of 1e-4 and 1 is 0.01. */
static double
between_logs(double lo, double hi, double u)
{
	if (isfinite(hi / lo))
		return lo * pow(hi / lo, u);
	return exp(between(log(lo), log(hi), u));
}

static double
sample(const struct param *p, const struct range *box, double u)
{
	double lo = box->lo, hi = box->hi, x;

	if (p->log)
		x = between_logs(lo, hi, u);
	else if (p->type == PARAM_FLOAT)
		x = between(lo, hi, u);
	else
		x = lo + floor(u * (hi - lo + 1));
	if (p->log && p->type == PARAM_INT)
		x = round(x);
	return clamp(x, lo, hi);
}

void
encode_sample(const struct space *s, const struct range *box,
    const double *u, double *point)
{
	struct range own;
	size_t i;

	for (i = 0; i < s->n; i++) {
		own.lo = s->param[i].lo;
		own.hi = s->param[i].hi;
		point[i] = sample(&s->param[i],
		    box != NULL ? &box[i] : &own, u[i]);
	}
	point_deactivate(s, point);
}

static size_t
width(const struct param *p)
{
	return p->type == PARAM_CATEGORICAL ? p->nchoice : 1;
}

size_t
encode_dim(const struct space *s)
{
	size_t i, dim = 0;

	for (i = 0; i < s->n; i++)
		dim += width(&s->param[i]);
	return dim;
}

/* Imported points may lie outside the bounds, even where there is no
 * logarithm: those are taken as the smallest number that has one. */
static double
unit(const struct param *p, double x)
{
	double lo = p->lo, hi = p->hi;

	if (!(lo < hi))
		return 0;
	if (p->log) {
		lo = log(lo);
		hi = log(hi);
		x = log(x > 0 ? x : DBL_MIN);
	}
	if (isfinite(hi - lo))
		return (x - lo) / (hi - lo);
	return (x / 2 - lo / 2) / (hi / 2 - lo / 2);
}

void
encode_point(const struct space *s, const double *point, double *x)
{
	const struct param *p;
	size_t i, k;

	for (i = 0; i < s->n; i++) {
		p = &s->param[i];
		for (k = 0; k < width(p); k++)
			x[k] = 0;
		if (isnan(point[i]))
			;
		else if (p->type == PARAM_CATEGORICAL)
			x[(size_t)point[i]] = 1;
		else
			x[0] = unit(p, point[i]);
		x += width(p);
	}
}
