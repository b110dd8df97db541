#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/num.h"
#include "base/xmem.h"
#include "store/file.h"
#include "store/journal.h"
#include "store/journal_text.h"
#include "store/json.h"

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

uint32_t
journal_tail_crc(int fd, uint64_t offset)
{
	char tail[JOURNAL_TAIL];
	size_t len = offset < sizeof(tail) ? (size_t)offset : sizeof(tail);
	ssize_t n = pread(fd, tail, len, (off_t)(offset - len));

	return n == (ssize_t)len ? file_crc(tail, len) : 0;
}

/* Where the last line that has an end ends. */
static uint64_t
last_newline(int fd, uint64_t size)
{
	char part[JOURNAL_TAIL];
	uint64_t end = size;
	size_t len, i;

	while (end > 0) {
		len = end < sizeof(part) ? (size_t)end : sizeof(part);
		if (pread(fd, part, len, (off_t)(end - len)) != (ssize_t)len)
			return size;
		for (i = len; i > 0; i--)
			if (part[i - 1] == '\n')
				return end - len + i;
		end -= len;
	}
	return 0;
}

static int
read_torn(int fd, uint64_t from, uint64_t to, struct buf *torn)
{
	size_t len = (size_t)(to - from);

	buf_reserve(torn, len);
	if (pread(fd, torn->p + torn->len, len, (off_t)from) != (ssize_t)len)
		return -1;
	torn->len += len;
	torn->p[torn->len] = '\0';
	return 0;
}

int
journal_open(int dir, const char *path, int flags, int *fd, struct err *err)
{
	const char *base;
	struct stat st;
	int parent = file_open_parent(dir, path, (flags & O_CREAT) != 0,
	    true, &base, err);

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
	struct stat st;
	int fd, status = journal_open(dir, path, O_RDONLY, &fd, err);

	memset(old, 0, sizeof(*old));
	*offset = 0;
	if (status <= 0)
		return status;
	status = fstat(fd, &st);
	if (status == 0) {
		old->exists = true;
		old->size = (uint64_t)st.st_size;
		*offset = last_newline(fd, old->size);
		old->crc = journal_tail_crc(fd, *offset);
		if (torn != NULL && *offset < old->size)
			status = read_torn(fd, *offset, old->size, torn);
	}
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

bool
journal_is_old(const struct journal_entry *e, bool exists,
    const struct buf *found)
{
	if (!e->old.exists || !exists)
		return e->old.exists == exists;
	return found->len == e->old.size &&
	    file_crc(found->p, found->len) == e->old.crc;
}

bool
journal_is_new(const struct journal_entry *e, bool exists,
    const struct buf *found)
{
	return exists && found->len == e->data.len &&
	    (found->len == 0 || memcmp(found->p, e->data.p, found->len) == 0);
}

/* ------------------------------------------------------ as a file */

static const char *const op_name[] = { "replace", "append", "remove" };

static void
put_entry(struct buf *out, const struct journal_entry *e)
{
	struct jw w;

	jw_init(&w, out, JW_COMPACT);
	jw_object(&w);
	JW_KEY(&w, "op", text, op_name[e->op]);
	JW_KEY(&w, "path", text, e->path);
	JW_KEY(&w, "existed", bool, e->old.exists);
	JW_KEY(&w, "old_size", int, (int64_t)e->old.size);
	JW_KEY(&w, "old_crc", int, e->old.crc);
	JW_KEY(&w, "offset", int, (int64_t)e->offset);
	JW_KEY(&w, "size", int, (int64_t)e->data.len);
	jw_end(&w);
	jw_release(&w);
	buf_addc(out, '\n');
	buf_add(out, e->data.p, e->data.len);
	buf_addc(out, '\n');
}

/* The first line for the body that stands behind its place. */
static void
write_head(char head[JOURNAL_HEAD + 1], const struct buf *text)
{
	size_t len = text->len - JOURNAL_HEAD;

	snprintf(head, JOURNAL_HEAD + 1, "looptimum-journal 1 %016llx "
	    "%08lx\n", (unsigned long long)len,
	    (unsigned long)file_crc(text->p + JOURNAL_HEAD, len));
}

/*
 * First line: name, version, length and checksum of all that follows.
 * Second line: the note.  Then a line of JSON and the bytes for each entry.
 */
void
journal_text(const struct journal *j, struct buf *out)
{
	char head[JOURNAL_HEAD + 1];
	size_t i, room = JOURNAL_HEAD;

	for (i = 0; i < j->n; i++)
		room += j->entry[i].data.len + 512;
	buf_reserve(out, room);
	memset(head, ' ', JOURNAL_HEAD);
	buf_add(out, head, JOURNAL_HEAD);
	buf_adds(out, j->note != NULL ? j->note : "{}");
	buf_addc(out, '\n');
	for (i = 0; i < j->n; i++)
		put_entry(out, &j->entry[i]);
	write_head(head, out);
	memcpy(out->p, head, JOURNAL_HEAD);
}

static int
parse_entry(struct journal *j, jv doc, struct buf *data, struct err *err)
{
	struct json root = json_root(doc, JOURNAL_WHAT), f;
	struct journal_entry *e;
	struct journal_old old;
	const char *op, *path;
	int64_t offset, size, crc;
	size_t i;

	f = json_member(&root, "op");
	if (json_text(&f, &op, err) != 0)
		return -1;
	f = json_member(&root, "path");
	if (json_text(&f, &path, err) != 0)
		return -1;
	f = json_member(&root, "existed");
	if (json_bool(&f, &old.exists, err) != 0)
		return -1;
	f = json_member(&root, "old_size");
	if (json_int(&f, 0, NUM_INT_MAX, &size, err) != 0)
		return -1;
	f = json_member(&root, "old_crc");
	if (json_int(&f, 0, UINT32_MAX, &crc, err) != 0)
		return -1;
	f = json_member(&root, "offset");
	if (json_int(&f, 0, NUM_INT_MAX, &offset, err) != 0)
		return -1;
	for (i = 0; i < 3 && strcmp(op, op_name[i]) != 0; i++)
		;
	if (i == 3)
		return json_expected(&f, "a known operation", err);
	old.size = (uint64_t)size;
	old.crc = (uint32_t)crc;
	e = add(j, (enum journal_op)i, path, old);
	e->offset = (uint64_t)offset;
	take_data(e, data);
	return 0;
}

/* One line of JSON and its bytes; *at moves behind them. */
static int
read_entry(struct journal *j, const char **at, const char *end,
    struct err *err)
{
	const char *eol = memchr(*at, '\n', (size_t)(end - *at));
	struct buf data = BUF_INIT;
	struct json root, f;
	int64_t size;
	int status = -1;
	jv doc;

	if (eol == NULL)
		return err_set(err, LO_REFUSED, "entry without end");
	doc = json_parse(*at, (size_t)(eol - *at), JOURNAL_WHAT, err);
	root = json_root(doc, JOURNAL_WHAT);
	f = json_member(&root, "size");
	if (!jv_is_valid(doc) ||
	    json_int(&f, 0, end - eol - 2, &size, err) != 0)
		goto out;
	buf_add(&data, eol + 1, (size_t)size);
	status = parse_entry(j, doc, &data, err);
	*at = eol + 1 + size + 1;
out:
	buf_release(&data);
	jv_free(doc);
	return status;
}

static int
damaged(struct err *err, const char *why)
{
	return err_set(err, LO_REFUSED, "the journal of an interrupted change "
	    "is damaged (%s); nothing was changed: keep a copy of it, move it "
	    "out of the way and run lo-validate", why);
}

int
journal_from_text(struct journal *j, const struct buf *text, struct err *err)
{
	char head[JOURNAL_HEAD + 1];
	const char *at, *end, *eol;

	if (text->len < JOURNAL_HEAD)
		return damaged(err, "no header");
	write_head(head, text);
	if (memcmp(head, text->p, JOURNAL_HEAD) != 0)
		return damaged(err, "wrong length or checksum");
	at = text->p + JOURNAL_HEAD;
	end = text->p + text->len;
	if ((eol = memchr(at, '\n', (size_t)(end - at))) == NULL)
		return damaged(err, "no note");
	j->note = xstrndup(at, (size_t)(eol - at));
	for (at = eol + 1; at < end; )
		if (read_entry(j, &at, end, err) != 0) {
			char why[200];

			snprintf(why, sizeof(why), "%.199s", err->text);
			return damaged(err, why);
		}
	return j->n > 0 ? 0 : damaged(err, "no entries");
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
