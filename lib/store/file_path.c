#define _GNU_SOURCE		/* O_PATH */

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/file.h"

/* Directories on the way need not be readable, as homes of others. */
#if defined(O_PATH)
#define ON_THE_WAY O_PATH
#elif defined(O_SEARCH)
#define ON_THE_WAY O_SEARCH
#else
#define ON_THE_WAY O_RDONLY
#endif

static int
open_dir_at(int dir, const char *name, int how)
{
	return openat(dir, name, how | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

static int
make_dir(int dir, const char *name, bool sync)
{
	int fd, status;

	if (mkdirat(dir, name, 0777) != 0 && errno != EEXIST)
		return -1;
	if (!sync)
		return 0;
	if ((fd = open_dir_at(dir, ".", O_RDONLY)) < 0)
		return -1;
	status = fsync(fd);
	close(fd);
	return status;
}

/* How a path is to be walked. */
struct walk {
	bool create, sync;
};

/* Go from dir, which is closed, to the one of that name in it. */
static int
enter(int dir, const char *name, int how, const struct walk *w)
{
	int fd = open_dir_at(dir, name, how), saved;

	if (fd < 0 && errno == ENOENT && w->create &&
	    make_dir(dir, name, w->sync) == 0)
		fd = open_dir_at(dir, name, how);
	saved = errno;
	close(dir);
	errno = saved;
	return fd;
}

static int
not_entered(const char *path, const char *name, struct err *err)
{
	return err_sys(err, "%s: cannot open directory %s%s", path, name,
	    errno == ENOTDIR || errno == ELOOP ?
	    " (not a directory, or a symbolic link)" : "");
}

static int
how_to_open(const char *rest)
{
	return strchr(rest, '/') != NULL ? ON_THE_WAY : O_RDONLY;
}

/* Cut a component off; false if no file of ours lies there. */
static bool
component(char name[256], const char *p, size_t len)
{
	if (len > 255)
		return false;
	memcpy(name, p, len);
	name[len] = '\0';
	return strcmp(name, "..") != 0;
}

int
file_open_parent(int dir, const char *path, bool create, bool sync,
    const char **base, struct err *err)
{
	const struct walk w = { create, sync };
	const char *p = path + strspn(path, "/");
	char name[256];
	size_t len;
	int fd = open_dir_at(dir, *path == '/' ? "/" : ".", how_to_open(p));

	if (fd < 0)
		return err_sys(err, "%s: cannot open its directory", path);
	while (p[len = strcspn(p, "/")] == '/') {
		if (!component(name, p, len)) {
			close(fd);
			err_set(err, LO_REFUSED, "%s: no such path within a "
			    "campaign", path);
			errno = EINVAL;
			return -1;
		}
		p += len;
		p += strspn(p, "/");
		fd = enter(fd, name, how_to_open(p), &w);
		if (fd < 0)
			return not_entered(path, name, err);
	}
	*base = p;
	return fd;
}
