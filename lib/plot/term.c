/* term: charts as lines of text.  See term.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "plot/canvas.h"
#include "plot/markup.h"
#include "plot/term.h"

#define ROWS 16
#define NAME_WIDTH 24

struct screen {
	struct chart *c;
	const struct term_options *o;
	struct buf *out;
	size_t left;		/* columns before the picture */
	struct canvas canvas;
};

/* --------------------------------------------------------------- text */

/* C1 controls, too. */
static bool
is_control(const char *p, size_t n)
{
	return n == 0 || (n == 1 && ((unsigned char)*p < 0x20 ||
	    *p == 0x7F)) || (n == 2 && (unsigned char)p[0] == 0xC2 &&
	    (unsigned char)p[1] < 0xA0);
}

void
term_text(struct buf *out, const char *text, size_t width, bool utf8)
{
	size_t all = markup_count(text), i, n;

	for (i = 0; *text != '\0' && i < width; i++) {
		n = markup_utf8(text);
		if (i + 1 == width && all > width)
			buf_adds(out, utf8 ? "\xE2\x80\xA6" : "~");
		else if (is_control(text, n) || (n > 1 && !utf8))
			buf_addc(out, '?');
		else
			buf_add(out, text, n);
		text += n > 0 ? n : 1;
	}
}

static void
spaces(struct buf *out, size_t n)
{
	while (n-- > 0)
		buf_addc(out, ' ');
}

/* Without blanks at its end. */
static void
end_line(struct buf *out)
{
	while (out->len > 0 && out->p[out->len - 1] == ' ')
		buf_cut(out, out->len - 1);
	buf_addc(out, '\n');
}

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Right-justified before the picture. */
static void
margin(const struct screen *s, const char *text)
{
	size_t width = s->left - 2, n = least(markup_count(text), width);

	spaces(s->out, width - n);
	term_text(s->out, text, width, s->o->utf8);
	buf_addc(s->out, ' ');
}

/* -------------------------------------------------------------- marks */

static char
sign_of(const struct chart_series *s)
{
	static const char dots[] = "o*x+.#+-..", lines[] = "-=x+.#+-..";
	static const char bars[] = "#*x~-#~~--";

	if (s->mark == CHART_CROSSES)
		return 'x';
	return s->mark == CHART_DOTS ? dots[s->tone] : s->mark ==
	    CHART_LINE ? lines[s->tone] : bars[s->tone];
}

static void
draw_line(struct screen *s, const struct chart_series *v)
{
	double from[2] = { NAN, NAN }, to[2];
	size_t i;

	for (i = 0; i < v->n; i++) {
		to[0] = chart_place(&s->c->x, v->item[i].x);
		to[1] = chart_place(&s->c->y, v->item[i].y);
		canvas_line(&s->canvas, from, to, sign_of(v));
		memcpy(from, to, sizeof(from));
	}
}

/* A bar of nothing is none, where its length is what counts. */
static void
draw_bar(struct screen *s, const struct chart_series *v, size_t i)
{
	double from = chart_place(&s->c->x, v->item[i].x);
	double to = chart_place(&s->c->x, v->item[i].to);

	if (s->c->y.nname > 0 && (to - from) *
	    (double)s->canvas.columns < 0.25)
		return;
	canvas_bar(&s->canvas, from, to, chart_place(&s->c->y,
	    v->item[i].y), sign_of(v));
}

static void
draw_marks(struct screen *s, const struct chart_series *v)
{
	double x, y;
	size_t i;

	for (i = 0; i < v->n; i++) {
		if (v->mark == CHART_BARS) {
			draw_bar(s, v, i);
			continue;
		}
		x = chart_place(&s->c->x, v->item[i].x);
		y = chart_place(&s->c->y, v->item[i].y);
		if (v->mark == CHART_CROSSES || v->tone == TONE_BEST)
			canvas_sign(&s->canvas, x, y, sign_of(v));
		else
			canvas_dot(&s->canvas, x, y, sign_of(v));
	}
}

/* Marks stand on lines. */
static void
draw(struct screen *s)
{
	size_t i;

	for (i = 0; i < s->c->nseries; i++)
		if (s->c->series[i].mark == CHART_LINE)
			draw_line(s, &s->c->series[i]);
	for (i = 0; i < s->c->nseries; i++)
		if (s->c->series[i].mark != CHART_LINE)
			draw_marks(s, &s->c->series[i]);
	for (i = 0; s->c->y.nname > 0 && i < s->c->nlabel; i++)
		canvas_text(&s->canvas, chart_place(&s->c->x,
		    s->c->label[i].x), chart_place(&s->c->y,
		    s->c->label[i].y), s->c->label[i].text);
}

/* --------------------------------------------------------------- rows */

/* The row in which a value of y stands. */
static size_t
row_of(const struct screen *s, double y)
{
	double at = (1 - chart_place(&s->c->y, y)) *
	    (double)s->canvas.rows;

	return isnan(at) ? s->canvas.rows : at < 0 ? 0 :
	    least((size_t)at, s->canvas.rows - 1);
}

static void
row_label(const struct screen *s, size_t row, const struct chart_ticks *t)
{
	size_t i;

	for (i = 0; i < s->c->y.nname; i++)
		if (row_of(s, (double)i) == row) {
			margin(s, s->c->y.name[i]);
			return;
		}
	for (i = 0; i < t->n; i++)
		if (row_of(s, t->at[i]) == row) {
			margin(s, t->text[i]);
			return;
		}
	margin(s, "");
}

static void
put_rows(const struct screen *s, const struct chart_ticks *t)
{
	size_t i;

	for (i = 0; i < s->canvas.rows; i++) {
		row_label(s, i, t);
		buf_adds(s->out, s->o->utf8 ? "\xE2\x94\x82" : "|");
		canvas_row(&s->canvas, i, s->out);
		end_line(s->out);
	}
	margin(s, "");
	buf_adds(s->out, s->o->utf8 ? "\xE2\x94\x94" : "+");
	for (i = 0; i < s->canvas.columns; i++)
		buf_adds(s->out, s->o->utf8 ? "\xE2\x94\x80" : "-");
	buf_addc(s->out, '\n');
}

/* Text around a place of x, unless it would touch what is there; *used is
 * how many columns are. */
static void
put_at(const struct screen *s, double place, const char *text, size_t most,
    size_t *used)
{
	size_t n = least(markup_count(text), most), start;
	double middle = place * (double)s->canvas.columns;

	if (isnan(middle) || n > s->canvas.columns)
		return;
	start = middle < (double)n / 2 ? 0 : (size_t)(middle -
	    (double)n / 2);
	start = least(start, s->canvas.columns - n);
	if (*used > 0 && start < *used + 1)
		return;
	spaces(s->out, start - *used);
	term_text(s->out, text, most, s->o->utf8);
	*used = start + n;
}

static void
put_names(const struct screen *s, char *const *name)
{
	const struct chart_axis *a = &s->c->x;
	size_t i, used = 0, step = s->canvas.columns / a->nname;
	bool any = false;

	for (i = 0; i < a->nname; i++)
		any = any || name[i] != NULL;
	if (!any)
		return;
	spaces(s->out, s->left);
	for (i = 0; i < a->nname; i++)
		if (name[i] != NULL)
			put_at(s, chart_place(a, (double)i), name[i],
			    step > 2 ? step - 1 : 1, &used);
	end_line(s->out);
}

static void
put_x(const struct screen *s)
{
	struct chart_ticks t;
	size_t i, used = 0;

	if (s->c->x.nname > 0) {
		put_names(s, s->c->x.low);
		put_names(s, s->c->x.name);
	} else {
		chart_ticks(&s->c->x, s->canvas.columns / 12, &t);
		spaces(s->out, s->left);
		for (i = 0; i < t.n; i++)
			put_at(s, chart_place(&s->c->x, t.at[i]), t.text[i],
			    16, &used);
		end_line(s->out);
	}
	if (s->c->x.label == NULL)
		return;
	spaces(s->out, s->left);
	used = 0;
	put_at(s, 0.5, s->c->x.label, s->canvas.columns, &used);
	end_line(s->out);
}

static void
put_legend(const struct screen *s)
{
	const struct chart_series *v;
	size_t i, used = 0, n, width = (size_t)s->o->width;

	for (i = 0; i < s->c->nseries; i++) {
		v = &s->c->series[i];
		if (v->name == NULL || v->n == 0)
			continue;
		n = markup_count(v->name) + 4;
		if (used > 0 && used + n > width) {
			end_line(s->out);
			used = 0;
		}
		if (s->o->utf8 && v->mark == CHART_LINE)
			buf_adds(s->out, "\xE2\xA0\x92");
		else if (s->o->utf8 && v->mark == CHART_DOTS &&
		    v->tone != TONE_BEST)
			buf_adds(s->out, "\xE2\xA0\x82");
		else
			canvas_show(sign_of(v), s->o->utf8, s->out);
		buf_addc(s->out, ' ');
		term_text(s->out, v->name, width - 2, s->o->utf8);
		spaces(s->out, 2);
		used += n;
	}
	if (used > 0)
		end_line(s->out);
}

/* Words, broken into lines. */
static void
put_note(const struct screen *s)
{
	size_t width = (size_t)s->o->width, used = 0, n;
	const char *p = s->c->note;
	char *word;

	while (p != NULL && *p != '\0') {
		n = strcspn(p, " ");
		word = xstrndup(p, n);
		if (used > 0 && used + 1 + markup_count(word) > width) {
			buf_addc(s->out, '\n');
			used = 0;
		}
		if (used > 0)
			buf_addc(s->out, ' ');
		term_text(s->out, word, width, s->o->utf8);
		used += markup_count(word) + (used > 0);
		free(word);
		p += n;
		p += strspn(p, " ");
	}
	if (used > 0)
		buf_addc(s->out, '\n');
}

static size_t
widest(const struct chart *c, const struct chart_ticks *t)
{
	size_t i, n, most = 1;

	for (i = 0; i < c->y.nname; i++) {
		n = markup_count(c->y.name[i]);
		most = n > most ? n : most;
	}
	for (i = 0; i < t->n; i++) {
		n = strlen(t->text[i]);
		most = n > most ? n : most;
	}
	return most;
}

void
term_draw(struct chart *c, const struct term_options *wanted,
    struct buf *out)
{
	struct term_options o = *wanted;
	struct screen s = { .c = c, .o = &o, .out = out };
	struct chart_ticks t = { 0 };
	size_t width;

	if (o.width < TERM_NARROWEST)
		o.width = TERM_NARROWEST;
	width = (size_t)o.width;
	chart_fit(c);
	if (c->y.nname == 0 && !c->columns)
		chart_ticks(&c->y, 7, &t);
	s.left = least(widest(c, &t), least(NAME_WIDTH, width / 3)) + 2;
	canvas_init(&s.canvas, width - s.left, c->y.nname > 0 ?
	    c->y.nname : ROWS, o.utf8);
	draw(&s);
	term_text(out, c->title, width, o.utf8);
	buf_addc(out, '\n');
	if (c->y.label != NULL && !c->columns) {
		term_text(out, c->y.label, width, o.utf8);
		buf_addc(out, '\n');
	}
	if (c->x.nname > 0)
		put_names(&s, c->x.high);
	put_rows(&s, &t);
	put_x(&s);
	put_legend(&s);
	put_note(&s);
	canvas_release(&s.canvas);
}
