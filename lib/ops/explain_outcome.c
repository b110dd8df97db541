/* explain_outcome: predicted against measured, and the nearest trial.  See
 * explain.h. */
#include <math.h>
#include <stdlib.h>

#include "base/xmem.h"
#include "contract/encode.h"
#include "ops/explain.h"

static void
say_measured(struct explanation *e, const struct forecast *f)
{
	double off = audit_deviations(f);
	bool better = (f->measured > f->mean) == f->maximize;

	buf_adds(&e->say, " Measured: ");
	explain_number(f->measured, &e->say);
	if (f->measured == f->mean)
		buf_adds(&e->say, ", just that.");
	else if (isnan(off))
		buf_addf(&e->say, ", which is %s.", better ? "better" :
		    "worse");
	else {
		buf_adds(&e->say, ", ");
		explain_short(fabs(off), &e->say);
		buf_addf(&e->say, " deviations %s, which is %s%s.",
		    off > 0 ? "above" : "below", better ?
		    "better" : "worse", fabs(off) > 3 ? "; the model was "
		    "surer than it should have been" : "");
	}
}

static void
say_forecast(struct explanation *e, const struct forecast *f)
{
	buf_addf(&e->say, "Predicted: %s = ", f->objective);
	explain_number(f->mean, &e->say);
	if (isfinite(f->sd)) {
		buf_adds(&e->say, " with a deviation of ");
		explain_number(f->sd, &e->say);
	}
	buf_adds(&e->say, ".");
	if (!isnan(f->measured)) {
		say_measured(e, f);
	} else if (e->t->p != NULL && isfinite(f->sd)) {
		buf_adds(&e->say, " So it is expected, two times in three, "
		    "between ");
		explain_number(f->mean - f->sd, &e->say);
		buf_adds(&e->say, " and ");
		explain_number(f->mean + f->sd, &e->say);
		buf_adds(&e->say, ".");
	} else if (e->t->o != NULL) {
		buf_adds(&e->say, " There is no value to hold against "
		    "that.");
	}
	explain_flush(e);
}

static void
say_forecasts(struct explanation *e)
{
	struct forecast *f = xcalloc(e->audit->c->c.objectives->n + 1,
	    sizeof(*f));
	size_t n = audit_forecasts(e->audit, e->t, f), i;

	for (i = 0; i < n; i++)
		say_forecast(e, &f[i]);
	if (n == 0 && e->t->p != NULL) {
		buf_adds(&e->say, "No value was predicted.");
		explain_flush(e);
	}
	free(f);
}

/* -------------------------------------------------------------- nearest */

static double
distance(const struct space *s, const double *x, const double *point)
{
	size_t dim = encode_dim(s), i;
	double *z = xcalloc(dim, sizeof(*z)), sum = 0;

	encode_point(s, point, z);
	for (i = 0; i < dim; i++)
		sum += (x[i] - z[i]) * (x[i] - z[i]);
	free(z);
	return sqrt(sum);
}

/* Among the observations; the younger of two that are as near. */
static const struct observation *
nearest(const struct explanation *e, const double *point, double *least)
{
	const struct campaign *c = e->audit->c;
	double *x = xcalloc(encode_dim(c->c.space), sizeof(*x)), d;
	const struct observation *found = NULL, *o;
	size_t i;

	encode_point(c->c.space, point, x);
	for (i = 0; i < c->state->nobs; i++) {
		o = &c->state->obs[i];
		if (!o->usable || o->id == e->t->id)
			continue;
		d = distance(c->c.space, x, o->point);
		if (found == NULL || d < *least ||
		    (d == *least && o->id > found->id)) {
			*least = d;
			found = o;
		}
	}
	free(x);
	return found;
}

static void
say_nearest(struct explanation *e)
{
	const struct audited *t = e->t;
	const double *point = t->o != NULL && t->o->usable ? t->o->point :
	    t->p != NULL && t->p->usable ? t->p->point : NULL;
	const struct observation *o;
	double least = 0;

	if (point == NULL || (o = nearest(e, point, &least)) == NULL)
		return;
	buf_addf(&e->say, "The nearest other trial with a result is %lld, ",
	    (long long)o->id);
	if (least == 0)
		buf_adds(&e->say, "at the same point: ");
	else
		buf_addf(&e->say, "at a distance of %.3g (each parameter's "
		    "range being 1): ", least);
	explain_value(e, o);
	if (least > 0) {
		buf_adds(&e->say, ", at ");
		explain_point(e, o->point);
	}
	buf_adds(&e->say, ".");
	explain_flush(e);
}

void
explain_outcome(struct explanation *e)
{
	say_forecasts(e);
	say_nearest(e);
}
