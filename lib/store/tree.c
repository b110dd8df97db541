#define _GNU_SOURCE		/* syncfs */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/process.h"
#include "base/xmem.h"
#include "store/file.h"
#include "store/tree.h"

/* So many fsyncs take longer than one of the whole filesystem. */
#define MANY 1000

/* A node of a tree, as seen from the directory in which it lies. */
struct node {
	int dir;
	const char *name;
	const char *path;	/* for messages */
	struct stat st;
};

/* What is done with a node; to a directory, before what is in it. */
typedef int visit(const struct node *, void *, struct err *);
struct walk {
	visit *before, *after;	/* after: of directories */
	void *arg;
	bool links;		/* they are nodes, too */
};

static int
open_sub(int dir, const char *name)
{
	return openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW |
	    O_CLOEXEC);
}

/* 1 there, 0 not, -1. */
static int
look(struct node *n, struct err *err)
{
	if (fstatat(n->dir, n->name, &n->st, AT_SYMLINK_NOFOLLOW) == 0)
		return 1;
	return errno == ENOENT ? 0 : err_sys(err, "%s: cannot look at it",
	    n->path);
}

static int	walk(struct node *, const struct walk *, struct err *);

static int
walk_entry(int dir, const char *name, const char *above,
    const struct walk *w, struct err *err)
{
	struct node n = { .dir = dir, .name = name };
	char *path;
	int status;

	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return 0;
	n.path = path = xasprintf("%s/%s", above, name);
	status = look(&n, err);
	if (status > 0)
		status = walk(&n, w, err);
	free(path);
	return status;
}

static int
walk_inside(const struct node *n, const struct walk *w, struct err *err)
{
	int fd = open_sub(n->dir, n->name), status = 0;
	DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *e;

	if (d == NULL) {
		err_sys(err, "%s: cannot open the directory", n->path);
		if (fd >= 0)
			close(fd);
		return -1;
	}
	while (status == 0 && (errno = 0, e = readdir(d)) != NULL)
		status = walk_entry(dirfd(d), e->d_name, n->path, w, err);
	if (status == 0 && errno != 0)
		status = err_sys(err, "%s: cannot read the directory",
		    n->path);
	closedir(d);
	return status;
}

/* The node was looked at. */
static int
walk(struct node *n, const struct walk *w, struct err *err)
{
	bool directory = S_ISDIR(n->st.st_mode);
	int status = 0;

	if (!directory && !S_ISREG(n->st.st_mode) && !w->links)
		return err_set(err, LO_REFUSED, "%s: is %s, expected files "
		    "and directories only", n->path, S_ISLNK(n->st.st_mode) ?
		    "a symbolic link" : "neither a file nor a directory");
	if (w->before != NULL)
		status = w->before(n, w->arg, err);
	if (status == 0 && directory)
		status = walk_inside(n, w, err);
	if (status == 0 && directory && w->after != NULL)
		status = w->after(n, w->arg, err);
	return status;
}

/* Walk the tree at path: 1, 0 if there is none, -1. */
static int
walk_path(int dir, const char *path, const struct walk *w, struct err *err)
{
	struct node n = { .path = path };
	int status;

	n.dir = file_open_parent(dir, path, false, false, &n.name, err);
	if (n.dir < 0)
		return errno == ENOENT ? 0 : -1;
	status = look(&n, err);
	if (status > 0)
		status = walk(&n, w, err) == 0 ? 1 : -1;
	close(n.dir);
	return status;
}

static int
absent(const char *path, struct err *err)
{
	return err_set(err, LO_IO, "%s: is not there", path);
}

int
tree_kind(int dir, const char *path, enum tree_kind *kind, struct err *err)
{
	struct node n = { .path = path };
	int status;

	*kind = TREE_NONE;
	n.dir = file_open_parent(dir, path, false, false, &n.name, err);
	if (n.dir < 0)
		return errno == ENOENT ? 0 : -1;
	status = look(&n, err);
	close(n.dir);
	if (status > 0)
		*kind = S_ISREG(n.st.st_mode) ? TREE_FILE :
		    S_ISDIR(n.st.st_mode) ? TREE_DIRECTORY : TREE_OTHER;
	return status < 0 ? -1 : 0;
}

/* Length of the directory's part of a path, with its slash. */
static size_t
dir_length(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? (size_t)(slash - path) + 1 : 0;
}

char *
tree_stage_name(const char *path)
{
	char random[17];

	process_random_hex(random, 16);
	return xasprintf("%.*s" TREE_STAGE "%s", (int)dir_length(path), path,
	    random);
}

bool
tree_is_stage_of(const char *stage, const char *path)
{
	size_t n = dir_length(path);

	return dir_length(stage) == n && strncmp(stage, path, n) == 0 &&
	    strncmp(stage + n, TREE_STAGE, sizeof(TREE_STAGE) - 1) == 0;
}

/* ---------------------------------------------------------- measuring */

static int
add_size(const struct node *n, void *bytes, struct err *err)
{
	(void)err;
	if (S_ISREG(n->st.st_mode))
		*(uint64_t *)bytes += (uint64_t)n->st.st_size;
	return 0;
}

int
tree_measure(int dir, const char *path, bool links, uint64_t *bytes,
    struct err *err)
{
	const struct walk w = { add_size, NULL, bytes, links };
	int status;

	*bytes = 0;
	status = walk_path(dir, path, &w, err);
	return status == 0 ? absent(path, err) : status < 0 ? -1 : 0;
}

/* ------------------------------------------------------------- syncing */

static int
sync_node(const struct node *n, void *arg, struct err *err)
{
	int fd = openat(n->dir, n->name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC |
	    O_NONBLOCK), status = 0;

	(void)arg;
	if (fd < 0)
		return err_sys(err, "%s: cannot open", n->path);
	if (fsync(fd) != 0)
		status = err_sys(err, "%s: cannot fsync", n->path);
	close(fd);
	return status;
}

static int
sync_file(const struct node *n, void *arg, struct err *err)
{
	return S_ISREG(n->st.st_mode) ? sync_node(n, arg, err) : 0;
}

static int
sync_each(int dir, const char *path, struct err *err)
{
	const struct walk w = { sync_file, sync_node, NULL, false };
	int status = walk_path(dir, path, &w, err);

	return status == 0 ? absent(path, err) : status < 0 ? -1 : 0;
}

#ifdef __linux__
static int
count_node(const struct node *n, void *count, struct err *err)
{
	(void)n;
	(void)err;
	++*(size_t *)count;
	return 0;
}

/* Linux tells of failed writes here since 5.8. */
static int
sync_filesystem(int dir, const char *path, struct err *err)
{
	const char *base;
	int fd = file_open_parent(dir, path, false, false, &base, err);
	int status;

	if (fd < 0)
		return -1;
	status = syncfs(fd);
	if (status != 0)
		err_sys(err, "%s: cannot sync its filesystem", path);
	close(fd);
	return status;
}

int
tree_sync(int dir, const char *path, struct err *err)
{
	size_t n = 0;
	const struct walk count = { count_node, NULL, &n, false };

	if (walk_path(dir, path, &count, err) < 0)
		return -1;
	return n > MANY ? sync_filesystem(dir, path, err) :
	    sync_each(dir, path, err);
}
#else
int
tree_sync(int dir, const char *path, struct err *err)
{
	return sync_each(dir, path, err);
}
#endif

/* ------------------------------------------------------------- removal */

static int
unlink_file(const struct node *n, void *arg, struct err *err)
{
	(void)arg;
	if (S_ISDIR(n->st.st_mode) || unlinkat(n->dir, n->name, 0) == 0 ||
	    errno == ENOENT)
		return 0;
	return err_sys(err, "%s: cannot remove", n->path);
}

static int
unlink_dir(const struct node *n, void *arg, struct err *err)
{
	(void)arg;
	if (unlinkat(n->dir, n->name, AT_REMOVEDIR) == 0 || errno == ENOENT)
		return 0;
	return err_sys(err, "%s: cannot remove the directory", n->path);
}

int
tree_remove(int dir, const char *path, struct err *err)
{
	const struct walk w = { unlink_file, unlink_dir, NULL, true };

	return walk_path(dir, path, &w, err) < 0 ? -1 : 0;
}

void
tree_sweep(int dir, const char *path)
{
	char *inside = xasprintf("%s/.", path);
	struct err ignored;
	struct dirent *e;
	const char *base;
	int fd = file_open_parent(dir, inside, false, false, &base,
	    &ignored);
	DIR *d = fd >= 0 ? fdopendir(fd) : NULL;

	free(inside);
	if (d == NULL) {
		if (fd >= 0)
			close(fd);
		return;
	}
	while ((e = readdir(d)) != NULL)
		if (strncmp(e->d_name, TREE_STAGE,
		    sizeof(TREE_STAGE) - 1) == 0)
			tree_remove(dirfd(d), e->d_name, &ignored);
	closedir(d);
}
