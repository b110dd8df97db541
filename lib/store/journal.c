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

void
journal_init(struct journal *j)
{
	memset(j, 0, sizeof(*j));
}

void
journal_release(struct journal *j)
{
	size_t i;

	for (i = 0; i < j->n; i++) {
		free(j->entry[i].path);
		free(j->entry[i].aside);
		buf_release(&j->entry[i].data);
	}
	free(j->entry);
	free(j->note);
	journal_init(j);
}

static struct journal_entry *
add(struct journal *j, enum journal_op op, const char *path,
    struct journal_old old)
{
	struct journal_entry *e;

	j->entry = xgrow(j->entry, j->n, &j->cap, sizeof(*j->entry));
	e = &j->entry[j->n++];
	memset(e, 0, sizeof(*e));
	e->op = op;
	e->path = xstrdup(path);
	e->old = old;
	return e;
}

static void
take_data(struct journal_entry *e, struct buf *data)
{
	e->data = *data;
	memset(data, 0, sizeof(*data));
}

void
journal_replace(struct journal *j, const char *path, struct journal_old old,
    struct buf *data)
{
	take_data(add(j, JOURNAL_REPLACE, path, old), data);
}

void
journal_together(struct journal *j)
{
	j->entry[j->n - 1].together = true;
}

void
journal_append(struct journal *j, const char *path, struct journal_old old,
    uint64_t offset, struct buf *data)
{
	struct journal_entry *e = add(j, JOURNAL_APPEND, path, old);

	e->offset = offset;
	take_data(e, data);
}

void
journal_remove(struct journal *j, const char *path, struct journal_old old)
{
	add(j, JOURNAL_REMOVE, path, old);
}

void
journal_place_tree(struct journal *j, const char *path,
    struct journal_old old, const char *aside, struct journal_old moved)
{
	struct journal_entry *e = add(j, JOURNAL_MOVE, path, old);

	e->aside = xstrdup(aside);
	e->moved = moved;
}

void
journal_clear(struct journal *j, const char *path, const char *aside)
{
	const struct journal_old old = { true, 0, 0 };

	add(j, JOURNAL_CLEAR, path, old)->aside = xstrdup(aside);
}

void
journal_move(struct journal *from, struct journal *to)
{
	struct journal_entry *e, *moved;
	size_t i;

	for (i = 0; i < from->n; i++) {
		e = &from->entry[i];
		moved = add(to, e->op, e->path, e->old);
		moved->offset = e->offset;
		moved->together = e->together;
		take_data(moved, &e->data);
		moved->aside = e->aside;
		e->aside = NULL;
		moved->moved = e->moved;
	}
	journal_release(from);
}

int
journal_look(int dir, const char *path, struct journal_old *old,
    struct err *err)
{
	struct buf text = BUF_INIT;
	int status = file_slurp(dir, path, path, &text, err);

	memset(old, 0, sizeof(*old));
	if (status > 0) {
		old->exists = true;
		old->size = text.len;
		old->crc = file_crc(text.p, text.len);
	}
	buf_release(&text);
	return status < 0 ? -1 : 0;
}

/* All of the bytes, or an errno. */
static int
read_at(int fd, void *out, size_t len, uint64_t offset)
{
	ssize_t n = pread(fd, out, len, (off_t)offset);

	if (n == (ssize_t)len)
		return 0;
	if (n >= 0)
		errno = EIO;	/* the file shrinks under our eyes */
	return -1;
}

int
journal_read(int fd, uint64_t from, uint64_t to, struct buf *out)
{
	size_t len = (size_t)(to - from);

	buf_reserve(out, len);
	if (read_at(fd, out->p + out->len, len, from) != 0)
		return -1;
	out->len += len;
	out->p[out->len] = '\0';
	return 0;
}

int
journal_tail_crc(int fd, uint64_t offset, uint32_t *crc)
{
	char tail[JOURNAL_TAIL];
	size_t len = offset < sizeof(tail) ? (size_t)offset : sizeof(tail);

	if (read_at(fd, tail, len, offset - len) != 0)
		return -1;
	*crc = file_crc(tail, len);
	return 0;
}

/* Where the last line that has an end ends. */
static int
last_newline(int fd, uint64_t size, uint64_t *offset)
{
	char part[JOURNAL_TAIL];
	uint64_t end = size;
	size_t len, i;

	*offset = 0;
	while (end > 0) {
		len = end < sizeof(part) ? (size_t)end : sizeof(part);
		if (read_at(fd, part, len, end - len) != 0)
			return -1;
		for (i = len; i > 0; i--)
			if (part[i - 1] == '\n') {
				*offset = end - len + i;
				return 0;
			}
		end -= len;
	}
	return 0;
}

static int
look_tail(int fd, struct journal_old *old, uint64_t *offset,
    struct buf *torn)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return -1;
	old->exists = true;
	old->size = (uint64_t)st.st_size;
	if (last_newline(fd, old->size, offset) != 0 ||
	    journal_tail_crc(fd, *offset, &old->crc) != 0)
		return -1;
	return torn != NULL ? journal_read(fd, *offset, old->size, torn) : 0;
}

int
journal_open(int dir, const char *path, int flags, int *fd, struct err *err)
{
	const char *base;
	struct stat st;
	int parent = file_open_parent(dir, path, false, false, &base, err);

	*fd = -1;
	if (parent < 0)
		return errno == ENOENT ? 0 : -1;
	*fd = openat(parent, base, flags | O_NOFOLLOW | O_CLOEXEC |
	    O_NONBLOCK, 0666);
	if (*fd < 0 && errno != ENOENT)
		err_sys(err, "%s: cannot open", path);
	close(parent);
	if (*fd < 0)
		return errno == ENOENT ? 0 : -1;
	if (fstat(*fd, &st) == 0 && S_ISREG(st.st_mode))
		return 1;
	close(*fd);
	*fd = -1;
	return err_set(err, LO_IO, "%s: not a regular file", path);
}

int
journal_look_tail(int dir, const char *path, struct journal_old *old,
    uint64_t *offset, struct buf *torn, struct err *err)
{
	int fd, status = journal_open(dir, path, O_RDONLY, &fd, err);

	memset(old, 0, sizeof(*old));
	*offset = 0;
	if (status <= 0)
		return status;
	status = look_tail(fd, old, offset, torn);
	if (status != 0)
		err_sys(err, "%s: cannot read", path);
	close(fd);
	return status;
}

const struct journal_entry *
journal_find(const struct journal *j, const char *path)
{
	size_t i;

	for (i = 0; i < j->n; i++)
		if (strcmp(j->entry[i].path, path) == 0)
			return &j->entry[i];
	return NULL;
}

static bool
is_that(const struct journal_old *was, const struct buf *found)
{
	return found->len == was->size &&
	    file_crc(found->p, found->len) == was->crc;
}

bool
journal_is_old(const struct journal_entry *e, bool exists,
    const struct buf *found)
{
	if (!e->old.exists || !exists)
		return e->old.exists == exists;
	return is_that(&e->old, found);
}

bool
journal_is_new(const struct journal_entry *e, bool exists,
    const struct buf *found)
{
	switch (e->op) {
	case JOURNAL_REMOVE:
	case JOURNAL_CLEAR:
		return !exists;
	case JOURNAL_MOVE:
		return exists && is_that(&e->moved, found);
	default:
		return exists && found->len == e->data.len &&
		    (found->len == 0 ||
		    memcmp(found->p, e->data.p, found->len) == 0);
	}
}

int
journal_load(struct journal *j, const struct journal_place *at,
    struct err *err)
{
	struct buf text = BUF_INIT;
	int status = file_slurp(at->dir, at->base, at->base, &text, err);

	if (status > 0 && journal_from_text(j, &text, err) != 0) {
		err_prefix(err, "%s: ", at->base);
		journal_release(j);
		status = -1;
	}
	buf_release(&text);
	return status;
}
