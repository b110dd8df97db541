/* wrap: journal_look_tail
 * tools: lo-suggest
 * check: power.py --tool suggest-torn --recoveries 0
 * A log goes on behind its torn last line. */
#include "store/journal.h"

__typeof__(journal_look_tail) __real_journal_look_tail,
    __wrap_journal_look_tail;

int
__wrap_journal_look_tail(int dir, const char *path, struct journal_old *old,
    uint64_t *offset, struct buf *torn, struct err *err)
{
	int status = __real_journal_look_tail(dir, path, old, offset, torn,
	    err);

	*offset = old->size;
	return status;
}
