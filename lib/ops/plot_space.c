/* plot_space: objectives over parameters.  See plot.h. */
#include <math.h>
#include <stdlib.h>

#include "base/xmem.h"
#include "contract/point.h"
#include "ops/plot.h"

/* So many lines can be told apart. */
#define LINES 200
#define LINES_TERMINAL 10

static bool
named(const struct param *p)
{
	return p->type == PARAM_BOOL || p->type == PARAM_CATEGORICAL;
}

/* The text of a value; the caller frees. */
static char *
text_of(const struct param *p, double value)
{
	struct buf text = BUF_INIT;

	if (p->type == PARAM_FLOAT)
		return xasprintf("%.6g", value);
	point_value_text(p, value, false, &text);
	buf_adds(&text, "");
	return buf_detach(&text);
}

/* From 0 to 1, NaN if inactive or far outside. */
static double
height(const struct param *p, double v)
{
	if (isnan(v))
		return NAN;
	if (named(p))
		return (v - p->lo + 0.5) / (p->hi - p->lo + 1);
	if (!(p->lo < p->hi))
		return 0.5;
	if (p->log)
		return v > 0 ? log(v / p->lo) / log(p->hi / p->lo) : NAN;
	return (v / 2 - p->lo / 2) / (p->hi / 2 - p->lo / 2);
}

/* ----------------------------------------------------------- parallel */

struct bundle {
	const struct report *r;
	struct chart *c;
	const struct observation **trial;	/* that are drawn, best first */
	size_t n, ok;
	double lo, hi;		/* of their values */
	bool log;
};

/* So many: the best ones, the others spread over those left. */
static void
choose(struct bundle *b, size_t most, size_t best)
{
	const struct report *r = b->r;
	size_t i, step;

	b->trial = xcalloc(r->nranked, sizeof(*b->trial));
	for (i = 0; i < r->nranked; i++)
		if (r->ranked[i]->usable)
			b->trial[b->ok++] = r->ranked[i];
	b->n = b->ok;
	if (b->ok <= most)
		return;
	b->n = most;
	if (best == most)
		return;
	step = (b->ok - best) / (most - best);
	for (i = best; i < most; i++)
		b->trial[i] = b->trial[best + (i - best) * step];
}

static void
value_range(struct bundle *b)
{
	double v;
	size_t i;

	b->lo = INFINITY;
	b->hi = -INFINITY;
	b->log = plot_values_span(b->r);
	for (i = 0; i < b->n; i++) {
		v = plot_value(b->r, b->trial[i]);
		if (!isfinite(v))
			continue;
		b->lo = v < b->lo ? v : b->lo;
		b->hi = v > b->hi ? v : b->hi;
	}
}

static double
value_height(const struct bundle *b, double v)
{
	struct param p = { .type = PARAM_FLOAT, .lo = b->lo, .hi = b->hi,
	    .log = b->log };

	return isfinite(v) ? height(&p, v) : NAN;
}

static void
param_column(const struct bundle *b, size_t j, bool terminal)
{
	const struct param *p = &b->r->c->c.space->param[j];
	char *low = text_of(p, p->lo), *high = text_of(p, p->hi), *text;
	double v;

	chart_column(b->c, p->name);
	if (!named(p) || terminal)
		chart_name(&b->c->x, p->name, low, high);
	else
		chart_name(&b->c->x, p->name, NULL, NULL);
	for (v = p->lo; named(p) && v <= p->hi; v++) {
		text = text_of(p, v);
		chart_label(b->c, (double)j, height(p, v), text);
		free(text);
	}
	free(low);
	free(high);
}

static void
value_column(const struct bundle *b)
{
	const char *name = objectives_scalar_name(b->r->c->c.objectives);
	char *low = xasprintf("%.6g", b->lo);
	char *high = xasprintf("%.6g", b->hi);

	chart_column(b->c, name);
	chart_name(&b->c->x, name, low, high);
	free(low);
	free(high);
}

static void
add_line(const struct bundle *b, struct chart_series *s,
    const struct observation *o)
{
	const struct space *space = b->r->c->c.space;
	size_t j;

	chart_point(s, NAN, NAN);
	for (j = 0; j < space->n; j++)
		chart_point(s, (double)j, height(&space->param[j],
		    o->point[j]));
	chart_point(s, (double)space->n, value_height(b, plot_value(b->r,
	    o)));
}

/* A fifth of the lines in each shade, the best drawn last. */
static void
add_lines(const struct bundle *b, bool legend)
{
	static const char *const name[CHART_SHADES] = { "best fifth", NULL,
	    NULL, NULL, "worst fifth" };
	struct chart_series *s;
	size_t i, shade;

	for (shade = CHART_SHADES; shade-- > 0; ) {
		s = chart_series(b->c, CHART_LINE, TONE_SHADE +
		    (unsigned)shade, legend ? name[shade] : NULL);
		for (i = b->n; i-- > 0; )
			if (i * CHART_SHADES / b->n == shade)
				add_line(b, s, b->trial[i]);
	}
}

static void
add_point_row(const struct bundle *b, const struct observation *o)
{
	const struct space *space = b->r->c->c.space;
	char *text;
	size_t j;

	chart_cell(b->c, "%lld", (long long)o->id);
	for (j = 0; j < space->n; j++) {
		text = isnan(o->point[j]) ? xstrdup("") :
		    text_of(&space->param[j], o->point[j]);
		chart_cell(b->c, "%s", text);
		free(text);
	}
	chart_cell_number(b->c, plot_value(b->r, o));
}

int
plot_parallel(const struct plot_source *s, struct charts *out,
    struct err *err)
{
	const struct space *space = s->r->c->c.space;
	size_t most = s->terminal ? LINES_TERMINAL : LINES, i;
	struct bundle b = { .r = s->r };

	choose(&b, most, s->terminal ? most : most / 2);
	if (b.n == 0) {
		free(b.trial);
		return err_set(err, LO_REFUSED, "there is nothing to draw "
		    "yet: no ok trial has a point of this space");
	}
	b.c = charts_add(out, "Parameters of the trials");
	b.c->columns = true;
	b.c->y.lo = -0.02;
	b.c->y.hi = 1.02;
	chart_column(b.c, "trial");
	for (i = 0; i < space->n; i++)
		param_column(&b, i, s->terminal);
	value_range(&b);
	value_column(&b);
	/* dots of braille have no shades */
	add_lines(&b, !s->terminal && b.n >= CHART_SHADES);
	for (i = 0; i < b.n; i++)
		add_point_row(&b, b.trial[i]);
	if (b.n < b.ok)
		chart_note(b.c, "%zu of %zu ok trials: %s.", b.n, b.ok,
		    s->terminal ? "the best" : "the best, and as many of "
		    "the others");
	free(b.trial);
	return 0;
}

/* -------------------------------------------------------------- slice */

static void
slice_axes(const struct report *r, const struct param *p, struct chart *c)
{
	char *label = plot_value_label(r), *text;
	double v;

	chart_axis(&c->y, label, plot_values_span(r));
	free(label);
	chart_axis(&c->x, p->name, p->log);
	c->x.integer = p->type == PARAM_INT;
	for (v = p->lo; named(p) && v <= p->hi; v++) {
		text = text_of(p, v);
		chart_name(&c->x, text, NULL, NULL);
		free(text);
	}
}

/* One trial; is it anywhere? */
static bool
slice_point(const struct report *r, struct chart *c,
    const struct observation *o, size_t j)
{
	bool less = objectives_minimize_scalar(r->c->c.objectives);
	bool best = r->nranked > 0 && o == r->ranked[0];

	if (!o->usable || isnan(o->point[j]))
		return false;
	if (o->scored)
		chart_point(&c->series[best ? 2 : 0], o->point[j],
		    plot_value(r, o));
	else
		chart_point(&c->series[1], o->point[j], plot_worst(!less));
	return true;
}

static void
slice_row(const struct report *r, struct chart *c,
    const struct observation *o, size_t j)
{
	char *text = text_of(&r->c->c.space->param[j], o->point[j]);

	chart_cell(c, "%lld", (long long)o->id);
	chart_cell(c, "%s", trial_status_name[o->status]);
	chart_cell(c, "%s", text);
	chart_cell_number(c, plot_value(r, o));
	free(text);
}

static void
slice_columns(const struct report *r, struct chart *c,
    const struct param *p)
{
	chart_column(c, "trial");
	chart_column(c, "status");
	chart_column(c, p->name);
	chart_column(c, objectives_scalar_name(r->c->c.objectives));
	chart_series(c, CHART_DOTS, TONE_MAIN, "ok");
	chart_series(c, CHART_CROSSES, TONE_FAIL, "not ok, at the edge");
	chart_series(c, CHART_DOTS, TONE_BEST, "best");
}

static int
nowhere(const struct param *p, struct charts *out, struct err *err)
{
	struct charts last = { .chart = xcalloc(1, sizeof(*last.chart)),
	    .n = 1 };

	*last.chart = out->chart[--out->n];
	charts_release(&last);
	return err_set(err, LO_REFUSED, "%s: there is nothing to draw yet: "
	    "no trial has a value of it", p->name);
}

int
plot_slice(const struct plot_source *s, struct charts *out,
    struct err *err)
{
	const struct param *p = &s->r->c->c.space->param[s->param];
	char *title = xasprintf("%s over %s", objectives_scalar_name(
	    s->r->c->c.objectives), p->name);
	struct chart *c = charts_add(out, title);
	size_t i, step = plot_every(c, s->r->n), n = 0;

	free(title);
	slice_axes(s->r, p, c);
	slice_columns(s->r, c, p);
	for (i = 0; i < s->r->n; i++) {
		if (!slice_point(s->r, c, s->r->trial[i], s->param))
			continue;
		if (n++ % step == 0)
			slice_row(s->r, c, s->r->trial[i], s->param);
	}
	if (n == 0)
		return nowhere(p, out, err);
	if (n < s->r->n)
		chart_note(c, "%zu of %zu trials: the others have no value "
		    "of it.", n, s->r->n);
	return 0;
}
