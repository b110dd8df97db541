/* wrap: write pwrite
 * tools: lo-ingest
 * check: crash.py --tool ingest-typed --modes shorten --pairs 0
 * A write that wrote less is taken for whole. */
#include <unistd.h>

ssize_t	__real_write(int, const void *, size_t);
ssize_t	__wrap_write(int, const void *, size_t);
ssize_t	__real_pwrite(int, const void *, size_t, off_t);
ssize_t	__wrap_pwrite(int, const void *, size_t, off_t);

ssize_t
__wrap_write(int fd, const void *data, size_t len)
{
	return __real_write(fd, data, len) < 0 ? -1 : (ssize_t)len;
}

ssize_t
__wrap_pwrite(int fd, const void *data, size_t len, off_t at)
{
	return __real_pwrite(fd, data, len, at) < 0 ? -1 : (ssize_t)len;
}
