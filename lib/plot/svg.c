/* svg: charts as SVG.  See svg.h. */
#include <math.h>
#include <string.h>

#include "plot/markup.h"
#include "plot/svg.h"

#define WIDTH 720.0
#define HEIGHT 330.0
#define ROW 26.0		/* of a y axis with names */
#define LETTER 6.6		/* width of a character, more or less */
#define NAME_LETTER 7.8	/* the widest ones, with a gap */
#define TITLE 30.0

/* The frame of one picture, in pixels. */
struct frame {
	struct chart *c;
	struct buf *out;
	double left, right, top, bottom;	/* edges of the plot */
	double height;		/* of all */
};

static const char light[] =
    ".lo-paper{fill:#fff}.lo text{fill:#222;font:12px sans-serif}"
    ".lo .title{font-size:15px;font-weight:bold}"
    ".lo .note{fill:#555}.lo .end{font-size:10.5px;fill:#555}"
    ".lo .on{paint-order:stroke;stroke:#fff;stroke-width:3px}"
    ".lo .grid{stroke:#ddd;stroke-width:1}"
    ".lo .axis{stroke:#777;stroke-width:1}"
    ".lo .m{stroke:currentColor;fill:none;stroke-width:2}"
    ".lo .d{stroke-width:6;stroke-linecap:round;stroke-opacity:.75}"
    ".lo .b{fill:currentColor;stroke:none}"
    ".lo .t0{color:#1f6fb4}.lo .t1{color:#b35900}.lo .t2{color:#c1121f}"
    ".lo .t3{color:#6a4c93}.lo .t4{color:#9aa5b1}"
    ".lo .t5{color:#0b3c6f;stroke-width:2.5}"
    ".lo .t6{color:#2f79b9;stroke-width:1.5}"
    ".lo .t7{color:#7fb0d9;stroke-width:1}"
    ".lo .t8{color:#a9c4dc;stroke-width:1}"
    ".lo .t9{color:#c3cdd6;stroke-width:1}";

static const char dark[] =
    ".lo-paper{fill:#15191e}.lo text{fill:#e6e6e6}"
    ".lo .note,.lo .end{fill:#a8b0b8}.lo .grid{stroke:#333b44}"
    ".lo .axis{stroke:#8a939c}.lo .on{stroke:#15191e}"
    ".lo .t0{color:#6cb2f0}.lo .t1{color:#ffb454}.lo .t2{color:#ff7b72}"
    ".lo .t3{color:#c4a7ef}.lo .t4{color:#66717d}"
    ".lo .t5{color:#d6ebff}.lo .t6{color:#7fbcf2}.lo .t7{color:#477fae}"
    ".lo .t8{color:#304f69}.lo .t9{color:#263542}";

void
svg_style(struct buf *out)
{
	buf_addf(out, "%s\n@media screen and (prefers-color-scheme:dark){"
	    "%s}\n", light, dark);
}

/* ---------------------------------------------------------- elements */

static void
attribute(struct buf *out, const char *name, double value)
{
	buf_addf(out, " %s=\"", name);
	markup_number(out, value);
	buf_addc(out, '"');
}

static void
stroke(const struct frame *f, const char *class, const double at[4])
{
	buf_addf(f->out, "<line class=\"%s\"", class);
	attribute(f->out, "x1", at[0]);
	attribute(f->out, "y1", at[1]);
	attribute(f->out, "x2", at[2]);
	attribute(f->out, "y2", at[3]);
	buf_adds(f->out, "/>\n");
}

struct words {
	double x, y;
	const char *anchor;	/* start, middle, end */
	const char *class;	/* or NULL */
	size_t most;		/* characters */
};

static void
words(const struct frame *f, const struct words *w, const char *text)
{
	buf_adds(f->out, "<text");
	attribute(f->out, "x", w->x);
	attribute(f->out, "y", w->y);
	buf_addf(f->out, " text-anchor=\"%s\"", w->anchor);
	if (w->class != NULL)
		buf_addf(f->out, " class=\"%s\"", w->class);
	buf_addc(f->out, '>');
	markup_short(f->out, text, w->most);
	buf_adds(f->out, "</text>\n");
}

static double
at_x(const struct frame *f, double v)
{
	return f->left + chart_place(&f->c->x, v) * (f->right - f->left);
}

static double
at_y(const struct frame *f, double v)
{
	return f->bottom - chart_place(&f->c->y, v) * (f->bottom - f->top);
}

/* -------------------------------------------------------------- axes */

static void
x_numbers(const struct frame *f)
{
	struct words w = { 0, f->bottom + 16, "middle", NULL, 16 };
	struct chart_ticks t;
	size_t i;

	chart_ticks(&f->c->x, 8, &t);
	for (i = 0; i < t.n; i++) {
		w.x = at_x(f, t.at[i]);
		if (isnan(w.x))
			continue;
		stroke(f, "grid", (double[]){ w.x, f->top, w.x,
		    f->bottom });
		words(f, &w, t.text[i]);
	}
}

static void
y_numbers(const struct frame *f)
{
	struct words w = { f->left - 6, 0, "end", NULL, 16 };
	struct chart_ticks t;
	double y;
	size_t i;

	chart_ticks(&f->c->y, 6, &t);
	for (i = 0; i < t.n; i++) {
		y = at_y(f, t.at[i]);
		if (isnan(y))
			continue;
		stroke(f, "grid", (double[]){ f->left, y, f->right, y });
		w.y = y + 4;
		words(f, &w, t.text[i]);
	}
}

static void
x_names(const struct frame *f)
{
	const struct chart_axis *a = &f->c->x;
	double step = (f->right - f->left) / (double)a->nname, x;
	size_t i, most = (size_t)(step / NAME_LETTER);
	struct words w = { 0, 0, "middle", NULL, most > 2 ? most : 2 };

	for (i = 0; i < a->nname; i++) {
		w.x = x = at_x(f, (double)i);
		stroke(f, f->c->columns ? "axis" : "grid",
		    (double[]){ x, f->top, x, f->bottom });
		w.y = f->bottom + (f->c->columns ? 32 : 16);
		w.class = NULL;
		words(f, &w, a->name[i]);
		w.class = "end";
		w.y = f->bottom + 14;
		if (a->low[i] != NULL)
			words(f, &w, a->low[i]);
		w.y = f->top - 6;
		if (a->high[i] != NULL)
			words(f, &w, a->high[i]);
	}
}

static void
y_names(const struct frame *f)
{
	struct words w = { f->left - 6, 0, "end", NULL, 28 };
	size_t i;

	for (i = 0; i < f->c->y.nname; i++) {
		w.y = at_y(f, (double)i) + 4;
		words(f, &w, f->c->y.name[i]);
	}
}

static void
axis_labels(const struct frame *f)
{
	struct words w = { (f->left + f->right) / 2, f->bottom + 36,
	    "middle", NULL, 90 };

	if (f->c->x.label != NULL && !f->c->columns)
		words(f, &w, f->c->x.label);
	if (f->c->y.label == NULL || f->c->columns)
		return;
	buf_adds(f->out, "<text text-anchor=\"middle\" "
	    "transform=\"translate(14 ");
	markup_number(f->out, (f->top + f->bottom) / 2);
	buf_adds(f->out, ") rotate(-90)\">");
	markup_short(f->out, f->c->y.label, 44);
	buf_adds(f->out, "</text>\n");
}

static void
axes(const struct frame *f)
{
	if (f->c->x.nname > 0)
		x_names(f);
	else
		x_numbers(f);
	if (f->c->y.nname > 0)
		y_names(f);
	else if (!f->c->columns)
		y_numbers(f);
	if (!f->c->columns) {
		stroke(f, "axis", (double[]){ f->left, f->bottom, f->right,
		    f->bottom });
		stroke(f, "axis", (double[]){ f->left, f->top, f->left,
		    f->bottom });
	}
	axis_labels(f);
}

/* ------------------------------------------------------------- marks */

static void
place(struct buf *out, char verb, double x, double y)
{
	buf_addc(out, verb);
	markup_number(out, x);
	buf_addc(out, ' ');
	markup_number(out, y);
}

static void
bar(const struct frame *f, const struct chart_item *p)
{
	double x0 = at_x(f, p->x), x1 = at_x(f, p->to);
	double y0 = at_y(f, p->y + p->half), y1 = at_y(f, p->y - p->half);

	if (isnan(x0) || isnan(x1) || isnan(y0) || isnan(y1))
		return;
	if (fabs(x1 - x0) < 1)	/* to be seen at all */
		x1 = x0 + 1;
	place(f->out, 'M', x0, y0);
	buf_addc(f->out, 'H');
	markup_number(f->out, x1);
	buf_addc(f->out, 'V');
	markup_number(f->out, y1 - y0 < 0.8 ? y0 + 0.8 : y1);
	buf_addc(f->out, 'H');
	markup_number(f->out, x0);
	buf_addc(f->out, 'Z');
}

static void
mark(const struct frame *f, enum chart_mark kind, double x, double y)
{
	double arm = kind == CHART_CROSSES ? 3.5 : 0;

	place(f->out, 'M', x - arm, y - arm);
	buf_adds(f->out, kind == CHART_DOTS ? "h.01" : "l7 7m-7 0l7-7");
}

static void
line(const struct frame *f, const struct chart_series *s)
{
	bool down = false;
	double x, y;
	size_t i;

	for (i = 0; i < s->n; i++) {
		x = at_x(f, s->item[i].x);
		y = at_y(f, s->item[i].y);
		if (isnan(x) || isnan(y)) {
			down = false;
			continue;
		}
		place(f->out, down ? 'L' : 'M', x, y);
		down = true;
	}
}

static void
marks(const struct frame *f, const struct chart_series *s)
{
	double x, y;
	size_t i;

	for (i = 0; i < s->n; i++) {
		if (s->mark == CHART_BARS) {
			bar(f, &s->item[i]);
			continue;
		}
		x = at_x(f, s->item[i].x);
		y = at_y(f, s->item[i].y);
		if (!isnan(x) && !isnan(y))
			mark(f, s->mark, x, y);
	}
}

static const char *
class_of(enum chart_mark mark)
{
	return mark == CHART_DOTS ? "m d" : mark == CHART_BARS ? "m b" : "m";
}

static void
series(const struct frame *f, const struct chart_series *s)
{
	buf_addf(f->out, "<path class=\"%s t%u\" d=\"", class_of(s->mark),
	    s->tone);
	if (s->mark == CHART_LINE)
		line(f, s);
	else
		marks(f, s);
	buf_adds(f->out, "\"/>\n");
}

static void
sample(const struct frame *f, const struct chart_series *s, double x,
    double y)
{
	buf_addf(f->out, "<path class=\"%s t%u\" d=\"", class_of(s->mark),
	    s->tone);
	if (s->mark == CHART_LINE) {
		place(f->out, 'M', x - 7, y);
		buf_adds(f->out, "h14");
	} else if (s->mark == CHART_BARS) {
		place(f->out, 'M', x - 7, y - 5);
		buf_adds(f->out, "h14v10h-14Z");
	} else
		mark(f, s->mark, x, y);
	buf_adds(f->out, "\"/>\n");
}

static void
legend(const struct frame *f, double y)
{
	struct words w = { f->left + 8, y, "start", NULL, 40 };
	size_t i;

	for (i = 0; i < f->c->nseries; i++) {
		const struct chart_series *s = &f->c->series[i];

		if (s->name == NULL || s->n == 0)
			continue;
		sample(f, s, w.x, y - 4);
		w.x += 12;
		words(f, &w, s->name);
		w.x += (double)markup_count(s->name) * LETTER + 22;
	}
}

/* ----------------------------------------------------------- pictures */

static double
widest(const struct chart_axis *a)
{
	struct chart_ticks t;
	size_t i, n, most = 0;

	for (i = 0; i < a->nname; i++) {
		n = markup_count(a->name[i]);
		most = n > most ? n : most;
	}
	if (a->nname == 0)
		chart_ticks(a, 6, &t);
	for (i = 0; a->nname == 0 && i < t.n; i++) {
		n = strlen(t.text[i]);
		most = n > most ? n : most;
	}
	return LETTER * (double)(most < 28 ? most : 28);
}

/* top: where the picture begins; its title is above that. */
static void
frame_init(struct frame *f, struct chart *c, double top, struct buf *out)
{
	double plot = c->y.nname > 0 ? ROW * (double)c->y.nname + 10 :
	    HEIGHT - 80;

	chart_fit(c);
	f->c = c;
	f->out = out;
	f->left = c->columns ? 20 : 34 + widest(&c->y);
	f->right = WIDTH - 20;
	f->top = top + (c->columns ? 40 : 26);
	f->bottom = f->top + plot;
	f->height = f->bottom + 46 - top;
}

static void
draw(const struct frame *f)
{
	struct words w = { 0, 0, "start", "on", 60 };
	size_t i;

	axes(f);
	for (i = 0; i < f->c->nseries; i++)
		if (f->c->series[i].mark == CHART_LINE)
			series(f, &f->c->series[i]);
	for (i = 0; i < f->c->nseries; i++)
		if (f->c->series[i].mark != CHART_LINE)
			series(f, &f->c->series[i]);
	for (i = 0; i < f->c->nlabel; i++) {
		w.x = at_x(f, f->c->label[i].x) + 5;
		w.y = at_y(f, f->c->label[i].y) + 4;
		words(f, &w, f->c->label[i].text);
	}
	legend(f, f->top - (f->c->columns ? 24 : 10));
}

static void
head(double height, bool own, const char *title, struct buf *out)
{
	buf_adds(out, "<svg class=\"lo\" role=\"img\"");
	if (own)
		buf_adds(out, " xmlns=\"http://www.w3.org/2000/svg\"");
	buf_addf(out, " viewBox=\"0 0 %.0f %.0f\"", WIDTH, height);
	if (own)
		buf_addf(out, " width=\"%.0f\" height=\"%.0f\"", WIDTH,
		    height);
	buf_adds(out, " aria-label=\"");
	markup_text(out, title);
	buf_adds(out, "\">\n");
}

void
svg_inline(struct chart *c, struct buf *out)
{
	struct frame f;

	frame_init(&f, c, 0, out);
	head(f.height, false, c->title, out);
	draw(&f);
	buf_adds(out, "</svg>\n");
}

static double
one_of_many(struct chart *c, double top, struct buf *out)
{
	struct words w = { 12, top + 20, "start", "title", 80 };
	struct frame f;

	frame_init(&f, c, top + TITLE, out);
	words(&f, &w, c->title);
	draw(&f);
	if (c->note == NULL)
		return top + TITLE + f.height;
	w = (struct words){ 12, top + TITLE + f.height + 8, "start", "note",
	    115 };
	words(&f, &w, c->note);
	return top + TITLE + f.height + 20;
}

void
svg_document(struct charts *list, struct buf *out)
{
	struct buf body = BUF_INIT;
	double height = 0;
	size_t i;

	for (i = 0; i < list->n; i++)
		height = one_of_many(&list->chart[i], height, &body);
	head(height, true, list->n > 0 ? list->chart[0].title : "", out);
	buf_adds(out, "<style>\n");
	svg_style(out);
	buf_addf(out, "</style>\n<rect class=\"lo-paper\" width=\"%.0f\" "
	    "height=\"%.0f\"/>\n", WIDTH, height);
	buf_add(out, body.p, body.len);
	buf_adds(out, "</svg>\n");
	buf_release(&body);
}
