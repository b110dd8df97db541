/* markup: text in SVG and HTML, well-formed whatever it holds. */
#ifndef LO_PLOT_MARKUP_H
#define LO_PLOT_MARKUP_H

#include <stddef.h>

#include "base/buf.h"

/* Text or an attribute's value, escaped; what is no UTF-8, and characters
 * that XML has no place for, become U+FFFD. */
void	markup_text(struct buf *, const char *);
/* The same, shortened to so many characters (then with an ellipsis). */
void	markup_short(struct buf *, const char *, size_t characters);
/* A number with two decimals at most, one from a hundred on. */
void	markup_number(struct buf *, double);
/* Length of the UTF-8 sequence at p, 0 if it is none. */
size_t	markup_utf8(const char *p);
/* How many characters. */
size_t	markup_count(const char *);

#endif
