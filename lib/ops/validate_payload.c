#include <sys/stat.h>

#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "ops/validate.h"

/* Is it what the state says?  Absent and null are one. */
static void
compare(struct vcheck *v, const struct json *copy, const struct json *entry,
    const char *key)
{
	struct json got = json_member(copy, key);
	struct json expected = json_member(entry, key);

	if (json_is_null(&got) && json_is_null(&expected))
		return;
	if (json_is_null(&got) || json_is_null(&expected) ||
	    !jv_equal(jv_copy(got.v), jv_copy(expected.v)))
		find_at(v, FINDING_WARNING, &got,
		    "is not what the state has");
}

static void
compare_status(struct vcheck *v, const struct json *copy,
    const struct vtrial *t)
{
	struct json j = json_member(copy, "status");
	const char *text = "ok";

	if (t->status < 0)
		return;
	if (json_present(&j))
		text = jv_get_kind(j.v) == JV_KIND_STRING ?
		    jv_string_value(j.v) : "";
	if (strcmp(text, "success") == 0)
		text = "ok";
	if (strcmp(text, trial_status_name[t->status]) != 0)
		find_at(v, FINDING_WARNING, &j, "expected \"%s\" as in the "
		    "state, got \"%s\"", trial_status_name[t->status], text);
}

/* Inactive parameters may stand in the copies of older versions. */
static void
compare_params(struct vcheck *v, const struct json *copy,
    const struct json *entry)
{
	struct json theirs = json_member(copy, "params");
	struct json ours = json_member(entry, "params"), j;
	const char *key;
	int i;

	if (jv_get_kind(ours.v) != JV_KIND_OBJECT)
		return;
	i = jv_object_iter(ours.v);
	while (json_each(&ours, &i, &key, &j))
		compare(v, &theirs, &ours, key);
}

static void
compare_copy(struct vcheck *v, const struct json *copy,
    const struct vtrial *t, const struct json *entry)
{
	struct json token = json_member(copy, "lease_token");
	struct err e;

	if (json_object(copy, &e) != 0) {
		find_err(v, FINDING_WARNING, copy->file, &e);
		return;
	}
	if (!json_is_null(&token))
		find_at(v, FINDING_WARNING, &token, "a lease token has no "
		    "place in a payload's copy");
	compare(v, copy, entry, "trial_id");
	compare_params(v, copy, entry);
	compare_status(v, copy, t);
	compare(v, copy, entry, "objectives");
	compare(v, copy, entry, "penalty_objective");
	if (t->status != TRIAL_OK)
		compare(v, copy, entry, "terminal_reason");
}

static void
read_copy(struct vcheck *v, const struct vtrial *t, const struct json *entry,
    const char *shown)
{
	char *real = paths_trial_real(&v->c.paths, t->id,
	    "ingest_payload.json");
	struct json copy, path = json_member(entry, "artifact_path");
	int found;
	jv doc = vcheck_parse(v, real, shown, FINDING_WARNING, &found);

	if (found == 0)
		find_at(v, FINDING_WARNING, &path, "%s is not there", shown);
	if (jv_is_valid(doc)) {
		copy = json_root(doc, shown);
		compare_copy(v, &copy, t, entry);
	}
	jv_free(doc);
	free(real);
}

/* A copy in another place: only that it exists is of interest. */
static void
look_elsewhere(struct vcheck *v, const struct json *path, const char *name)
{
	struct stat st;
	char *whole = name[0] == '/' ? xstrdup(name) :
	    xasprintf("%s/%s", v->c.paths.root, name);

	if (lstat(whole, &st) != 0)
		find_at(v, FINDING_WARNING, path, "%s is not there", name);
	free(whole);
}

void
validate_payload(struct vcheck *v, const struct vtrial *t,
    const struct json *entry)
{
	struct json path = json_member(entry, "artifact_path");
	struct json voided = json_member(entry, "voided");
	const char *name;
	struct err ignored;
	char *usual;

	if (json_text(&path, &name, &ignored) != 0)
		return;
	usual = paths_trial_shown(&v->c.paths, t->id, "ingest_payload.json");
	if (strcmp(name, usual) != 0)
		look_elsewhere(v, &path, name);
	/* the result that was voided stands in the copy still */
	else if (json_is_null(&voided))
		read_copy(v, t, entry, usual);
	free(usual);
}
