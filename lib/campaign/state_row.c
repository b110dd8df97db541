#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/xmem.h"
#include "campaign/state_row.h"
#include "contract/point.h"
#include "store/json_text.h"

/*
 * Ten thousand rows are read at each command, so what is looked at is cut
 * out of the scanned text; libjq gets no more than the parameters.
 */
enum member {
	ID, STATUS, SUGGESTED, COMPLETED, PARAMS, OBJECTIVES, VOIDED, MEMBERS
};
static const char *const member_name[MEMBERS] = { "trial_id", "status",
    "suggested_at", "completed_at", "params", "objectives", "voided" };

double
trial_real(const struct json *object, const char *key)
{
	struct json j = json_member(object, key);

	return jv_get_kind(j.v) == JV_KIND_NUMBER ? jv_number_value(j.v) :
	    NAN;
}

const char *
trial_text(const struct json *object, const char *key)
{
	struct json j = json_member(object, key);

	return jv_get_kind(j.v) == JV_KIND_STRING ? jv_string_value(j.v) :
	    NULL;
}

bool
row_params(const struct space *space, const struct json *params,
    double *point)
{
	struct err ignored;

	return point_from_json(space, params, POINT_LOOSE, point,
	    &ignored) == 0;
}

static bool
is_text(struct span s, const char *text)
{
	size_t len = strlen(text);

	return s.len == len && memcmp(s.p, text, len) == 0;
}

static void
find_members(struct span raw, struct span found[MEMBERS])
{
	struct json_walk w = json_walk(raw);
	int i;

	memset(found, 0, MEMBERS * sizeof(*found));
	while (json_next(&w))
		for (i = 0; i < MEMBERS; i++)
			if (is_text(w.key, member_name[i]))
				found[i] = w.value;
}

/* NaN for anything but a number. */
static double
number(struct span s)
{
	double x;

	return s.len > 0 && num_read(s.p, s.len, &x) ? x : NAN;
}

static bool
read_status(struct span s, enum trial_status *status)
{
	int i;

	if (s.len < 2 || *s.p != '"')
		return false;
	s.p++;
	s.len -= 2;
	for (i = 0; i < TRIAL_STATUS_COUNT; i++)
		if (is_text(s, trial_status_name[i])) {
			*status = (enum trial_status)i;
			return true;
		}
	return false;
}

static int
objective_of(const struct objectives *o, struct span key)
{
	struct buf name = BUF_INIT;
	int i;

	json_unescape(key, &name);
	i = objectives_index(o, buf_str(&name));
	buf_release(&name);
	return i;
}

/* Objective values; false if one is missing or null. */
static bool
read_vector(const struct objectives *o, struct span object, double *y)
{
	struct json_walk w = json_walk(object);
	bool whole = true;
	size_t k;
	int i;

	for (k = 0; k < o->n; k++)
		y[k] = NAN;
	while (w.object && json_next(&w))
		if ((i = objective_of(o, w.key)) >= 0)
			y[i] = number(w.value);
	for (k = 0; k < o->n; k++)
		whole = whole && !isnan(y[k]);
	return whole;
}

static bool
read_params(const struct space *space, struct span object, double *point)
{
	struct err ignored;
	jv doc;
	struct json params;
	bool fits;

	if (object.len == 0)
		return false;
	if (point_from_text(space, object, point))
		return true;
	doc = json_parse_scanned(object, &ignored);
	params = json_root(doc, "params");
	fits = jv_is_valid(doc) && row_params(space, &params, point);
	jv_free(doc);
	return fits;
}

/* What is wrong with a row, in words. */
static int
complain(struct span raw, const struct json *where, struct err *err)
{
	jv doc = json_parse_scanned(raw, err);
	struct json j = *where, f;
	int64_t id;

	j.v = doc;
	f = json_member(&j, "trial_id");
	if (json_object(&j, err) == 0 &&
	    json_int(&f, 1, TRIAL_ID_MAX, &id, err) == 0) {
		f = json_member(&j, "status");
		json_expected(&f, "ok, failed, killed or timeout", err);
	}
	jv_free(doc);
	return -1;
}

int
row_read(const struct space *space, const struct objectives *objectives,
    struct observation *o, const struct json *where, struct err *err)
{
	struct span found[MEMBERS];
	double id;

	find_members(o->raw, found);
	id = number(found[ID]);
	if (!(id >= 1 && id <= (double)TRIAL_ID_MAX && id == floor(id)) ||
	    !read_status(found[STATUS], &o->status))
		return complain(o->raw, where, err);
	o->id = (int64_t)id;
	o->suggested_at = number(found[SUGGESTED]);
	o->completed_at = number(found[COMPLETED]);
	o->voided = found[VOIDED].len > 0 && *found[VOIDED].p == '{';
	o->point = xcalloc(space->n + objectives->n, sizeof(double));
	o->y = o->point + space->n;
	o->scored = read_vector(objectives, found[OBJECTIVES], o->y) &&
	    o->status == TRIAL_OK;
	o->usable = read_params(space, found[PARAMS], o->point) &&
	    (o->scored || o->status != TRIAL_OK);
	return 0;
}
