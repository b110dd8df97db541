/*
 * progress: one line on a terminal that is written over again and again.
 *
 *	progress_init(&p);
 *	progress_show(&p, "12/40 done");	as often as you like
 *	progress_hide(&p);	before anything else is written, and at the end
 *
 * It stands on stderr.  If that is no terminal, p.on is false and nothing is
 * ever written.
 */
#ifndef LO_CLI_PROGRESS_H
#define LO_CLI_PROGRESS_H

#include <stdbool.h>

#include "base/buf.h"

struct progress {
	bool on;
	struct buf shown;	/* what stands there */
};

void	progress_init(struct progress *);
void	progress_release(struct progress *);	/* hides it first */
/* ASCII or what takes a column a byte; cut to the terminal's width. */
void	progress_show(struct progress *, const char *text);
void	progress_hide(struct progress *);

#endif
