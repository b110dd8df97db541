#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/file.h"
#include "store/journal_text.h"

/* Is our journal what has that name?  Its inode alone does not tell: some
 * file systems give that of a removed file to the next one. */
static bool
is_journal(const struct journal_run *r, const char *name)
{
	struct stat st;

	return fstatat(r->at->dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    st.st_ino == r->id.st_ino && st.st_dev == r->id.st_dev &&
	    st.st_size == r->id.st_size &&
	    st.st_mtim.tv_sec == r->id.st_mtim.tv_sec &&
	    st.st_mtim.tv_nsec == r->id.st_mtim.tv_nsec;
}

static int
taken_away(struct journal_run *r)
{
	return err_set(r->err, LO_IO, "%s: was taken away while it was being "
	    "applied; another process has repaired the campaign",
	    r->at->base);
}

int
journal_still_ours(struct journal_run *r)
{
	if (r->at->guard != NULL &&
	    r->at->guard(r->at->guard_arg, r->err) != 0)
		return -1;
	return is_journal(r, r->at->base) ? 0 : taken_away(r);
}

/* A removal cannot be taken back, a renaming can: if it was another's after
 * all it gets its name again, unless there is a new one. */
static int
take_away(struct journal_run *r, struct file_temp *t, const char *path)
{
	int status;

	if (journal_still_ours(r) != 0)
		return -1;
	file_temp_name(t);
	if (renameat(t->dir, t->base, t->dir, t->name) != 0)
		return errno == ENOENT ? 0 : err_sys(r->err,
		    "%s: cannot remove", path);
	status = journal_still_ours(r);
	if (status != 0)
		(void)!linkat(t->dir, t->name, t->dir, t->base, 0);
	if (unlinkat(t->dir, t->name, 0) != 0 && status == 0) {
		status = err_sys(r->err, "%s: cannot remove", path);
		(void)!renameat(t->dir, t->name, t->dir, t->base);
	}
	return status;
}

int
journal_apply_remove(struct journal_run *r, const struct journal_entry *e)
{
	struct file_temp t;
	int status;

	t.dir = file_open_parent(r->at->dir, e->path, false, false, &t.base,
	    r->err);
	if (t.dir < 0)
		return errno == ENOENT ? 0 : -1;
	status = take_away(r, &t, e->path);
	close(t.dir);
	return status;
}

/* Under another name first: what a removal that comes too late takes is the
 * journal of the next change, which must not be lost half-way. */
int
journal_end(struct journal_run *r)
{
	struct file_temp t = { .dir = r->at->dir, .base = r->at->base };

	if (journal_still_ours(r) != 0)
		return -1;
	file_temp_name(&t);
	if (renameat(t.dir, t.base, t.dir, t.name) != 0)
		return err_sys(r->err, "%s: cannot remove", t.base);
	if (!is_journal(r, t.name)) {
		(void)!linkat(t.dir, t.name, t.dir, t.base, 0);
		file_drop(&t);
		return taken_away(r);
	}
	if (unlinkat(t.dir, t.name, 0) != 0)
		return err_sys(r->err, "%s: cannot remove", t.base);
	return 0;
}
