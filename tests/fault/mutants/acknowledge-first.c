/* wrap: journal_commit tool_put
 * tools: lo-ingest
 * check: power.py --kill --tool ingest-typed --recoveries 0
 * The answer is printed, and then the change is made. */
#include <stdio.h>
#include <unistd.h>

#include "cli/tool.h"
#include "store/journal.h"

__typeof__(journal_commit) __real_journal_commit, __wrap_journal_commit;
__typeof__(tool_put) __real_tool_put, __wrap_tool_put;

static struct journal later;
static struct journal_place at;

int
__wrap_journal_commit(struct journal *j, const struct journal_place *place,
    bool *committed, struct err *err)
{
	(void)err;
	later = *j;
	journal_init(j);
	at = *place;
	at.dir = dup(place->dir);
	at.guard = NULL;
	*committed = true;
	return 0;
}

int
__wrap_tool_put(struct tool *t, const struct buf *documents)
{
	struct err err;
	bool committed;
	int status = __real_tool_put(t, documents);

	fflush(stdout);
	if (later.n > 0)
		__real_journal_commit(&later, &at, &committed, &err);
	return status;
}
