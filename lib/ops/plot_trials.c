/* plot_trials: trials one after the other.  See plot.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "ops/plot.h"

static int
no_ok(const struct report *r, struct err *err)
{
	return err_set(err, LO_REFUSED, "there is nothing to draw yet: %zu "
	    "observed, none of them ok", r->n);
}

static double
last_id(const struct report *r)
{
	return (double)r->trial[r->n - 1]->id;
}

/* ------------------------------------------------------------ history */

static void
improve(struct chart *c, const struct observation *o, double value)
{
	chart_cell(c, "%lld", (long long)o->id);
	chart_cell_number(c, value);
	plot_cell_time(c, o->completed_at);
}

/* A stair through the improvements. */
static void
add_best(const struct report *r, struct chart *c)
{
	bool less = objectives_minimize_scalar(r->c->c.objectives);
	struct chart_series *line, *dots;
	double best = NAN, v;
	size_t i;

	chart_series(c, CHART_LINE, TONE_BEST, "best so far");
	chart_series(c, CHART_DOTS, TONE_BEST, "improvement");
	line = &c->series[0];
	dots = &c->series[1];
	for (i = 0; i < r->n; i++) {
		v = plot_value(r, r->trial[i]);
		if (!isfinite(v) || (!isnan(best) && (less ? v >= best :
		    v <= best)))
			continue;
		if (!isnan(best))
			chart_point(line, (double)r->trial[i]->id, best);
		best = v;
		chart_point(line, (double)r->trial[i]->id, v);
		chart_point(dots, (double)r->trial[i]->id, v);
		improve(c, r->trial[i], v);
	}
	if (!isnan(best))
		chart_point(line, last_id(r), best);
}

int
plot_history(const struct plot_source *s, struct charts *out,
    struct err *err)
{
	struct chart *c;
	double *value;
	char *label;
	size_t i;

	if (s->r->nranked == 0)
		return no_ok(s->r, err);
	c = charts_add(out, "Best so far");
	chart_column(c, "trial");
	chart_column(c, objectives_scalar_name(s->r->c->c.objectives));
	chart_column(c, "completed (UTC)");
	add_best(s->r, c);
	value = xcalloc(c->series[0].n, sizeof(*value));
	for (i = 0; i < c->series[0].n; i++)
		value[i] = c->series[0].item[i].y;
	label = plot_value_label(s->r);
	chart_axis(&c->x, "trial", false);
	chart_axis(&c->y, label, plot_spans(c->series[0].n, value));
	c->x.integer = true;
	free(label);
	free(value);
	return 0;
}

/* ------------------------------------------------------------- trials */

/* Values of one objective, or of the scalar (j = n). */
static double
value_of(const struct report *r, const struct observation *o, size_t j)
{
	if (!o->scored)
		return NAN;
	return j < r->c->c.objectives->n ? o->y[j] : plot_value(r, o);
}

static void
add_values(const struct report *r, struct chart *c, size_t j, bool maximize)
{
	struct chart_series *ok, *bad;
	double *value = xcalloc(r->n, sizeof(*value));
	size_t i;

	chart_series(c, CHART_DOTS, TONE_MAIN, "ok");
	chart_series(c, CHART_CROSSES, TONE_FAIL,
	    "not ok, at the edge: it has no value");
	ok = &c->series[0];
	bad = &c->series[1];
	for (i = 0; i < r->n; i++) {
		value[i] = value_of(r, r->trial[i], j);
		if (r->trial[i]->scored)
			chart_point(ok, (double)r->trial[i]->id, value[i]);
		else
			chart_point(bad, (double)r->trial[i]->id,
			    plot_worst(maximize));
	}
	c->y.log = plot_spans(r->n, value);
	free(value);
}

static void
add_value_table(const struct report *r, struct chart *c, size_t j,
    const char *name)
{
	size_t i, step = plot_every(c, r->n);

	chart_column(c, "trial");
	chart_column(c, "status");
	chart_column(c, name);
	for (i = 0; i < r->n; i += step) {
		chart_cell(c, "%lld", (long long)r->trial[i]->id);
		chart_cell(c, "%s", trial_status_name[r->trial[i]->status]);
		chart_cell_number(c, value_of(r, r->trial[i], j));
	}
}

static void
trials_of(const struct report *r, size_t j, struct charts *out)
{
	const struct objectives *o = r->c->c.objectives;
	bool maximize = j < o->n ? o->objective[j].maximize : false;
	const char *name = j < o->n ? o->objective[j].name :
	    objectives_scalar_name(o);
	char *title = xasprintf("%s of each trial", name);
	char *label = xasprintf("%s (%s is better)", name, maximize ?
	    "higher" : "lower");
	struct chart *c = charts_add(out, title);

	chart_axis(&c->x, "trial", false);
	c->x.integer = true;
	chart_axis(&c->y, label, false);
	add_values(r, c, j, maximize);
	add_value_table(r, c, j, name);
	free(title);
	free(label);
}

int
plot_trials(const struct plot_source *s, struct charts *out,
    struct err *err)
{
	const struct objectives *o = s->r->c->c.objectives;
	size_t j;

	if (s->r->n == 0)
		return no_ok(s->r, err);
	if (o->weight != NULL)
		trials_of(s->r, o->n, out);
	for (j = 0; j < o->n; j++)
		trials_of(s->r, j, out);
	return 0;
}

/* ----------------------------------------------------------- timeline */

struct unit {
	double seconds;
	const char *name;
};

static struct unit
unit_of(double span)
{
	static const struct unit unit[] = { { 86400, "days" },
	    { 3600, "hours" }, { 60, "minutes" }, { 1, "seconds" } };
	size_t i = 0;

	while (i < 3 && span < 3 * unit[i].seconds)
		i++;
	return unit[i];
}

struct clockwork {
	const struct report *r;
	struct chart *c;
	double first, last;
	struct unit unit;
	size_t untimed;
};

static bool
timed(const struct observation *o)
{
	return isfinite(o->suggested_at) && isfinite(o->completed_at);
}

static void
measure(struct clockwork *k)
{
	const struct report *r = k->r;
	const struct state *s = r->c->state;
	size_t i;

	k->first = INFINITY;
	k->last = -INFINITY;
	for (i = 0; i < r->n; i++) {
		k->untimed += !timed(r->trial[i]);
		if (!timed(r->trial[i]))
			continue;
		k->first = fmin(k->first, r->trial[i]->suggested_at);
		k->last = fmax(k->last, r->trial[i]->completed_at);
	}
	for (i = 0; i < s->npend; i++)
		if (isfinite(s->pend[i].suggested_at)) {
			k->first = fmin(k->first, s->pend[i].suggested_at);
			k->last = fmax(k->last, r->now);
		}
	k->unit = unit_of(k->last - k->first);
}

static double
scaled(const struct clockwork *k, double at)
{
	return (at - k->first) / k->unit.seconds;
}

static void
add_row(struct chart *c, int64_t id, const char *status, double from,
    double to)
{
	chart_cell(c, "%lld", (long long)id);
	chart_cell(c, "%s", status);
	plot_cell_time(c, from);
	plot_cell_time(c, to);
	chart_cell_number(c, to - from);
}

static void
add_span(struct clockwork *k, size_t series, int64_t id, double from,
    double to)
{
	chart_bar(&k->c->series[series], scaled(k, from), scaled(k, to),
	    (double)id, 0.4);
}

static void
add_spans(struct clockwork *k)
{
	const struct report *r = k->r;
	const struct state *s = r->c->state;
	size_t i, step = plot_every(k->c, r->n);

	chart_series(k->c, CHART_BARS, TONE_MAIN, "ok");
	chart_series(k->c, CHART_BARS, TONE_FAIL, "not ok");
	chart_series(k->c, CHART_BARS, TONE_OTHER, "pending");
	for (i = 0; i < r->n; i++) {
		const struct observation *o = r->trial[i];

		if (timed(o))
			add_span(k, o->status != TRIAL_OK, o->id,
			    o->suggested_at, o->completed_at);
		if (i % step == 0)
			add_row(k->c, o->id, trial_status_name[o->status],
			    o->suggested_at, o->completed_at);
	}
	for (i = 0; i < s->npend; i++) {
		if (isfinite(s->pend[i].suggested_at))
			add_span(k, 2, s->pend[i].id,
			    s->pend[i].suggested_at, r->now);
		add_row(k->c, s->pend[i].id, "pending",
		    s->pend[i].suggested_at, NAN);
	}
}

int
plot_timeline(const struct plot_source *s, struct charts *out,
    struct err *err)
{
	static const char *const column[] = { "trial", "status",
	    "suggested (UTC)", "completed (UTC)", "seconds" };
	struct clockwork k = { .r = s->r };
	struct buf start = BUF_INIT;
	char *label;
	size_t i;

	measure(&k);
	if (!(k.first <= k.last))
		return err_set(err, LO_REFUSED, "there is nothing to draw "
		    "yet: no trial has the times of its suggestion and its "
		    "end");
	k.c = charts_add(out, "When trials were out");
	for (i = 0; i < 5; i++)
		chart_column(k.c, column[i]);
	add_spans(&k);
	plot_time(k.first, &start);
	label = xasprintf("%s since %s UTC", k.unit.name, buf_str(&start));
	chart_axis(&k.c->x, label, false);
	chart_axis(&k.c->y, "trial", false);
	k.c->y.integer = true;
	if (k.untimed > 0)
		chart_note(k.c, "%zu of %zu results have no time of their "
		    "suggestion and are left out.", k.untimed, s->r->n);
	free(label);
	buf_release(&start);
	return 0;
}
