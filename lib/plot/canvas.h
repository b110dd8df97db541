/* canvas: characters to draw on; what term.c is made of. */
#ifndef LO_PLOT_CANVAS_H
#define LO_PLOT_CANVAS_H

#include "plot/chart.h"

struct canvas {
	size_t columns, rows;
	bool utf8;
	char *cell;		/* a sign, or 0 */
	unsigned char *dots;	/* of braille, where there is no sign */
};

void	canvas_init(struct canvas *, size_t columns, size_t rows, bool utf8);
void	canvas_release(struct canvas *);
/* Places are as chart_place has them; NaN is nowhere. */
void	canvas_dot(struct canvas *, double x, double y, char sign);
void	canvas_line(struct canvas *, const double from[2],
	    const double to[2], char sign);
void	canvas_sign(struct canvas *, double x, double y, char sign);
void	canvas_bar(struct canvas *, double from, double to, double y,
	    char sign);
/* Behind a place, as far as there is room. */
void	canvas_text(struct canvas *, double x, double y, const char *);
/* One row, without what is blank at its end. */
void	canvas_row(const struct canvas *, size_t row, struct buf *);
/* A sign as it is shown. */
void	canvas_show(char sign, bool utf8, struct buf *);

#endif
