#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/xmem.h"
#include "store/file.h"
#include "store/journal_text.h"
#include "store/json.h"

static const char *const op_name[] = { "replace", "append", "remove",
	"move", "clear" };

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
	if (e->together)
		JW_KEY(&w, "together", bool, true);
	if (e->aside != NULL)
		JW_KEY(&w, "aside", text, e->aside);
	if (e->op == JOURNAL_MOVE) {
		JW_KEY(&w, "moved_size", int, (int64_t)e->moved.size);
		JW_KEY(&w, "moved_crc", int, e->moved.crc);
	}
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
read_op(const struct json *root, enum journal_op *op, struct err *err)
{
	struct json f = json_member(root, "op");
	const char *text;
	size_t i;

	if (json_text(&f, &text, err) != 0)
		return -1;
	for (i = 0; i < sizeof(op_name) / sizeof(op_name[0]); i++)
		if (strcmp(text, op_name[i]) == 0) {
			*op = (enum journal_op)i;
			return 0;
		}
	return json_expected(&f, "replace, append, remove, move or "
	    "clear", err);
}

static int
read_count(const struct json *root, const char *key, int64_t most,
    uint64_t *out, struct err *err)
{
	struct json f = json_member(root, key);
	int64_t value;

	if (json_int(&f, 0, most, &value, err) != 0)
		return -1;
	*out = (uint64_t)value;
	return 0;
}

static int
read_crc(const struct json *root, const char *key, uint32_t *crc,
    struct err *err)
{
	uint64_t value;

	if (read_count(root, key, UINT32_MAX, &value, err) != 0)
		return -1;
	*crc = (uint32_t)value;
	return 0;
}

/* What an entry has besides its data; texts are borrowed. */
struct line {
	struct journal_entry e;
	const char *path, *aside;
};

static int
parse_aside(const struct json *root, struct line *l, struct err *err)
{
	struct json aside = json_member(root, "aside");

	if (l->e.op != JOURNAL_MOVE && l->e.op != JOURNAL_CLEAR)
		return 0;
	if (json_text(&aside, &l->aside, err) != 0)
		return -1;
	if (l->e.op == JOURNAL_CLEAR)
		return 0;
	l->e.moved.exists = true;
	return read_count(root, "moved_size", NUM_INT_MAX,
	    &l->e.moved.size, err) != 0 ||
	    read_crc(root, "moved_crc", &l->e.moved.crc, err) != 0 ? -1 : 0;
}

static int
parse_line(const struct json *root, struct line *l, struct err *err)
{
	struct json name = json_member(root, "path");
	struct json existed = json_member(root, "existed");
	struct json together = json_member(root, "together");

	memset(l, 0, sizeof(*l));
	l->e.together = jv_get_kind(together.v) == JV_KIND_TRUE;
	if (read_op(root, &l->e.op, err) != 0 ||
	    json_text(&name, &l->path, err) != 0 ||
	    json_bool(&existed, &l->e.old.exists, err) != 0 ||
	    read_count(root, "old_size", NUM_INT_MAX, &l->e.old.size,
	    err) != 0 ||
	    read_crc(root, "old_crc", &l->e.old.crc, err) != 0 ||
	    read_count(root, "offset", NUM_INT_MAX, &l->e.offset, err) != 0)
		return -1;
	return parse_aside(root, l, err);
}

static void
add_entry(struct journal *j, const struct line *l, struct buf *data)
{
	const struct journal_entry *e = &l->e;

	switch (e->op) {
	case JOURNAL_REPLACE:
		journal_replace(j, l->path, e->old, data);
		break;
	case JOURNAL_APPEND:
		journal_append(j, l->path, e->old, e->offset, data);
		break;
	case JOURNAL_REMOVE:
		journal_remove(j, l->path, e->old);
		break;
	case JOURNAL_MOVE:
		journal_place_tree(j, l->path, e->old, l->aside, e->moved);
		break;
	case JOURNAL_CLEAR:
		journal_clear(j, l->path, l->aside);
		break;
	}
}

/* One line of JSON and its bytes; *at moves behind them. */
static int
read_entry(struct journal *j, const char **at, const char *end,
    struct err *err)
{
	const char *eol = memchr(*at, '\n', (size_t)(end - *at));
	struct line l;
	struct buf data = BUF_INIT;
	struct json root;
	uint64_t size;
	int status = -1;
	jv doc;

	if (eol == NULL)
		return err_set(err, LO_REFUSED, "entry without end");
	doc = json_parse(*at, (size_t)(eol - *at), JOURNAL_WHAT, err);
	root = json_root(doc, JOURNAL_WHAT);
	if (jv_is_valid(doc) &&
	    read_count(&root, "size", end - eol - 2, &size, err) == 0 &&
	    parse_line(&root, &l, err) == 0) {
		buf_add(&data, eol + 1, (size_t)size);
		add_entry(j, &l, &data);
		if (l.e.together)
			journal_together(j);
		*at = eol + 1 + size + 1;
		status = 0;
	}
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
