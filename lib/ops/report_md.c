/* report_md: the report for a reader, as Markdown.  See report.h. */
#include <math.h>
#include <string.h>

#include "contract/point.h"
#include "ops/plot.h"
#include "ops/report.h"
#include "ops/report_text.h"

/* Text that means nothing to Markdown. */
static void
add_text(struct buf *out, const char *text)
{
	for (; *text != '\0'; text++) {
		if (strchr("\\`*_{}[]<>#|~&$!", *text) != NULL)
			buf_addc(out, '\\');
		buf_addc(out, (unsigned char)*text < 0x20 || *text == 0x7F ?
		    ' ' : *text);
	}
}

static void
cell(struct buf *out, const char *text)
{
	add_text(out, text);
	buf_adds(out, " | ");
}

static void
cell_number(struct buf *out, double x)
{
	if (!isnan(x))
		buf_addf(out, "%.10g", x);
	buf_adds(out, " | ");
}

static void
end_row(struct buf *out)
{
	buf_cut(out, out->len - 1);
	buf_addc(out, '\n');
}

static void
head(const struct report *r, const char *last, struct buf *out)
{
	const struct objectives *o = r->c->c.objectives;
	size_t i;

	buf_adds(out, "| trial | ");
	for (i = 0; i < o->n; i++)
		cell(out, o->objective[i].name);
	if (o->weight != NULL)
		cell(out, objectives_scalar_name(o));
	cell(out, last);
	end_row(out);
	buf_adds(out, "|---:|");
	for (i = 0; i < o->n + (o->weight != NULL); i++)
		buf_adds(out, "---:|");
	buf_adds(out, "---|\n");
}

static void
values(const struct report *r, const struct observation *o,
    struct buf *out)
{
	const struct objectives *objectives = r->c->c.objectives;
	size_t i;

	buf_addf(out, "| %lld | ", (long long)o->id);
	for (i = 0; i < objectives->n; i++)
		cell_number(out, o->scored ? o->y[i] : NAN);
	if (objectives->weight != NULL)
		cell_number(out, plot_value(r, o));
}

static void
points(const struct report *r, const struct observation *const *list,
    size_t n, struct buf *out)
{
	struct buf text = BUF_INIT;
	size_t i;

	head(r, "parameters", out);
	for (i = 0; i < n; i++) {
		values(r, list[i], out);
		buf_cut(&text, 0);
		report_point(r, list[i], &text);
		cell(out, buf_str(&text));
		end_row(out);
	}
	buf_release(&text);
}

static void
put_fact(void *arg, const char *label, const char *value)
{
	struct buf *out = arg;

	buf_addf(out, "* **%s**: ", label);
	add_text(out, value);
	buf_addc(out, '\n');
}

static void
put_failures(const struct report *r, struct buf *out)
{
	struct buf text = BUF_INIT;
	size_t i;

	buf_adds(out, "\n## Trials that did not end ok\n\n"
	    "| trial | status | reason | completed (UTC) |\n"
	    "|---:|---|---|---|\n");
	for (i = 0; i < r->n; i++) {
		if (r->trial[i]->status == TRIAL_OK)
			continue;
		buf_addf(out, "| %lld | %s | ", (long long)r->trial[i]->id,
		    trial_status_name[r->trial[i]->status]);
		buf_cut(&text, 0);
		report_reason(r->trial[i], &text);
		cell(out, buf_str(&text));
		plot_time(r->trial[i]->completed_at, out);
		buf_adds(out, " |\n");
	}
	buf_release(&text);
}

static void
put_trace(const struct report *r, struct buf *out)
{
	size_t i;

	buf_adds(out, "\n## All trials\n\n");
	head(r, "status", out);
	for (i = 0; i < r->n; i++) {
		values(r, r->trial[i], out);
		cell(out, trial_status_name[r->trial[i]->status]);
		end_row(out);
	}
}

void
report_md(const struct report *r, struct buf *out)
{
	size_t top = r->top < r->nranked ? r->top : r->nranked;

	buf_adds(out, "# Campaign report\n\n");
	report_facts(r, put_fact, out);
	if (top > 0) {
		buf_addf(out, "\n## The best %zu\n\n", top);
		points(r, r->ranked, top, out);
	}
	if (r->c->c.objectives->n > 1 && r->nfront > 0) {
		buf_addf(out, "\n## Pareto front\n\n%zu of %zu ok trials are "
		    "not dominated by another.\n\n", r->nfront, r->nranked);
		points(r, r->front, r->nfront, out);
	}
	if (state_count_status(r->c->state, TRIAL_OK) < r->n)
		put_failures(r, out);
	if (r->n > 0)
		put_trace(r, out);
}
