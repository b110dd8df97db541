/* wrap: fsync syncfs
 * tools: lo-ingest
 * check: power.py --tool ingest-typed --recoveries 0
 * Nothing is brought to disk. */
#include <unistd.h>

int	__wrap_fsync(int);
int	__wrap_syncfs(int);

int
__wrap_fsync(int fd)
{
	(void)fd;
	return 0;
}

int
__wrap_syncfs(int fd)
{
	(void)fd;
	return 0;
}
