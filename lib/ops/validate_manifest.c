#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "ops/validate.h"

static const struct field manifest_fields[] = {
	{ "created_at", FIELD_REAL | FIELD_NULL, FIELD_OPTIONAL },
	{ "updated_at", FIELD_REAL | FIELD_NULL, FIELD_OPTIONAL },
	{ "terminal_reason", FIELD_TEXT | FIELD_NULL, FIELD_REQUIRED },
	{ "params", FIELD_OBJECT, FIELD_OPTIONAL },
	{ "objective_name", FIELD_TEXT | FIELD_NULL, FIELD_OPTIONAL },
	{ "objective_value", FIELD_REAL | FIELD_NULL, FIELD_OPTIONAL },
	{ "objective_vector", FIELD_OBJECT | FIELD_NULL, FIELD_OPTIONAL },
	{ "scalarized_objective", FIELD_REAL | FIELD_NULL, FIELD_OPTIONAL },
	{ "scalarization_policy", FIELD_TEXT | FIELD_NULL, FIELD_OPTIONAL },
	{ "penalty_objective", FIELD_REAL | FIELD_NULL, FIELD_OPTIONAL },
	{ "suggested_at", FIELD_REAL | FIELD_NULL, FIELD_REQUIRED },
	{ "completed_at", FIELD_REAL | FIELD_NULL, FIELD_OPTIONAL },
	{ "last_heartbeat_at", FIELD_REAL | FIELD_NULL, FIELD_OPTIONAL },
	{ "heartbeat_count", FIELD_COUNT | FIELD_NULL, FIELD_OPTIONAL },
	{ "heartbeat_note", FIELD_TEXT | FIELD_NULL, FIELD_OPTIONAL },
	{ "heartbeat_meta", FIELD_OBJECT | FIELD_NULL, FIELD_OPTIONAL },
	{ "lease_token", FIELD_TOKEN | FIELD_NULL, FIELD_OPTIONAL },
	{ "artifact_path", FIELD_TEXT | FIELD_NULL, FIELD_REQUIRED },
	{ "artifacts", FIELD_OBJECT | FIELD_NULL, FIELD_OPTIONAL },
	{ "runtime_seconds", FIELD_REAL | FIELD_NULL, FIELD_OPTIONAL },
	{ NULL, 0, FIELD_OPTIONAL }
};

static const struct field terminal_fields[] = {
	{ "completed_at", FIELD_REAL, FIELD_REQUIRED },
	{ NULL, 0, FIELD_OPTIONAL }
};

static const struct field penalty_fields[] = {
	{ "penalty_objective", FIELD_REAL | FIELD_NULL, FIELD_REQUIRED },
	{ NULL, 0, FIELD_OPTIONAL }
};

/* ------------------------------------------- a manifest and the state */

static bool
same_value(const struct json *a, const struct json *b)
{
	double x, y;

	if (json_is_null(a) || json_is_null(b))
		return json_is_null(a) && json_is_null(b);
	if (jv_get_kind(a->v) != JV_KIND_NUMBER ||
	    jv_get_kind(b->v) != JV_KIND_NUMBER)
		return jv_equal(jv_copy(a->v), jv_copy(b->v));
	x = jv_number_value(a->v);
	y = jv_number_value(b->v);
	return fabs(x - y) <= 1e-12 * fmax(1, fabs(x));
}

static void
differs(struct vcheck *v, const struct json *got, const struct json *expected)
{
	struct buf text = BUF_INIT;
	struct err e;
	struct jw w;

	jw_init(&w, &text, JW_COMPACT);
	if (json_present(expected))
		jw_jv(&w, expected->v);
	else
		jw_null(&w);
	jw_release(&w);
	buf_adds(&text, " as in the state");
	json_expected(got, buf_str(&text), &e);
	find_err(v, FINDING_WARNING, got->file, &e);
	buf_release(&text);
}

/* Members that manifest and state must agree about. */
static void
compare_members(struct vcheck *v, const struct json *manifest,
    const struct json *entry, bool imported)
{
	static const char *const keys[] = {
		"params", "suggested_at", "completed_at", "terminal_reason",
		"penalty_objective", "lease_token", "last_heartbeat_at",
		"artifact_path"
	};
	struct json got, expected;
	size_t i, n = sizeof(keys) / sizeof(keys[0]);

	for (i = 0; i < n - imported; i++) {
		got = json_member(manifest, keys[i]);
		expected = json_member(entry, keys[i]);
		/* old rows know less than their manifests */
		if (!json_present(&expected) &&
		    (strcmp(keys[i], "suggested_at") == 0 ||
		    strcmp(keys[i], "artifact_path") == 0))
			continue;
		if (!same_value(&got, &expected))
			differs(v, &got, &expected);
	}
}

static void
compare_number(struct vcheck *v, const struct json *object, const char *key,
    double value)
{
	struct json got = json_member(object, key);
	struct json expected = got;

	expected.v = isnan(value) ? jv_null() : jv_number(value);
	if (!same_value(&got, &expected))
		differs(v, &got, &expected);
	jv_free(expected.v);
}

static void
compare_name(struct vcheck *v, const struct json *manifest, const char *name)
{
	struct json j = json_member(manifest, "objective_name");

	if (jv_get_kind(j.v) == JV_KIND_STRING &&
	    strcmp(jv_string_value(j.v), name) != 0)
		find_at(v, FINDING_WARNING, &j, "expected \"%s\" as in "
		    "objective_schema.json, got \"%s\"", name,
		    jv_string_value(j.v));
}

static void
compare_objectives(struct vcheck *v, const struct json *manifest,
    const struct vtrial *t)
{
	const struct objectives *o = v->c.c.objectives;
	struct json vector = json_member(manifest, "objective_vector");
	bool ok = t->status == TRIAL_OK;
	size_t i;

	if (o == NULL || (ok && t->y == NULL))
		return;
	compare_name(v, manifest, o->objective[0].name);
	compare_number(v, manifest, "objective_value",
	    ok ? t->y[0] : NAN);
	compare_number(v, manifest, "scalarized_objective",
	    ok ? objectives_scalar(o, t->y) : NAN);
	for (i = 0; i < o->n && !json_is_null(&vector); i++)
		compare_number(v, &vector, o->objective[i].name,
		    ok ? t->y[i] : NAN);
}

static const char *
status_text(const struct vtrial *t)
{
	return t->status == VTRIAL_PENDING ? "pending" :
	    trial_status_name[t->status];
}

/* The trial as the state has it; the caller frees v of the result. */
static struct json
entry_of(struct vcheck *v, const struct vtrial *t, struct json up[2])
{
	up[0] = json_root(jv_invalid(), v->c.paths.shown[PATH_STATE]);
	up[1] = up[0];
	up[1].up = &up[0];
	up[1].key = t->status == VTRIAL_PENDING ? "pending" : "observations";
	return part_of(&up[1], NULL, t->index, t->raw);
}

static void
compare(struct vcheck *v, const struct json *manifest,
    const struct vtrial *t)
{
	struct json status = json_member(manifest, "status"), up[2], entry;

	if (t->status == VTRIAL_BROKEN)
		return;
	if (strcmp(jv_string_value(status.v), status_text(t)) != 0) {
		find_at(v, FINDING_WARNING, &status, "expected \"%s\" as in "
		    "the state, got \"%s\"", status_text(t),
		    jv_string_value(status.v));
		return;
	}
	entry = entry_of(v, t, up);
	compare_members(v, manifest, &entry, t->imported);
	compare_objectives(v, manifest, t);
	if (t->status != VTRIAL_PENDING && !t->imported)
		validate_payload(v, t, &entry);
	jv_free(entry.v);
}

/* --------------------------------------------------- a manifest alone */

static bool
check_status(struct vcheck *v, const struct json *manifest)
{
	struct json j = json_member(manifest, "status");
	const char *text = "";
	struct err e;
	bool pending, right = true;

	if (jv_get_kind(j.v) == JV_KIND_STRING)
		text = jv_string_value(j.v);
	pending = strcmp(text, "pending") == 0;
	if (!pending && trial_status_from(text) < 0) {
		json_expected(&j, "pending, ok, failed, killed or timeout",
		    &e);
		find_err(v, FINDING_ERROR, j.file, &e);
		return false;
	}
	if (!pending)
		right = check_fields(v, manifest, terminal_fields);
	if (!pending && strcmp(text, "ok") != 0)
		right = check_fields(v, manifest, penalty_fields) && right;
	return right;
}

static void
check_manifest(struct vcheck *v, const struct json *manifest, int64_t id)
{
	struct json j = json_member(manifest, "trial_id");
	struct vtrial *t = vtrial_find(v, id);
	struct err e;
	int64_t got;
	bool right;

	if (json_object(manifest, &e) != 0 ||
	    json_int(&j, 1, NUM_INT_MAX, &got, &e) != 0) {
		find_err(v, FINDING_ERROR, manifest->file, &e);
		return;
	}
	if (got != id)
		find_at(v, FINDING_ERROR, &j, "expected the directory's id "
		    "%lld, got %lld", (long long)id, (long long)got);
	right = check_fields(v, manifest, manifest_fields);
	right = check_status(v, manifest) && right;
	if (t == NULL && v->state_whole)
		find_text(v, FINDING_WARNING, manifest->file, NULL,
		    "the state has no trial %lld", (long long)id);
	if (t != NULL && right && got == id)
		compare(v, manifest, t);
}

int
validate_manifest(struct vcheck *v, int64_t id)
{
	char *real = paths_trial_real(&v->c.paths, id, "manifest.json");
	char *shown = paths_trial_shown(&v->c.paths, id, "manifest.json");
	struct vtrial *t = vtrial_find(v, id);
	struct json manifest;
	int found;
	jv doc = vcheck_parse(v, real, shown, FINDING_ERROR, &found);

	if (jv_is_valid(doc)) {
		manifest = json_root(doc, shown);
		check_manifest(v, &manifest, id);
	}
	jv_free(doc);
	if (t != NULL && found != 0)
		t->seen |= SEEN_MANIFEST;
	free(real);
	free(shown);
	return found;
}
