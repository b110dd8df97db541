/*
 * The rows of which nothing is to be said, without a parser: ten thousand
 * of them are looked at by each lo-health.  Whatever is not as plain as can
 * be is left to validate_row, which also finds the words.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/xmem.h"
#include "contract/point.h"
#include "ops/validate.h"

enum member {
	ID, STATUS, PARAMS, OBJECTIVES, COMPLETED, REASON, PENALTY, SOURCE,
	SUGGESTED, MEMBERS
};
static const char *const member_name[] = { "trial_id", "status", "params",
    "objectives", "completed_at", "terminal_reason", "penalty_objective",
    "source_trial_id", "suggested_at", NULL };

static bool
is_text(struct span s, const char *text)
{
	size_t len = strlen(text);

	return s.len == len && memcmp(s.p, text, len) == 0;
}

static bool
is_null(struct span s)
{
	return s.p == NULL || *s.p == 'n';
}

static bool
fits(struct span s, unsigned kinds)
{
	double x;

	switch (*s.p) {
	case 'n':
		return (kinds & FIELD_NULL) != 0;
	case '"':
		return (kinds & FIELD_TEXT) != 0 ||
		    ((kinds & FIELD_TOKEN) != 0 && s.len > 2);
	case '{':
		return (kinds & FIELD_OBJECT) != 0;
	case '[':
	case 't':
	case 'f':
		return false;
	default:
		if ((kinds & FIELD_REAL) != 0)
			return true;
		if (!num_read(s.p, s.len, &x) || x != floor(x) ||
		    fabs(x) > (double)NUM_INT_MAX)
			return false;
		return (kinds & FIELD_INT) != 0 ||
		    ((kinds & FIELD_COUNT) != 0 && x >= 0) ||
		    ((kinds & FIELD_ID) != 0 && x >= 1);
	}
}

/* Have all members that observations know the right kinds? */
static bool
kinds_fit(struct span row)
{
	struct json_walk w = json_walk(row);
	const struct field *f;

	if (!w.object)
		return false;
	while (json_next(&w)) {
		if (memchr(w.key.p, '\\', w.key.len) != NULL)
			return false;
		for (f = observation_fields; f->key != NULL; f++)
			if (is_text(w.key, f->key))
				break;
		if (f->key != NULL && !fits(w.value, f->kinds))
			return false;
	}
	return true;
}

static int
status_of(struct span s)
{
	int i;

	for (i = 0; s.len > 2 && i < TRIAL_STATUS_COUNT; i++)
		if (is_text((struct span){ s.p + 1, s.len - 2 },
		    trial_status_name[i]))
			return i;
	return -1;
}

static int
objective_of(const struct objectives *o, struct span key)
{
	size_t i;

	for (i = 0; i < o->n; i++)
		if (is_text(key, o->objective[i].name))
			return (int)i;
	return -1;
}

/* Each objective once, as the status asks. */
static bool
read_values(const struct objectives *o, struct span object, bool ok,
    double *y)
{
	struct json_walk w = json_walk(object);
	size_t n = 0;
	int i;

	while (json_next(&w)) {
		i = objective_of(o, w.key);
		if (i < 0)
			return false;
		y[i] = NAN;
		if (ok ? !num_read(w.value.p, w.value.len, &y[i]) :
		    !is_null(w.value))
			return false;
		n++;
	}
	return n == o->n;
}

static bool
read_point(const struct space *s, struct span params, bool bounded,
    double *point)
{
	size_t i;

	if (!point_from_text(s, params, point))
		return false;
	for (i = 0; bounded && i < s->n; i++)
		if (point[i] < s->param[i].lo || point[i] > s->param[i].hi)
			return false;
	return true;
}

static bool
read_row(const struct vcheck *v, struct span row, struct vtrial *t)
{
	struct span part[MEMBERS];

	json_find_all(row, member_name, part);
	t->id = span_id(part[ID]);
	if (t->id < 1 || part[STATUS].p == NULL || part[PARAMS].p == NULL ||
	    part[OBJECTIVES].p == NULL || part[COMPLETED].p == NULL)
		return false;
	t->status = status_of(part[STATUS]);
	t->imported = !is_null(part[SOURCE]);
	if (!t->imported && is_null(part[SUGGESTED]))
		return false;	/* its manifest may tell that it was */
	if (t->status < 0 || (t->status == TRIAL_OK ?
	    !is_null(part[PENALTY]) :
	    part[REASON].p == NULL || part[PENALTY].p == NULL))
		return false;
	return read_values(v->c.c.objectives, part[OBJECTIVES],
	    t->status == TRIAL_OK, t->y) &&
	    read_point(v->c.c.space, part[PARAMS], !t->imported, t->point);
}

bool
validate_plain(struct vcheck *v, struct span row, int index)
{
	struct vtrial t = { .index = index, .raw = row };

	if (v->c.c.space == NULL || v->c.c.objectives == NULL ||
	    !kinds_fit(row))
		return false;
	t.y = xcalloc(v->c.c.objectives->n, sizeof(*t.y));
	t.point = xcalloc(v->c.c.space->n, sizeof(*t.point));
	if (!read_row(v, row, &t)) {
		free(t.y);
		free(t.point);
		return false;
	}
	vtrial_add(v, &t);
	return true;
}
