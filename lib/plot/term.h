/*
 * term: charts as lines of text.
 *
 * With utf8 points and lines are dots of braille, two by four in a
 * character; without it all is ASCII.  Names from the outside are shown
 * without control characters.  No line is longer than width.
 */
#ifndef LO_PLOT_TERM_H
#define LO_PLOT_TERM_H

#include "plot/chart.h"

#define TERM_NARROWEST 20

struct term_options {
	int width;		/* columns; at least TERM_NARROWEST are used */
	bool utf8;
};

void	term_draw(struct chart *, const struct term_options *, struct buf *);
/* Text as a terminal may have it, at most width characters. */
void	term_text(struct buf *, const char *, size_t width, bool utf8);

#endif
