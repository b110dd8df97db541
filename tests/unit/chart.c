/* chart, markup, svg, term: bounds, ticks, places, and text that is safe
 * whatever it holds. */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plot/chart.h"
#include "plot/markup.h"
#include "plot/svg.h"
#include "plot/term.h"
#include "unit.h"

static struct chart_axis
axis(double lo, double hi, bool log)
{
	struct chart_axis a = { .lo = lo, .hi = hi, .log = log };

	return a;
}

static bool
near(double a, double b)
{
	return fabs(a - b) <= 1e-12 * (1 + fabs(b));
}

static void
test_places(void **state)
{
	struct chart_axis a = axis(2, 6, false), l = axis(1e-4, 1, true);
	struct chart_axis far = axis(-DBL_MAX, DBL_MAX, false);

	(void)state;
	assert_true(near(chart_place(&a, 2), 0));
	assert_true(near(chart_place(&a, 3), 0.25));
	assert_true(near(chart_place(&a, 6), 1));
	assert_true(isnan(chart_place(&a, 7)));
	assert_true(isnan(chart_place(&a, NAN)));
	assert_true(near(chart_place(&l, 1e-2), 0.5));
	assert_true(isnan(chart_place(&l, 0)));
	assert_true(isnan(chart_place(&l, -1)));
	assert_true(near(chart_place(&far, 0), 0.5));
	assert_true(near(chart_place(&far, DBL_MAX), 1));
	/* at the edges, within */
	assert_true(chart_place(&a, INFINITY) > 0.9);
	assert_true(chart_place(&a, INFINITY) <= 1);
	assert_true(chart_place(&a, -INFINITY) < 0.1);
	assert_true(chart_place(&a, -INFINITY) >= 0);
}

static void
check_ticks(struct chart_axis a, size_t wanted, size_t n,
    const double *expected)
{
	struct chart_ticks t;
	size_t i;

	chart_ticks(&a, wanted, &t);
	assert_int_equal(t.n, n);
	for (i = 0; i < n; i++) {
		assert_true(near(t.at[i], expected[i]));
		assert_true(near(atof(t.text[i]), expected[i]));
	}
}

static void
test_ticks(void **state)
{
	struct chart_axis whole = axis(0.6, 3.4, false);
	struct chart_ticks t;

	(void)state;
	check_ticks(axis(0, 10, false), 5, 6,
	    (double[]){ 0, 2, 4, 6, 8, 10 });
	check_ticks(axis(-0.3, 0.25, false), 5, 3,
	    (double[]){ -0.2, 0, 0.2 });
	check_ticks(axis(1e-4, 1, true), 8, 5,
	    (double[]){ 1e-4, 1e-3, 1e-2, 0.1, 1 });
	check_ticks(axis(1e-300, 1e300, true), 4, 4,
	    (double[]){ 1e-300, 1e-149, 1e2, 1e153 });
	/* few powers: 1, 2 and 5 times them */
	check_ticks(axis(16, 700, true), 8, 5,
	    (double[]){ 20, 50, 100, 200, 500 });
	check_ticks(axis(5, 100, true), 8, 5,
	    (double[]){ 5, 10, 20, 50, 100 });
	/* and few of these: as if it were linear */
	check_ticks(axis(2, 8, true), 6, 7,
	    (double[]){ 2, 3, 4, 5, 6, 7, 8 });
	whole.integer = true;
	check_ticks(whole, 10, 3, (double[]){ 1, 2, 3 });
	/* however many are wanted, however far apart */
	chart_ticks(&(struct chart_axis){ .lo = 0, .hi = 1 }, 1000, &t);
	assert_true(t.n <= AXIS_TICKS);
	chart_ticks(&(struct chart_axis){ .lo = -DBL_MAX, .hi = DBL_MAX },
	    5, &t);
	assert_int_equal(t.n, 2);
	chart_ticks(&(struct chart_axis){ .lo = 1, .hi = 1 + DBL_EPSILON },
	    5, &t);
	assert_true(t.n <= AXIS_TICKS);
}

/* The bounds hold every value, and there is something between them. */
static void
check_fit(size_t n, const double *y, bool log)
{
	struct charts list = { 0 };
	struct chart *c = charts_add(&list, "t");
	struct chart_series *s = chart_series(c, CHART_DOTS, TONE_MAIN, NULL);
	size_t i;

	c->y.log = log;
	for (i = 0; i < n; i++)
		chart_point(s, (double)i, y[i]);
	chart_fit(c);
	assert_true(c->x.lo < c->x.hi);
	assert_true(c->y.lo < c->y.hi);
	assert_true(isfinite(c->y.lo) && isfinite(c->y.hi));
	for (i = 0; i < n; i++)
		if (isfinite(y[i]) && (!log || y[i] > 0))
			assert_true(c->y.lo <= y[i] && y[i] <= c->y.hi);
	charts_release(&list);
}

static void
test_fit(void **state)
{
	int log;

	(void)state;
	for (log = 0; log < 2; log++) {
		check_fit(0, NULL, log);
		check_fit(1, (double[]){ 5 }, log);
		check_fit(1, (double[]){ 0 }, log);
		check_fit(1, (double[]){ -5 }, log);
		check_fit(3, (double[]){ NAN, INFINITY, -INFINITY }, log);
		check_fit(2, (double[]){ -DBL_MAX, DBL_MAX }, log);
		check_fit(2, (double[]){ DBL_MIN, DBL_MAX }, log);
		check_fit(3, (double[]){ 1, 2, 1000 }, log);
	}
}

static void
check_markup(const char *text, const char *expected)
{
	struct buf b = BUF_INIT;

	markup_text(&b, text);
	assert_string_equal(buf_str(&b), expected);
	buf_release(&b);
}

#define UNKNOWN "\xEF\xBF\xBD"

/* Two decimals below a hundred, one above, no zeros at the end. */
static void
test_markup_number(void **state)
{
	static const struct {
		double x;
		const char *text;
	} row[] = { { 0, "0" }, { -0.001, "0" }, { 1, "1" }, { 1.5, "1.5" },
	    { 1.05, "1.05" }, { -12.34, "-12.34" }, { 99.999, "100" },
	    { 123.46, "123.5" }, { 720, "720" }, { -330.04, "-330" } };
	struct buf b = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		buf_cut(&b, 0);
		markup_number(&b, row[i].x);
		assert_string_equal(buf_str(&b), row[i].text);
	}
	buf_release(&b);
}

static void
test_markup(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	check_markup("a<b>&\"'", "a&lt;b&gt;&amp;&quot;&#39;");
	check_markup("\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80",
	    "\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80");
	check_markup("\x01\x1B\x7F\t\n", UNKNOWN UNKNOWN UNKNOWN "\t\n");
	/* overlong, surrogate, too large, cut off, a lone continuation */
	check_markup("\xC0\xAF", UNKNOWN UNKNOWN);
	check_markup("\xED\xA0\x80", UNKNOWN UNKNOWN UNKNOWN);
	check_markup("\xF4\x90\x80\x80", UNKNOWN UNKNOWN UNKNOWN UNKNOWN);
	check_markup("\xE2\x82", UNKNOWN UNKNOWN);
	check_markup("\x80x", UNKNOWN "x");
	check_markup("\xEF\xBF\xBF", UNKNOWN);	/* no character of XML */
	markup_short(&b, "\xC3\xA9\xC3\xA9\xC3\xA9<", 3);
	assert_string_equal(buf_str(&b), "\xC3\xA9\xC3\xA9\xE2\x80\xA6");
	buf_release(&b);
}

static void
check_term(const char *text, size_t width, bool utf8, const char *expected)
{
	struct buf b = BUF_INIT;

	term_text(&b, text, width, utf8);
	assert_string_equal(buf_str(&b), expected);
	buf_release(&b);
}

static void
test_term_text(void **state)
{
	(void)state;
	check_term("plain", 9, false, "plain");
	check_term("\x1B[31m\r\n\t", 20, true, "?[31m???");
	check_term("\xC2\x9B" "31m", 20, true, "?31m");	/* C1 */
	check_term("\xFF", 20, true, "?");
	check_term("\xC3\xA9x", 20, false, "?x");
	check_term("\xC3\xA9x", 20, true, "\xC3\xA9x");
	check_term("abcdef", 4, false, "abc~");
	check_term("abcdef", 4, true, "abc\xE2\x80\xA6");
	check_term("abcd", 4, false, "abcd");
	check_term("abcd", 0, false, "");
}

/* One dot, and where it is. */
static void
test_term_dot(void **state)
{
	struct term_options o = { .width = 40 };
	struct charts list = { 0 };
	struct chart *c = charts_add(&list, "title");
	struct chart_series *s = chart_series(c, CHART_DOTS, TONE_MAIN, NULL);
	struct buf b = BUF_INIT;

	(void)state;
	chart_axis(&c->x, "x", false);
	chart_axis(&c->y, "y", false);
	c->x.lo = c->y.lo = 0;
	c->x.hi = c->y.hi = 10;
	chart_point(s, 9.99, 9.99);
	term_draw(c, &o, &b);
	assert_non_null(strstr(buf_str(&b), "title\ny\n10 |"));
	assert_non_null(strstr(buf_str(&b), "o\n"));
	assert_ptr_equal(strchr(strstr(buf_str(&b), "10 |"), '\n') - 1,
	    strchr(strstr(buf_str(&b), "10 |"), 'o'));
	assert_null(strstr(strstr(buf_str(&b), "o\n") + 1, "o\n"));
	buf_release(&b);
	o.utf8 = true;
	term_draw(c, &o, &b);
	/* the upper right dot of a cell is number 4 */
	assert_non_null(strstr(buf_str(&b), "\xE2\xA0\x88\n"));
	buf_release(&b);
	charts_release(&list);
}

/* In SVG, too: y grows downwards, the pen is lifted at NaN. */
static void
test_svg(void **state)
{
	struct charts list = { 0 };
	struct chart *c = charts_add(&list, "t");
	struct chart_series *s = chart_series(c, CHART_LINE, TONE_MAIN, "<");
	struct buf b = BUF_INIT;
	double x[4], y[4];
	const char *d;

	(void)state;
	c->x.lo = c->y.lo = 0;
	c->x.hi = c->y.hi = 1;
	chart_point(s, 0, 0);
	chart_point(s, 1, 1);
	chart_point(s, NAN, 0);
	chart_point(s, 0, 1);
	chart_point(s, 1, 0);
	svg_inline(c, &b);
	d = strstr(buf_str(&b), "<path class=\"m t0\" d=\"");
	assert_non_null(d);
	assert_int_equal(sscanf(d + strlen("<path class=\"m t0\" d=\""),
	    "M%lf %lfL%lf %lfM%lf %lfL%lf %lf\"", &x[0], &y[0], &x[1], &y[1],
	    &x[2], &y[2], &x[3], &y[3]), 8);
	assert_true(x[0] < x[1] && x[0] == x[2] && x[1] == x[3]);
	assert_true(y[0] > y[1] && y[0] == y[3] && y[1] == y[2]);
	assert_non_null(strstr(buf_str(&b), "&lt;</text>"));
	assert_null(strstr(buf_str(&b), "xmlns"));
	buf_release(&b);
	charts_release(&list);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_ticks),
		cmocka_unit_test(test_fit),
		cmocka_unit_test(test_markup),
		cmocka_unit_test(test_markup_number),
		cmocka_unit_test(test_term_text),
		cmocka_unit_test(test_term_dot),
		cmocka_unit_test(test_svg),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
