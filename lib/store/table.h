/*
 * table: CSV as RFC 4180 has it, written and read by libcsv.
 *
 * Records end in CRLF; fields are quoted when they must be.
 */
#ifndef LO_STORE_TABLE_H
#define LO_STORE_TABLE_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

/* Append a field (with a comma before all but a record's first). */
void	table_field(struct buf *, const char *text, size_t len, int first);
/* The same, but an empty text is written as "", by which a reader can tell
 * it from nothing (see table_read). */
void	table_text(struct buf *, const char *text, size_t len, int first);
/* CRLF.  A record of one empty field is written as "", since an empty line
 * is no record. */
void	table_end(struct buf *);

/* Read text; row is called with the record's fields (NUL-terminated,
 * borrowed) and its number from 1, and returns non-zero to stop, which is
 * no error.  Blanks belong to fields, a byte-order mark and empty lines do
 * not count.  LO_REFUSED names file and line.  A field of no bytes at all,
 * not even quotes, is the pointer field[n], which reads as "". */
typedef int table_row(void *arg, size_t number, char *const *field,
	    const size_t *len, size_t n);
int	table_read(const char *text, size_t len, const char *file,
	    table_row *, void *arg, struct err *);

#endif
