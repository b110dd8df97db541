/* plot_failures: why trials did not end ok.  See plot.h. */
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "ops/plot.h"

#define REASONS 12

struct reason {
	char *text;
	size_t n;
};

static int
by_text(const void *a, const void *b)
{
	const struct reason *x = a, *y = b;

	return strcmp(x->text, y->text);
}

static int
by_number(const void *a, const void *b)
{
	const struct reason *x = a, *y = b;

	if (x->n != y->n)
		return x->n > y->n ? -1 : 1;
	return strcmp(x->text, y->text);
}

static struct reason *
collect(const struct report *r, size_t *n)
{
	struct reason *list = xcalloc(r->n, sizeof(*list));
	struct buf text = BUF_INIT;
	size_t i;

	*n = 0;
	for (i = 0; i < r->n; i++) {
		if (r->trial[i]->status == TRIAL_OK)
			continue;
		buf_cut(&text, 0);
		if (!report_reason(r->trial[i], &text))
			buf_adds(&text, "no reason given");
		list[*n].text = xasprintf("%s: %s",
		    trial_status_name[r->trial[i]->status], buf_str(&text));
		list[(*n)++].n = 1;
	}
	buf_release(&text);
	return list;
}

/* Equal ones become one. */
static size_t
merge(struct reason *list, size_t n)
{
	size_t i, kept = 0;

	qsort(list, n, sizeof(*list), by_text);
	for (i = 0; i < n; i++)
		if (kept > 0 && strcmp(list[kept - 1].text, list[i].text)
		    == 0) {
			list[kept - 1].n++;
			free(list[i].text);
		} else
			list[kept++] = list[i];
	qsort(list, kept, sizeof(*list), by_number);
	return kept;
}

static void
add_reasons(struct chart *c, const struct reason *list, size_t n)
{
	size_t i, drawn = n < REASONS ? n : REASONS;
	struct chart_series *s = chart_series(c, CHART_BARS, TONE_FAIL, NULL);
	char count[32];

	for (i = 0; i < n && i < PLOT_TABLE; i++) {
		chart_cell(c, "%s", list[i].text);
		chart_cell(c, "%zu", list[i].n);
	}
	for (i = drawn; i-- > 0; ) {	/* the most frequent one on top */
		chart_name(&c->y, list[i].text, NULL, NULL);
		chart_bar(s, 0, (double)list[i].n, (double)(drawn - 1 - i),
		    0.32);
		num_plain(count, (double)list[i].n);
		chart_label(c, (double)list[i].n, (double)(drawn - 1 - i),
		    count);
	}
	c->x.lo = 0;
	c->x.hi = 1.12 * (double)list[0].n;
	if (drawn < n)
		chart_note(c, "The %zu most frequent of %zu reasons.", drawn,
		    n);
}

int
plot_failures(const struct plot_source *s, struct charts *out,
    struct err *err)
{
	struct reason *list;
	struct chart *c;
	size_t n, i;

	list = collect(s->r, &n);
	if (n == 0) {
		free(list);
		return err_set(err, LO_REFUSED, "no trial failed");
	}
	n = merge(list, n);
	c = charts_add(out, "Failures by reason");
	chart_axis(&c->x, "trials", false);
	c->x.integer = true;
	chart_column(c, "reason");
	chart_column(c, "trials");
	add_reasons(c, list, n);
	for (i = 0; i < n; i++)
		free(list[i].text);
	free(list);
	return 0;
}
