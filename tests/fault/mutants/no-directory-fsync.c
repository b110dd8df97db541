/* wrap: fsync
 * tools: lo-ingest
 * check: power.py --tool ingest-typed --recoveries 0
 * Bytes are brought to disk, names are not. */
#include <sys/stat.h>
#include <unistd.h>

int	__real_fsync(int);
int	__wrap_fsync(int);

int
__wrap_fsync(int fd)
{
	struct stat st;

	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
		return 0;
	return __real_fsync(fd);
}
