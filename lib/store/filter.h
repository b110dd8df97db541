/*
 * filter: jq programs over our documents, run by libjq.
 *
 * Compiling costs tens of milliseconds, so a filter is made only when the
 * user gave one.  Output numbers are libjq's.
 */
#ifndef LO_STORE_FILTER_H
#define LO_STORE_FILTER_H

#include <jv.h>

#include "base/err.h"

struct filter;

/* args: invalid (jv_invalid()) or an object of --arg names and values
 * (consumed).  A program that does not compile is LO_USAGE and libjq's own
 * words. */
struct filter *filter_new(const char *program, jv args, struct err *);
/* Feed one value (consumed) and call each for every result (consumed by
 * it); each returns non-zero to stop, which is no error.  A jq error is
 * LO_REFUSED; results before it were handed out.  halt ends this run. */
int	filter_run(struct filter *, jv input,
	    int (*each)(void *, jv), void *arg, struct err *);
void	filter_free(struct filter *);	/* accepts NULL */

#endif
