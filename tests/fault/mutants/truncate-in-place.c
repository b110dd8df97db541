/* wrap: file_replace
 * tools: lo-ingest
 * check: power.py --tool ingest-typed --recoveries 0
 * A file is written where it stands. */
#include <fcntl.h>
#include <unistd.h>

#include "store/file.h"

__typeof__(file_replace) __wrap_file_replace;

int
__wrap_file_replace(int dirfd, const char *base, const void *data,
    size_t len, bool sync, struct err *err)
{
	int fd = openat(dirfd, base, O_WRONLY | O_CREAT | O_TRUNC |
	    O_CLOEXEC, 0666);

	if (fd < 0 || file_write_all(fd, data, len) != 0 ||
	    (sync && fsync(fd) != 0))
		return err_sys(err, "%s: cannot write", base);
	return close(fd);
}
