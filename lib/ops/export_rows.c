#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "contract/point_value.h"
#include "contract/record.h"
#include "ops/export.h"
#include "store/json_text.h"
#include "store/table.h"

/* -------------------------------------------------------------- JSONL */

/* Readers that know Unicode end lines at these, too; they can stand only in
 * strings, where they may be escaped. */
static const struct {
	const char *bytes, *escape;
} line_end[] = {
	{ "\xc2\x85", "\\u0085" },
	{ "\xe2\x80\xa8", "\\u2028" },
	{ "\xe2\x80\xa9", "\\u2029" }
};

static const char *
find_line_end(const char *p, size_t *which)
{
	size_t i;

	for (; *p != '\0'; p++)
		for (i = 0; (*p & 0x80) != 0 && i < 3; i++)
			if (strncmp(p, line_end[i].bytes,
			    strlen(line_end[i].bytes)) == 0) {
				*which = i;
				return p;
			}
	return NULL;
}

static void
add_line(const struct buf *line, struct buf *out)
{
	const char *p = buf_str(line), *found;
	size_t which;

	while ((found = find_line_end(p, &which)) != NULL) {
		buf_add(out, p, (size_t)(found - p));
		buf_adds(out, line_end[which].escape);
		p = found + strlen(line_end[which].bytes);
	}
	buf_adds(out, p);
	buf_addc(out, '\n');
}

void
export_jsonl(const struct campaign *c, struct buf *out)
{
	struct buf line = BUF_INIT;
	struct span v;
	struct jw w;
	size_t i, k;

	for (i = 0; i < c->state->nobs; i++) {
		buf_cut(&line, 0);
		jw_init(&w, &line, JW_COMPACT);
		jw_object(&w);
		for (k = 0; record_key[k] != NULL; k++) {
			v = json_find(c->state->obs[i].raw, record_key[k]);
			if (v.len > 0)
				JW_KEY(&w, record_key[k], raw, v);
		}
		jw_end(&w);
		jw_release(&w);
		add_line(&line, out);
	}
	buf_release(&line);
}

/* ---------------------------------------------------------------- CSV */

struct column {
	char *name;		/* of params, objectives: without prefix */
	const struct param *param;	/* of the space, or NULL */
	bool used;		/* a row has it */
};

/* The columns of one member, in order. */
struct group {
	const char *key;	/* of the observation */
	const char *prefix;	/* NULL: it is one column itself */
	struct column *column;
	size_t n, cap;
};

#define GROUPS 16

struct sheet {
	struct group group[GROUPS];
	size_t n;
};

static struct column *
add_column(struct group *g, const char *name)
{
	struct column *col;

	g->column = xgrow(g->column, g->n, &g->cap, sizeof(*g->column));
	col = &g->column[g->n++];
	memset(col, 0, sizeof(*col));
	col->name = xstrdup(name);
	return col;
}

/* What is known beforehand is in the order of the contract files. */
static void
group_init(struct group *g, const char *key, const struct contracts *known)
{
	const struct space *space = known->space;
	const struct objectives *o = known->objectives;
	size_t i;

	g->key = key;
	if (strcmp(key, "params") == 0) {
		g->prefix = "param_";
		for (i = 0; i < space->n; i++)
			add_column(g, space->param[i].name)->param =
			    &space->param[i];
	} else if (strcmp(key, "objectives") == 0) {
		g->prefix = "objective_";
		for (i = 0; i < o->n; i++)
			add_column(g, o->objective[i].name);
	} else if (strcmp(key, "heartbeat_meta") == 0)
		add_column(g, "heartbeat_meta_json");
	else
		add_column(g, key);
}

static void
sheet_init(struct sheet *s, const struct campaign *c)
{
	memset(s, 0, sizeof(*s));
	for (; record_key[s->n] != NULL; s->n++)
		group_init(&s->group[s->n], record_key[s->n], &c->c);
}

static void
sheet_release(struct sheet *s)
{
	size_t i, k;

	for (i = 0; i < s->n; i++) {
		for (k = 0; k < s->group[i].n; k++)
			free(s->group[i].column[k].name);
		free(s->group[i].column);
	}
}

/* The column of that name; rows mostly have theirs in order. */
static size_t
find_column(struct group *g, const char *name, size_t guess)
{
	size_t i;

	if (guess < g->n && strcmp(g->column[guess].name, name) == 0)
		return guess;
	for (i = 0; i < g->n; i++)
		if (strcmp(g->column[i].name, name) == 0)
			return i;
	add_column(g, name);
	return i;
}

/* Each value of a row's member goes to value[column], unless that is NULL
 * and the columns are only to be found. */
static void
place(struct group *g, struct span member, struct span *value)
{
	struct json_walk w = json_walk(member);
	struct buf name = BUF_INIT;
	size_t at = 0;

	if (g->prefix == NULL) {
		g->column[0].used = g->column[0].used || member.len > 0;
		if (value != NULL)
			value[0] = member;
		return;
	}
	for (; json_next(&w); at++) {
		buf_cut(&name, 0);
		json_unescape(w.key, &name);
		at = find_column(g, buf_str(&name), at);
		g->column[at].used = true;
		if (value != NULL)
			value[at] = w.value;
	}
	buf_release(&name);
}

/* Does the plain text mean this choice when it is read? */
static bool
is_plain(const struct param *p, struct span v, const char *text)
{
	struct buf quoted = BUF_INIT;
	struct err ignored;
	double x;
	bool same;

	if (point_value_read_any(p, text, &x, &ignored) != 0)
		return true;	/* no choice at all by now */
	point_value_text(p, x, true, &quoted);
	same = (*v.p == '"') == (*quoted.p == '"');
	buf_release(&quoted);
	if (same && *v.p == '"')
		same = strcmp(p->choice[(size_t)x].text, text) == 0;
	return same;
}

static void
put_text(const struct column *col, struct span v, struct buf *out, int first)
{
	struct span inside = { v.p + 1, v.len - 2 };
	struct buf text = BUF_INIT;

	json_unescape(inside, &text);
	if (col->param != NULL && col->param->type == PARAM_CATEGORICAL &&
	    !is_plain(col->param, v, buf_str(&text)))
		table_field(out, v.p, v.len, first);
	else
		table_text(out, buf_str(&text), text.len, first);
	buf_release(&text);
}

/* Compact, keys sorted. */
static void
put_json(struct span v, struct buf *out, int first)
{
	struct buf sorted = BUF_INIT, text = BUF_INIT;

	json_restyle(v, JW_LOG, false, &sorted);
	v.p = buf_str(&sorted);
	v.len = sorted.len;
	json_restyle(v, JW_COMPACT, false, &text);
	table_field(out, buf_str(&text), text.len, first);
	buf_release(&sorted);
	buf_release(&text);
}

static void
put_cell(const struct column *col, struct span v, struct buf *out, int first)
{
	if (v.len == 0 || *v.p == 'n')
		table_field(out, "", 0, first);
	else if (*v.p == '"')
		put_text(col, v, out, first);
	else if (*v.p == 't' || *v.p == 'f')
		table_field(out, *v.p == 't' ? "True" : "False",
		    *v.p == 't' ? 4 : 5, first);
	else if (*v.p == '{' || *v.p == '[')
		put_json(v, out, first);
	else
		table_field(out, v.p, v.len, first);
}

static void
put_header(const struct sheet *s, struct buf *out)
{
	const struct group *g;
	struct buf name = BUF_INIT;
	size_t i, k;
	int first = 1;

	for (i = 0; i < s->n; i++) {
		g = &s->group[i];
		for (k = 0; k < g->n; k++) {
			if (!g->column[k].used)
				continue;
			buf_cut(&name, 0);
			buf_adds(&name, g->prefix != NULL ? g->prefix : "");
			buf_adds(&name, g->column[k].name);
			table_field(out, name.p, name.len, first);
			first = 0;
		}
	}
	table_end(out);
	buf_release(&name);
}

static void
put_row(struct sheet *s, const struct observation *o, struct buf *out)
{
	struct group *g;
	struct span *value;
	size_t i, k;
	int first = 1;

	for (i = 0; i < s->n; i++) {
		g = &s->group[i];
		value = xcalloc(g->n, sizeof(*value));
		place(g, json_find(o->raw, g->key), value);
		for (k = 0; k < g->n; k++) {
			if (!g->column[k].used)
				continue;
			put_cell(&g->column[k], value[k], out, first);
			first = 0;
		}
		free(value);
	}
	table_end(out);
}

void
export_csv(const struct campaign *c, struct buf *out)
{
	const struct state *state = c->state;
	struct sheet s;
	size_t i, k;

	if (state->nobs == 0)
		return;
	sheet_init(&s, c);
	for (i = 0; i < state->nobs; i++)
		for (k = 0; k < s.n; k++)
			place(&s.group[k], json_find(state->obs[i].raw,
			    s.group[k].key), NULL);
	put_header(&s, out);
	for (i = 0; i < state->nobs; i++)
		put_row(&s, &state->obs[i], out);
	sheet_release(&s);
}
