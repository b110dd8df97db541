/* propose_rows: points as rows of the model.  See propose_rows.h. */
#include <math.h>

#include "ops/propose_rows.h"

/* Imported points may lie outside; far out they all look alike. */
#define FAR_OUT 2.0

static struct gp_dim
kind(const struct param *p)
{
	return (struct gp_dim){ .categorical = p->type == PARAM_BOOL ||
	    p->type == PARAM_CATEGORICAL, .conditional = p->nwhen > 0 };
}

void
rows_dims(const struct space *s, struct gp_dim *dim)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		dim[i] = kind(&s->param[i]);
}

static double
share(double x, double lo, double hi, bool log_scale)
{
	double u;

	if (!(lo < hi))
		return 0.5;
	if (log_scale)
		u = x > 0 ? log(x / lo) / log(hi / lo) : -FAR_OUT;
	else
		u = (x - lo) / (hi - lo);
	return u < -FAR_OUT ? -FAR_OUT : u > 1 + FAR_OUT ? 1 + FAR_OUT : u;
}

double
rows_coordinate(const struct param *p, double value)
{
	if (isnan(value))
		return NAN;
	if (p->type == PARAM_FLOAT)
		return share(value, p->lo, p->hi, p->log);
	if (p->type == PARAM_INT)
		return share(value, p->lo - 0.5, p->hi + 0.5, p->log);
	return value;
}

void
rows_encode(const struct space *s, const double *point, double *row)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		row[i] = rows_coordinate(&s->param[i], point[i]);
}

double
rows_distance(const struct space *s, const double *a, const double *b)
{
	double sum = 0;
	struct gp_dim dim;
	size_t i;

	for (i = 0; i < s->n; i++) {
		dim = kind(&s->param[i]);
		sum += gp_distance(&dim, rows_coordinate(&s->param[i], a[i]),
		    rows_coordinate(&s->param[i], b[i]));
	}
	return sum;
}

double
rows_value(const struct param *p, const struct range *box, double u)
{
	double x;

	if (!(p->lo < p->hi))
		x = p->lo;
	else if (p->log)
		x = p->lo * pow(p->hi / p->lo, u);
	else
		x = p->lo + u * (p->hi - p->lo);
	return x < box->lo ? box->lo : x > box->hi ? box->hi : x;
}
