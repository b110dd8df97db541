/* json_text: escapes of strings, for those who work on JSON as text. */
#ifndef LO_STORE_JSON_TEXT_H
#define LO_STORE_JSON_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "store/json.h"

/* The inside of a scanned string, escapes resolved, as UTF-8. */
void	json_unescape(struct span, struct buf *);
/* UTF-8 as the inside of a string; with ascii, everything else as \uXXXX.
 * Bytes that are not UTF-8 become U+FFFD. */
void	json_escape(const char *, size_t len, bool ascii, struct buf *);
/* Where the scanned value that begins at p ends. */
const char *json_skip(const char *p, const char *end);
const char *json_skip_space(const char *p, const char *end);
/* Length of the UTF-8 sequence at p, 0 if it is none. */
size_t	json_utf8(const char *p, const char *end);

#endif
