#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <csv.h>

#include "base/xmem.h"
#include "store/table.h"

/* A byte-order mark. */
static const char mark[] = { '\xef', '\xbb', '\xbf' };

static bool
begins_with_mark(const char *text, size_t len)
{
	return len >= sizeof(mark) && memcmp(text, mark, sizeof(mark)) == 0;
}

/* A mark at the beginning of a file belongs to no field. */
static bool
must_quote(const char *text, size_t len)
{
	size_t i;

	if (begins_with_mark(text, len))
		return true;
	for (i = 0; i < len; i++)
		if (text[i] == ',' || text[i] == '"' || text[i] == '\r' ||
		    text[i] == '\n')
			return true;
	return false;
}

void
table_field(struct buf *out, const char *text, size_t len, int first)
{
	size_t need;

	if (!first)
		buf_addc(out, ',');
	if (!must_quote(text, len)) {
		buf_add(out, text, len);
		return;
	}
	need = csv_write(NULL, 0, text, len);
	buf_reserve(out, need);
	csv_write(out->p + out->len, need, text, len);
	out->len += need;
	out->p[out->len] = '\0';
}

void
table_text(struct buf *out, const char *text, size_t len, int first)
{
	table_field(out, text, len, first);
	if (len == 0)
		buf_adds(out, "\"\"");
}

/* Nothing since the last record: its only field is empty.  (A quoted field
 * may hold a line break, but then a quote comes last.) */
static bool
record_is_empty(const struct buf *out)
{
	return out->len == 0 || out->p[out->len - 1] == '\n';
}

void
table_end(struct buf *out)
{
	buf_adds(out, record_is_empty(out) ? "\"\"\r\n" : "\r\n");
}

/* A record as it grows: its fields lie one behind the other in text. */
struct record {
	struct buf text;
	size_t *len;
	bool *nothing;		/* not even quotes */
	char empty[1];
	size_t nlen, len_cap, nothing_cap;
	char **field;
	size_t field_cap;
	size_t number;
	bool stopped;
	table_row *row;
	void *arg;
};

static void
on_field(void *data, size_t len, void *arg)
{
	struct record *r = arg;

	if (r->stopped)
		return;
	r->len = xgrow(r->len, r->nlen, &r->len_cap, sizeof(*r->len));
	r->nothing = xgrow(r->nothing, r->nlen, &r->nothing_cap,
	    sizeof(*r->nothing));
	r->nothing[r->nlen] = data == NULL;
	r->len[r->nlen++] = len;
	if (len > 0)
		buf_add(&r->text, data, len);
	buf_addc(&r->text, '\0');
}

static void
on_record(int terminator, void *arg)
{
	struct record *r = arg;
	size_t i, at = 0;

	(void)terminator;
	if (r->stopped)
		return;
	for (i = 0; i < r->nlen; i++) {
		r->field = xgrow(r->field, i, &r->field_cap,
		    sizeof(*r->field));
		r->field[i] = r->nothing[i] ? r->empty : r->text.p + at;
		at += r->len[i] + 1;
	}
	r->field = xgrow(r->field, i, &r->field_cap, sizeof(*r->field));
	r->field[i] = r->empty;
	r->stopped = r->row(r->arg, ++r->number, r->field, r->len,
	    r->nlen) != 0;
	r->nlen = 0;
	buf_cut(&r->text, 0);
}

static int
never_blank(unsigned char c)
{
	(void)c;
	return 0;
}

static int
complain(struct csv_parser *parser, const char *text, size_t at,
    const char *file, struct err *err)
{
	size_t i, line = 1;

	for (i = 0; i < at; i++)
		line += text[i] == '\n';
	return err_set(err, LO_REFUSED, "%s: line %zu: invalid CSV: %s", file,
	    line, csv_error(parser) == CSV_EPARSE ?
	    "a quote stands inside a field or is not closed" :
	    csv_strerror(csv_error(parser)));
}

static void
skip_mark(const char **text, size_t *len)
{
	if (begins_with_mark(*text, *len)) {
		*text += sizeof(mark);
		*len -= sizeof(mark);
	}
}

int
table_read(const char *text, size_t len, const char *file, table_row *row,
    void *arg, struct err *err)
{
	struct record r = { .row = row, .arg = arg };
	struct csv_parser parser;
	size_t done;
	int result = 0;

	if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI |
	    CSV_EMPTY_IS_NULL) != 0)
		return err_set(err, LO_IO, "%s: libcsv cannot be started",
		    file);
	csv_set_space_func(&parser, never_blank);
	skip_mark(&text, &len);
	done = csv_parse(&parser, text, len, on_field, on_record, &r);
	if (done != len || csv_fini(&parser, on_field, on_record, &r) != 0)
		result = complain(&parser, text, done, file, err);
	csv_free(&parser);
	buf_release(&r.text);
	free(r.len);
	free(r.nothing);
	free(r.field);
	return result;
}
