#define _GNU_SOURCE		/* memmem */

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

/* One application of a journal. */
struct run {
	const struct journal_place *at;
	const struct journal_judge *judge;
	struct stat id;		/* of the journal's file */
	bool replay;		/* files may be in any state */
	struct err *err;
};

/* The lock and the journal must still be ours. */
static int
still_ours(struct run *r)
{
	struct stat st;

	if (r->at->guard != NULL &&
	    r->at->guard(r->at->guard_arg, r->err) != 0)
		return -1;
	if (fstatat(r->at->dir, r->at->base, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    st.st_ino == r->id.st_ino && st.st_dev == r->id.st_dev)
		return 0;
	return err_set(r->err, LO_IO, "%s: was taken away while it was being "
	    "applied; another process has repaired the campaign",
	    r->at->base);
}

static int
put_whole(struct run *r, const char *path, const struct buf *data)
{
	const char *base;
	int status, dir = file_open_parent(r->at->dir, path, true,
	    r->at->sync, &base, r->err);

	if (dir < 0)
		return -1;
	if (r->replay)
		file_sweep_temps(dir);
	status = file_replace(dir, base, data->p, data->len, r->at->sync,
	    r->err);
	close(dir);
	return status;
}

static int
apply_replace(struct run *r, struct journal_entry *e)
{
	struct buf found = BUF_INIT;
	bool wanted = true;
	int status = 0;

	if (r->replay) {
		status = file_slurp(r->at->dir, e->path, e->path, &found,
		    r->err);
		if (status >= 0 && journal_is_new(e, status > 0, &found))
			wanted = false;
		else if (status >= 0 && r->judge != NULL &&
		    !journal_is_old(e, status > 0, &found))
			wanted = r->judge->judge(r->judge->arg, e, &found) ==
			    JOURNAL_APPLY;
	}
	if (status >= 0)
		status = wanted ? put_whole(r, e->path, &e->data) : 0;
	buf_release(&found);
	return status;
}

static int
sync_file(struct run *r, const struct journal_entry *e, int fd)
{
	if (r->at->sync && fsync(fd) != 0)
		return err_sys(r->err, "%s: cannot fsync", e->path);
	return 0;
}

static int
write_at(struct run *r, const struct journal_entry *e, int fd, off_t size,
    off_t offset)
{
	if (size > offset && ftruncate(fd, offset) != 0)
		return err_sys(r->err, "%s: cannot cut", e->path);
	if (file_pwrite_all(fd, e->data.p, e->data.len, offset) != 0)
		return err_sys(r->err, "%s: cannot append", e->path);
	return sync_file(r, e, fd);
}

static bool
is_line(const char *p, size_t len)
{
	const char *eol = memchr(p, '\n', len);
	struct err ignored;

	return eol != NULL && json_scan(p, (size_t)(eol - p), "line", 1,
	    &ignored) == 0;
}

/* Bytes of ours that stand torn before other lines. */
static size_t
torn_length(const struct buf *ours, const char *there, size_t len)
{
	size_t n = 0;

	while (n < len && n < ours->len && there[n] == ours->p[n])
		n++;
	while (n > 0 && !is_line(there + n, len - n))
		n--;
	return n;
}

/* Others have written behind our offset since: J6. */
static int
into_grown(struct run *r, const struct journal_entry *e, int fd,
    const char *there, size_t len)
{
	struct buf whole = BUF_INIT;
	size_t torn;
	int status;

	if (memmem(there, len, e->data.p, e->data.len) != NULL)
		return sync_file(r, e, fd);
	torn = torn_length(&e->data, there, len);
	if (torn == 0)
		return write_at(r, e, fd, (off_t)(e->offset + len),
		    (off_t)(e->offset + len));
	buf_reserve(&whole, (size_t)e->offset);
	if (pread(fd, whole.p, (size_t)e->offset, 0) != (ssize_t)e->offset)
		return err_sys(r->err, "%s: cannot read", e->path);
	whole.len = (size_t)e->offset;
	buf_add(&whole, e->data.p, e->data.len);
	buf_add(&whole, there + torn, len - torn);
	status = put_whole(r, e->path, &whole);
	buf_release(&whole);
	return status;
}

/* What stands behind our offset when an append is replayed. */
static int
append_again(struct run *r, const struct journal_entry *e, int fd,
    uint64_t size)
{
	struct buf there = BUF_INIT;
	size_t len, own;
	int status;

	if (size < e->offset ||
	    journal_tail_crc(fd, e->offset) != e->old.crc) {
		/* another file by now: once, at its end */
		buf_reserve(&there, (size_t)size);
		if (pread(fd, there.p, (size_t)size, 0) == (ssize_t)size &&
		    memmem(there.p, (size_t)size, e->data.p, e->data.len) !=
		    NULL)
			status = sync_file(r, e, fd);
		else
			status = write_at(r, e, fd, (off_t)size, (off_t)size);
		buf_release(&there);
		return status;
	}
	len = (size_t)(size - e->offset);
	buf_reserve(&there, len);
	if (pread(fd, there.p, len, (off_t)e->offset) != (ssize_t)len) {
		buf_release(&there);
		return err_sys(r->err, "%s: cannot read", e->path);
	}
	own = len < e->data.len ? len : e->data.len;
	if (memcmp(there.p, e->data.p, own) == 0 && len <= e->data.len)
		status = write_at(r, e, fd, (off_t)size, (off_t)e->offset);
	else if (size == e->old.size)	/* the torn line of before */
		status = write_at(r, e, fd, (off_t)size, (off_t)e->offset);
	else
		status = into_grown(r, e, fd, there.p, len);
	buf_release(&there);
	return status;
}

static int
apply_append(struct run *r, const struct journal_entry *e)
{
	struct stat st;
	int fd, status = journal_open(r->at->dir, e->path,
	    O_RDWR | O_CREAT, &fd, r->err);

	if (status <= 0)
		return status < 0 ? -1 : err_set(r->err, LO_IO, "%s: cannot "
		    "be created", e->path);
	if (fstat(fd, &st) != 0)
		status = err_sys(r->err, "%s", e->path);
	else if (r->replay)
		status = append_again(r, e, fd, (uint64_t)st.st_size);
	else
		status = write_at(r, e, fd, st.st_size, (off_t)e->offset);
	if (close(fd) != 0 && status == 0)
		status = err_sys(r->err, "%s: cannot close", e->path);
	return status;
}

static int
apply_remove(struct run *r, struct journal_entry *e)
{
	const char *base;
	int status = 0, dir;

	dir = file_open_parent(r->at->dir, e->path, false, false, &base,
	    r->err);
	if (dir < 0)
		return errno == ENOENT ? 0 : -1;
	if (unlinkat(dir, base, 0) != 0 && errno != ENOENT)
		status = err_sys(r->err, "%s: cannot remove", e->path);
	close(dir);
	return status;
}

static int
apply_one(struct run *r, struct journal_entry *e)
{
	if (still_ours(r) != 0)
		return -1;
	switch (e->op) {
	case JOURNAL_REPLACE:
		return apply_replace(r, e);
	case JOURNAL_APPEND:
		return apply_append(r, e);
	default:
		return apply_remove(r, e);
	}
}

static int
sync_parent(struct run *r, const char *path)
{
	const char *base;
	int status, dir = file_open_parent(r->at->dir, path, false, false,
	    &base, r->err);

	if (dir < 0)
		return errno == ENOENT ? 0 : -1;
	status = file_sync_dir(dir, path, r->err);
	close(dir);
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

/* Entries of one directory stand together; the journal's own is last. */
static int
sync_dirs(struct run *r, const struct journal *j)
{
	size_t i;

	for (i = 0; i < j->n; i++) {
		if (strchr(j->entry[i].path, '/') == NULL ||
		    (i > 0 && same_parent(j->entry[i].path,
		    j->entry[i - 1].path)))
			continue;
		if (sync_parent(r, j->entry[i].path) != 0)
			return -1;
	}
	return file_sync_dir(r->at->dir, r->at->base, r->err);
}

static int
apply_all(struct run *r, struct journal *j)
{
	size_t i;

	for (i = 0; i < j->n; i++)
		if (apply_one(r, &j->entry[i]) != 0)
			return -1;
	if (r->at->sync && sync_dirs(r, j) != 0)
		return -1;
	if (still_ours(r) != 0)
		return -1;
	if (unlinkat(r->at->dir, r->at->base, 0) != 0)
		return err_sys(r->err, "%s: cannot remove", r->at->base);
	return r->at->sync ? file_sync_dir(r->at->dir, r->at->base, r->err) :
	    0;
}

static int
identify(struct run *r)
{
	if (fstatat(r->at->dir, r->at->base, &r->id,
	    AT_SYMLINK_NOFOLLOW) == 0)
		return 0;
	return err_sys(r->err, "%s", r->at->base);
}

int
journal_commit(struct journal *j, const struct journal_place *at,
    bool *committed, struct err *err)
{
	struct run r = { .at = at, .err = err };
	struct buf text = BUF_INIT;
	int status;

	*committed = false;
	if (at->guard != NULL && at->guard(at->guard_arg, err) != 0)
		return -1;
	journal_text(j, &text);
	status = file_replace(at->dir, at->base, text.p, text.len, at->sync,
	    err);
	buf_release(&text);
	if (status != 0)
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
	struct run r = { .at = at, .judge = judge, .replay = true,
	    .err = err };

	if (identify(&r) != 0)
		return -1;
	/* the rename may not be on disk yet, though what follows will be */
	if (at->sync && file_sync_dir(at->dir, at->base, err) != 0)
		return -1;
	return apply_all(&r, j);
}
