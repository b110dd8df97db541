#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xmem.h"
#include "store/file.h"
#include "store/tree.h"

#define PIECE 65536

/* One thing to be copied from a directory into another. */
struct copy {
	int from, to;		/* directories */
	const char *name, *as;	/* in them */
	const char *path;	/* of the source, for messages */
	unsigned how;
};

static int
pump(const struct copy *c, int in, int out, struct err *err)
{
	char *piece = xmalloc(PIECE);
	ssize_t n;
	int status = 0;

	while (status == 0 && (n = read(in, piece, PIECE)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			status = err_sys(err, "%s: cannot read", c->path);
		else if (file_write_all(out, piece, (size_t)n) != 0)
			status = err_sys(err, "%s: cannot write the copy",
			    c->path);
	}
	free(piece);
	return status;
}

static int
copy_bytes(const struct copy *c, int in, struct err *err)
{
	struct stat st;
	int out, status;

	if (fstat(in, &st) != 0)
		return err_sys(err, "%s: cannot look at it", c->path);
	if (!S_ISREG(st.st_mode))
		return err_set(err, LO_REFUSED, "%s: not a regular file",
		    c->path);
	out = openat(c->to, c->as, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW |
	    O_CLOEXEC, st.st_mode & 0777);
	if (out < 0)
		return err_sys(err, "%s: cannot create the copy", c->path);
	status = pump(c, in, out, err);
	if (close(out) != 0 && status == 0)
		status = err_sys(err, "%s: cannot close the copy", c->path);
	return status;
}

static int
copy_file(const struct copy *c, struct err *err)
{
	int in, status;

	/* another filesystem, or one without links: then the bytes */
	if ((c->how & TREE_LINK) &&
	    linkat(c->from, c->name, c->to, c->as, 0) == 0)
		return 0;
	in = openat(c->from, c->name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC |
	    O_NONBLOCK);
	if (in < 0)
		return err_sys(err, "%s: cannot open", c->path);
	status = copy_bytes(c, in, err);
	close(in);
	return status;
}

static int	copy_node(const struct copy *, struct err *);

static int
copy_entries(const struct copy *c, DIR *d, int to, struct err *err)
{
	struct copy sub = { .from = dirfd(d), .to = to, .how = c->how };
	struct dirent *e;
	char *path;
	int status = 0;

	while (status == 0 && (errno = 0, e = readdir(d)) != NULL) {
		if (strcmp(e->d_name, ".") == 0 ||
		    strcmp(e->d_name, "..") == 0)
			continue;
		sub.name = sub.as = e->d_name;
		sub.path = path = xasprintf("%s/%s", c->path, e->d_name);
		status = copy_node(&sub, err);
		free(path);
	}
	if (status == 0 && errno != 0)
		status = err_sys(err, "%s: cannot read the directory",
		    c->path);
	return status;
}

static int
copy_directory(const struct copy *c, struct err *err)
{
	const int how = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	int in = openat(c->from, c->name, how), out, status;
	DIR *d = in >= 0 ? fdopendir(in) : NULL;

	if (d == NULL) {
		err_sys(err, "%s: cannot open the directory", c->path);
		if (in >= 0)
			close(in);
		return -1;
	}
	if (mkdirat(c->to, c->as, 0777) != 0 ||
	    (out = openat(c->to, c->as, how)) < 0) {
		status = err_sys(err, "%s: cannot make a directory for the "
		    "copy", c->path);
	} else {
		status = copy_entries(c, d, out, err);
		close(out);
	}
	closedir(d);
	return status;
}

static int
copy_node(const struct copy *c, struct err *err)
{
	struct stat st;

	if (fstatat(c->from, c->name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return err_sys(err, "%s: cannot look at it", c->path);
	if (S_ISDIR(st.st_mode))
		return copy_directory(c, err);
	if (S_ISREG(st.st_mode))
		return copy_file(c, err);
	return err_set(err, LO_REFUSED, "%s: is %s, expected files and "
	    "directories only", c->path, S_ISLNK(st.st_mode) ?
	    "a symbolic link" : "neither a file nor a directory");
}

int
tree_copy(int dir, const char *from, const char *to, unsigned how,
    struct err *err)
{
	struct copy c = { .path = from, .how = how };
	int status = -1;

	c.from = file_open_parent(dir, from, false, false, &c.name, err);
	if (c.from < 0)
		return -1;
	c.to = file_open_parent(dir, to, true, (how & TREE_SYNC) != 0,
	    &c.as, err);
	if (c.to >= 0) {
		status = copy_node(&c, err);
		if (status == 0 && (how & TREE_SYNC))
			status = tree_sync(dir, to, err);
		if (status == 0 && (how & TREE_SYNC))
			status = file_sync_dir(c.to, to, err);
		close(c.to);
	}
	close(c.from);
	return status;
}
