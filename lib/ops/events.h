/*
 * events: lines of the event log for other programs; private to ops.
 *
 * A position is between two lines.  What is remembered of it is enough to
 * tell whether a log still is the one that it was taken in: a checksum of
 * the bytes in front of it, whose lines hold microseconds.
 */
#ifndef LO_OPS_EVENTS_H
#define LO_OPS_EVENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "campaign/lines.h"
#include "campaign/paths.h"

struct position {
	int64_t line;		/* of the last line before it, 0: none */
	int64_t offset;		/* where the next one begins */
	bool checked;		/* check is known */
	uint32_t check;
};

/* A file that holds a position. */
struct cursor {
	char *path;		/* absolute; NULL: there is none */
	char *shown;
};

/* Find the file, and read the position if it exists; else it is the
 * beginning. */
int	cursor_open(struct cursor *, const struct paths *, const char *path,
	    struct position *, struct err *);
/* Replace the file in one step, on disk when it returns. */
int	cursor_save(const struct cursor *, const struct position *,
	    struct err *);
void	cursor_release(struct cursor *);

/* Go to behind that line. */
void	position_after(struct position *, const struct lines *);
/* Was the position taken in this log? */
bool	position_fits(const struct position *, const struct buf *log);

/* Append the line of an event whose topic is among those; false if it has
 * none of them. */
bool	events_line(const struct lines *, unsigned topics, struct buf *out);

#endif
