/* wrap: recover
 * tools: lo-suggest lo-ingest
 * check: power.py --kill --tool ingest-typed --recoveries 0
 * What an interrupted command left is not finished. */
#include "campaign/recover.h"

__typeof__(recover) __wrap_recover;

int
__wrap_recover(struct campaign *c, struct err *err)
{
	(void)c;
	(void)err;
	return 0;
}
