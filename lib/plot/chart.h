/*
 * chart: a picture as data, to be drawn as SVG (svg.h) or in a terminal
 * (term.h).
 *
 *	c = charts_add(&list, "title");
 *	chart_axis(&c->x, "trial", false); ...
 *	s = chart_series(c, CHART_DOTS, TONE_MAIN, "ok");
 *	chart_point(s, x, y); ...
 *	chart_column(c, "trial"); ... chart_cell(c, "%d", 7); ...
 *
 * Coordinates are those of the data.  +INFINITY and -INFINITY stand at the
 * edge of the picture, NaN nowhere (in a line: the pen is lifted), and so
 * does what a log scale has no place for.  Axes without bounds of their own
 * get them from the series when the picture is drawn.  Texts are copied.
 *
 * The table says the same as the picture to those who cannot see it.
 */
#ifndef LO_PLOT_CHART_H
#define LO_PLOT_CHART_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

enum chart_mark {
	CHART_DOTS, CHART_CROSSES,
	CHART_LINE,		/* through the points, NaN lifts the pen */
	CHART_BARS		/* from one x to another, some y high */
};

/* What a series is, not how it looks. */
enum chart_tone {
	TONE_MAIN, TONE_BEST, TONE_FAIL, TONE_OTHER, TONE_MUTED,
	TONE_SHADE		/* and up: of CHART_SHADES, strongest first */
};
#define CHART_SHADES 5

struct chart_item {
	double x, y;
	double to, half;	/* bars: the other end, half the height */
};

struct chart_series {
	enum chart_mark mark;
	unsigned tone;
	char *name;		/* in the legend, or NULL */
	struct chart_item *item;
	size_t n, cap;
};

struct chart_axis {
	char *label;
	double lo, hi;		/* lo > hi: of the series */
	bool log, integer;
	/* Instead of numbers, a name at 0, 1 ...; below and above the
	 * picture what the ends of its column mean. */
	char **name, **low, **high;
	size_t nname;
};

struct chart_label {		/* beside a place, in SVG only */
	double x, y;
	char *text;
};

struct chart {
	char *title;
	char *note;		/* a sentence below, or NULL */
	char *table_note;	/* what the table leaves out, or NULL */
	struct chart_axis x, y;
	struct chart_series *series;
	size_t nseries, cap;
	struct chart_label *label;
	size_t nlabel, label_cap;
	bool columns;		/* x has names and y says nothing */
	struct buf head, cell;	/* of the table, a NUL behind each */
	size_t ncolumn, ncell;
};

struct charts {
	struct chart *chart;
	size_t n, cap;
};

/* The last one, valid until the next is added. */
struct chart *charts_add(struct charts *, const char *title);
void	charts_release(struct charts *);

void	chart_note(struct chart *, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));
void	chart_table_note(struct chart *, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));
void	chart_axis(struct chart_axis *, const char *label, bool log);
/* Names become numbers 0, 1 ...; low and high may be NULL. */
void	chart_name(struct chart_axis *, const char *name, const char *low,
	    const char *high);
/* The last one, valid until the next is added.  name may be NULL. */
struct chart_series *chart_series(struct chart *, enum chart_mark,
	    unsigned tone, const char *name);
void	chart_point(struct chart_series *, double x, double y);
void	chart_bar(struct chart_series *, double from, double to, double y,
	    double half);
void	chart_label(struct chart *, double x, double y, const char *text);
/* All columns, then the cells, row by row. */
void	chart_column(struct chart *, const char *name);
void	chart_cell(struct chart *, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));
/* Six digits, nothing for NaN. */
void	chart_cell_number(struct chart *, double);

/* Give axes without bounds those of their series, with a margin, so that
 * lo < hi; drawing does it. */
void	chart_fit(struct chart *);

#define AXIS_TICKS 12
struct chart_ticks {
	size_t n;
	double at[AXIS_TICKS];
	char text[AXIS_TICKS][32];
};
/* About wanted round numbers within the bounds, which are set. */
void	chart_ticks(const struct chart_axis *, size_t wanted,
	    struct chart_ticks *);
/* Where a value stands: 0 at lo, 1 at hi, beyond them within one margin;
 * NaN where it has no place. */
double	chart_place(const struct chart_axis *, double value);

#endif
