/* chart: a picture as data.  See chart.h. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "plot/chart.h"

struct chart *
charts_add(struct charts *list, const char *title)
{
	struct chart *c;

	list->chart = xgrow(list->chart, list->n, &list->cap, sizeof(*c));
	c = &list->chart[list->n++];
	memset(c, 0, sizeof(*c));
	c->title = xstrdup(title);
	c->x.lo = c->y.lo = 1;
	return c;
}

static void
axis_release(struct chart_axis *a)
{
	size_t i;

	for (i = 0; i < a->nname; i++) {
		free(a->name[i]);
		free(a->low[i]);
		free(a->high[i]);
	}
	free(a->name);
	free(a->low);
	free(a->high);
	free(a->label);
}

static void
chart_release(struct chart *c)
{
	size_t i;

	for (i = 0; i < c->nseries; i++) {
		free(c->series[i].name);
		free(c->series[i].item);
	}
	for (i = 0; i < c->nlabel; i++)
		free(c->label[i].text);
	free(c->series);
	free(c->label);
	free(c->title);
	free(c->note);
	free(c->table_note);
	axis_release(&c->x);
	axis_release(&c->y);
	buf_release(&c->head);
	buf_release(&c->cell);
}

void
charts_release(struct charts *list)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		chart_release(&list->chart[i]);
	free(list->chart);
	memset(list, 0, sizeof(*list));
}

/* The caller frees. */
static char *
vtext(const char *fmt, va_list ap)
{
	va_list again;
	char *text;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	text = xmalloc((size_t)(n > 0 ? n : 0) + 1);
	text[0] = '\0';
	vsnprintf(text, (size_t)(n > 0 ? n : 0) + 1, fmt, ap);
	return text;
}

void
chart_note(struct chart *c, const char *fmt, ...)
{
	va_list ap;

	free(c->note);
	va_start(ap, fmt);
	c->note = vtext(fmt, ap);
	va_end(ap);
}

void
chart_table_note(struct chart *c, const char *fmt, ...)
{
	va_list ap;

	free(c->table_note);
	va_start(ap, fmt);
	c->table_note = vtext(fmt, ap);
	va_end(ap);
}

void
chart_axis(struct chart_axis *a, const char *label, bool log)
{
	free(a->label);
	a->label = xstrdup(label);
	a->log = log;
}

void
chart_name(struct chart_axis *a, const char *name, const char *low,
    const char *high)
{
	size_t n = a->nname + 1;

	a->name = xrealloc(a->name, n, sizeof(*a->name));
	a->low = xrealloc(a->low, n, sizeof(*a->low));
	a->high = xrealloc(a->high, n, sizeof(*a->high));
	a->name[n - 1] = xstrdup(name);
	a->low[n - 1] = low != NULL ? xstrdup(low) : NULL;
	a->high[n - 1] = high != NULL ? xstrdup(high) : NULL;
	a->nname = n;
}

struct chart_series *
chart_series(struct chart *c, enum chart_mark mark, unsigned tone,
    const char *name)
{
	struct chart_series *s;

	c->series = xgrow(c->series, c->nseries, &c->cap, sizeof(*s));
	s = &c->series[c->nseries++];
	memset(s, 0, sizeof(*s));
	s->mark = mark;
	s->tone = tone;
	s->name = name != NULL ? xstrdup(name) : NULL;
	return s;
}

void
chart_bar(struct chart_series *s, double from, double to, double y,
    double half)
{
	s->item = xgrow(s->item, s->n, &s->cap, sizeof(*s->item));
	s->item[s->n++] = (struct chart_item){ from, y, to, half };
}

void
chart_point(struct chart_series *s, double x, double y)
{
	chart_bar(s, x, x, y, 0);
}

void
chart_label(struct chart *c, double x, double y, const char *text)
{
	c->label = xgrow(c->label, c->nlabel, &c->label_cap,
	    sizeof(*c->label));
	c->label[c->nlabel++] = (struct chart_label){ x, y, xstrdup(text) };
}

void
chart_column(struct chart *c, const char *name)
{
	buf_add(&c->head, name, strlen(name) + 1);
	c->ncolumn++;
}

void
chart_cell(struct chart *c, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = vtext(fmt, ap);
	va_end(ap);
	buf_add(&c->cell, text, strlen(text) + 1);
	c->ncell++;
	free(text);
}

void
chart_cell_number(struct chart *c, double value)
{
	if (isnan(value))
		chart_cell(c, "%s", "");
	else
		chart_cell(c, "%.6g", value);
}
