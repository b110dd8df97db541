/* save: see save.h. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xmem.h"
#include "cli/save.h"
#include "store/file.h"

static int
write_through(const char *path, const struct buf *text, struct err *err)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return err_sys(err, "%s: cannot open", path);
	if (file_write_all(fd, text->p, text->len) != 0) {
		err_sys(err, "%s: cannot write", path);
		close(fd);
		return -1;
	}
	return close(fd) == 0 ? 0 : err_sys(err, "%s: cannot write", path);
}

static int
replace(const char *path, const struct buf *text, struct err *err)
{
	const char *slash = strrchr(path, '/');
	const char *base = slash != NULL ? slash + 1 : path;
	char *parent = slash == NULL ? xstrdup(".") : slash == path ?
	    xstrdup("/") : xstrndup(path, (size_t)(slash - path));
	int dir = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int status;

	if (dir < 0)
		status = err_sys(err, "%s: cannot open", parent);
	else
		status = file_replace(dir, base, text->p, text->len, true,
		    err);
	if (dir >= 0)
		close(dir);
	free(parent);
	return status;
}

int
save_file(const char *path, const struct buf *text, struct err *err)
{
	struct stat st;

	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
		return write_through(path, text, err);
	return replace(path, text, err);
}
