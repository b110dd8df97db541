/*
 * import_known: is what is imported there already, or out of bounds?
 *
 *	import_known_init(&k, state, space);	before the first row
 *	import_known_row(&k, &record, number);	of each that is taken
 *	import_known_say(&k, op);
 *	import_known_release(&k);
 *
 * A row is there already if params, objectives and status are those of an
 * observation, and the id that it brings, if any, is that observation's or
 * the one that it brought.
 */
#ifndef LO_OPS_IMPORT_KNOWN_H
#define LO_OPS_IMPORT_KNOWN_H

#include <stddef.h>

#include "campaign/state.h"
#include "contract/record.h"
#include "ops/common.h"

struct import_hashed;
struct import_known {
	const struct state *state;	/* borrowed */
	const struct space *space;
	struct import_hashed *old;	/* of those before, by hash */
	size_t nold;
	size_t repeated, outside;	/* rows */
	size_t first_repeated, first_outside;	/* their numbers */
	size_t param;		/* which one of first_outside is */
};

void	import_known_init(struct import_known *, const struct state *,
	    const struct space *);
void	import_known_row(struct import_known *, const struct record *,
	    size_t number);
void	import_known_say(const struct import_known *, const struct op *,
	    const char *source);
void	import_known_release(struct import_known *);

#endif
