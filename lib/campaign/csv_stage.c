#include <string.h>

#include "base/num.h"
#include "campaign/campaign.h"
#include "campaign/csv.h"
#include "store/file.h"
#include "store/json.h"

/* What we know of the CSV: its rows and length at our last commit. */
struct mark {
	int64_t rows, bytes;
};

static void
mark_get(const struct state *s, struct mark *m)
{
	struct json meta = json_root(s->meta, "meta");
	struct json ours = json_member(&meta, "txn");
	struct json rows = json_member(&ours, "csv_rows");
	struct json bytes = json_member(&ours, "csv_bytes");
	struct err ignored;

	m->rows = m->bytes = -1;	/* nothing is known */
	json_int(&rows, 0, NUM_INT_MAX, &m->rows, &ignored);
	json_int(&bytes, 0, NUM_INT_MAX, &m->bytes, &ignored);
}

static void
mark_set(struct state *s, uint64_t bytes)
{
	jv ours = jv_object();

	ours = jv_object_set(ours, jv_string("csv_rows"),
	    jv_number((double)s->nobs));
	ours = jv_object_set(ours, jv_string("csv_bytes"),
	    jv_number((double)bytes));
	s->meta = jv_object_set(s->meta, jv_string("txn"), ours);
}

static void
first_record(const struct campaign *c, struct buf *line, struct err *err)
{
	const char *real = c->paths.real[PATH_CSV], *end;

	/* names hold no line ends in practice; if one does, the header is
	 * not recognised and the file is written anew */
	if (file_slurp(c->dir, real, real, line, err) <= 0)
		buf_cut(line, 0);
	end = line->len > 0 ? memchr(line->p, '\n', line->len) : NULL;
	if (end != NULL)
		buf_cut(line, (size_t)(end + 1 - line->p));
}

/* Rows for the new observations, if the file is what we left and has all
 * their columns. */
static bool
new_rows(const struct campaign *c, struct buf *rows, struct err *err)
{
	const struct state *s = c->state;
	struct csv_columns columns;
	struct buf line = BUF_INIT;
	bool covered = true;
	size_t i;

	first_record(c, &line, err);
	covered = csv_columns_read(&columns, buf_str(&line), line.len) == 0;
	for (i = s->nloaded; i < s->nobs && covered; i++)
		covered = csv_covers(&columns, &s->obs[i]);
	for (i = s->nloaded; i < s->nobs && covered; i++)
		csv_row(&columns, &s->obs[i], rows);
	csv_columns_release(&columns);
	buf_release(&line);
	return covered;
}

int
csv_stage(struct campaign *c, struct journal *j, struct err *err)
{
	struct state *s = c->state;
	const char *path = c->paths.real[PATH_CSV];
	struct journal_old old;
	struct mark mark;
	struct buf text = BUF_INIT;
	uint64_t end;
	bool known;

	mark_get(s, &mark);
	if (journal_look_tail(c->dir, path, &old, &end, NULL, err) < 0)
		return -1;
	known = old.exists && !s->reordered && mark.bytes == (int64_t)old.size
	    && end == old.size && mark.rows == (int64_t)s->nloaded;
	if (known && s->nobs == s->nloaded)
		return 0;
	if (known && s->nloaded > 0 && new_rows(c, &text, err)) {
		mark_set(s, old.size + text.len);
		journal_append(j, path, old, old.size, &text);
		return 0;
	}
	buf_release(&text);
	if (journal_look(c->dir, path, &old, err) != 0)
		return -1;
	csv_render(s, &text);
	mark_set(s, text.len);
	journal_replace(j, path, old, &text);
	return 0;
}
