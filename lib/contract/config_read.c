#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/xmem.h"
#include "contract/config_read.h"

static const char *const durability_names[] = { "full", "relaxed", NULL };

enum kind {
	SECTION,	/* an object of further keys; unknown ones are kept */
	CLOSED,		/* the same; unknown ones are errors */
	PATHS,
	INT, REAL, BOOL,
	SURROGATE, ACQUISITION, DURABILITY, NOISE, STATUSES,
	SILENT		/* known, and of no effect here */
};
#define ABOVE 1		/* the minimum itself is too little */
#define NULLABLE 2	/* null is allowed and leaves 0 */

struct known {
	const char *path;
	enum kind kind;
	double min;	/* of numbers */
	unsigned flags;
	size_t to;	/* offset in struct config */
};

#define TO(member) offsetof(struct config, member)
#define NOWHERE ((size_t)-1)

static const struct known known_key[] = {
	{ ".seed", INT, -INFINITY, 0, TO(seed) },
	{ ".max_trials", INT, 0, 0, TO(max_trials) },
	{ ".initial_random_trials", INT, 0, 0, TO(initial_random_trials) },
	{ ".candidate_pool_size", INT, 1, 0, TO(candidate_pool_size) },
	{ ".batch_size", INT, 1, 0, TO(batch_size) },
	{ ".max_pending_trials", INT, 1, NULLABLE, TO(max_pending_trials) },
	{ ".max_pending_age_seconds", REAL, 0, NULLABLE,
	    TO(max_pending_age) },
	{ ".lock_timeout_seconds", REAL, 0, 0, TO(lock_timeout) },
	{ ".worker_leases", SECTION, 0, 0, NOWHERE },
	{ ".worker_leases.enabled", BOOL, 0, 0, TO(worker_leases) },
	{ ".surrogate", SECTION, 0, 0, NOWHERE },
	{ ".surrogate.type", SURROGATE, 0, 0, NOWHERE },
	{ ".surrogate.length_scale", REAL, 0, ABOVE, TO(length_scale) },
	{ ".surrogate.gp_min_fit_observations", INT, 0, NULLABLE,
	    TO(gp_min_fit_observations) },
	{ ".surrogate.botorch_min_fit_observations", SILENT, 0, 0, NOWHERE },
	{ ".surrogate.gp_model", SILENT, 0, 0, NOWHERE },
	{ ".surrogate.botorch_default", SILENT, 0, 0, NOWHERE },
	{ ".acquisition", SECTION, 0, 0, NOWHERE },
	{ ".acquisition.type", ACQUISITION, 0, 0, NOWHERE },
	{ ".acquisition.kappa", REAL, -INFINITY, 0, TO(kappa) },
	{ ".acquisition.xi", REAL, -INFINITY, 0, TO(xi) },
	{ ".durability", DURABILITY, 0, 0, NOWHERE },
	{ ".noise", NOISE, 0, 0, NOWHERE },
	{ ".feature_flags", SECTION, 0, 0, NOWHERE },
	{ ".feature_flags.enable_botorch_gp", BOOL, 0, 0, TO(botorch_flag) },
	{ ".feature_flags.fallback_to_proxy_if_unavailable", BOOL, 0, 0,
	    TO(fallback_to_proxy) },
	{ ".feature_flags.enable_service_api_preview", BOOL, 0, 0, NOWHERE },
	{ ".feature_flags.enable_dashboard_preview", BOOL, 0, 0, NOWHERE },
	{ ".feature_flags.enable_auth_preview", BOOL, 0, 0, NOWHERE },
	{ ".feature_flags.enable_multi_controller_preview", BOOL, 0, 0,
	    NOWHERE },
	{ ".governance", CLOSED, 0, 0, NOWHERE },
	{ ".governance.allowed_statuses", STATUSES, 0, 0, NOWHERE },
	{ ".retention", CLOSED, 0, 0, NOWHERE },
	{ ".retention.archives", CLOSED, 0, 0, NOWHERE },
	{ ".retention.archives.max_count", INT, 1, NULLABLE,
	    TO(archives_max_count) },
	{ ".retention.archives.max_age_seconds", REAL, 0, ABOVE | NULLABLE,
	    TO(archives_max_age) },
	{ ".retention.archives.max_total_bytes", INT, 1, NULLABLE,
	    TO(archives_max_bytes) },
	{ ".retention.logs", CLOSED, 0, 0, NOWHERE },
	{ ".retention.logs.event_log_max_bytes", INT, 1, NULLABLE,
	    TO(event_log_max_bytes) },
	{ ".retention.logs.acquisition_log_max_bytes", INT, 1, NULLABLE,
	    TO(acquisition_log_max_bytes) },
	{ ".stopping", SECTION, 0, 0, NOWHERE },
	{ ".stopping.min_improvement", REAL, 0, NULLABLE,
	    TO(min_improvement) },
	{ ".stopping.patience_trials", INT, 1, NULLABLE,
	    TO(patience_trials) },
	{ ".paths", PATHS, 0, 0, NOWHERE },
};

const char *
config_key(size_t i)
{
	return i < sizeof(known_key) / sizeof(known_key[0]) ?
	    known_key[i].path : NULL;
}

struct reader {
	struct config *config;
	size_t unknown_cap;
	struct err *err;
};

static int	read_object(struct reader *, const struct json *, bool);

static const struct known *
find_known(const struct json *j)
{
	struct buf path = BUF_INIT;
	const struct known *found = NULL;
	size_t i;

	json_path(j, &path);
	for (i = 0; i < sizeof(known_key) / sizeof(known_key[0]); i++)
		if (strcmp(known_key[i].path, buf_str(&path)) == 0)
			found = &known_key[i];
	buf_release(&path);
	return found;
}

static void
note_unknown(struct reader *r, const struct json *j)
{
	struct config *c = r->config;
	struct buf path = BUF_INIT;

	json_path(j, &path);
	c->unknown = xgrow(c->unknown, c->nunknown, &r->unknown_cap,
	    sizeof(*c->unknown));
	c->unknown[c->nunknown++] = buf_detach(&path);
}

/* Say which keys the object may have. */
static int
refuse_unknown(const struct json *j, struct err *err)
{
	struct buf section = BUF_INIT, wanted = BUF_INIT;
	const char *key;
	size_t i;

	json_path(j->up, &section);
	for (i = 0; i < sizeof(known_key) / sizeof(known_key[0]); i++) {
		key = known_key[i].path;
		if (strncmp(key, buf_str(&section), section.len) != 0 ||
		    key[section.len] != '.' ||
		    strchr(key + section.len + 1, '.') != NULL)
			continue;
		buf_addf(&wanted, "%s%s", wanted.len > 0 ? ", " : "",
		    key + section.len + 1);
	}
	json_complain(j, err, "unknown key, expected one of %s",
	    buf_str(&wanted));
	buf_release(&section);
	buf_release(&wanted);
	return -1;
}

static int
expected_number(const struct known *k, const struct json *j, struct err *err)
{
	char min[NUM_TEXT];
	struct buf wanted = BUF_INIT;

	buf_adds(&wanted, k->kind == INT ? "an integer" : "a number");
	if (isfinite(k->min))
		buf_addf(&wanted, " %s %s", k->flags & ABOVE ? ">" : ">=",
		    num_plain(min, k->min));
	if (k->flags & NULLABLE)
		buf_adds(&wanted, " or null");
	json_expected(j, buf_str(&wanted), err);
	buf_release(&wanted);
	return -1;
}

static bool
number_fits(const struct known *k, jv v)
{
	double x;

	if (jv_get_kind(v) == JV_KIND_NULL)
		return (k->flags & NULLABLE) != 0;
	if (jv_get_kind(v) != JV_KIND_NUMBER)
		return false;
	x = jv_number_value(v);
	if (k->kind == INT &&
	    (x != floor(x) || fabs(x) > (double)NUM_INT_MAX))
		return false;
	return k->flags & ABOVE ? x > k->min : x >= k->min;
}

static int
read_number(struct reader *r, const struct known *k, const struct json *j)
{
	void *to = (char *)r->config + k->to;
	double x;

	if (!number_fits(k, j->v))
		return expected_number(k, j, r->err);
	x = json_is_null(j) ? 0 : jv_number_value(j->v);
	if (k->kind == INT)
		*(int64_t *)to = (int64_t)x;
	else
		*(double *)to = x;
	return 0;
}

static int
read_bool(struct reader *r, const struct known *k, const struct json *j)
{
	bool value;

	if (json_bool(j, &value, r->err) != 0)
		return -1;
	if (k->to != NOWHERE)
		*(bool *)(void *)((char *)r->config + k->to) = value;
	return 0;
}

static int
read_name(const struct json *j, const char *const names[], int *out,
    struct err *err)
{
	struct buf wanted = BUF_INIT;
	const char *text = "";
	int i;

	if (jv_get_kind(j->v) == JV_KIND_STRING &&
	    json_text(j, &text, err) != 0)
		return -1;
	for (i = 0; names[i] != NULL; i++) {
		if (strcmp(text, names[i]) == 0) {
			buf_release(&wanted);
			*out = i;
			return 0;
		}
		buf_addf(&wanted, "%s\"%s\"", i > 0 ? ", " : "one of ",
		    names[i]);
	}
	json_expected(j, buf_str(&wanted), err);
	buf_release(&wanted);
	return -1;
}

static int
read_noise(struct reader *r, const struct json *j)
{
	jv_kind kind = jv_get_kind(j->v);

	if (kind == JV_KIND_NULL)
		return 0;
	if (kind != JV_KIND_TRUE && kind != JV_KIND_FALSE)
		return json_expected(j, "true, false or null", r->err);
	r->config->noise = kind == JV_KIND_TRUE;
	return 0;
}

static int
read_statuses(struct reader *r, const struct json *j)
{
	const char *names[TRIAL_STATUS_COUNT + 1] = { NULL };
	unsigned seen = 0;
	int i, n, status;

	if (jv_get_kind(j->v) != JV_KIND_ARRAY ||
	    json_array(j, &n, r->err) != 0 || n == 0)
		return json_expected(j, "a non-empty list of statuses",
		    r->err);
	for (i = 0; i < TRIAL_STATUS_COUNT; i++)
		names[i] = trial_status_name[i];
	for (i = 0; i < n; i++) {
		struct json element = json_element(j, i);

		if (read_name(&element, names, &status, r->err) != 0)
			return -1;
		if (seen & 1u << status)
			return json_expected(&element, "a status that is not "
			    "in the list yet", r->err);
		seen |= 1u << status;
	}
	r->config->allowed_statuses = seen;
	return 0;
}

static int
read_path(struct reader *r, const struct json *j, char **to)
{
	const char *text;

	if (json_text(j, &text, r->err) != 0)
		return -1;
	if (*text == '\0')
		return json_expected(j, "a path", r->err);
	free(*to);
	*to = xstrdup(text);
	return 0;
}

/* Schema files that older campaigns name are never opened. */
static bool
is_schema_key(const char *key)
{
	static const char end[] = "_schema_file";
	size_t len = strlen(key);

	return len >= sizeof(end) - 1 &&
	    strcmp(key + len - (sizeof(end) - 1), end) == 0;
}

static int
read_paths(struct reader *r, const struct json *object)
{
	struct config *c = r->config;
	struct json member;
	const char *key;
	int i, k, status = 0;

	if (json_is_null(object))	/* as if the key were absent */
		return 0;
	if (json_object(object, r->err) != 0)
		return -1;
	i = jv_object_iter(object->v);
	while (status == 0 && json_each(object, &i, &key, &member)) {
		for (k = 0; k < PATH_COUNT; k++)
			if (strcmp(key, path_key[k]) == 0)
				break;
		if (k < PATH_COUNT)
			status = read_path(r, &member, &c->path[k]);
		else if (strcmp(key, "ingest_schema_file") == 0)
			status = read_path(r, &member, &c->ingest_schema);
		else if (strcmp(key, "result_schema_file") == 0)
			c->has_result_schema = true;
		else if (!is_schema_key(key))
			note_unknown(r, &member);
	}
	return status;
}

static int
read_known(struct reader *r, const struct known *k, const struct json *j)
{
	struct config *c = r->config;
	int index, status = 0;

	switch (k->kind) {
	case SECTION:
	case CLOSED:
		return read_object(r, j, k->kind == CLOSED);
	case PATHS:
		return read_paths(r, j);
	case INT:
	case REAL:
		return read_number(r, k, j);
	case BOOL:
		return read_bool(r, k, j);
	case SURROGATE:
		status = read_name(j, config_surrogates, &index, r->err);
		if (status == 0)
			surrogate_from(config_surrogates[index], &c->surrogate);
		return status;
	case ACQUISITION:
		status = read_name(j, config_acquisitions, &index, r->err);
		if (status == 0)
			c->acquisition = (enum acquisition_type)index;
		return status;
	case DURABILITY:
		status = read_name(j, durability_names, &index, r->err);
		c->relaxed = status == 0 && index == 1;
		return status;
	case NOISE:
		return read_noise(r, j);
	case STATUSES:
		return read_statuses(r, j);
	case SILENT:
		break;
	}
	return 0;
}

static int
read_object(struct reader *r, const struct json *object, bool closed)
{
	const struct known *k;
	struct json member;
	const char *key;
	int i;

	if (json_is_null(object))	/* as if the key were absent */
		return 0;
	if (json_object(object, r->err) != 0)
		return -1;
	i = jv_object_iter(object->v);
	while (json_each(object, &i, &key, &member)) {
		k = find_known(&member);
		if (k == NULL && closed)
			return refuse_unknown(&member, r->err);
		if (k == NULL)
			note_unknown(r, &member);
		else if (read_known(r, k, &member) != 0)
			return -1;
	}
	return 0;
}

int
config_read(struct config *c, const struct json *root, struct err *err)
{
	struct reader r = { c, 0, err };

	if (jv_get_kind(root->v) != JV_KIND_OBJECT)
		return json_expected(root, "an object", err);
	return read_object(&r, root, false);
}
