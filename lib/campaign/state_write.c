#include <math.h>
#include <string.h>

#include "campaign/state.h"
#include "contract/point.h"

static bool
is_time(const char *key)
{
	static const char *const times[] = { "suggested_at",
	    "last_heartbeat_at", "created_at", "updated_at", NULL };

	return json_is_one_of(key, times);
}

/* A document that was read from the text was; its times are reals even when
 * they are whole. */
static void
write_members(const struct state *s, jv doc, struct span was,
    const double *point, struct jw *w)
{
	struct json root = json_root(doc, ""), member;
	const char *key;
	int i = jv_object_iter(doc);

	jw_object(w);
	while (json_each(&root, &i, &key, &member)) {
		jw_key(w, key);
		if (point != NULL && strcmp(key, "params") == 0)
			point_write(s->space, point, w);
		else if (is_time(key) &&
		    jv_get_kind(member.v) == JV_KIND_NUMBER)
			jw_real(w, jv_number_value(member.v));
		else
			jw_like(w, member.v, json_find(was, key));
	}
	jw_end(w);
}

void
pending_write(const struct state *s, const struct pending *p, struct jw *w)
{
	write_members(s, p->doc, p->raw, p->usable ? p->point : NULL, w);
}

void
state_write_best(const struct state *s, struct jw *w)
{
	const struct observation *o;

	if (!s->best.present) {
		jw_null(w);
		return;
	}
	if (s->best_raw.p != NULL) {
		jw_raw(w, s->best_raw);
		return;
	}
	o = state_observation(s, s->best.id);
	jw_object(w);
	JW_KEY(w, "trial_id", int, s->best.id);
	JW_KEY(w, "objective_name", text,
	    objectives_scalar_name(s->objectives));
	JW_KEY(w, "objective_value", real, s->best.value);
	JW_KEY(w, "updated_at", real, s->best.updated_at);
	if (objectives_vector_shown(s->objectives)) {
		JW_KEY(w, "scalarization_policy", text,
		    policy_name(s->objectives->policy));
		jw_key(w, "objective_vector");
		objectives_write(s->objectives, o != NULL ? o->y : NULL, w);
	}
	jw_end(w);
}

static void
write_lists(const struct state *s, struct jw *w)
{
	size_t i;

	jw_key(w, "observations");
	jw_array(w);
	for (i = 0; i < s->nobs; i++)
		jw_bytes(w, s->obs[i].raw);
	jw_end(w);
	jw_key(w, "pending");
	jw_array(w);
	for (i = 0; i < s->npend; i++)
		if (s->pend[i].raw.p != NULL && !s->pend[i].changed)
			jw_bytes(w, s->pend[i].raw);
		else
			pending_write(s, &s->pend[i], w);
	jw_end(w);
}

void
state_write(const struct state *s, struct buf *out)
{
	struct span was = { s->text.p, s->text.len };
	struct jw w;

	buf_reserve(out, s->text.len + 4096);
	jw_init(&w, out, JW_PRETTY);
	jw_object(&w);
	JW_KEY(&w, "schema_version", text, s->schema_version);
	jw_key(&w, "meta");
	write_members(s, s->meta, json_find(was, "meta"), NULL, &w);
	write_lists(s, &w);
	JW_KEY(&w, "next_trial_id", int, s->next_trial_id);
	jw_key(&w, "best");
	state_write_best(s, &w);
	jw_members_like(&w, s->extra, was, NULL);
	jw_end(&w);
	jw_release(&w);
	buf_addc(out, '\n');
}
