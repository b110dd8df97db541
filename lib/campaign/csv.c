#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "campaign/csv.h"
#include "store/json.h"
#include "store/json_text.h"
#include "store/table.h"

/* Members of an observation that have a column, besides the two maps. */
static const char *const plain[] = { "trial_id", "status", "completed_at",
    "artifact_path", "terminal_reason", "penalty_objective",
    "last_heartbeat_at", "lease_token", "source_trial_id", NULL };

/* One cell: its column is prefix and name (escapes resolved). */
struct cell {
	const char *prefix;
	struct buf name;
	struct span value;
};

typedef void cell_use(void *arg, const struct cell *);

static void
each_of_map(struct span map, const char *prefix, cell_use *use, void *arg)
{
	struct json_walk w = json_walk(map);
	struct cell c = { prefix, BUF_INIT, { NULL, 0 } };

	while (json_next(&w)) {
		buf_cut(&c.name, 0);
		buf_adds(&c.name, prefix);
		json_unescape(w.key, &c.name);
		c.value = w.value;
		use(arg, &c);
	}
	buf_release(&c.name);
}

static void
each_cell(const struct observation *o, cell_use *use, void *arg)
{
	struct json_walk w = json_walk(o->raw);
	struct cell c = { "", BUF_INIT, { NULL, 0 } };

	while (json_next(&w)) {
		buf_cut(&c.name, 0);
		buf_add(&c.name, w.key.p, w.key.len);
		if (strcmp(c.name.p, "params") == 0)
			each_of_map(w.value, "param_", use, arg);
		else if (strcmp(c.name.p, "objectives") == 0)
			each_of_map(w.value, "objective_", use, arg);
		else if (json_is_one_of(c.name.p, plain)) {
			c.value = w.value;
			use(arg, &c);
		}
	}
	buf_release(&c.name);
}

void
csv_columns_release(struct csv_columns *c)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		free(c->name[i]);
	free(c->name);
	memset(c, 0, sizeof(*c));
}

/* Where the name stands, or should stand: columns are sorted. */
static size_t
find_column(const struct csv_columns *c, const char *name, bool *there)
{
	size_t lo = 0, hi = c->n, mid;
	int order;

	*there = false;
	while (lo < hi && !*there) {
		mid = (lo + hi) / 2;
		order = strcmp(name, c->name[mid]);
		*there = order == 0;
		if (order > 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return *there ? hi : lo;
}

static void
insert_column(void *arg, const struct cell *cell)
{
	struct csv_columns *c = arg;
	bool there;
	size_t at = find_column(c, cell->name.p, &there);

	if (there)
		return;
	c->name = xgrow(c->name, c->n, &c->cap, sizeof(*c->name));
	memmove(c->name + at + 1, c->name + at, (c->n - at) *
	    sizeof(*c->name));
	c->name[at] = xstrdup(cell->name.p);
	c->n++;
}

static int
take_header(void *arg, size_t number, char *const *field, const size_t *len,
    size_t n)
{
	struct csv_columns *c = arg;
	size_t i;

	(void)number;
	(void)len;
	for (i = 0; i < n; i++) {
		c->name = xgrow(c->name, c->n, &c->cap, sizeof(*c->name));
		c->name[c->n++] = xstrdup(field[i]);
	}
	return 1;
}

static bool
is_sorted(const struct csv_columns *c)
{
	size_t i;

	for (i = 1; i < c->n; i++)
		if (strcmp(c->name[i - 1], c->name[i]) >= 0)
			return false;
	return c->n > 0;
}

int
csv_columns_read(struct csv_columns *c, const char *text, size_t len)
{
	struct err ignored;

	memset(c, 0, sizeof(*c));
	table_read(text, len, "observations.csv", take_header, c, &ignored);
	if (is_sorted(c))
		return 0;
	csv_columns_release(c);
	return -1;
}

struct coverage {
	const struct csv_columns *columns;
	bool whole;
};

static void
check_cell(void *arg, const struct cell *cell)
{
	struct coverage *v = arg;
	bool there;

	find_column(v->columns, cell->name.p, &there);
	v->whole = v->whole && there;
}

bool
csv_covers(const struct csv_columns *c, const struct observation *o)
{
	struct coverage v = { c, true };

	each_cell(o, check_cell, &v);
	return v.whole;
}

struct row {
	const struct csv_columns *columns;
	struct span *value;
};

static void
keep_cell(void *arg, const struct cell *cell)
{
	struct row *r = arg;
	bool there;
	size_t at = find_column(r->columns, cell->name.p, &there);

	if (there)
		r->value[at] = cell->value;
}

static void
put_value(struct buf *out, struct span v, int first)
{
	struct buf text = BUF_INIT;

	if (v.len > 0 && *v.p == '"') {
		v.p++;
		v.len -= 2;
		json_unescape(v, &text);
	} else if (v.len == 4 && memcmp(v.p, "true", 4) == 0) {
		buf_adds(&text, "True");
	} else if (v.len == 5 && memcmp(v.p, "false", 5) == 0) {
		buf_adds(&text, "False");
	} else if (!(v.len == 4 && memcmp(v.p, "null", 4) == 0)) {
		buf_add(&text, v.p, v.len);
	}
	table_field(out, buf_str(&text), text.len, first);
	buf_release(&text);
}

void
csv_row(const struct csv_columns *c, const struct observation *o,
    struct buf *out)
{
	struct row r = { c, xcalloc(c->n, sizeof(struct span)) };
	size_t i;

	each_cell(o, keep_cell, &r);
	for (i = 0; i < c->n; i++)
		put_value(out, r.value[i], i == 0);
	table_end(out);
	free(r.value);
}

void
csv_render(const struct state *s, struct buf *out)
{
	struct csv_columns c = { NULL, 0, 0 };
	size_t i;

	for (i = 0; i < s->nobs; i++)
		each_cell(&s->obs[i], insert_column, &c);
	for (i = 0; i < c.n; i++)
		table_field(out, c.name[i], strlen(c.name[i]), i == 0);
	if (c.n > 0)
		table_end(out);
	for (i = 0; i < s->nobs; i++)
		csv_row(&c, &s->obs[i], out);
	csv_columns_release(&c);
}
