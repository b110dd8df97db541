/* plot_importance: which parameters matter.  See plot.h. */
#include <math.h>
#include <stdlib.h>

#include "base/xmem.h"
#include "ops/plot.h"
#include "ops/propose_importance.h"

struct share {
	size_t param;
	double first, total;
};

static int
by_total(const void *a, const void *b)
{
	const struct share *x = a, *y = b;

	if (x->total != y->total)
		return x->total > y->total ? -1 : 1;
	return (x->param > y->param) - (x->param < y->param);
}

static struct share *
sorted(const struct param_importance *p)
{
	struct share *list = xcalloc(p->n, sizeof(*list));
	size_t i;

	for (i = 0; i < p->n; i++)
		list[i] = (struct share){ i, p->first[i], p->total[i] };
	qsort(list, p->n, sizeof(*list), by_total);
	return list;
}

static void
add_shares(const struct space *space, struct chart *c,
    const struct share *list)
{
	struct chart_series *total, *first;
	double y;
	char *text;
	size_t i;

	chart_series(c, CHART_BARS, TONE_MUTED, "total, with interactions");
	chart_series(c, CHART_BARS, TONE_MAIN, "by itself");
	total = &c->series[0];
	first = &c->series[1];
	for (i = 0; i < space->n; i++) {
		chart_cell(c, "%s", space->param[list[i].param].name);
		chart_cell(c, "%.3f", list[i].first);
		chart_cell(c, "%.3f", list[i].total);
	}
	for (i = space->n; i-- > 0; ) {
		y = (double)(space->n - 1 - i);
		chart_name(&c->y, space->param[list[i].param].name, NULL,
		    NULL);
		chart_bar(total, 0, list[i].total, y, 0.32);
		chart_bar(first, 0, list[i].first, y, 0.32);
		text = xasprintf("%.2f", list[i].total);
		chart_label(c, fmax(list[i].total, list[i].first), y, text);
		free(text);
	}
}

static void
add_importance(const struct report *r, const struct param_importance *p,
    struct charts *out)
{
	struct share *list = sorted(p);
	struct chart *c = charts_add(out, "Importance of the parameters");

	chart_axis(&c->x, "share of the variance of the prediction", false);
	c->x.lo = 0;
	c->x.hi = 1.08;
	chart_column(c, "parameter");
	chart_column(c, "by itself");
	chart_column(c, "total, with interactions");
	add_shares(r->c->c.space, c, list);
	chart_note(c, "Sobol indices of a Gaussian process fitted to %zu of "
	    "%zu ok trials.", p->rows, p->known);
	free(list);
}

int
plot_importance(const struct plot_source *s, struct charts *out,
    struct err *err)
{
	struct param_importance p;
	int status = 0;

	param_importance_init(&p, s->r->c);
	if (p.n > 0)
		add_importance(s->r, &p, out);
	else
		status = err_set(err, LO_REFUSED, "%s", p.why);
	param_importance_release(&p);
	return status;
}
