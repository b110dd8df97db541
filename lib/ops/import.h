/*
 * import: parts of op_import; private to ops.
 *
 * A source is read and its syntax checked before there is a campaign; its
 * rows are taken from it later, when the lock is held and it is known what
 * they should hold.
 */
#ifndef LO_OPS_IMPORT_H
#define LO_OPS_IMPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "contract/record.h"
#include "ops/ops.h"

/* Where a row of JSONL stands. */
struct import_span {
	struct span text;
	char *bad;		/* why it is no JSON value, or NULL */
};

struct import_source {
	const char *name;	/* for messages */
	enum record_format format;
	struct buf text;
	size_t n;		/* rows */
	struct import_span *span;	/* n of JSONL */
	size_t cap;
};

/* Read it all.  What is not JSON fails unless it may be skipped, line by
 * line; what is not CSV always fails. */
int	import_load(struct import_source *, const struct import_request *,
	    struct err *);
void	import_release(struct import_source *);

/* One row. */
struct import_row {
	size_t number;		/* from 1 */
	struct span text;	/* scanned, an object or not; empty if bad */
	const char *bad;	/* why it cannot be read */
	/* the row as it stands in the source */
	struct span raw;	/* of JSONL */
	const struct record_columns *columns;	/* of CSV */
	const struct record_cells *cells;
};
/* Hand over each; use returns non-zero to stop, which is no error. */
typedef int import_use(void *arg, const struct import_row *);
int	import_each(const struct import_source *, const struct space *,
	    const struct objectives *, import_use *, void *arg,
	    struct err *);
/* The row as one value of a document. */
void	import_row_write(const struct import_row *, struct jw *);

#endif
