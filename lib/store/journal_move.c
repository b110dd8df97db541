#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xmem.h"
#include "store/file.h"
#include "store/journal_text.h"
#include "store/tree.h"

/* A move or a clearing under way: path and aside lie in one directory. */
struct shift {
	struct journal_run *r;
	const struct journal_entry *e;
	int dir;
	const char *name, *aside;	/* in it */
	char *old;		/* where that goes which a move displaces */
};

static const char *
base_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

/* 1; 0 if there is no such directory, so that there is nothing to do. */
static int
start(struct shift *s, struct journal_run *r, const struct journal_entry *e)
{
	memset(s, 0, sizeof(*s));
	s->r = r;
	s->e = e;
	if (!tree_is_stage_of(e->aside, e->path))
		return err_set(r->err, LO_REFUSED, "%s: the journal has %s "
		    "aside of it, expected a name that begins with "
		    TREE_STAGE " beside it", e->path, e->aside);
	s->aside = base_of(e->aside);
	s->dir = file_open_parent(r->at->dir, e->path, false, false,
	    &s->name, r->err);
	if (s->dir < 0)
		return errno == ENOENT ? 0 : -1;
	s->old = xasprintf("%s~", s->aside);
	return 1;
}

static void
finish(struct shift *s)
{
	free(s->old);
	close(s->dir);
}

/* Nobody sees it any more: what cannot be removed now is swept later. */
static void
dispose(const struct shift *s, const char *name)
{
	struct err ignored;

	tree_remove(s->dir, name, &ignored);
}

static int
rename_to(const struct shift *s, const char *from, const char *to)
{
	if (journal_still_ours(s->r) != 0)
		return -1;
	if (renameat(s->dir, from, s->dir, to) == 0)
		return 0;
	return err_sys(s->r->err, "%s: cannot rename %s to %s", s->e->path,
	    from, to);
}

/* Away with what has the name, unless we see too late that it is another's:
 * then it gets its name back. */
static int
take_aside(const struct shift *s, const char *to)
{
	if (rename_to(s, s->name, to) != 0)
		return -1;
	if (journal_still_ours(s->r) == 0)
		return 0;
	(void)!renameat(s->dir, to, s->dir, s->name);
	return -1;
}

/* What lies in the way of the new one goes to where it is removed later; a
 * file makes way for a file by itself. */
static int
make_way(const struct shift *s, mode_t coming)
{
	struct stat st;

	if (fstatat(s->dir, s->name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT ? 0 : err_sys(s->r->err,
		    "%s: cannot look at it", s->e->path);
	if (S_ISREG(coming) && !S_ISDIR(st.st_mode))
		return 0;
	dispose(s, s->old);
	return take_aside(s, s->old);
}

static int
already_moved(const struct shift *s)
{
	struct stat st;

	if (fstatat(s->dir, s->name, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return 0;
	return err_set(s->r->err, LO_IO, "%s: what the journal would put "
	    "there is gone: there is no %s", s->e->path, s->e->aside);
}

static int
move(const struct shift *s)
{
	struct stat st;
	int status;

	if (fstatat(s->dir, s->aside, &st, AT_SYMLINK_NOFOLLOW) != 0)
		status = errno == ENOENT ? already_moved(s) : err_sys(
		    s->r->err, "%s: cannot look at it", s->e->aside);
	else if ((status = make_way(s, st.st_mode)) == 0)
		status = rename_to(s, s->aside, s->name);
	if (status == 0)
		dispose(s, s->old);
	return status;
}

int
journal_apply_move(struct journal_run *r, const struct journal_entry *e)
{
	struct shift s;
	int status = start(&s, r, e);

	if (status == 0)
		return err_set(r->err, LO_IO, "%s: its directory is gone",
		    e->path);
	if (status < 0)
		return -1;
	status = move(&s);
	finish(&s);
	return status;
}

int
journal_apply_clear(struct journal_run *r, const struct journal_entry *e)
{
	struct shift s;
	struct stat st;
	int status = start(&s, r, e);

	if (status <= 0)
		return status;
	if (fstatat(s.dir, s.name, &st, AT_SYMLINK_NOFOLLOW) == 0) {
		dispose(&s, s.aside);
		status = take_aside(&s, s.aside);
	} else {
		status = errno == ENOENT ? 0 : err_sys(r->err,
		    "%s: cannot look at it", e->path);
	}
	if (status == 0)
		dispose(&s, s.aside);
	finish(&s);
	return status;
}

/* Is path the entry's, or within its tree?  Then what is behind that. */
static const char *
rest_of(const struct journal_entry *e, const char *path)
{
	size_t n = strlen(e->path);

	if (strncmp(path, e->path, n) != 0)
		return NULL;
	return path[n] == '\0' || path[n] == '/' ? path + n : NULL;
}

char *
journal_where(const struct journal *j, int dir, const char *path)
{
	const struct journal_entry *e;
	enum tree_kind kind;
	struct err ignored;
	const char *rest;
	size_t i;

	for (i = 0; i < j->n; i++) {
		e = &j->entry[i];
		if ((rest = rest_of(e, path)) == NULL)
			continue;
		if (e->op == JOURNAL_CLEAR ||
		    (e->op == JOURNAL_REMOVE && *rest == '\0'))
			return NULL;
		if (e->op == JOURNAL_MOVE &&
		    tree_kind(dir, e->aside, &kind, &ignored) == 0 &&
		    kind != TREE_NONE)
			return xasprintf("%s%s", e->aside, rest);
	}
	return xstrdup(path);
}
