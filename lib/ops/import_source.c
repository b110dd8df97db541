#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xmem.h"
#include "ops/format.h"
#include "ops/import.h"
#include "store/file.h"
#include "store/json_text.h"
#include "store/table.h"

static int
slurp(struct import_source *s, const char *file, struct err *err)
{
	int fd, status;

	if (strcmp(file, "-") == 0)
		return file_slurp_fd(STDIN_FILENO, s->name, &s->text, err);
	fd = open(file, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_sys(err, "%s", file);
	status = file_slurp_fd(fd, file, &s->text, err);
	close(fd);
	return status;
}

/* -------------------------------------------------------------- JSONL */

/* Where the value that begins at p ends, if it is one: brackets are counted
 * outside strings.  Where it is none for sure it ends at once, or a file of
 * nothing but "[" would be gone through once for each of its lines. */
static const char *
value_end(const char *p, const char *end)
{
	bool in_string = false;
	int depth = 0;

	for (; p < end; p++) {
		if (in_string) {
			if (*p == '\n')
				return p + 1;
			if (*p == '\\' && p + 1 < end)
				p++;
			else if (*p == '"')
				in_string = false;
		} else if (*p == '"') {
			in_string = true;
		} else if (*p == '{' || *p == '[') {
			depth++;
		} else if (*p == '}' || *p == ']') {
			depth--;
		} else if (depth <= 0 && (*p == ' ' || *p == '\n' ||
		    *p == '\t' || *p == '\r')) {
			return p;
		}
		if ((depth <= 0 && (*p == '}' || *p == ']')) ||
		    depth > JSON_DEPTH)
			return p + 1;
	}
	return end;
}

static struct import_span *
add_span(struct import_source *s, const char *p, const char *end)
{
	struct import_span *one;

	s->span = xgrow(s->span, s->n, &s->cap, sizeof(*s->span));
	one = &s->span[s->n++];
	one->text.p = p;
	one->text.len = (size_t)(end - p);
	one->bad = NULL;
	return one;
}

/* A value is a row, a list of them are several. */
static void
add_rows(struct import_source *s, const char *p, const char *end)
{
	struct span whole = { p, (size_t)(end - p) };
	struct json_walk w = json_walk(whole);

	if (*p != '[') {
		add_span(s, p, end);
		return;
	}
	while (json_next(&w))
		add_span(s, w.value.p, w.value.p + w.value.len);
}

static size_t
count_lines(const char *p, const char *end)
{
	size_t n = 0;

	while ((p = memchr(p, '\n', (size_t)(end - p))) != NULL) {
		p++;
		n++;
	}
	return n;
}

/* Nobody can tell where it should have ended: its line is the row. */
static void
add_bad(struct import_source *s, const char *p, const char *eol,
    const struct err *err)
{
	struct import_span *one = add_span(s, p, eol);
	size_t skip = strlen(s->name) + 2;

	one->bad = xasprintf("%s: row %zu: %s", s->name, s->n,
	    strlen(err->text) > skip ? err->text + skip : err->text);
}

static int
split_json(struct import_source *s, bool permissive, struct err *err)
{
	const char *p = buf_str(&s->text), *end = p + s->text.len, *next;
	size_t line = 1;

	for (;;) {
		next = json_skip_space(p, end);
		line += count_lines(p, next);
		if ((p = next) == end)
			return 0;
		next = value_end(p, end);
		if (json_scan(p, (size_t)(next - p), s->name, line,
		    err) == 0) {
			add_rows(s, p, next);
		} else if (permissive) {
			next = memchr(p, '\n', (size_t)(end - p));
			next = next != NULL ? next : end;
			add_bad(s, p, next, err);
		} else {
			return -1;
		}
		line += count_lines(p, next);
		p = next;
	}
}

/* ---------------------------------------------------------------- CSV */

/* NUL bytes, which a crash of the machine leaves in files, are no text. */
static int
check_utf8(const struct import_source *s, struct err *err)
{
	const char *p = buf_str(&s->text), *end = p + s->text.len;
	size_t n;

	for (; p < end; p += n)
		if (*p == '\0' || (n = json_utf8(p, end)) == 0)
			return err_set(err, LO_REFUSED, "%s: line %zu: "
			    "expected UTF-8, got byte 0x%02x", s->name,
			    count_lines(buf_str(&s->text), p) + 1,
			    (unsigned)(unsigned char)*p);
	return 0;
}

static int
count_row(void *arg, size_t number, char *const *field, const size_t *len,
    size_t n)
{
	struct import_source *s = arg;

	(void)field;
	(void)len;
	(void)n;
	s->n = number - 1;	/* the first is the header */
	return 0;
}

static int
check_csv(struct import_source *s, struct err *err)
{
	if (check_utf8(s, err) != 0)
		return -1;
	return table_read(buf_str(&s->text), s->text.len, s->name, count_row,
	    s, err);
}

int
import_load(struct import_source *s, const struct import_request *r,
    struct err *err)
{
	bool is_stdin = strcmp(r->file, "-") == 0;
	int status;

	memset(s, 0, sizeof(*s));
	s->name = is_stdin ? "<stdin>" : r->file;
	s->format = r->format;
	status = format_of(&s->format, is_stdin ? NULL : r->file, err);
	if (status == 0)
		status = slurp(s, r->file, err);
	if (status == 0)
		status = s->format == FORMAT_CSV ? check_csv(s, err) :
		    split_json(s, r->permissive, err);
	if (status == 0 && s->n == 0)
		status = err_set(err, LO_REFUSED, "%s: expected "
		    "observations, got none", s->name);
	return status;
}

void
import_release(struct import_source *s)
{
	size_t i;

	for (i = 0; i < s->n && s->span != NULL; i++)
		free(s->span[i].bad);
	free(s->span);
	buf_release(&s->text);
}

/* --------------------------------------------------------------- rows */

/* A walk through CSV. */
struct walk {
	const struct import_source *source;
	const struct space *space;
	const struct objectives *objectives;
	import_use *use;
	void *arg;
	struct record_columns *columns;
	struct buf text;
	struct err *err;	/* of the header */
	bool failed;
};

static int
take_header(struct walk *k, char *const *field, const size_t *len, size_t n)
{
	k->columns = record_columns_new(k->space, k->objectives, field, len,
	    n, k->source->name, k->err);
	k->failed = k->columns == NULL;
	return k->failed;
}

static int
take_record(void *arg, size_t number, char *const *field, const size_t *len,
    size_t n)
{
	struct walk *k = arg;
	struct record_cells cells = { field, len, n };
	struct import_row row = { .number = number - 1, .cells = &cells };
	struct err err;
	char *where;

	if (number == 1)
		return take_header(k, field, len, n);
	where = xasprintf("%s: row %zu", k->source->name, row.number);
	buf_cut(&k->text, 0);
	if (record_from_cells(k->columns, &cells, where, &k->text, &err)
	    != 0)
		row.bad = err.text;
	free(where);
	row.columns = k->columns;
	row.text.p = buf_str(&k->text);
	row.text.len = row.bad == NULL ? k->text.len : 0;
	return k->use(k->arg, &row);
}

static int
each_record(struct walk *k)
{
	const struct buf *text = &k->source->text;
	int status = table_read(buf_str(text), text->len, k->source->name,
	    take_record, k, k->err);

	record_columns_free(k->columns);
	buf_release(&k->text);
	return k->failed ? -1 : status;
}

int
import_each(const struct import_source *s, const struct space *space,
    const struct objectives *objectives, import_use *use, void *arg,
    struct err *err)
{
	struct walk k = { .source = s, .space = space, .use = use,
	    .objectives = objectives, .arg = arg, .err = err };
	struct import_row row = { 0 };
	size_t i;

	if (s->format == FORMAT_CSV)
		return each_record(&k);
	for (i = 0; i < s->n; i++) {
		row.number = i + 1;
		row.raw = s->span[i].text;
		row.bad = s->span[i].bad;
		row.text = row.raw;
		if (row.bad != NULL)
			row.text.len = 0;
		if (use(arg, &row) != 0)
			break;
	}
	return 0;
}

void
import_row_write(const struct import_row *row, struct jw *w)
{
	if (row->cells != NULL)
		record_cells_write(row->columns, row->cells, w);
	else if (row->bad != NULL)
		jw_textn(w, row->raw.p, row->raw.len);
	else
		jw_raw(w, row->raw);
}
