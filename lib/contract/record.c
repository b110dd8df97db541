#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/xmem.h"
#include "contract/point.h"
#include "contract/record.h"

const char *const record_key[] = { "trial_id", "source_trial_id", "params",
    "objectives", "status", "suggested_at", "completed_at",
    "runtime_seconds", "terminal_reason", "penalty_objective",
    "artifact_path", "last_heartbeat_at", "heartbeat_count",
    "heartbeat_note", "heartbeat_meta", "lease_token", NULL };

static int
read_status(struct record *r, const struct json *root, struct err *err)
{
	struct json j = json_member(root, "status");
	const char *text;
	struct err ignored;
	int status = -1;

	if (json_text(&j, &text, &ignored) == 0)
		status = trial_status_from(text);
	if (status < 0)
		return json_expected(&j, "\"ok\", \"failed\", \"killed\" or "
		    "\"timeout\"", err);
	r->status = (enum trial_status)status;
	return 0;
}

static int
read_value(const struct record *r, const struct json *j, double *y,
    struct err *err)
{
	*y = NAN;
	if (r->status != TRIAL_OK)
		return json_is_null(j) ? 0 : json_expected(j,
		    "null with a status other than ok", err);
	if (jv_get_kind(j->v) == JV_KIND_NUMBER)
		*y = jv_number_value(j->v);
	return isfinite(*y) ? 0 : json_expected(j,
	    "a finite number with status ok", err);
}

static int
read_objectives(struct record *r, const struct json *root,
    const struct objectives *o, struct err *err)
{
	struct json map = json_member(root, "objectives"), member;
	const char *key;
	size_t k;
	int i;

	if (r->status == TRIAL_OK || !json_is_null(&map))
		if (json_object(&map, err) != 0)
			return -1;
	if (jv_get_kind(map.v) == JV_KIND_OBJECT) {
		i = jv_object_iter(map.v);
		while (json_each(&map, &i, &key, &member))
			if (objectives_index(o, key) < 0)
				return objectives_unknown(o, &member, err);
	}
	for (k = 0; k < o->n; k++) {
		member = json_member(&map, o->objective[k].name);
		if (read_value(r, &member, &r->y[k], err) != 0)
			return -1;
	}
	return 0;
}

/* A number that may be absent or null: NaN then. */
static int
read_number(const struct json *root, const char *key, double *to,
    struct err *err)
{
	struct json j = json_member(root, key);

	*to = NAN;
	if (json_is_null(&j))
		return 0;
	if (jv_get_kind(j.v) != JV_KIND_NUMBER ||
	    !isfinite(jv_number_value(j.v)))
		return json_expected(&j, "a finite number or null", err);
	*to = jv_number_value(j.v);
	return 0;
}

static int
read_numbers(struct record *r, const struct json *root, struct err *err)
{
	struct json penalty = json_member(root, "penalty_objective");
	struct json runtime = json_member(root, "runtime_seconds");
	struct json count = json_member(root, "heartbeat_count");
	double x;
	int64_t n;

	if (read_number(root, "suggested_at", &r->suggested_at, err) != 0 ||
	    read_number(root, "completed_at", &r->completed_at, err) != 0 ||
	    read_number(root, "last_heartbeat_at", &x, err) != 0 ||
	    read_number(root, "penalty_objective", &x, err) != 0)
		return -1;
	if (!isnan(x) && r->status == TRIAL_OK)
		return json_expected(&penalty, "none with status ok", err);
	if (read_number(root, "runtime_seconds", &x, err) != 0)
		return -1;
	if (x < 0)
		return json_expected(&runtime, "a number >= 0", err);
	return json_is_null(&count) ? 0 :
	    json_int(&count, 0, NUM_INT_MAX, &n, err);
}

static int
read_texts(const struct json *root, struct err *err)
{
	static const char *const key[] = { "terminal_reason",
	    "artifact_path", "heartbeat_note", "lease_token" };
	struct json j, meta = json_member(root, "heartbeat_meta");
	const char *text;
	size_t i, n = sizeof(key) / sizeof(key[0]);

	for (i = 0; i < n; i++) {
		j = json_member(root, key[i]);
		text = "?";
		if (!json_is_null(&j) && json_text(&j, &text, err) != 0)
			return -1;
		if (i == n - 1 && *text == '\0')
			return json_expected(&j, "a token or null", err);
	}
	return json_is_null(&meta) ? 0 : json_object(&meta, err);
}

static bool
is_id(const struct json *j)
{
	int64_t n;
	const char *text;
	struct err ignored;

	return json_int(j, -NUM_INT_MAX, NUM_INT_MAX, &n, &ignored) == 0 ||
	    (json_text(j, &text, &ignored) == 0 && *text != '\0');
}

static int
read_ids(const struct json *root, struct err *err)
{
	static const char *const key[] = { "source_trial_id", "trial_id" };
	struct json j;
	size_t i;

	for (i = 0; i < sizeof(key) / sizeof(key[0]); i++) {
		j = json_member(root, key[i]);
		if (!json_is_null(&j) && !is_id(&j))
			return json_expected(&j, "a whole number or a text",
			    err);
	}
	return 0;
}

int
record_read(struct record *r, struct span text, const char *where,
    const struct space *space, const struct objectives *objectives,
    struct err *err)
{
	struct json root, params;

	memset(r, 0, sizeof(*r));
	r->text = text;
	r->doc = json_parse_scanned(text, err);
	if (!jv_is_valid(r->doc))
		return err_prefix(err, "%s: ", where);
	r->point = xcalloc(space->n + objectives->n, sizeof(double));
	r->y = r->point + space->n;
	root = json_root(r->doc, where);
	params = json_member(&root, "params");
	if (json_only(&root, record_key, err) != 0 ||
	    read_ids(&root, err) != 0 || read_status(r, &root, err) != 0 ||
	    point_from_json(space, &params, POINT_LOOSE, r->point,
	    err) != 0 || read_objectives(r, &root, objectives, err) != 0 ||
	    read_numbers(r, &root, err) != 0)
		return -1;
	return read_texts(&root, err);
}

void
record_release(struct record *r)
{
	free(r->point);
	jv_free(r->doc);
	memset(r, 0, sizeof(*r));
	r->doc = jv_invalid();
}

struct span
record_source(struct span object)
{
	static const char *const key[] = { "source_trial_id", "trial_id" };
	struct span v = { NULL, 0 };
	double x;
	size_t i;

	for (i = 0; i < sizeof(key) / sizeof(key[0]); i++) {
		v = json_find(object, key[i]);
		if (v.len > 2 && *v.p == '"')
			return v;
		if (v.len > 0 && num_read(v.p, v.len, &x) && x == floor(x))
			return v;
	}
	v.p = NULL;
	v.len = 0;
	return v;
}

/* A text or null, null where there is none. */
static void
put_text(struct jw *w, const struct json *root, const char *key)
{
	struct json j = json_member(root, key);

	jw_key(w, key);
	if (json_is_null(&j))
		jw_null(w);
	else
		jw_jv(w, j.v);
}

/* Members that are there only if they are there. */
static void
put_optional(const struct record *r, const struct json *root, struct jw *w)
{
	static const char *const key[] = { "last_heartbeat_at",
	    "heartbeat_count", "heartbeat_note", "heartbeat_meta",
	    "runtime_seconds", "lease_token" };
	struct json j;
	size_t i;

	for (i = 0; i < sizeof(key) / sizeof(key[0]); i++) {
		j = json_member(root, key[i]);
		if (!json_present(&j))
			continue;
		jw_key(w, key[i]);
		if ((i == 0 || i == 4) &&
		    jv_get_kind(j.v) == JV_KIND_NUMBER)
			jw_real(w, jv_number_value(j.v));
		else if (i == 3)
			jw_like(w, j.v, json_find(r->text, key[i]));
		else
			jw_jv(w, j.v);
	}
}

static void
put_reason(const struct record *r, const struct json *root, struct jw *w)
{
	struct json reason = json_member(root, "terminal_reason");
	struct json penalty = json_member(root, "penalty_objective");

	if (r->status != TRIAL_OK || json_present(&reason))
		put_text(w, root, "terminal_reason");
	if (r->status == TRIAL_OK && !json_present(&penalty))
		return;
	jw_key(w, "penalty_objective");
	if (json_is_null(&penalty))
		jw_null(w);
	else
		jw_real(w, jv_number_value(penalty.v));
}

void
record_write(const struct record *r, const struct space *space,
    const struct objectives *objectives, int64_t id, struct jw *w)
{
	struct json root = json_root(r->doc, "record");
	struct span source = record_source(r->text);

	jw_object(w);
	JW_KEY(w, "trial_id", int, id);
	jw_key(w, "params");
	point_write(space, r->point, w);
	jw_key(w, "objectives");
	objectives_write(objectives, r->status == TRIAL_OK ? r->y : NULL, w);
	JW_KEY(w, "status", text, trial_status_name[r->status]);
	put_text(w, &root, "artifact_path");
	JW_KEY(w, "suggested_at", real, r->suggested_at);
	JW_KEY(w, "completed_at", real, r->completed_at);
	put_reason(r, &root, w);
	put_optional(r, &root, w);
	if (source.len > 0)
		JW_KEY(w, "source_trial_id", raw, source);
	jw_end(w);
}
