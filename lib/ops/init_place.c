#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xmem.h"
#include "ops/init.h"
#include "store/file.h"
#include "store/tree.h"

/*
 * Everything is written into a directory aside first.  If dir is new, that
 * directory becomes it by one rename.  If dir exists, the files are linked
 * into it, which never replaces one, and bo_config.json comes last: a
 * directory without it is no campaign.  A second try after a crash in
 * between finds its own files, equal to the byte, and goes on.
 */

/* Names that make a directory a campaign, or the beginning of one. */
static const char *const reserved[] = {
	"bo_config.json", "bo_config.yaml", "bo_config.yml",
	"parameter_space.json", "parameter_space.yaml",
	"parameter_space.yml", "objective_schema.json",
	"objective_schema.yaml", "objective_schema.yml", "constraints.json",
	"constraints.yaml", "constraints.yml", "state/bo_state.json", NULL
};

static bool
is_reserved(const char *name)
{
	size_t i;

	for (i = 0; reserved[i] != NULL; i++)
		if (strcmp(reserved[i], name) == 0)
			return true;
	return false;
}

static bool
exists(const char *dir, const char *name)
{
	char *path = xasprintf("%s/%s", dir, name);
	struct stat st;
	bool there = lstat(path, &st) == 0;

	free(path);
	return there;
}

static bool
same_content(const char *dir, const struct init_file *file)
{
	char *path = xasprintf("%s/%s", dir, file->name);
	struct buf found = BUF_INIT;
	struct err ignored;
	bool same = file_slurp_path(path, &found, &ignored) == 1 &&
	    found.len == file->text.len &&
	    memcmp(buf_str(&found), buf_str(&file->text), found.len) == 0;

	buf_release(&found);
	free(path);
	return same;
}

static int
refuse_campaign(const struct init_files *f, const char *dir, struct err *err)
{
	const struct init_file *ours;
	size_t i;

	for (i = 0; reserved[i] != NULL; i++) {
		if (!exists(dir, reserved[i]))
			continue;
		ours = init_files_find(f, reserved[i]);
		if (i > 0 && ours != NULL && same_content(dir, ours))
			continue;
		return err_set(err, LO_REFUSED, "%s: holds a campaign "
		    "already (%s is there), choose another directory", dir,
		    reserved[i]);
	}
	return 0;
}

static int
write_file(int dirfd, const struct init_file *f, struct err *err)
{
	int fd = openat(dirfd, f->name,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
	    f->executable ? 0777 : 0666);

	if (fd < 0)
		return err_sys(err, "%s: cannot create it", f->name);
	if (file_write_all(fd, buf_str(&f->text), f->text.len) != 0 ||
	    fsync(fd) != 0) {
		err_sys(err, "%s: cannot write it", f->name);
		close(fd);
		return -1;
	}
	if (close(fd) != 0)
		return err_sys(err, "%s: cannot write it", f->name);
	return 0;
}

/* Write all of them into the directory aside and make that durable. */
static int
write_aside(const struct init_files *f, const char *aside, struct err *err)
{
	int dirfd = open(aside, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int status = 0;
	size_t i;

	if (dirfd < 0)
		return err_sys(err, "%s: cannot open it", aside);
	for (i = 0; i < f->n && status == 0; i++)
		status = write_file(dirfd, &f->file[i], err);
	if (status == 0)
		status = file_sync_dir(dirfd, aside, err);
	close(dirfd);
	return status;
}

static int
sync_path(const char *dir, struct err *err)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int status;

	if (fd < 0)
		return err_sys(err, "%s: cannot open it", dir);
	status = file_sync_dir(fd, dir, err);
	close(fd);
	return status;
}

/* Remove the directory aside and what is left in it. */
static void
clear_aside(const struct init_files *f, const char *aside)
{
	char *path;
	size_t i;

	for (i = 0; i < f->n; i++) {
		path = xasprintf("%s/%s", aside, f->file[i].name);
		unlink(path);
		free(path);
	}
	rmdir(aside);
}

/* ------------------------------------------------- into a directory */

static void
unlink_in(const char *dir, const char *name)
{
	char *path = xasprintf("%s/%s", dir, name);

	unlink(path);
	free(path);
}

/* 1 linked, 0 the name was taken, -1. */
static int
link_one(const char *aside, const char *dir, const char *name,
    struct err *err)
{
	char *from = xasprintf("%s/%s", aside, name);
	char *to = xasprintf("%s/%s", dir, name);
	int done = link(from, to) == 0;

	if (!done && errno != EEXIST) {
		err_sys(err, "%s: cannot create it", to);
		done = -1;
	}
	free(from);
	free(to);
	return done;
}

static void
tell_kept(const struct op *op, const char *dir, const char *name)
{
	char *text;

	if (op->notice == NULL)
		return;
	text = xasprintf("%s/%s: it was there already and stays as it is",
	    dir, name);
	op->notice(op->notice_arg, text);
	free(text);
}

/* Link the i-th file; mine[i] says that it must go again on failure. */
static int
link_file(const struct op *op, struct init_file *file, const char *paths[2],
    bool *mine, struct err *err)
{
	int done = link_one(paths[0], paths[1], file->name, err);

	*mine = done > 0;
	if (done != 0 || same_content(paths[1], file))
		return done < 0 ? -1 : 0;
	if (is_reserved(file->name))
		return err_set(err, LO_REFUSED, "%s: %s appeared meanwhile",
		    paths[1], file->name);
	file->kept = true;
	tell_kept(op, paths[1], file->name);
	return 0;
}

static int
link_all(const struct op *op, struct init_files *f, const char *paths[2],
    struct err *err)
{
	bool *mine = xcalloc(f->n, sizeof(*mine));
	struct init_file *last = init_files_find(f, "bo_config.json");
	int status = 0;
	size_t i;

	for (i = 0; i < f->n && status == 0; i++)
		if (&f->file[i] != last)
			status = link_file(op, &f->file[i], paths, &mine[i],
			    err);
	if (status == 0)
		status = sync_path(paths[1], err);
	if (status == 0)
		status = link_file(op, last, paths, &mine[last - f->file],
		    err);
	if (status == 0)
		status = sync_path(paths[1], err);
	for (i = 0; i < f->n && status != 0; i++)
		if (mine[i])
			unlink_in(paths[1], f->file[i].name);
	free(mine);
	return status;
}

static int
place_into(const struct op *op, struct init_files *f, const char *dir,
    struct err *err)
{
	char *aside = xasprintf("%s/" FILE_TEMP "XXXXXX", dir);
	const char *paths[2] = { aside, dir };
	int status, held = tree_make_held(aside);

	if (held < 0) {
		err_sys(err, "%s: cannot write here", dir);
		free(aside);
		return -1;
	}
	status = write_aside(f, aside, err);
	if (status == 0)
		status = link_all(op, f, paths, err);
	clear_aside(f, aside);
	close(held);
	free(aside);
	return status;
}

/* -------------------------------------------------- a new directory */

static char *
parent_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		return xstrdup(".");
	return xstrndup(path, slash == path ? 1 : (size_t)(slash - path));
}

static int
become(const char *aside, const char *dir, const char *parent,
    struct err *err)
{
	mode_t mask = umask(0);

	umask(mask);
	if (chmod(aside, 0777 & ~mask) != 0)
		return err_sys(err, "%s: cannot set its mode", aside);
	if (rename(aside, dir) != 0) {
		if (errno == EEXIST || errno == ENOTEMPTY || errno == ENOTDIR)
			return err_set(err, LO_REFUSED,
			    "%s: it appeared meanwhile", dir);
		return err_sys(err, "%s: cannot create it", dir);
	}
	return sync_path(parent, err);
}

static int
place_new(const struct init_files *f, const char *dir, const char *parent,
    struct err *err)
{
	char *aside = xasprintf("%s/" FILE_TEMP "XXXXXX", parent);
	int status, held = tree_make_held(aside);

	if (held < 0 && errno == ENOENT)
		status = err_set(err, LO_REFUSED, "%s: no such directory, "
		    "make it first to have %s in it", parent, dir);
	else if (held < 0)
		status = err_sys(err, "%s: cannot write here", parent);
	else {
		status = write_aside(f, aside, err);
		if (status == 0)
			status = become(aside, dir, parent, err);
		if (status != 0)
			clear_aside(f, aside);
		close(held);
	}
	free(aside);
	return status;
}

int
init_place(const struct op *op, struct init_files *f, const char *dir,
    struct err *err)
{
	char *path = xstrdup(dir), *parent;
	size_t len = strlen(path);
	struct stat st;
	int status;

	while (len > 1 && path[len - 1] == '/')
		path[--len] = '\0';
	parent = parent_of(path);
	tree_sweep_unheld(parent);
	if (stat(path, &st) != 0 && errno == ENOENT)
		status = place_new(f, path, parent, err);
	else if (stat(path, &st) != 0)
		status = err_sys(err, "%s", path);
	else if (!S_ISDIR(st.st_mode))
		status = err_set(err, LO_REFUSED,
		    "%s: expected a directory, it is a file", path);
	else {
		tree_sweep_unheld(path);
		status = refuse_campaign(f, path, err) != 0 ? -1 :
		    place_into(op, f, path, err);
	}
	free(parent);
	free(path);
	return status;
}
