#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xmem.h"
#include "store/file.h"
#include "store/journal.h"
#include "store/journal_text.h"
#include "store/json.h"

/* So many files, and their directories, are fsynced one by one. */
#define FEW 32

static int
sync_device(struct journal_run *r)
{
	int status = 0;

	if (r->unsynced < 0)
		return 0;
	if (r->at->sync)
		status = file_sync_device(r->unsynced, r->at->base, r->err);
	close(r->unsynced);
	r->unsynced = -1;
	return status;
}

/* What was written below dir is to be synced with the rest. */
static int
sync_later(struct journal_run *r, int dir)
{
	struct stat st;

	if (!r->at->sync)
		return 0;
	if (fstat(dir, &st) != 0)
		return err_sys(r->err, "%s", r->at->base);
	if (r->unsynced >= 0 && r->device == st.st_dev)
		return 0;
	if (sync_device(r) != 0)
		return -1;
	r->device = st.st_dev;
	r->unsynced = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return r->unsynced >= 0 ? 0 : err_sys(r->err, "%s", r->at->base);
}

/* Looked at when all is ready: who takes the lock over removes temporary
 * files, so that a rename that comes too late finds nothing to put there. */
static int
replace(struct journal_run *r, struct file_temp *t, const struct buf *data,
    bool sync)
{
	if (file_prepare(t, data->p, data->len, sync, r->err) != 0)
		return -1;
	if (journal_still_ours(r) == 0)
		return file_place(t, r->err);
	file_drop(t);
	return -1;
}

int
journal_put_whole(struct journal_run *r, const char *path,
    const struct buf *data, bool alone)
{
	struct file_temp t;
	bool sync = r->at->sync && alone;
	int status;

	t.dir = file_open_parent(r->at->dir, path, true, sync, &t.base,
	    r->err);
	if (t.dir < 0)
		return -1;
	if (r->replay)
		file_sweep_temps(t.dir);
	status = replace(r, &t, data, sync);
	if (status == 0 && !alone)
		status = sync_later(r, t.dir);
	close(t.dir);
	return status;
}

bool
journal_wanted(struct journal_run *r, struct journal_entry *e,
    const struct buf *found)
{
	return r->judge == NULL ||
	    r->judge->judge(r->judge->arg, e, found) == JOURNAL_APPLY;
}

static int
apply_replace(struct journal_run *r, struct journal_entry *e)
{
	struct buf found = BUF_INIT;
	bool apply = true, alone = !e->together || !r->many;
	int status = 0;

	if (r->replay) {
		status = file_slurp(r->at->dir, e->path, e->path, &found,
		    r->err);
		/* what is new already may not be on disk, unless it was
		 * fsynced before it got its name */
		apply = status >= 0 && (!alone ||
		    !journal_is_new(e, status > 0, &found)) &&
		    (journal_is_new(e, status > 0, &found) ||
		    journal_is_old(e, status > 0, &found) ||
		    journal_wanted(r, e, &found));
	}
	if (status >= 0)
		status = apply ? journal_put_whole(r, e->path, &e->data,
		    alone) : 0;
	buf_release(&found);
	return status;
}

static int
apply_one(struct journal_run *r, struct journal_entry *e)
{
	switch (e->op) {
	case JOURNAL_REPLACE:
		return apply_replace(r, e);
	case JOURNAL_APPEND:
		return journal_apply_append(r, e);
	case JOURNAL_MOVE:
		return journal_apply_move(r, e);
	case JOURNAL_CLEAR:
		return journal_apply_clear(r, e);
	default:
		return journal_apply_remove(r, e);
	}
}

/* A replay takes away what an earlier one removed without its being on
 * disk, also where nothing is left to be written. */
static int
sync_parent(struct journal_run *r, const char *path, bool sweep)
{
	const char *base;
	int status, dir = file_open_parent(r->at->dir, path, false, false,
	    &base, r->err);

	if (dir < 0)
		return errno == ENOENT ? 0 : -1;
	if (sweep)
		file_sweep_temps(dir);
	status = file_sync_dir(dir, path, r->err);
	close(dir);
	return status;
}

/* A replay may find directories that the interrupted run made and whose
 * names are not on disk yet: each one up to the journal's. */
static int
sync_parents(struct journal_run *r, const char *path)
{
	char *copy = xstrdup(path), *slash;
	bool sweep = r->replay;
	int status;

	for (;; sweep = false) {
		status = sync_parent(r, copy, sweep);
		slash = strrchr(copy, '/');
		if (status != 0 || !r->replay || slash == NULL ||
		    slash == copy)
			break;
		*slash = '\0';
	}
	free(copy);
	return status;
}

static bool
same_parent(const char *a, const char *b)
{
	const char *x = strrchr(a, '/'), *y = strrchr(b, '/');
	size_t n = x != NULL ? (size_t)(x - a) : 0;

	return (x == NULL) == (y == NULL) && (x == NULL ||
	    (n == (size_t)(y - b) && memcmp(a, b, n) == 0));
}

/* Entries of one directory stand together; the journal's own is last.
 * Those of many small files were synced by their device. */
static int
sync_dirs(struct journal_run *r, const struct journal *j)
{
	size_t i;

	for (i = 0; i < j->n; i++) {
		if (strchr(j->entry[i].path, '/') == NULL ||
		    (r->many && j->entry[i].together) ||
		    (i > 0 && same_parent(j->entry[i].path,
		    j->entry[i - 1].path)))
			continue;
		if (sync_parents(r, j->entry[i].path) != 0)
			return -1;
	}
	return file_sync_dir(r->at->dir, r->at->base, r->err);
}

static bool
are_many(const struct journal *j)
{
	size_t i, n = 0;

	for (i = 0; i < j->n && FILE_SYNCS_DEVICES; i++)
		n += j->entry[i].together;
	return n > FEW;
}

static int
apply_entries(struct journal_run *r, struct journal *j)
{
	size_t i;
	int status = 0;

	r->many = are_many(j);
	r->unsynced = -1;
	for (i = 0; i < j->n && status == 0; i++)
		status = apply_one(r, &j->entry[i]);
	if (status == 0)
		status = sync_device(r);
	if (r->unsynced >= 0)
		close(r->unsynced);
	return status;
}

static int
apply_all(struct journal_run *r, struct journal *j)
{
	if (apply_entries(r, j) != 0)
		return -1;
	if (r->at->sync && sync_dirs(r, j) != 0)
		return -1;
	if (journal_end(r) != 0)
		return -1;
	return r->at->sync ? file_sync_dir(r->at->dir, r->at->base, r->err) :
	    0;
}

static int
identify(struct journal_run *r)
{
	if (fstatat(r->at->dir, r->at->base, &r->id,
	    AT_SYMLINK_NOFOLLOW) == 0)
		return 0;
	return err_sys(r->err, "%s", r->at->base);
}

/* The commit itself: as with other files, a last look when all is ready. */
static int
put_journal(const struct journal *j, const struct journal_place *at,
    struct err *err)
{
	struct file_temp t = { .dir = at->dir, .base = at->base };
	struct buf text = BUF_INIT;
	int status;

	journal_text(j, &text);
	status = file_prepare(&t, text.p, text.len, at->sync, err);
	buf_release(&text);
	if (status != 0)
		return -1;
	if (at->guard == NULL || at->guard(at->guard_arg, err) == 0)
		return file_place(&t, err);
	file_drop(&t);
	return -1;
}

int
journal_commit(struct journal *j, const struct journal_place *at,
    bool *committed, struct err *err)
{
	struct journal_run r = { .at = at, .err = err };

	*committed = false;
	if (put_journal(j, at, err) != 0)
		return -1;
	*committed = true;
	if ((at->sync && file_sync_dir(at->dir, at->base, err) != 0) ||
	    identify(&r) != 0)
		return -1;
	return apply_all(&r, j);
}

int
journal_replay(struct journal *j, const struct journal_place *at,
    const struct journal_judge *judge, struct err *err)
{
	struct journal_run r = { .at = at, .judge = judge, .replay = true,
	    .err = err };

	if (identify(&r) != 0)
		return -1;
	/* the rename may not be on disk yet, though what follows will be */
	if (at->sync && file_sync_dir(at->dir, at->base, err) != 0)
		return -1;
	return apply_all(&r, j);
}
