#include <sys/file.h>
#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/file.h"
#include "store/tree.h"

static int
open_dir(int dir, const char *name)
{
	return openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW |
	    O_CLOEXEC);
}

int
tree_make_held(char *path)
{
	int fd, saved;

	if (mkdtemp(path) == NULL)
		return -1;
	fd = open_dir(AT_FDCWD, path);
	saved = errno;
	/* where that does not work nobody else gets it, either */
	if (fd >= 0)
		flock(fd, LOCK_EX | LOCK_NB);
	else
		rmdir(path);
	errno = saved;
	return fd;
}

/* A dead owner's lock is free. */
static bool
remove_unheld(int dir, const char *name)
{
	int fd = open_dir(dir, name);
	struct err ignored;
	bool removed;

	if (fd < 0)
		return false;
	removed = flock(fd, LOCK_EX | LOCK_NB) == 0 &&
	    tree_remove(dir, name, &ignored) == 0;
	close(fd);
	return removed;
}

void
tree_sweep_unheld(const char *path)
{
	DIR *d = opendir(path);
	struct dirent *e;
	bool removed = false;

	if (d == NULL)
		return;
	while ((e = readdir(d)) != NULL)
		if (strncmp(e->d_name, FILE_TEMP, sizeof(FILE_TEMP) - 1) == 0)
			removed |= remove_unheld(dirfd(d), e->d_name);
	if (removed)	/* lest it come back when the power goes */
		fsync(dirfd(d));
	closedir(d);
}
