/* plot_pareto: objectives against each other.  See plot.h. */
#include <math.h>
#include <stdlib.h>

#include "base/xmem.h"
#include "ops/plot.h"

/* Every pair of so many objectives, else pairs with the primary. */
#define ALL_PAIRS 4

static void
axis(const struct report *r, struct chart_axis *a, size_t j)
{
	const struct objective *o = &r->c->c.objectives->objective[j];
	double *value = xcalloc(r->nranked, sizeof(*value));
	char *label = xasprintf("%s (%s is better)", o->name, o->maximize ?
	    "higher" : "lower");
	size_t i;

	for (i = 0; i < r->nranked; i++)
		value[i] = r->ranked[i]->y[j];
	chart_axis(a, label, plot_spans(r->nranked, value));
	free(value);
	free(label);
}

/* Of each of the state's observations; the caller frees. */
static bool *
on_front(const struct report *r)
{
	bool *front = xcalloc(r->n, sizeof(*front));
	size_t i;

	for (i = 0; i < r->nfront; i++)
		front[r->front[i] - r->c->state->obs] = true;
	return front;
}

static int
by_first(const void *a, const void *b)
{
	const struct chart_item *x = a, *y = b;

	return (x->x > y->x) - (x->x < y->x);
}

/* Of two objectives the front is a stair: what is dominated lies on one
 * side of it. */
static void
add_stair(struct chart *c, bool maximize)
{
	struct chart_series *s = chart_series(c, CHART_LINE, TONE_BEST, NULL);
	size_t i, n = c->series[1].n;
	struct chart_item *p = xcalloc(n, sizeof(*p));

	for (i = 0; i < n; i++)
		p[i] = c->series[1].item[i];
	qsort(p, n, sizeof(*p), by_first);
	for (i = 0; i < n; i++) {
		if (i > 0)
			chart_point(s, maximize ? p[i - 1].x : p[i].x,
			    maximize ? p[i].y : p[i - 1].y);
		chart_point(s, p[i].x, p[i].y);
	}
	free(p);
}

static void
add_table(const struct report *r, struct chart *c)
{
	const struct objectives *o = r->c->c.objectives;
	size_t i, j;

	chart_column(c, "trial");
	for (j = 0; j < o->n; j++)
		chart_column(c, o->objective[j].name);
	for (i = 0; i < r->nfront && i < PLOT_TABLE; i++) {
		chart_cell(c, "%lld", (long long)r->front[i]->id);
		for (j = 0; j < o->n; j++)
			chart_cell_number(c, r->front[i]->y[j]);
	}
	if (r->nfront > PLOT_TABLE)
		chart_table_note(c, "The first %d of %zu trials of the "
		    "front; all are in report.json.", PLOT_TABLE, r->nfront);
}

static void
add_pair(const struct report *r, size_t j, size_t k, struct charts *out)
{
	const struct objective *o = r->c->c.objectives->objective;
	char *title = xasprintf("Pareto front: %s and %s", o[j].name,
	    o[k].name);
	struct chart *c = charts_add(out, title);
	bool *front = on_front(r);
	size_t i;

	axis(r, &c->x, j);
	axis(r, &c->y, k);
	chart_series(c, CHART_DOTS, TONE_MUTED, "dominated");
	chart_series(c, CHART_DOTS, TONE_BEST, "not dominated");
	for (i = 0; i < r->nranked; i++)
		if (!front[r->ranked[i] - r->c->state->obs])
			chart_point(&c->series[0], r->ranked[i]->y[j],
			    r->ranked[i]->y[k]);
	for (i = 0; i < r->nfront; i++)
		chart_point(&c->series[1], r->front[i]->y[j],
		    r->front[i]->y[k]);
	if (r->c->c.objectives->n == 2)
		add_stair(c, o[j].maximize);
	add_table(r, c);
	chart_note(c, "%zu of %zu ok trials are not dominated by another.",
	    r->nfront, r->nranked);
	free(title);
	free(front);
}

int
plot_pareto(const struct plot_source *s, struct charts *out,
    struct err *err)
{
	size_t n = s->r->c->c.objectives->n, j, k;

	if (n < 2)
		return err_set(err, LO_REFUSED, "a Pareto front takes two "
		    "objectives, this campaign has one");
	if (s->r->nranked == 0)
		return err_set(err, LO_REFUSED, "there is nothing to draw "
		    "yet: %zu observed, none of them ok", s->r->n);
	for (j = 0; j < (n <= ALL_PAIRS ? n : 1); j++)
		for (k = j + 1; k < n; k++)
			add_pair(s->r, j, k, out);
	return 0;
}
