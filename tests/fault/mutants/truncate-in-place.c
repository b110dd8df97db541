/* wrap: file_prepare file_place
 * tools: lo-ingest
 * check: power.py --tool ingest-typed --recoveries 0
 * A file is written where it stands. */
#include <fcntl.h>
#include <unistd.h>

#include "store/file.h"

__typeof__(file_prepare) __wrap_file_prepare;
__typeof__(file_place) __wrap_file_place;

int
__wrap_file_prepare(struct file_temp *t, const void *data, size_t len,
    bool sync, struct err *err)
{
	int fd = openat(t->dir, t->base, O_WRONLY | O_CREAT | O_TRUNC |
	    O_CLOEXEC, 0666);

	if (fd < 0 || file_write_all(fd, data, len) != 0 ||
	    (sync && fsync(fd) != 0))
		return err_sys(err, "%s: cannot write", t->base);
	return close(fd);
}

int
__wrap_file_place(struct file_temp *t, struct err *err)
{
	(void)t;
	(void)err;
	return 0;
}
