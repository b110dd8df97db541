/*
 * emit: results on their way to stdout.
 *
 * A document is JSON text, printed as it is (pretty and coloured on a
 * terminal) or run through a filter.  Each call writes all that it has and
 * says whether that went well: nothing is left in a buffer.
 */
#ifndef LO_CLI_EMIT_H
#define LO_CLI_EMIT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "cli/opt.h"
#include "store/json.h"

struct emit;

struct emit_options {
	const char *filter;		/* jq program, or NULL */
	const struct opt_list *args;	/* of --arg: name, value, ... */
	bool raw;			/* strings without quotes */
	bool compact;			/* one line even on a terminal */
	bool closed;			/* there is no stdout to write to */
};

/* NULL if the filter does not compile. */
struct emit *emit_new(const struct emit_options *, struct err *);
/* From now on, a reader that went away is no news: LO_IO without text. */
void	emit_quiet(struct emit *);
int	emit_document(struct emit *, struct span, struct err *);
int	emit_text(struct emit *, const char *, size_t, struct err *);
/* Close stdout and check that too. */
int	emit_close(struct emit *, struct err *);
void	emit_free(struct emit *);	/* accepts NULL */

#endif
