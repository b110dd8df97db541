/*
 * svg: charts as SVG.
 *
 * A document of its own brings its style with it and follows the reader's
 * light or dark scheme; inside of a page svg_style belongs into the page's
 * style, once.  Nothing refers to anything outside.
 */
#ifndef LO_PLOT_SVG_H
#define LO_PLOT_SVG_H

#include "plot/chart.h"

/* Rules of CSS. */
void	svg_style(struct buf *);
/* An svg element without a title. */
void	svg_inline(struct chart *, struct buf *);
/* All of them, one below the other. */
void	svg_document(struct charts *, struct buf *);

#endif
