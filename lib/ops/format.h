/* format: the notations of lo-import and lo-export; private to ops. */
#ifndef LO_OPS_FORMAT_H
#define LO_OPS_FORMAT_H

#include "base/err.h"
#include "ops/ops.h"

const char *format_name(enum record_format);	/* "csv", "jsonl" */
/* What FORMAT_AUTO means for a file; NULL is a pipe. */
int	format_of(enum record_format *, const char *file, struct err *);

#endif
