/* replay_log: lines of the logs.  See replay.h. */
#include <string.h>

#include "store/json.h"

#include "compare.h"
#include "replay.h"

jv
log_next(struct span *rest)
{
	const char *end;
	struct span line = *rest;
	struct err err;
	jv v;

	if (rest->len == 0)
		return jv_invalid();
	end = memchr(rest->p, '\n', rest->len);
	line.len = end != NULL ? (size_t)(end - rest->p) : rest->len;
	rest->p += line.len;
	rest->len -= line.len;
	if (end != NULL) {
		rest->p++;
		rest->len--;
	}
	v = json_parse(line.p, line.len, "log", &err);
	if (!jv_is_valid(v))
		replay_die("log", err.text);
	return v;
}

int64_t
log_id(jv doc)
{
	jv id = member_of(doc, "trial_id");
	double v = jv_get_kind(id) == JV_KIND_NUMBER ? jv_number_value(id) :
	    0;

	jv_free(id);
	return (int64_t)v;
}

bool
log_says(jv doc, const char *key, const char *text)
{
	jv v = member_of(doc, key);
	bool is = jv_get_kind(v) == JV_KIND_STRING &&
	    strcmp(jv_string_value(v), text) == 0;

	jv_free(v);
	return is;
}

jv
log_decision(const struct replay *r, int64_t id)
{
	struct span rest = { buf_str(&r->decisions), r->decisions.len };
	jv line, found = jv_invalid(), d, reason;

	while (jv_is_valid(line = log_next(&rest))) {
		d = member_of(line, "decision");
		reason = jv_is_valid(d) ? member_of(d,
		    "constraint_error_reason") : jv_null();
		if (log_id(line) == id && !jv_is_valid(reason)) {
			jv_free(found);
			found = jv_copy(d);
		}
		jv_free(reason);
		jv_free(d);
		jv_free(line);
	}
	return found;
}

bool
log_came_late(const struct replay *r, int64_t id)
{
	struct span rest = { buf_str(&r->events), r->events.len };
	bool late = false;
	jv line;

	while (!late && jv_is_valid(line = log_next(&rest))) {
		late = log_says(line, "event", "ingest_late_applied") &&
		    log_id(line) == id;
		jv_free(line);
	}
	return late;
}
