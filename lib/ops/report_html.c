/* report_html: the report as one page with pictures.  See report.h.
 *
 * It is well-formed as XML, too, and refers to nothing outside: whoever
 * opens it from a disk, years later, sees all of it. */
#include <string.h>

#include "ops/plot.h"
#include "ops/report.h"
#include "ops/report_text.h"
#include "plot/markup.h"
#include "plot/svg.h"

static const char style[] =
    ":root{color-scheme:light dark;--ink:#222;--soft:#555;--paper:#fff;"
    "--line:#ccc}"
    "@media screen and (prefers-color-scheme:dark){:root{--ink:#e6e6e6;"
    "--soft:#a8b0b8;--paper:#15191e;--line:#3a434c}}"
    "body{margin:0 auto;max-width:56rem;padding:1rem;color:var(--ink);"
    "background:var(--paper);font:16px/1.45 sans-serif}"
    "h1{font-size:1.6rem}h2{font-size:1.2rem;margin:2rem 0 .5rem}"
    "h3{font-size:1rem;margin:1.2rem 0 .3rem}"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem}"
    "dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}"
    "figure{margin:0 0 1.2rem}svg{width:100%;height:auto;display:block}"
    "figcaption,p.none{color:var(--soft)}"
    ".scroll{overflow-x:auto;max-height:30rem;overflow-y:auto}"
    "table{border-collapse:collapse;font-size:.85rem;"
    "font-variant-numeric:tabular-nums}"
    "th,td{border-bottom:1px solid var(--line);padding:.2rem .6rem;"
    "text-align:left;vertical-align:top;overflow-wrap:break-word}"
    "summary{cursor:pointer;color:var(--soft)}"
    "@media print{:root{color-scheme:light}body{max-width:none;padding:0;"
    "font-size:11pt}figure,tr,h2,h3{break-inside:avoid}h2,h3{"
    "break-after:avoid}details:not([open]){display:none}"
    ".scroll{max-height:none;overflow:visible}"
    "th,td{overflow-wrap:anywhere}}";

/* -------------------------------------------------------------- tables */

static void
cells(const struct buf *text, size_t n, const char *tag, struct buf *out)
{
	const char *p = buf_str(text);
	size_t i;

	buf_adds(out, "<tr>");
	for (i = 0; i < n; i++) {
		buf_addf(out, "<%s>", tag);
		markup_text(out, p);
		buf_addf(out, "</%.2s>", tag);
		p += strlen(p) + 1;
	}
	buf_adds(out, "</tr>\n");
}

static void
rows(const struct chart *c, struct buf *out)
{
	const char *p = buf_str(&c->cell);
	size_t i, j;

	for (i = 0; i < c->ncell; i += c->ncolumn) {
		buf_adds(out, "<tr>");
		for (j = 0; j < c->ncolumn; j++) {
			buf_adds(out, "<td>");
			markup_text(out, p);
			buf_adds(out, "</td>");
			p += strlen(p) + 1;
		}
		buf_adds(out, "</tr>\n");
	}
}

static void
put_table(const struct chart *c, struct buf *out)
{
	buf_adds(out, "<details><summary>The same as a table: ");
	markup_text(out, c->title);
	buf_adds(out, "</summary>\n");
	if (c->table_note != NULL) {
		buf_adds(out, "<p>");
		markup_text(out, c->table_note);
		buf_adds(out, "</p>\n");
	}
	buf_adds(out, "<div class=\"scroll\"><table><thead>");
	cells(&c->head, c->ncolumn, "th scope=\"col\"", out);
	buf_adds(out, "</thead><tbody>\n");
	rows(c, out);
	buf_adds(out, "</tbody></table></div></details>\n");
}

/* ------------------------------------------------------------ pictures */

static void
put_chart(struct chart *c, bool alone, struct buf *out)
{
	buf_adds(out, "<figure>\n");
	if (!alone) {
		buf_adds(out, "<h3>");
		markup_text(out, c->title);
		buf_adds(out, "</h3>\n");
	}
	svg_inline(c, out);
	if (c->note != NULL) {
		buf_adds(out, "<figcaption>");
		markup_text(out, c->note);
		buf_adds(out, "</figcaption>\n");
	}
	put_table(c, out);
	buf_adds(out, "</figure>\n");
}

struct part {
	const char *id, *heading;
	plot_builder *build;
	bool several;	/* pictures, each with a heading of its own */
};

/* The pictures of a part, or why there is none. */
static void
put_pictures(const struct plot_source *s, const struct part *part,
    struct buf *out)
{
	struct charts list = { 0 };
	struct err err;
	size_t i;

	if (part->build(s, &list, &err) != 0) {
		buf_adds(out, "<p class=\"none\">");
		markup_text(out, err.text);
		buf_adds(out, "</p>\n");
	}
	for (i = 0; i < list.n; i++)
		put_chart(&list.chart[i], !part->several, out);
	charts_release(&list);
}

static void
heading(const char *id, const char *text, struct buf *out)
{
	buf_addf(out, "<h2 id=\"%s\">%s</h2>\n", id, text);
}

static void
put_all_pictures(const struct report *r, struct buf *out)
{
	static const struct part part[] = {
		{ "history", "Best so far", plot_history, false },
		{ "trials", "Every trial", plot_trials, true },
		{ "parallel", "Parameters together", plot_parallel, false },
		{ "slices", "Each parameter", plot_slice, true },
		{ "importance", "Which parameters matter", plot_importance,
		    false },
		{ "pareto", "Pareto front", plot_pareto, true },
		{ "timeline", "Timeline", plot_timeline, false },
		{ "failures", "Failures by reason", plot_failures, false }
	};
	struct plot_source s = { .r = r };
	size_t i, n;

	for (i = 0; i < sizeof(part) / sizeof(part[0]); i++) {
		heading(part[i].id, part[i].heading, out);
		n = part[i].build == plot_slice ? r->c->c.space->n : 1;
		for (s.param = 0; s.param < n; s.param++)
			put_pictures(&s, &part[i], out);
	}
}

/* --------------------------------------------------------------- words */

static void
put_fact(void *arg, const char *label, const char *value)
{
	struct buf *out = arg;

	buf_addf(out, "<dt>%s</dt><dd>", label);
	markup_text(out, value);
	buf_adds(out, "</dd>\n");
}

static void
put_top_row(const struct report *r, const struct observation *o,
    struct buf *out)
{
	const struct objectives *objectives = r->c->c.objectives;
	struct buf text = BUF_INIT;
	size_t j;

	buf_addf(out, "<tr><td>%lld</td>", (long long)o->id);
	for (j = 0; j < objectives->n; j++)
		buf_addf(out, "<td>%.10g</td>", o->y[j]);
	if (objectives->weight != NULL)
		buf_addf(out, "<td>%.10g</td>", plot_value(r, o));
	report_point(r, o, &text);
	buf_adds(out, "<td>");
	markup_text(out, buf_str(&text));
	buf_adds(out, "</td></tr>\n");
	buf_release(&text);
}

static void
put_top(const struct report *r, struct buf *out)
{
	const struct objectives *o = r->c->c.objectives;
	size_t i;

	if (r->nranked == 0)
		return;
	heading("top", "The best trials", out);
	buf_adds(out, "<div class=\"scroll\"><table><thead><tr>"
	    "<th scope=\"col\">trial</th>");
	for (i = 0; i < o->n; i++) {
		buf_adds(out, "<th scope=\"col\">");
		markup_text(out, o->objective[i].name);
		buf_adds(out, "</th>");
	}
	if (o->weight != NULL)
		buf_addf(out, "<th scope=\"col\">%s</th>",
		    objectives_scalar_name(o));
	buf_adds(out, "<th scope=\"col\">parameters</th></tr></thead>"
	    "<tbody>\n");
	for (i = 0; i < r->nranked && i < r->top; i++)
		put_top_row(r, r->ranked[i], out);
	buf_adds(out, "</tbody></table></div>\n");
}

/* The campaign's directory is what people call it. */
static void
put_title(const struct report *r, struct buf *out)
{
	const char *slash = strrchr(r->c->paths.root, '/');

	markup_text(out, slash != NULL && slash[1] != '\0' ? slash + 1 :
	    "campaign");
}

void
report_html(const struct report *r, struct buf *out)
{
	buf_adds(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
	    "<meta charset=\"utf-8\"/>\n<meta name=\"viewport\" "
	    "content=\"width=device-width, initial-scale=1\"/>\n<title>");
	put_title(r, out);
	buf_addf(out, ": campaign report</title>\n<style>%s\n", style);
	svg_style(out);
	buf_adds(out, "</style>\n</head>\n<body>\n<main>\n<h1>");
	put_title(r, out);
	buf_adds(out, "</h1>\n<dl>\n");
	report_facts(r, put_fact, out);
	buf_adds(out, "</dl>\n");
	put_top(r, out);
	put_all_pictures(r, out);
	buf_adds(out, "</main>\n</body>\n</html>\n");
}
