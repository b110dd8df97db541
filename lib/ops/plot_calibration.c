/* plot_calibration: what was predicted against what was measured, from the
 * acquisition log.  See plot.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/xmem.h"
#include "ops/plot.h"
#include "store/json.h"

struct forecast {
	double mean, sd;	/* NaN: none was made */
};

struct score {
	size_t n, within;	/* one deviation */
};

static double
number(struct span object, const char *key)
{
	struct span s = json_find(object, key);
	double x;

	return s.len > 0 && num_read(s.p, s.len, &x) ? x : NAN;
}

/* One line; those of failed decisions have no trial, or no mean. */
static void
learn(const struct report *r, struct span line, struct forecast *list)
{
	struct span decision = json_find(line, "decision");
	double id = number(line, "trial_id");
	const struct observation *o;

	if (!(id >= 1 && id <= (double)TRIAL_ID_MAX))
		return;
	o = state_observation(r->c->state, (int64_t)id);
	if (o == NULL)
		return;
	list += o - r->c->state->obs;
	list->mean = number(decision, "predicted_mean");
	list->sd = number(decision, "predicted_std");
}

static void
read_lines(const struct report *r, const struct buf *log,
    struct forecast *list)
{
	const char *p = log->p, *end = log->p + log->len, *nl;
	struct span line;
	struct err ignored;

	for (; p < end; p = nl + 1) {
		nl = memchr(p, '\n', (size_t)(end - p));
		if (nl == NULL)
			return;		/* torn */
		line.p = p;
		line.len = (size_t)(nl - p);
		if (json_scan(line.p, line.len, "acquisition log", 1,
		    &ignored) == 0)
			learn(r, line, list);
	}
}

/* NULL: the log cannot be read. */
static struct forecast *
forecasts(const struct report *r, struct err *err)
{
	struct forecast *list;
	struct buf log = BUF_INIT;
	size_t i;

	if (campaign_read_file(r->c, r->c->paths.real[PATH_ACQUISITION],
	    &log, err) < 0)
		return NULL;
	list = xcalloc(r->n, sizeof(*list));
	for (i = 0; i < r->n; i++)
		list[i].mean = list[i].sd = NAN;
	if (log.len > 0)
		read_lines(r, &log, list);
	buf_release(&log);
	return list;
}

static void
add_trial(struct chart *c, const struct observation *o,
    const struct forecast *f, double y)
{
	double sd = isfinite(f->sd) ? f->sd : 0;

	chart_point(&c->series[0], NAN, NAN);
	chart_point(&c->series[0], f->mean - sd, y);
	chart_point(&c->series[0], f->mean + sd, y);
	chart_point(&c->series[1], f->mean, y);
	chart_cell(c, "%lld", (long long)o->id);
	chart_cell_number(c, f->mean);
	chart_cell_number(c, f->sd);
	chart_cell_number(c, y);
}

static void
add_trials(const struct report *r, struct chart *c,
    const struct forecast *list, struct score *score)
{
	const struct forecast *f;
	double y;
	size_t i;

	for (i = 0; i < r->n; i++) {
		f = &list[r->trial[i] - r->c->state->obs];
		y = plot_value(r, r->trial[i]);
		if (!isfinite(y) || !isfinite(f->mean))
			continue;
		add_trial(c, r->trial[i], f, y);
		score->n++;
		score->within += fabs(y - f->mean) <= f->sd;
	}
}

/* Where prediction and measurement are one. */
static void
add_diagonal(struct chart *c)
{
	struct chart_series *s;
	double lo = INFINITY, hi = -INFINITY;
	size_t i;

	for (i = 0; i < c->series[1].n; i++) {
		lo = fmin(lo, fmin(c->series[1].item[i].x,
		    c->series[1].item[i].y));
		hi = fmax(hi, fmax(c->series[1].item[i].x,
		    c->series[1].item[i].y));
	}
	s = chart_series(c, CHART_LINE, TONE_BEST, "as predicted");
	chart_point(s, lo, lo);
	chart_point(s, hi, hi);
}

static void
draw(const struct report *r, const struct forecast *list,
    struct charts *out)
{
	const char *name = objectives_scalar_name(r->c->c.objectives);
	char *predicted = xasprintf("predicted %s", name);
	char *measured = xasprintf("measured %s", name);
	struct chart *c = charts_add(out, "Predicted and measured");
	struct score score = { 0, 0 };

	chart_axis(&c->x, predicted, false);
	chart_axis(&c->y, measured, false);
	chart_column(c, "trial");
	chart_column(c, predicted);
	chart_column(c, "deviation");
	chart_column(c, measured);
	chart_series(c, CHART_LINE, TONE_MUTED, "one deviation");
	chart_series(c, CHART_DOTS, TONE_MAIN, "trial");
	add_trials(r, c, list, &score);
	add_diagonal(c);
	chart_note(c, "%zu of %zu measurements lie within one predicted "
	    "deviation; about two thirds should.", score.within, score.n);
	free(predicted);
	free(measured);
}

static bool
any(const struct report *r, const struct forecast *list)
{
	size_t i;

	for (i = 0; i < r->n; i++)
		if (isfinite(list[i].mean) && isfinite(plot_value(r,
		    &r->c->state->obs[i])))
			return true;
	return false;
}

int
plot_calibration(const struct plot_source *s, struct charts *out,
    struct err *err)
{
	struct forecast *list = forecasts(s->r, err);
	bool drawn;

	if (list == NULL)
		return -1;
	drawn = any(s->r, list);
	if (drawn)
		draw(s->r, list, out);
	free(list);
	return drawn ? 0 : err_set(err, LO_REFUSED, "there is nothing to "
	    "draw yet: no ok trial was suggested by a model");
}
