#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "contract/semver.h"
#include "ops/validate.h"

static const struct field meta_fields[] = {
	{ "created_at", FIELD_REAL, FIELD_WANTED },
	{ "seed", FIELD_INT | FIELD_NULL, FIELD_WANTED },
	{ NULL, 0, FIELD_OPTIONAL }
};

/* One row is parsed at a time: ten thousand are not worth a tree. */
static void
read_rows(struct vcheck *v, const struct json *root, struct span text,
    const char *key, bool pending)
{
	struct json array = { jv_invalid(), root, key, -1, root->file };
	struct json_walk w = json_walk(text);
	struct json row;
	int i;

	if (text.p == NULL || *text.p != '[') {
		find_at(v, FINDING_ERROR, &array, "%s, expected an array",
		    text.p == NULL ? "missing" : "not an array");
		return;
	}
	for (i = 0; json_next(&w); i++) {
		if (!pending && validate_plain(v, w.value, i))
			continue;
		row = part_of(&array, NULL, i, w.value);
		validate_row(v, &row, w.value, pending);
		jv_free(row.v);
	}
}

/* --------------------------------------------------------------- ids */

static int
by_id(const void *a, const void *b)
{
	const struct vtrial *x = a, *y = b;

	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	/* observations first, then in file order */
	if ((x->status == VTRIAL_PENDING) != (y->status == VTRIAL_PENDING))
		return x->status == VTRIAL_PENDING ? 1 : -1;
	return x->index - y->index;
}

static const char *
array_of(const struct vtrial *t)
{
	return t->status == VTRIAL_PENDING ? "pending" : "observations";
}

/* Sort by id; of several with one id, keep the first. */
static void
sort_trials(struct vcheck *v)
{
	const char *file = v->c.paths.shown[PATH_STATE];
	struct vtrial *kept = v->trial, *t;
	char path[64];
	size_t i;

	if (v->ntrial == 0)
		return;
	qsort(v->trial, v->ntrial, sizeof(*v->trial), by_id);
	for (i = 1; i < v->ntrial; i++) {
		t = &v->trial[i];
		if (t->id != kept->id) {
			*++kept = *t;
			continue;
		}
		snprintf(path, sizeof(path), ".%s[%d].trial_id", array_of(t),
		    t->index);
		find_text(v, FINDING_ERROR, file, path, "id %lld is that of "
		    ".%s[%d] already", (long long)t->id, array_of(kept),
		    kept->index);
		free(t->point);
		free(t->y);
	}
	v->ntrial = (size_t)(kept - v->trial) + 1;
}

struct vtrial *
vtrial_find(const struct vcheck *v, int64_t id)
{
	size_t lo = 0, hi = v->ntrial, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (v->trial[mid].id < id)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < v->ntrial && v->trial[lo].id == id ? &v->trial[lo] : NULL;
}

static void
check_next_id(struct vcheck *v, const struct json *root, struct span text)
{
	struct json j = part_of(root, "next_trial_id", -1, text);
	int64_t last = v->ntrial > 0 ? v->trial[v->ntrial - 1].id : 0;
	struct err e;

	if (json_int(&j, 1, NUM_INT_MAX, &v->next_trial_id, &e) != 0)
		find_err(v, FINDING_ERROR, j.file, &e);
	else if (v->next_trial_id <= last)
		find_at(v, FINDING_ERROR, &j, "expected a number above every "
		    "trial id (%lld), got %lld", (long long)last,
		    (long long)v->next_trial_id);
	jv_free(j.v);
}

/* ---------------------------------------------------------- document */

static void
check_version(struct vcheck *v, const struct json *root, struct span text)
{
	struct json j = part_of(root, "schema_version", -1, text);
	const char *version = "";
	struct err e;

	if (!json_present(&j))
		find_at(v, FINDING_WARNING, &j, "missing, read as 0.2; the "
		    "next command that writes upgrades it");
	else if (json_text(&j, &version, &e) != 0)
		find_err(v, FINDING_ERROR, j.file, &e);
	else if (!semver_valid(version) || (strncmp(version, "0.2.", 4) != 0
	    && strncmp(version, "0.3.", 4) != 0))
		find_at(v, FINDING_ERROR, &j, "version %s is not supported, "
		    "expected 0.2.x or 0.3.x", version);
	else if (strncmp(version, "0.2.", 4) == 0)
		find_at(v, FINDING_WARNING, &j, "%s is an older version; the "
		    "next command that writes upgrades it", version);
	jv_free(j.v);
}

static void
check_meta(struct vcheck *v, const struct json *root, struct span text)
{
	struct json j = part_of(root, "meta", -1, text);
	struct json seed = json_member(&j, "seed");
	struct err e;

	if (json_object(&j, &e) != 0)
		find_err(v, FINDING_ERROR, j.file, &e);
	else if (check_fields(v, &j, meta_fields) && v->config_ok &&
	    !json_is_null(&seed) &&
	    jv_number_value(seed.v) != (double)v->c.c.config->seed)
		find_at(v, FINDING_WARNING, &seed, "%.0f rules, "
		    "bo_config.json says %lld", jv_number_value(seed.v),
		    (long long)v->c.c.config->seed);
	jv_free(j.v);
}

/* Imports may use up any budget. */
static void
check_budget(struct vcheck *v, const struct json *root)
{
	const struct config *c = v->c.c.config;
	int64_t own = 0, pending = 0;
	size_t i;

	if (!v->config_ok)
		return;
	for (i = 0; i < v->ntrial; i++) {
		own += !v->trial[i].imported;
		pending += v->trial[i].status == VTRIAL_PENDING;
	}
	if (own > c->max_trials)
		find_at(v, FINDING_WARNING, root, "%lld trials, max_trials "
		    "is %lld", (long long)own, (long long)c->max_trials);
	if (c->max_pending_trials > 0 && pending > c->max_pending_trials)
		find_at(v, FINDING_WARNING, root, "%lld pending trials, "
		    "max_pending_trials is %lld", (long long)pending,
		    (long long)c->max_pending_trials);
}

static void
check_document(struct vcheck *v, const struct json *root, struct span text)
{
	static const char *const keys[] = {
		"schema_version", "meta", "observations", "pending",
		"next_trial_id", "best", NULL
	};
	struct span part[6];
	struct json best;

	json_find_all(text, keys, part);
	check_version(v, root, part[0]);
	check_meta(v, root, part[1]);
	read_rows(v, root, part[2], "observations", false);
	read_rows(v, root, part[3], "pending", true);
	sort_trials(v);
	check_next_id(v, root, part[4]);
	best = part_of(root, "best", -1, part[5]);
	validate_best(v, &best);
	jv_free(best.v);
	check_budget(v, root);
}

void
validate_state(struct vcheck *v)
{
	const char *name = v->c.paths.shown[PATH_STATE];
	struct json root = { jv_invalid(), NULL, NULL, -1, name };
	int found = vcheck_read(v, v->c.paths.real[PATH_STATE], name,
	    &v->state_text);
	struct span text = { v->state_text.p, v->state_text.len };
	struct err e;

	v->state_exists = found != 0;
	if (found <= 0)
		return;
	if (json_scan(text.p, text.len, name, 1, &e) != 0) {
		find_err(v, FINDING_ERROR, name, &e);
		return;
	}
	if (text.p[strspn(text.p, " \t\r\n")] != '{') {
		find_at(v, FINDING_ERROR, &root, "expected an object");
		return;
	}
	v->state_whole = true;
	check_document(v, &root, text);
}
