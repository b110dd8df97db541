#include <math.h>
#include <stdlib.h>

#include "base/num.h"
#include "base/xmem.h"
#include "contract/point.h"
#include "ops/validate.h"

static const struct field observation_fields[] = {
	{ "params", FIELD_OBJECT, FIELD_REQUIRED },
	{ "objectives", FIELD_OBJECT, FIELD_REQUIRED },
	{ "artifact_path", FIELD_TEXT | FIELD_NULL, FIELD_OPTIONAL },
	{ "suggested_at", FIELD_REAL | FIELD_NULL, FIELD_OPTIONAL },
	{ "completed_at", FIELD_REAL, FIELD_WANTED },
	{ "terminal_reason", FIELD_TEXT | FIELD_NULL, FIELD_OPTIONAL },
	{ "penalty_objective", FIELD_REAL | FIELD_NULL, FIELD_OPTIONAL },
	{ "last_heartbeat_at", FIELD_REAL | FIELD_NULL, FIELD_OPTIONAL },
	{ "heartbeat_count", FIELD_COUNT | FIELD_NULL, FIELD_OPTIONAL },
	{ "heartbeat_note", FIELD_TEXT | FIELD_NULL, FIELD_OPTIONAL },
	{ "heartbeat_meta", FIELD_OBJECT | FIELD_NULL, FIELD_OPTIONAL },
	{ "lease_token", FIELD_TOKEN | FIELD_NULL, FIELD_OPTIONAL },
	{ "source_trial_id", FIELD_INT | FIELD_TEXT | FIELD_NULL,
	    FIELD_OPTIONAL },
	{ "runtime_seconds", FIELD_REAL | FIELD_NULL, FIELD_OPTIONAL },
	{ "retry_of", FIELD_ID | FIELD_NULL, FIELD_OPTIONAL },
	{ "replicate_of", FIELD_ID | FIELD_NULL, FIELD_OPTIONAL },
	{ "voided", FIELD_OBJECT | FIELD_NULL, FIELD_OPTIONAL },
	{ NULL, 0, FIELD_OPTIONAL }
};

static const struct field ended_fields[] = {
	{ "terminal_reason", FIELD_TEXT | FIELD_NULL, FIELD_WANTED },
	{ "penalty_objective", FIELD_REAL | FIELD_NULL, FIELD_WANTED },
	{ NULL, 0, FIELD_OPTIONAL }
};

static const struct field pending_fields[] = {
	{ "params", FIELD_OBJECT, FIELD_REQUIRED },
	{ "suggested_at", FIELD_REAL, FIELD_REQUIRED },
	{ "schema_version", FIELD_TEXT, FIELD_OPTIONAL },
	{ "lease_token", FIELD_TOKEN | FIELD_NULL, FIELD_OPTIONAL },
	{ "last_heartbeat_at", FIELD_REAL | FIELD_NULL, FIELD_OPTIONAL },
	{ "heartbeat_count", FIELD_COUNT | FIELD_NULL, FIELD_OPTIONAL },
	{ "heartbeat_note", FIELD_TEXT | FIELD_NULL, FIELD_OPTIONAL },
	{ "heartbeat_meta", FIELD_OBJECT | FIELD_NULL, FIELD_OPTIONAL },
	{ "claim", FIELD_OBJECT | FIELD_NULL, FIELD_OPTIONAL },
	{ "retry_of", FIELD_ID | FIELD_NULL, FIELD_OPTIONAL },
	{ "replicate_of", FIELD_ID | FIELD_NULL, FIELD_OPTIONAL },
	{ NULL, 0, FIELD_OPTIONAL }
};

/* Values of the row's objectives, NULL if one is not as its status asks. */
static double *
read_objectives(struct vcheck *v, const struct json *row, bool ok)
{
	const struct objectives *o = v->c.c.objectives;
	struct json all = json_member(row, "objectives"), j;
	double *y = xcalloc(o != NULL ? o->n : 1, sizeof(*y));
	bool right = o != NULL;
	size_t i;

	for (i = 0; o != NULL && i < o->n; i++) {
		j = json_member(&all, o->objective[i].name);
		y[i] = NAN;
		if (jv_get_kind(j.v) == JV_KIND_NUMBER)
			y[i] = jv_number_value(j.v);
		if (!json_present(&j))
			find_at(v, ok ? FINDING_ERROR : FINDING_WARNING, &j,
			    "missing, expected %s", ok ? "a number" : "null");
		right = right && json_present(&j) && ok == !isnan(y[i]);
	}
	if (right)
		return y;
	free(y);
	return NULL;
}

/* Each objective that the row names: known, and a number only if ok. */
static void
check_objectives(struct vcheck *v, const struct json *row, bool ok)
{
	const struct objectives *o = v->c.c.objectives;
	struct json all = json_member(row, "objectives"), j;
	const char *key;
	struct err e;
	int i;

	if (jv_get_kind(all.v) != JV_KIND_OBJECT)
		return;
	i = jv_object_iter(all.v);
	while (json_each(&all, &i, &key, &j)) {
		if (o != NULL && objectives_index(o, key) < 0)
			find_at(v, ok ? FINDING_ERROR : FINDING_WARNING, &j,
			    "no such objective in objective_schema.json");
		if ((jv_get_kind(j.v) == JV_KIND_NUMBER) == ok &&
		    (ok || json_is_null(&j)))
			continue;
		json_expected(&j, ok ? "a number, since status is ok" :
		    "null, since status is not ok", &e);
		find_err(v, FINDING_ERROR, j.file, &e);
	}
}

/* Imported points need not lie within today's bounds. */
static double *
read_point(struct vcheck *v, const struct json *row, bool imported)
{
	const struct space *s = v->c.c.space;
	struct json params = json_member(row, "params");
	double *point;
	struct err e;
	int status;

	if (s == NULL || jv_get_kind(params.v) != JV_KIND_OBJECT)
		return NULL;
	point = xcalloc(s->n, sizeof(*point));
	status = point_from_json(s, &params,
	    imported ? POINT_LOOSE : POINT_STRICT, point, &e);
	if (status != 0)
		find_err(v, FINDING_WARNING, row->file, &e);
	if (status != 0 && !imported)
		status = point_from_json(s, &params, POINT_LOOSE, point, &e);
	if (status == 0)
		return point;
	free(point);
	return NULL;
}

static int
read_status(struct vcheck *v, const struct json *row)
{
	struct json j = json_member(row, "status");
	int status = -1;
	struct err e;

	if (jv_get_kind(j.v) == JV_KIND_STRING)
		status = trial_status_from(jv_string_value(j.v));
	if (status >= 0)
		return status;
	json_expected(&j, "ok, failed, killed or timeout", &e);
	find_err(v, FINDING_ERROR, j.file, &e);
	return VTRIAL_BROKEN;
}

static void
check_observation(struct vcheck *v, const struct json *row, struct vtrial *t)
{
	struct json penalty = json_member(row, "penalty_objective");

	check_fields(v, row, observation_fields);
	t->status = read_status(v, row);
	t->point = read_point(v, row, t->imported);
	if (t->status == VTRIAL_BROKEN)
		return;
	check_objectives(v, row, t->status == TRIAL_OK);
	t->y = read_objectives(v, row, t->status == TRIAL_OK);
	if (t->status != TRIAL_OK)
		check_fields(v, row, ended_fields);
	else if (!json_is_null(&penalty))
		find_at(v, FINDING_WARNING, &penalty,
		    "an ok trial has no penalty");
}

static void
check_pending(struct vcheck *v, const struct json *row, struct vtrial *t)
{
	struct err e;

	check_fields(v, row, pending_fields);
	t->status = VTRIAL_PENDING;
	t->point = read_point(v, row, false);
	if (t->point == NULL || v->c.c.constraints == NULL ||
	    constraints_inside(v->c.c.constraints, t->point, &e) == 0)
		return;
	find_at(v, FINDING_WARNING, row, "breaks constraints.json: %s",
	    e.text);
}

/* A row that was imported and brought no id has nothing in the state that
 * tells so, and in its manifest where it is from. */
static bool
came_without_id(struct vcheck *v, const struct json *row, int64_t id)
{
	struct json suggested = json_member(row, "suggested_at");
	struct buf text = BUF_INIT;
	struct span source = { NULL, 0 };
	bool null = false;
	struct err e;
	char *real;

	if (!json_is_null(&suggested))
		return false;
	real = paths_trial_real(&v->c.paths, id, "manifest.json");
	if (v->c.dir >= 0 &&
	    campaign_read_file(&v->c, real, &text, &e) > 0 &&
	    json_scan(text.p, text.len, real, 1, &e) == 0) {
		source = (struct span){ text.p, text.len };
		source = json_find(source, "import_source");
		null = source.len > 0 && *source.p == 'n';
	}
	buf_release(&text);
	free(real);
	return source.len > 0 && !null;
}

void
validate_row(struct vcheck *v, const struct json *row, struct span raw,
    bool pending)
{
	struct json id = json_member(row, "trial_id");
	struct json source = json_member(row, "source_trial_id");
	struct vtrial t = { .index = row->index, .raw = raw };
	struct err e;

	if (json_object(row, &e) != 0) {
		find_err(v, FINDING_ERROR, row->file, &e);
		return;
	}
	t.imported = !json_is_null(&source);
	if (json_int(&id, 1, NUM_INT_MAX, &t.id, &e) != 0)
		find_err(v, FINDING_ERROR, row->file, &e);
	else if (!pending && !t.imported)
		t.imported = came_without_id(v, row, t.id);
	if (pending)
		check_pending(v, row, &t);
	else
		check_observation(v, row, &t);
	if (t.id == 0) {
		free(t.point);
		free(t.y);
		return;
	}
	v->trial = xgrow(v->trial, v->ntrial, &v->trial_cap, sizeof(t));
	v->trial[v->ntrial++] = t;
}
