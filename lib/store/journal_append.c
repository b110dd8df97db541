#define _GNU_SOURCE		/* memmem */

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/file.h"
#include "store/journal_text.h"
#include "store/json.h"

/* An append that is under way. */
struct append {
	struct journal_run *r;
	struct journal_entry *e;
	int fd;
	uint64_t size;		/* of the file */
	struct buf there;	/* what stands behind from */
	uint64_t from;
};

static int
complain(const struct append *a, const char *what)
{
	return err_sys(a->r->err, "%s: cannot %s", a->e->path, what);
}

static int
sync_file(const struct append *a)
{
	if (a->r->at->sync && fsync(a->fd) != 0)
		return complain(a, "fsync");
	return 0;
}

/* Written first and cut then, if at all: who comes too late writes the same
 * bytes at the same place, but would cut off what others added since. */
static int
write_at(const struct append *a, uint64_t offset)
{
	uint64_t end = offset + a->e->data.len;

	if (journal_still_ours(a->r) != 0)
		return -1;
	if (file_pwrite_all(a->fd, a->e->data.p, a->e->data.len,
	    (off_t)offset) != 0)
		return complain(a, "append");
	if (a->size > end && journal_still_ours(a->r) != 0)
		return -1;
	if (a->size > end && ftruncate(a->fd, (off_t)end) != 0)
		return complain(a, "cut");
	return sync_file(a);
}

/* How far the bytes from n on are ours.  A crash of the machine may have
 * kept a file's length and lost its bytes: zeros, which no log holds. */
static size_t
end_of_ours(const struct journal_entry *e, const char *there, size_t len,
    size_t n)
{
	while (n < len && n < e->data.len &&
	    (there[n] == e->data.p[n] || there[n] == '\0'))
		n++;
	return n;
}

/* Is there nothing behind the offset but a part of ours, or of the torn line
 * that stood there before and that ours are written over?  What others add
 * stands behind that line. */
static bool
may_be_cut(const struct journal_entry *e, const char *there, size_t len)
{
	uint64_t torn = e->old.size > e->offset ? e->old.size - e->offset : 0;
	size_t n = torn < len ? (size_t)torn : len;

	return end_of_ours(e, there, len, n) == len;
}

static bool
holds_ours(const struct journal_entry *e, const char *p, size_t len)
{
	return memmem(p, len, e->data.p, e->data.len) != NULL;
}

static bool
is_line(const char *p, size_t len)
{
	const char *eol = memchr(p, '\n', len);
	struct err ignored;

	return eol != NULL && json_scan(p, (size_t)(eol - p), "line", 1,
	    &ignored) == 0;
}

/* Bytes of ours that stand torn before others' lines. */
static size_t
torn_before(const struct append *a)
{
	const char *p = a->there.p;
	size_t n = end_of_ours(a->e, p, a->there.len, 0);

	while (n > 0 && !is_line(p + n, a->there.len - n))
		n--;
	return n;
}

/* Bytes of ours that stand torn at the end: an earlier replay was cut off
 * there. */
static size_t
torn_at_end(const struct append *a)
{
	const struct buf *ours = &a->e->data, *there = &a->there;
	size_t n = ours->len <= there->len ? ours->len : there->len;

	while (n > 0 && memcmp(there->p + there->len - n, ours->p, n) != 0)
		n--;
	return n;
}

/* Behind what others wrote, on a line of its own. */
static int
write_behind(const struct append *a)
{
	size_t torn = torn_at_end(a), keep = a->there.len - torn;
	uint64_t at = a->size - torn;

	if (keep > 0 && a->there.p[keep - 1] != '\n') {
		if (file_pwrite_all(a->fd, "\n", 1, (off_t)at) != 0)
			return complain(a, "append");
		at++;
	}
	return write_at(a, at);
}

/* The whole file again, with ours in place of its torn bytes. */
static int
mend(const struct append *a, size_t torn)
{
	struct buf whole = BUF_INIT;
	int status = 0;

	if (journal_read(a->fd, 0, a->from, &whole) != 0)
		status = complain(a, "read");
	if (status == 0) {
		buf_add(&whole, a->e->data.p, a->e->data.len);
		buf_add(&whole, a->there.p + torn, a->there.len - torn);
		status = journal_put_whole(a->r, a->e->path, &whole,
		    true);
	}
	buf_release(&whole);
	return status;
}

/* Others have written since, behind the offset or all of it: J6. */
static int
into_strange(const struct append *a)
{
	size_t torn = a->from == a->e->offset ? torn_before(a) : 0;

	if (holds_ours(a->e, a->there.p, a->there.len) ||
	    !journal_wanted(a->r, a->e, &a->there))
		return sync_file(a);
	return torn > 0 ? mend(a, torn) : write_behind(a);
}

/* The file may be in any state. */
static int
append_again(struct append *a)
{
	const struct journal_entry *e = a->e;
	uint32_t crc = 0;
	int status;

	if (a->size >= e->offset &&
	    journal_tail_crc(a->fd, e->offset, &crc) != 0)
		return complain(a, "read");
	/* another file by now: all of it is looked at */
	a->from = a->size >= e->offset && crc == e->old.crc ? e->offset : 0;
	if (journal_read(a->fd, a->from, a->size, &a->there) != 0)
		status = complain(a, "read");
	else if (a->from == e->offset &&
	    may_be_cut(e, a->there.p, a->there.len))
		status = write_at(a, a->from);
	else
		status = into_strange(a);
	buf_release(&a->there);
	return status;
}

static int
make_parents(const struct journal_run *r, const char *path)
{
	const char *base;
	int dir = file_open_parent(r->at->dir, path, true, r->at->sync,
	    &base, r->err);

	if (dir < 0)
		return -1;
	close(dir);
	return 0;
}

int
journal_apply_append(struct journal_run *r, struct journal_entry *e)
{
	struct append a = { .r = r, .e = e };
	struct stat st;
	int status = make_parents(r, e->path);

	if (status == 0)
		status = journal_open(r->at->dir, e->path, O_RDWR | O_CREAT,
		    &a.fd, r->err);
	if (status <= 0)
		return status < 0 ? -1 : err_set(r->err, LO_IO, "%s: cannot "
		    "be created", e->path);
	status = fstat(a.fd, &st);
	a.size = status == 0 ? (uint64_t)st.st_size : 0;
	if (status != 0)
		complain(&a, "look at it");
	else if (r->replay || a.size != e->old.size)
		status = append_again(&a);
	else
		status = write_at(&a, e->offset);
	if (close(a.fd) != 0 && status == 0)
		status = complain(&a, "close");
	return status;
}

static void
overlay_append(const struct journal_entry *e, struct buf *text)
{
	if (text->len >= e->offset && may_be_cut(e,
	    buf_str(text) + e->offset, text->len - (size_t)e->offset))
		buf_cut(text, (size_t)e->offset);
	else if (holds_ours(e, buf_str(text), text->len))
		return;
	buf_add(text, e->data.p, e->data.len);
}

int
journal_overlay(const struct journal_entry *e, struct buf *text)
{
	switch (e->op) {
	case JOURNAL_REPLACE:
		buf_cut(text, 0);
		buf_add(text, e->data.p, e->data.len);
		return 1;
	case JOURNAL_APPEND:
		overlay_append(e, text);
		return 1;
	case JOURNAL_MOVE:
		return 1;
	default:
		return 0;
	}
}
