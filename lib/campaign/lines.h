/*
 * lines: one of the logs, line by line.
 *
 *	for (l = lines_of(&text); lines_next(&l); )
 *		if (lines_object(&l, name, &err) == 0) use(l.line);
 *
 * A last line without a newline is torn, or still being written, and is
 * none.
 */
#ifndef LO_CAMPAIGN_LINES_H
#define LO_CAMPAIGN_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "store/json.h"

struct lines {
	const struct buf *text;	/* borrowed */
	struct span line;	/* without its newline */
	size_t number;		/* of it, from 1 */
	size_t next;		/* offset at which the one after it begins */
};

struct lines lines_of(const struct buf *text);
bool	lines_next(struct lines *);
/* Is the line a JSON object?  LO_REFUSED with "NAME line N: ...". */
int	lines_object(const struct lines *, const char *name, struct err *);

#endif
