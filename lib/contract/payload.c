#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/xmem.h"
#include "contract/payload.h"
#include "contract/semver.h"
#include "store/json.h"

static const char *const known_keys[] = {
	"trial_id", "params", "objectives", "status", "terminal_reason",
	"failure_reason", "penalty_objective", "runtime_seconds",
	"heartbeat_at", "heartbeat_note", "heartbeat_meta", "lease_token",
	"schema_version", NULL
};

int
payload_trial_id(jv doc, const char *file, int64_t *id, struct err *err)
{
	struct json root = json_root(doc, file);
	struct json member = json_member(&root, "trial_id");

	if (json_object(&root, err) != 0)
		return -1;
	return json_int(&member, 1, NUM_INT_MAX, id, err);
}

static int
read_status(struct payload *p, const struct json *root, struct err *err)
{
	struct json j = json_member(root, "status");
	const char *text = "";
	int status;

	if (!json_present(&j))
		return 0;
	if (jv_get_kind(j.v) == JV_KIND_STRING &&
	    json_text(&j, &text, err) != 0)
		return -1;
	p->legacy_success = strcmp(text, "success") == 0;
	status = p->legacy_success ? TRIAL_OK : trial_status_from(text);
	if (status < 0)
		return json_expected(&j, "\"ok\", \"failed\", \"killed\" or "
		    "\"timeout\"", err);
	p->status = (enum trial_status)status;
	return 0;
}

static int
read_objective(const struct payload *p, const struct json *j, double *y,
    struct err *err)
{
	struct buf wanted = BUF_INIT;
	jv_kind kind = jv_get_kind(j->v);

	*y = NAN;
	if (p->status == TRIAL_OK && kind == JV_KIND_NUMBER)
		*y = jv_number_value(j->v);
	if (p->status == TRIAL_OK ? isfinite(*y) : kind == JV_KIND_NULL)
		return 0;
	buf_addf(&wanted, "%s with status %s", p->status == TRIAL_OK ?
	    "a finite number" : "null", trial_status_name[p->status]);
	json_expected(j, buf_str(&wanted), err);
	buf_release(&wanted);
	return -1;
}

static int
read_objectives(struct payload *p, const struct objectives *o,
    const struct json *root, struct err *err)
{
	struct json map = json_member(root, "objectives"), member;
	const char *key;
	size_t k;
	int i;

	if (json_object(&map, err) != 0)
		return -1;
	i = jv_object_iter(map.v);
	while (json_each(&map, &i, &key, &member))
		if (objectives_index(o, key) < 0)
			return objectives_unknown(o, &member, err);
	p->y = xcalloc(o->n, sizeof(*p->y));
	for (k = 0; k < o->n; k++) {
		member = json_member(&map, o->objective[k].name);
		if (read_objective(p, &member, &p->y[k], err) != 0)
			return -1;
	}
	return 0;
}

/* A number that may be absent or null. */
static int
read_number(const struct json *root, const char *key, bool *has, double *to,
    struct err *err)
{
	struct json j = json_member(root, key);

	if (json_is_null(&j))
		return 0;
	if (jv_get_kind(j.v) != JV_KIND_NUMBER ||
	    !isfinite(jv_number_value(j.v)))
		return json_expected(&j, "a finite number", err);
	*has = true;
	*to = jv_number_value(j.v);
	return 0;
}

/* A text that may be absent or null. */
static int
read_text(const struct json *root, const char *key, char **to,
    struct err *err)
{
	struct json j = json_member(root, key);
	const char *text;

	if (json_is_null(&j))
		return 0;
	if (json_text(&j, &text, err) != 0)
		return -1;
	*to = xstrdup(text);
	return 0;
}

/* Cut white space off both ends. */
static void
trim(char *text)
{
	static const char space[] = " \t\n\v\f\r";
	size_t skip = strspn(text, space), len = strlen(text);

	while (len > skip && strchr(space, text[len - 1]) != NULL)
		len--;
	memmove(text, text + skip, len - skip);
	text[len - skip] = '\0';
}

/* failure_reason is the older name; with ok there is no reason. */
static int
read_reason(struct payload *p, const struct json *root, struct err *err)
{
	char *reason = NULL, *older = NULL;
	int status = 0;

	if (read_text(root, "terminal_reason", &reason, err) != 0 ||
	    read_text(root, "failure_reason", &older, err) != 0)
		status = -1;
	if (reason != NULL)
		trim(reason);
	if (older != NULL)
		trim(older);
	if (status == 0 && p->status != TRIAL_OK) {
		if (reason != NULL && *reason != '\0')
			p->terminal_reason = xstrdup(reason);
		else if (older != NULL && *older != '\0')
			p->terminal_reason = xstrdup(older);
		else
			p->terminal_reason = xasprintf("status=%s",
			    trial_status_name[p->status]);
	}
	free(reason);
	free(older);
	return status;
}

static int
read_outcome(struct payload *p, const struct json *root, struct err *err)
{
	struct json penalty = json_member(root, "penalty_objective");
	struct json runtime = json_member(root, "runtime_seconds");

	if (read_number(root, "penalty_objective", &p->has_penalty,
	    &p->penalty, err) != 0)
		return -1;
	if (p->has_penalty && p->status == TRIAL_OK)
		return json_expected(&penalty, "none with status ok", err);
	if (read_number(root, "runtime_seconds", &p->has_runtime,
	    &p->runtime, err) != 0)
		return -1;
	if (p->has_runtime && !(p->runtime >= 0))
		return json_expected(&runtime, "a number >= 0", err);
	return read_reason(p, root, err);
}

static int
read_optional(struct payload *p, const struct json *root, struct err *err)
{
	struct json meta = json_member(root, "heartbeat_meta");
	struct json token = json_member(root, "lease_token");
	struct json version = json_member(root, "schema_version");

	if (read_text(root, "lease_token", &p->lease_token, err) != 0 ||
	    read_text(root, "schema_version", &p->schema_version, err) != 0 ||
	    read_text(root, "heartbeat_note", &p->heartbeat_note, err) != 0 ||
	    read_number(root, "heartbeat_at", &p->has_heartbeat_at,
	    &p->heartbeat_at, err) != 0)
		return -1;
	if (p->lease_token != NULL && *p->lease_token == '\0')
		return json_expected(&token, "a non-empty token", err);
	if (p->schema_version != NULL && !semver_valid(p->schema_version))
		return json_expected(&version, "a version such as \"0.3.0\"",
		    err);
	if (json_is_null(&meta))
		return 0;
	if (json_object(&meta, err) != 0)
		return -1;
	p->heartbeat_meta = jv_copy(meta.v);
	return 0;
}

static void
keep_unknown(struct payload *p, const struct json *root)
{
	struct json member;
	const char *key;
	int i = jv_object_iter(root->v);

	p->extra = jv_object();
	while (json_each(root, &i, &key, &member))
		if (!json_is_one_of(key, known_keys))
			p->extra = jv_object_set(p->extra, jv_string(key),
			    jv_copy(member.v));
}

/* Bounds are not checked: what counts is that params are those of the
 * trial, and a trial may be older than the bounds. */
static int
read_all(struct payload *p, const struct json *root, const struct space *s,
    const struct objectives *o, struct err *err)
{
	struct json params = json_member(root, "params");

	p->point = xcalloc(s->n, sizeof(*p->point));
	if (read_status(p, root, err) != 0 ||
	    point_from_json(s, &params, POINT_LOOSE, p->point, err) != 0 ||
	    read_objectives(p, o, root, err) != 0 ||
	    read_outcome(p, root, err) != 0 ||
	    read_optional(p, root, err) != 0)
		return -1;
	keep_unknown(p, root);
	return 0;
}

struct payload *
payload_from_json(jv doc, const char *file, const struct space *s,
    const struct objectives *o, struct err *err)
{
	struct payload *p = xcalloc(1, sizeof(*p));
	struct json root;
	char *where;
	int status;

	p->heartbeat_meta = jv_invalid();
	p->extra = jv_invalid();
	if (payload_trial_id(doc, file, &p->trial_id, err) != 0) {
		payload_free(p);
		return NULL;
	}
	where = xasprintf("%s: trial %lld", file, (long long)p->trial_id);
	root = json_root(doc, where);
	status = read_all(p, &root, s, o, err);
	free(where);
	if (status == 0)
		return p;
	payload_free(p);
	return NULL;
}

void
payload_free(struct payload *p)
{
	if (p == NULL)
		return;
	free(p->point);
	free(p->y);
	free(p->terminal_reason);
	free(p->heartbeat_note);
	free(p->lease_token);
	free(p->schema_version);
	jv_free(p->heartbeat_meta);
	jv_free(p->extra);
	free(p);
}
