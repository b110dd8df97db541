#include <string.h>

#include "base/num.h"
#include "contract/point.h"
#include "ops/ingest.h"
#include "store/json.h"

static jv
entry_of(const struct campaign *c, int64_t id, struct err *err)
{
	const struct pending *p = state_pending(c->state, id);
	const struct observation *o = state_observation(c->state, id);

	if (p != NULL)
		return jv_copy(p->doc);
	if (o != NULL)
		return json_parse_scanned(o->raw, err);
	err_set(err, LO_REFUSED, "trial %lld: no such trial: it is neither "
	    "pending nor observed in this campaign", (long long)id);
	return jv_invalid();
}

/* The params that the trial has, as a document. */
static jv
params_of(const struct campaign *c, int64_t id, struct err *err)
{
	jv entry = entry_of(c, id, err), params;

	if (!jv_is_valid(entry))
		return entry;
	params = jv_object_get(entry, jv_string("params"));
	if (!jv_is_valid(params))
		err_set(err, LO_REFUSED, "%s: trial %lld: .params: missing, "
		    "expected an object", c->paths.shown[PATH_STATE],
		    (long long)id);
	return params;
}

static jv
add_value(jv values, const struct objectives *o, const char *text,
    struct err *err)
{
	const char *equals = strchr(text, '=');
	double value;
	jv name;

	if (equals == NULL)
		err_set(err, LO_USAGE, "%s: expected NAME=VALUE, with an "
		    "objective's name such as %s=0.5", text,
		    o->objective[0].name);
	else if (!num_read(equals + 1, strlen(equals + 1), &value))
		err_set(err, LO_USAGE, "%s: expected a number behind =, got "
		    "%s", text, equals + 1);
	else {
		name = jv_string_sized(text, (int)(equals - text));
		if (!jv_object_has(jv_copy(values), jv_copy(name)))
			return jv_object_set(values, name, jv_number(value));
		jv_free(name);
		err_set(err, LO_USAGE, "%s: given twice", text);
	}
	jv_free(values);
	return jv_invalid();
}

static jv
values_of(const struct campaign *c, const struct ingest_request *r,
    struct err *err)
{
	const struct objectives *o = c->c.objectives;
	jv values = jv_object();
	size_t i;

	for (i = 0; i < r->nvalue && jv_is_valid(values); i++)
		values = add_value(values, o, r->value[i], err);
	if (!jv_is_valid(values) || r->nvalue > 0 || r->status == NULL ||
	    strcmp(r->status, "ok") == 0)
		return values;
	for (i = 0; i < o->n; i++)
		values = jv_object_set(values, jv_string(o->objective[i].name),
		    jv_null());
	return values;
}

jv
ingest_typed(const struct campaign *c, const struct ingest_request *r,
    struct err *err)
{
	jv doc, params = params_of(c, r->trial, err), values;

	if (!jv_is_valid(params))
		return params;
	values = values_of(c, r, err);
	if (!jv_is_valid(values)) {
		jv_free(params);
		return values;
	}
	doc = jv_object_set(jv_object(), jv_string("trial_id"),
	    jv_number((double)r->trial));
	doc = jv_object_set(doc, jv_string("params"), params);
	doc = jv_object_set(doc, jv_string("objectives"), values);
	doc = jv_object_set(doc, jv_string("status"),
	    jv_string(r->status != NULL ? r->status : "ok"));
	if (r->reason != NULL)
		doc = jv_object_set(doc, jv_string("terminal_reason"),
		    jv_string(r->reason));
	return doc;
}
