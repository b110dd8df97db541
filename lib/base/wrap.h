/* wrap: words in lines of some width. */
#ifndef LO_BASE_WRAP_H
#define LO_BASE_WRAP_H

#include <stddef.h>

#include "base/buf.h"

/* Append the words of text as lines of at most so many characters (UTF-8
 * counted as characters), each line beginning with indent; a longer word
 * has a line of its own.  A newline in the text ends a line; control
 * characters other than that become "?". */
void	wrap(const char *text, const char *indent, size_t width,
	    struct buf *out);

#endif
