/* wrap: fsync
 * tools: lo-ingest
 * check: crash.py --tool ingest-typed --modes EIO --pairs 0
 * Whether it came to disk is not asked. */
#include <unistd.h>

int	__real_fsync(int);
int	__wrap_fsync(int);

int
__wrap_fsync(int fd)
{
	__real_fsync(fd);
	return 0;
}
