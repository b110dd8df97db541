/* axis: bounds, round numbers, places.  See chart.h. */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "plot/chart.h"

#define MARGIN 0.04

static void
widen(double *lo, double *hi, double v, bool log)
{
	if (!isfinite(v) || (log && v <= 0))
		return;
	if (*lo > *hi)
		*lo = *hi = v;
	*lo = v < *lo ? v : *lo;
	*hi = v > *hi ? v : *hi;
}

static void
collect(const struct chart *c, bool x, double *lo, double *hi)
{
	const struct chart_axis *a = x ? &c->x : &c->y;
	const struct chart_item *p;
	size_t i, j;

	for (i = 0; i < c->nseries; i++)
		for (j = 0; j < c->series[i].n; j++) {
			p = &c->series[i].item[j];
			widen(lo, hi, x ? p->x : p->y - p->half, a->log);
			widen(lo, hi, x ? p->to : p->y + p->half, a->log);
		}
}

/* Room around the marks; something to divide by where all is equal. */
static void
loosen(struct chart_axis *a, double lo, double hi)
{
	double pad;

	if (a->log) {
		pad = lo < hi ? pow(hi / lo, MARGIN) : 2;
		lo /= isfinite(pad) ? pad : 1;
		hi *= isfinite(pad) ? pad : 1;
	} else {
		pad = lo < hi ? (hi - lo) * MARGIN : lo != 0 ?
		    fabs(lo) * 0.1 : 1;
		lo -= isfinite(pad) ? pad : 0;
		hi += isfinite(pad) ? pad : 0;
	}
	a->lo = lo < -DBL_MAX ? -DBL_MAX : a->log && lo < DBL_MIN ?
	    DBL_MIN : lo;
	a->hi = hi > DBL_MAX ? DBL_MAX : hi;
}

static void
fit(struct chart *c, struct chart_axis *a)
{
	double lo = 1, hi = 0;

	if (a->nname > 0) {
		a->lo = -0.5;
		a->hi = (double)a->nname - 0.5;
		return;
	}
	if (a->lo < a->hi)
		return;
	if (a->lo == a->hi)
		lo = hi = a->lo;
	else
		collect(c, a == &c->x, &lo, &hi);
	if (lo > hi) {
		lo = a->log ? 1 : 0;
		hi = lo;
	}
	loosen(a, lo, hi);
}

void
chart_fit(struct chart *c)
{
	fit(c, &c->x);
	fit(c, &c->y);
}

double
chart_place(const struct chart_axis *a, double v)
{
	double at;

	if (isinf(v))
		return v > 0 ? 1 - MARGIN / 2 : MARGIN / 2;
	if (isnan(v) || (a->log && v <= 0))
		return NAN;
	/* halves, since the range may be more than a double holds */
	at = a->log ? log(v / a->lo) / log(a->hi / a->lo) :
	    (v / 2 - a->lo / 2) / (a->hi / 2 - a->lo / 2);
	if (!isfinite(at))
		at = 0.5;
	return at < -MARGIN / 2 || at > 1 + MARGIN / 2 ? NAN : at;
}

static void
add(struct chart_ticks *t, double at)
{
	if (t->n == AXIS_TICKS)
		return;
	t->at[t->n] = at;
	snprintf(t->text[t->n], sizeof(t->text[0]), "%.6g", at);
	t->n++;
}

/* 1, 2 or 5 times a power of ten. */
static double
round_step(double rough)
{
	double ten = pow(10, floor(log10(rough))), part = rough / ten;

	return ten * (part <= 1 ? 1 : part <= 2 ? 2 : part <= 5 ? 5 : 10);
}

static void
linear(const struct chart_axis *a, size_t wanted, struct chart_ticks *t)
{
	double range = a->hi - a->lo, step, k;

	if (!isfinite(range) || wanted < 2) {
		add(t, a->lo);
		add(t, a->hi);
		return;
	}
	step = round_step(range / (double)wanted);
	if (a->integer && step < 1)
		step = 1;
	for (k = ceil(a->lo / step); k * step <= a->hi &&
	    t->n < AXIS_TICKS; k++)
		add(t, k * step == 0 ? 0 : k * step);
}

/* Those multiples of powers of ten that lie on the axis. */
static void
multiples(const struct chart_axis *a, const double *multiple,
    double skip, struct chart_ticks *t)
{
	double k, last = floor(log10(a->hi) + 1e-9), at;
	size_t i;

	t->n = 0;
	for (k = floor(log10(a->lo) + 1e-9); k <= last; k += skip)
		for (i = 0; multiple[i] != 0; i++) {
			at = multiple[i] * pow(10, k);
			if (at >= a->lo * (1 - 1e-9) &&
			    at <= a->hi * (1 + 1e-9))
				add(t, at);
		}
}

static void
powers(const struct chart_axis *a, size_t wanted, struct chart_ticks *t)
{
	static const double one[] = { 1, 0 }, three[] = { 1, 2, 5, 0 };
	struct chart_ticks fine = { 0 };
	double decades = floor(log10(a->hi) + 1e-9) -
	    ceil(log10(a->lo) - 1e-9) + 1;
	double skip = ceil(decades / (double)(wanted > 0 ? wanted : 1));

	multiples(a, one, skip > 1 ? skip : 1, t);
	if (t->n >= 3)
		return;
	multiples(a, three, 1, &fine);
	if (fine.n >= 3 && fine.n <= wanted) {
		*t = fine;
	} else if (t->n < 2) {
		t->n = 0;
		linear(a, wanted, t);
	}
}

void
chart_ticks(const struct chart_axis *a, size_t wanted,
    struct chart_ticks *t)
{
	memset(t, 0, sizeof(*t));
	if (wanted > AXIS_TICKS - 2)
		wanted = AXIS_TICKS - 2;
	if (a->log)
		powers(a, wanted, t);
	else
		linear(a, wanted, t);
}
