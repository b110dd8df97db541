#include "contract/payload.h"
#include "store/json.h"

static void
write_outcome(const struct payload *p, struct jw *w)
{
	JW_KEY(w, "status", text, trial_status_name[p->status]);
	if (p->terminal_reason != NULL)
		JW_KEY(w, "terminal_reason", text, p->terminal_reason);
	if (p->has_penalty)
		JW_KEY(w, "penalty_objective", real, p->penalty);
	if (p->has_runtime)
		JW_KEY(w, "runtime_seconds", real, p->runtime);
}

static void
write_heartbeat(const struct payload *p, struct jw *w)
{
	if (p->has_heartbeat_at)
		JW_KEY(w, "heartbeat_at", real, p->heartbeat_at);
	if (p->heartbeat_note != NULL)
		JW_KEY(w, "heartbeat_note", text, p->heartbeat_note);
	if (jv_get_kind(p->heartbeat_meta) == JV_KIND_OBJECT)
		JW_KEY(w, "heartbeat_meta", jv, p->heartbeat_meta);
}

static void
write_extra(const struct payload *p, struct jw *w)
{
	struct json extra = json_root(p->extra, ""), member;
	const char *key;
	int i;

	if (jv_get_kind(p->extra) != JV_KIND_OBJECT)
		return;
	i = jv_object_iter(p->extra);
	while (json_each(&extra, &i, &key, &member))
		JW_KEY(w, key, jv, member.v);
}

void
payload_write(const struct payload *p, const struct space *s,
    const struct objectives *o, const double *point, struct buf *out)
{
	struct jw w;

	jw_init(&w, out, JW_PRETTY);
	jw_object(&w);
	if (p->schema_version != NULL)
		JW_KEY(&w, "schema_version", text, p->schema_version);
	JW_KEY(&w, "trial_id", int, p->trial_id);
	jw_key(&w, "params");
	point_write(s, point, &w);
	jw_key(&w, "objectives");
	objectives_write(o, p->status == TRIAL_OK ? p->y : NULL, &w);
	write_outcome(p, &w);
	write_heartbeat(p, &w);
	write_extra(p, &w);
	jw_end(&w);
	jw_release(&w);
	buf_addc(out, '\n');
}
