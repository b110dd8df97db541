#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/xmem.h"
#include "contract/point_value.h"
#include "contract/record.h"

/* What the cells of a column are. */
enum column_kind {
	COLUMN_ID, COLUMN_WORD, COLUMN_NUMBER, COLUMN_TEXT, COLUMN_NAME,
	COLUMN_JSON, COLUMN_PARAM, COLUMN_OBJECTIVE,
	COLUMN_IGNORED,		/* an objective that is not ours */
	COLUMN_UNKNOWN		/* must be blank */
};

struct column {
	char *name;
	size_t len;		/* of name */
	enum column_kind kind;
	const char *key;	/* of the object, or name without its prefix */
	const struct param *param;
};

struct record_columns {
	struct column *column;
	size_t n;
};

/* Columns besides params and objectives.  COLUMN_NAME is a text that is
 * never empty. */
static const struct {
	const char *name, *key;
	enum column_kind kind;
} plain[] = {
	{ "trial_id", "trial_id", COLUMN_ID },
	{ "source_trial_id", "source_trial_id", COLUMN_ID },
	{ "status", "status", COLUMN_WORD },
	{ "suggested_at", "suggested_at", COLUMN_NUMBER },
	{ "completed_at", "completed_at", COLUMN_NUMBER },
	{ "runtime_seconds", "runtime_seconds", COLUMN_NUMBER },
	{ "terminal_reason", "terminal_reason", COLUMN_TEXT },
	{ "penalty_objective", "penalty_objective", COLUMN_NUMBER },
	{ "artifact_path", "artifact_path", COLUMN_NAME },
	{ "last_heartbeat_at", "last_heartbeat_at", COLUMN_NUMBER },
	{ "heartbeat_count", "heartbeat_count", COLUMN_NUMBER },
	{ "heartbeat_note", "heartbeat_note", COLUMN_TEXT },
	{ "heartbeat_meta_json", "heartbeat_meta", COLUMN_JSON },
	{ "lease_token", "lease_token", COLUMN_NAME },
};

/* What follows a prefix, or NULL. */
static const char *
behind(const char *name, const char *prefix)
{
	size_t n = strlen(prefix);

	return strncmp(name, prefix, n) == 0 ? name + n : NULL;
}

static void
understand(struct column *c, const struct space *space,
    const struct objectives *objectives)
{
	const char *param = behind(c->name, "param_");
	const char *objective = behind(c->name, "objective_");
	size_t i;
	int k = param != NULL ? space_index(space, param) : -1;

	c->kind = COLUMN_UNKNOWN;
	if (strlen(c->name) != c->len)
		return;
	if (k >= 0) {
		c->kind = COLUMN_PARAM;
		c->key = param;
		c->param = &space->param[k];
	} else if (objective != NULL) {
		c->kind = objectives_index(objectives, objective) >= 0 ?
		    COLUMN_OBJECTIVE : COLUMN_IGNORED;
		c->key = objective;
	}
	for (i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		if (strcmp(c->name, plain[i].name) == 0) {
			c->kind = plain[i].kind;
			c->key = plain[i].key;
		}
}

static int
by_name(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

static int
check_twice(const struct record_columns *c, const char *file,
    struct err *err)
{
	const char **name = xcalloc(c->n, sizeof(*name));
	size_t i;
	int status = 0;

	for (i = 0; i < c->n; i++)
		name[i] = c->column[i].name;
	qsort(name, c->n, sizeof(*name), by_name);
	for (i = 1; i < c->n && status == 0; i++)
		if (*name[i] != '\0' && strcmp(name[i], name[i - 1]) == 0)
			status = err_set(err, LO_REFUSED, "%s: header: "
			    "expected each column once, got %s twice", file,
			    name[i]);
	free(name);
	return status;
}

/* A header that has none of our columns was meant otherwise: how? */
static int
check_meant(const struct record_columns *c, const struct space *space,
    const struct objectives *objectives, const char *file, struct err *err)
{
	const char *name;
	size_t i;

	for (i = 0; i < c->n; i++)
		if (c->column[i].kind == COLUMN_PARAM ||
		    c->column[i].kind == COLUMN_OBJECTIVE)
			return 0;
	for (i = 0; i < c->n; i++) {
		name = c->column[i].name;
		if (space_index(space, name) >= 0)
			return err_set(err, LO_REFUSED, "%s: header: expected "
			    "param_%s for the parameter, got %s", file, name,
			    name);
		if (objectives_index(objectives, name) >= 0)
			return err_set(err, LO_REFUSED, "%s: header: expected "
			    "objective_%s for the objective, got %s", file,
			    name, name);
	}
	name = c->n == 1 ? strpbrk(c->column[0].name, ";\t|") : NULL;
	if (name == NULL)
		return 0;
	return err_set(err, LO_REFUSED, "%s: header: expected names of "
	    "columns with commas between them, got %s", file,
	    *name == '\t' ? "tabs" : *name == ';' ? "';'" : "'|'");
}

struct record_columns *
record_columns_new(const struct space *space,
    const struct objectives *objectives, char *const *field,
    const size_t *len, size_t n, const char *file, struct err *err)
{
	struct record_columns *c = xcalloc(1, sizeof(*c));
	size_t i;

	c->n = n;
	c->column = xcalloc(n, sizeof(*c->column));
	for (i = 0; i < n; i++) {
		c->column[i].name = xstrndup(field[i], len[i]);
		c->column[i].len = len[i];
		understand(&c->column[i], space, objectives);
	}
	if (check_twice(c, file, err) == 0 &&
	    check_meant(c, space, objectives, file, err) == 0)
		return c;
	record_columns_free(c);
	return NULL;
}

void
record_columns_free(struct record_columns *c)
{
	size_t i;

	if (c == NULL)
		return;
	for (i = 0; i < c->n; i++)
		free(c->column[i].name);
	free(c->column);
	free(c);
}

/* One cell. */
struct cell {
	const char *p;		/* NUL-terminated */
	size_t len;
	bool nothing;		/* not even quotes */
};

static struct cell
trimmed(struct cell c)
{
	static const char space[] = " \t\r\n\v\f";
	size_t skip = strspn(c.p, space);

	c.p += skip;
	c.len -= skip;
	while (c.len > 0 && strchr(space, c.p[c.len - 1]) != NULL &&
	    c.p[c.len - 1] != '\0')
		c.len--;
	return c;
}

static void
put_number(struct cell c, struct jw *w)
{
	struct cell t = trimmed(c);
	double x;

	if (num_read(t.p, t.len, &x))
		jw_real(w, x);
	else
		jw_textn(w, c.p, c.len);
}

static void
put_json(struct cell c, struct jw *w)
{
	struct span text = { c.p, c.len };
	struct err ignored;

	if (json_scan(c.p, c.len, "cell", 1, &ignored) == 0)
		jw_raw(w, text);
	else
		jw_textn(w, c.p, c.len);
}

static void
put_param(const struct param *p, struct cell c, struct jw *w)
{
	struct cell t = p->type == PARAM_CATEGORICAL ? c : trimmed(c);
	char *text = xstrndup(t.p, t.len);
	struct err ignored;
	double x;

	if (strlen(text) == t.len &&
	    point_value_read_any(p, text, &x, &ignored) == 0)
		point_value_write(p, x, w);
	else
		jw_textn(w, c.p, c.len);
	free(text);
}

/* An empty cell says something of a text only, and of a parameter that has
 * an empty choice. */
static bool
says_nothing(const struct column *col, struct cell c)
{
	struct err ignored;
	double x;

	switch (col->kind) {
	case COLUMN_TEXT:
		return c.nothing;
	case COLUMN_PARAM:
		return trimmed(c).len == 0 && (strlen(c.p) != c.len ||
		    point_value_read_any(col->param, c.p, &x, &ignored) != 0);
	case COLUMN_IGNORED:
		return true;
	default:
		return trimmed(c).len == 0;
	}
}

static void
put_cell(const struct column *col, struct cell c, struct jw *w)
{
	struct cell t;

	if (says_nothing(col, c))
		return;
	jw_key(w, col->key);
	switch (col->kind) {
	case COLUMN_ID:
	case COLUMN_WORD:
		t = trimmed(c);
		jw_textn(w, t.p, t.len);
		break;
	case COLUMN_NUMBER:
	case COLUMN_OBJECTIVE:
		put_number(c, w);
		break;
	case COLUMN_JSON:
		put_json(c, w);
		break;
	case COLUMN_PARAM:
		put_param(col->param, c, w);
		break;
	default:
		jw_textn(w, c.p, c.len);
		break;
	}
}

static struct cell
cell_at(const struct record_cells *cells, size_t i)
{
	struct cell c = { cells->field[i], cells->len[i],
	    cells->field[i] == cells->field[cells->n] };

	return c;
}

static void
put_group(const struct record_columns *c, const struct record_cells *cells,
    enum column_kind kind, struct jw *w)
{
	size_t i;

	jw_object(w);
	for (i = 0; i < c->n && i < cells->n; i++)
		if (c->column[i].kind == kind)
			put_cell(&c->column[i], cell_at(cells, i), w);
	jw_end(w);
}

static int
check_cells(const struct record_columns *c, const struct record_cells *cells,
    const char *where, struct err *err)
{
	size_t i;

	if (cells->n < c->n)
		return err_set(err, LO_REFUSED, "%s: expected %zu cells as "
		    "in the header, got %zu", where, c->n, cells->n);
	for (i = 0; i < cells->n; i++) {
		if ((i < c->n && c->column[i].kind != COLUMN_UNKNOWN) ||
		    trimmed(cell_at(cells, i)).len == 0)
			continue;
		return i < c->n ? err_set(err, LO_REFUSED, "%s: %s: unknown "
		    "column, expected a blank cell, got \"%s\"", where,
		    c->column[i].name, cells->field[i]) :
		    err_set(err, LO_REFUSED, "%s: expected %zu cells as in "
		    "the header, got %zu", where, c->n, cells->n);
	}
	return 0;
}

int
record_from_cells(const struct record_columns *c,
    const struct record_cells *cells, const char *where, struct buf *out,
    struct err *err)
{
	struct jw w;
	size_t i;

	if (check_cells(c, cells, where, err) != 0)
		return -1;
	jw_init(&w, out, JW_COMPACT);
	jw_object(&w);
	for (i = 0; i < c->n; i++)
		if (c->column[i].kind < COLUMN_PARAM)
			put_cell(&c->column[i], cell_at(cells, i), &w);
	jw_key(&w, "params");
	put_group(c, cells, COLUMN_PARAM, &w);
	jw_key(&w, "objectives");
	put_group(c, cells, COLUMN_OBJECTIVE, &w);
	jw_end(&w);
	jw_release(&w);
	return 0;
}

void
record_cells_write(const struct record_columns *c,
    const struct record_cells *cells, struct jw *w)
{
	char name[32];
	size_t i;

	jw_object(w);
	for (i = 0; i < cells->n; i++) {
		if (i < c->n && *c->column[i].name != '\0') {
			jw_keyn(w, c->column[i].name, c->column[i].len);
		} else {
			snprintf(name, sizeof(name), "column %zu", i + 1);
			jw_key(w, name);
		}
		jw_textn(w, cells->field[i], cells->len[i]);
	}
	jw_end(w);
}
