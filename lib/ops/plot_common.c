/* plot_common: what pictures share.  See plot.h. */
#include <math.h>
#include <stdlib.h>
#include <time.h>

#include "base/xmem.h"
#include "ops/plot.h"

#define DECADES 1e3

double
plot_value(const struct report *r, const struct observation *o)
{
	return o->scored ? objectives_scalar(r->c->c.objectives, o->y) : NAN;
}

char *
plot_value_label(const struct report *r)
{
	const struct objectives *o = r->c->c.objectives;

	return xasprintf("%s (%s is better)", objectives_scalar_name(o),
	    objectives_minimize_scalar(o) ? "lower" : "higher");
}

bool
plot_spans(size_t n, const double *value)
{
	double least = INFINITY, most = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		if (!isfinite(value[i]))
			continue;
		least = value[i] < least ? value[i] : least;
		most = value[i] > most ? value[i] : most;
	}
	return least > 0 && most / least > DECADES;
}

bool
plot_values_span(const struct report *r)
{
	double *value = xcalloc(r->n, sizeof(*value));
	size_t i;
	bool spans;

	for (i = 0; i < r->n; i++)
		value[i] = plot_value(r, r->trial[i]);
	spans = plot_spans(r->n, value);
	free(value);
	return spans;
}

double
plot_worst(bool maximize)
{
	return maximize ? -INFINITY : INFINITY;
}

size_t
plot_every(struct chart *c, size_t n)
{
	size_t step = (n + PLOT_TABLE - 1) / PLOT_TABLE;

	if (step > 1)
		chart_table_note(c, "One row of every %zu of %zu; all trials "
		    "are in report.json.", step, n);
	return step > 1 ? step : 1;
}

void
plot_time(double at, struct buf *out)
{
	time_t seconds;
	struct tm tm;
	char text[64];

	if (!(fabs(at) < 1e11))
		return;
	seconds = (time_t)at;
	if (gmtime_r(&seconds, &tm) != NULL &&
	    strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &tm) > 0)
		buf_adds(out, text);
}

void
plot_cell_time(struct chart *c, double at)
{
	struct buf text = BUF_INIT;

	plot_time(at, &text);
	chart_cell(c, "%s", buf_str(&text));
	buf_release(&text);
}
