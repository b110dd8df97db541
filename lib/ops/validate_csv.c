#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/xmem.h"
#include "contract/point.h"
#include "contract/point_value.h"
#include "ops/validate.h"
#include "store/json_text.h"
#include "store/table.h"

enum column_kind { OTHER, TRIAL_ID, STATUS, PARAM, OBJECTIVE, MEMBER };

/* Columns that repeat a member of the observation. */
static const char *const members[] = { "completed_at", "terminal_reason",
    "penalty_objective", "last_heartbeat_at", "lease_token",
    "source_trial_id", NULL };

struct column {
	enum column_kind kind;
	size_t index;		/* of the parameter or objective */
	char *name;
};

struct csv {
	struct vcheck *v;
	const char *file;
	struct column *column;
	size_t n;
	bool headed;		/* has the columns that we need */
};

static void
differs(struct csv *c, size_t row, const struct column *column,
    const char *cell)
{
	char path[32];

	snprintf(path, sizeof(path), "row %zu", row - 1);
	find_text(c->v, FINDING_WARNING, c->file, path, "%s is \"%s\", which "
	    "is not what the state has", column->name, cell);
}

static void
read_header(struct csv *c, char *const *field, size_t n)
{
	const struct contracts *k = &c->v->c.c;
	struct column *column;
	size_t i;
	int index;

	c->column = xcalloc(n, sizeof(*c->column));
	c->n = n;
	for (i = 0; i < n; i++) {
		column = &c->column[i];
		column->name = xstrdup(field[i]);
		index = -1;
		if (strcmp(field[i], "trial_id") == 0) {
			column->kind = TRIAL_ID;
			c->headed = true;
		} else if (strcmp(field[i], "status") == 0)
			column->kind = STATUS;
		else if (json_is_one_of(field[i], members))
			column->kind = MEMBER;
		else if (strncmp(field[i], "param_", 6) == 0 &&
		    k->space != NULL && (index =
		    space_index(k->space, field[i] + 6)) >= 0)
			column->kind = PARAM;
		else if (strncmp(field[i], "objective_", 10) == 0 &&
		    k->objectives != NULL && (index =
		    objectives_index(k->objectives, field[i] + 10)) >= 0)
			column->kind = OBJECTIVE;
		column->index = index >= 0 ? (size_t)index : 0;
	}
}

/* Does the cell hold the value?  NaN stands for an empty one. */
static bool
number_is(const char *cell, size_t len, double value)
{
	double x;

	if (isnan(value) || len == 0)
		return isnan(value) && len == 0;
	return num_read(cell, len, &x) &&
	    fabs(x - value) <= 1e-12 * fmax(1, fabs(value));
}

static bool
param_is(const struct param *p, const char *cell, size_t len, double value)
{
	struct err ignored;
	double x;

	/* a choice may be the empty text */
	if (!isnan(value) && p->type == PARAM_CATEGORICAL &&
	    !p->choice[(size_t)value].is_number)
		return strcmp(p->choice[(size_t)value].text, cell) == 0;
	if (isnan(value) || len == 0)
		return isnan(value) && len == 0;
	if (p->type == PARAM_BOOL)
		return point_value_read_any(p, cell, &x, &ignored) == 0 &&
		    (x != 0) == (value != 0);
	if (p->type == PARAM_CATEGORICAL)
		value = p->choice[(size_t)value].number;
	return number_is(cell, len, value);
}

/* Null is an empty cell; old rows know less than their CSV. */
static bool
member_is(const char *cell, size_t len, struct span value)
{
	struct buf text = BUF_INIT;
	bool fits;
	double x;

	if (value.p == NULL || *value.p == 'n')
		return value.p == NULL || len == 0;
	if (*value.p != '"')
		return num_read(value.p, value.len, &x) &&
		    number_is(cell, len, x);
	value.p++;
	value.len -= 2;
	json_unescape(value, &text);
	fits = text.len == len && memcmp(buf_str(&text), cell, len) == 0;
	buf_release(&text);
	return fits;
}

static bool
cell_fits(const struct csv *c, const struct column *column,
    const struct vtrial *t, const char *cell, size_t len)
{
	switch (column->kind) {
	case STATUS:
		return t->status < 0 ||
		    strcmp(trial_status_name[t->status], cell) == 0;
	case PARAM:
		return t->point == NULL ||
		    param_is(&c->v->c.c.space->param[column->index], cell,
		    len, t->point[column->index]);
	case MEMBER:
		return member_is(cell, len, json_find(t->raw, column->name));
	case OBJECTIVE:
		return t->y == NULL ||
		    number_is(cell, len, t->y[column->index]);
	default:
		return true;
	}
}

/* The observation of a row, which must be there only once. */
static struct vtrial *
trial_of(struct csv *c, size_t row, char *const *field, const size_t *len,
    size_t n)
{
	struct span id = { NULL, 0 };
	struct vtrial *t;
	size_t i;

	for (i = 0; i < n && i < c->n; i++)
		if (c->column[i].kind == TRIAL_ID) {
			id.p = field[i];
			id.len = len[i];
			break;
		}
	t = vtrial_find(c->v, span_id(id));
	if (t != NULL && t->status != VTRIAL_PENDING &&
	    (t->seen & SEEN_CSV) == 0)
		return t;
	if (i < n && i < c->n)
		differs(c, row, &c->column[i], field[i]);
	return NULL;
}

static int
on_row(void *arg, size_t number, char *const *field, const size_t *len,
    size_t n)
{
	struct csv *c = arg;
	struct vtrial *t;
	size_t i;

	if (number == 1) {
		read_header(c, field, n);
		return !c->headed;
	}
	t = trial_of(c, number, field, len, n);
	if (t == NULL)
		return 0;
	t->seen |= SEEN_CSV;
	for (i = 0; i < n && i < c->n; i++)
		if (!cell_fits(c, &c->column[i], t, field[i], len[i]))
			differs(c, number, &c->column[i], field[i]);
	return 0;
}

static bool
lacks_row(const struct vtrial *t)
{
	return t->status != VTRIAL_PENDING && (t->seen & SEEN_CSV) == 0;
}

static bool
any_row(const struct vcheck *v)
{
	size_t i;

	for (i = 0; i < v->ntrial; i++)
		if (v->trial[i].status != VTRIAL_PENDING)
			return true;
	return false;
}

static bool
has_column(const struct csv *c, enum column_kind kind, size_t index)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		if (c->column[i].kind == kind && c->column[i].index == index)
			return true;
	return false;
}

/* Does some observation have a value of that parameter? */
static bool
any_value(const struct vcheck *v, size_t param)
{
	const struct vtrial *t;

	for (t = v->trial; t < v->trial + v->ntrial; t++)
		if (t->status != VTRIAL_PENDING && t->point != NULL &&
		    !isnan(t->point[param]))
			return true;
	return false;
}

/* A column that is not there cannot disagree. */
static void
check_columns(const struct csv *c)
{
	const struct space *s = c->v->c.c.space;
	const struct objectives *o = c->v->c.c.objectives;
	size_t i;

	if (!has_column(c, STATUS, 0))
		find_text(c->v, FINDING_WARNING, c->file, NULL,
		    "no column status");
	for (i = 0; s != NULL && i < s->n; i++)
		if (!has_column(c, PARAM, i) && any_value(c->v, i))
			find_text(c->v, FINDING_WARNING, c->file, NULL,
			    "no column param_%s", s->param[i].name);
	for (i = 0; o != NULL && i < o->n; i++)
		if (!has_column(c, OBJECTIVE, i))
			find_text(c->v, FINDING_WARNING, c->file, NULL,
			    "no column objective_%s", o->objective[i].name);
}

static void
check_text(struct csv *c, const struct buf *text)
{
	struct err e;
	size_t i;

	if (table_read(buf_str(text), text->len, c->file, on_row, c, &e) != 0)
		find_err(c->v, FINDING_WARNING, c->file, &e);
	else if (!c->headed && text->len > 0)
		find_text(c->v, FINDING_WARNING, c->file, NULL,
		    "no column trial_id");
	else {
		find_trials(c->v, c->file, "no row", lacks_row);
		if (c->headed)
			check_columns(c);
	}
	for (i = 0; i < c->n; i++)
		free(c->column[i].name);
	free(c->column);
}

/* Derived from the state, hence wrong only with its help. */
void
validate_csv(struct vcheck *v)
{
	struct csv c = { .v = v, .file = v->c.paths.shown[PATH_CSV] };
	struct buf text = BUF_INIT;
	int found = vcheck_read(v, v->c.paths.real[PATH_CSV], c.file, &text);

	if (found > 0 && v->state_whole)
		check_text(&c, &text);
	else if (found > 0 && text.len > 0 && !v->state_exists)
		find_text(v, FINDING_WARNING, c.file, NULL,
		    "has rows, though there is no state");
	else if (found == 0 && any_row(v))
		find_text(v, FINDING_WARNING, c.file, NULL,
		    "missing, though there are observations");
	buf_release(&text);
}
