#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "campaign/manifest.h"
#include "campaign/trail.h"
#include "contract/point.h"
#include "ops/governance.h"
#include "ops/observe.h"
#include "store/json.h"

/* The entry that ends: where its facts come from. */
struct source {
	int64_t id;
	jv doc;			/* pending entry or earlier observation */
	struct span was;	/* its text, if it has any */
	const double *point;	/* NULL if it does not fit the space */
};

/* Members that are written from the outcome or have served their time. */
static const char *const replaced[] = { "schema_version", "trial_id",
    "params", "objectives", "status", "artifact_path", "suggested_at",
    "completed_at", "terminal_reason", "penalty_objective",
    "last_heartbeat_at", "heartbeat_count", "heartbeat_note",
    "heartbeat_meta", "runtime_seconds", "claim", "retired", NULL };

static void
put_heartbeat(struct jw *w, const struct json *from, struct span was,
    const struct outcome *o)
{
	struct json count = json_member(from, "heartbeat_count");
	struct json note = json_member(from, "heartbeat_note");
	struct json meta = json_member(from, "heartbeat_meta");
	double at = o->has_heartbeat_at ? o->heartbeat_at :
	    trial_real(from, "last_heartbeat_at");

	if (!isnan(at))
		JW_KEY(w, "last_heartbeat_at", real, at);
	if (json_present(&count))
		JW_KEY(w, "heartbeat_count", jv, count.v);
	if (o->heartbeat_note != NULL)
		JW_KEY(w, "heartbeat_note", text, o->heartbeat_note);
	else if (json_present(&note))
		JW_KEY(w, "heartbeat_note", jv, note.v);
	if (jv_is_valid(o->heartbeat_meta))
		JW_KEY(w, "heartbeat_meta", jv, o->heartbeat_meta);
	else if (json_present(&meta))
		JW_KEY(w, "heartbeat_meta", like, meta.v,
		    json_find(was, "heartbeat_meta"));
}

static void
put_result(struct jw *w, const struct campaign *c, const struct outcome *o)
{
	jw_key(w, "objectives");
	objectives_write(c->c.objectives, o->y, w);
	JW_KEY(w, "status", text, trial_status_name[o->status]);
	JW_KEY(w, "artifact_path", text, o->artifact_path);
}

/* Looptimum has no mark, but its reasons tell. */
static bool
reason_of_retired(const char *reason)
{
	return reason != NULL && strncmp(reason, "retired_", 8) == 0;
}

static void
write_observation(const struct campaign *c, const struct source *s,
    const struct outcome *o, double now, struct buf *out)
{
	struct json from = json_root(s->doc, "trial");
	struct json params = json_member(&from, "params");
	struct jw w;

	jw_init(&w, out, JW_PRETTY);
	w.depth = 2;	/* it stands in a list of the state */
	jw_object(&w);
	JW_KEY(&w, "trial_id", int, s->id);
	jw_key(&w, "params");
	if (s->point != NULL)
		point_write(c->c.space, s->point, &w);
	else
		jw_jv(&w, params.v);
	put_result(&w, c, o);
	JW_KEY(&w, "suggested_at", real, trial_real(&from, "suggested_at"));
	JW_KEY(&w, "completed_at", real, now);
	if (o->status != TRIAL_OK) {
		JW_KEY(&w, "terminal_reason", text, o->terminal_reason);
		JW_KEY(&w, "penalty_objective", real, o->has_penalty ?
		    o->penalty : NAN);
	}
	put_heartbeat(&w, &from, s->was, o);
	if (o->has_runtime)
		JW_KEY(&w, "runtime_seconds", real, o->runtime);
	if (o->retired || (o->artifact_path == NULL &&
	    reason_of_retired(o->terminal_reason)))
		JW_KEY(&w, "retired", bool, o->retired);
	jw_members_like(&w, s->doc, s->was, replaced);
	jw_end(&w);
	jw_release(&w);
}

static int
put_manifest(struct campaign *c, struct txn *t, int64_t id, struct err *err)
{
	struct buf old = BUF_INIT, text = BUF_INIT;
	int status = manifest_read(c, id, &old, err);

	if (status >= 0) {
		manifest_terminal(c, state_observation(c->state, id), &old,
		    txn_now(t), &text);
		status = txn_manifest(t, id, &text, err);
	}
	buf_release(&old);
	buf_release(&text);
	return status < 0 ? -1 : 0;
}

static int
put(struct campaign *c, struct txn *t, const struct source *s,
    const struct outcome *o, struct err *err)
{
	struct buf text = BUF_INIT;
	int status;

	write_observation(c, s, o, txn_now(t), &text);
	status = state_put_observation(c->state, &text, err);
	buf_release(&text);
	if (status != 0)
		return -1;
	state_update_best(c->state, txn_now(t));
	txn_mark(t, s->id, "completed_at", txn_now(t));
	return put_manifest(c, t, s->id, err);
}

int
observe(struct campaign *c, struct txn *t, struct pending *p,
    const struct outcome *o, struct err *err)
{
	struct source s = { p->id, p->doc, p->raw,
	    p->usable ? p->point : NULL };

	if (put(c, t, &s, o, err) != 0)
		return -1;
	state_drop_pending(c->state, p);
	return 0;
}

int
observe_again(struct campaign *c, struct txn *t,
    const struct observation *before, const struct outcome *o,
    struct err *err)
{
	struct source s = { before->id, jv_invalid(), before->raw, NULL };
	double *point = NULL;
	int status;

	if (before->usable) {
		/* the entry that it stands in is about to be replaced */
		point = xcalloc(c->c.space->n, sizeof(*point));
		memcpy(point, before->point, c->c.space->n * sizeof(*point));
		s.point = point;
	}
	s.doc = json_parse_scanned(before->raw, err);
	status = jv_is_valid(s.doc) ? put(c, t, &s, o, err) : -1;
	jv_free(s.doc);
	free(point);
	return status;
}

int
observe_rewrite(struct campaign *c, struct txn *t, int64_t id,
    struct buf *text, struct err *err)
{
	if (state_put_observation(c->state, text, err) != 0)
		return -1;
	state_update_best(c->state, txn_now(t));
	return put_manifest(c, t, id, err);
}

bool
observed_retired(const struct observation *o)
{
	struct err ignored;
	struct json root, mark;
	const char *reason;
	bool retired;
	jv doc;

	if (o->status != TRIAL_KILLED || o->voided)
		return false;
	doc = json_parse_scanned(o->raw, &ignored);
	root = json_root(doc, "observation");
	mark = json_member(&root, "retired");
	reason = trial_text(&root, "terminal_reason");
	/* without a mark the reason tells, unless it came with a result */
	retired = jv_get_kind(mark.v) == JV_KIND_TRUE ||
	    (!json_present(&mark) && reason_of_retired(reason) &&
	    trial_text(&root, "artifact_path") == NULL);
	jv_free(doc);
	return retired;
}

static int
retire_one(struct campaign *c, struct txn *t, struct pending *p,
    struct err *err)
{
	struct outcome o = { .status = TRIAL_KILLED, .retired = true,
	    .terminal_reason = "retired_stale_auto" };
	struct buf line = BUF_INIT;
	struct jw w;

	o.heartbeat_meta = jv_invalid();
	trail_event(&w, &line, "trial_retired", txn_now(t));
	JW_KEY(&w, "trial_id", int, p->id);
	JW_KEY(&w, "status", text, "killed");
	JW_KEY(&w, "reason", text, o.terminal_reason);
	JW_KEY(&w, "mode", text, "auto_stale");
	JW_KEY(&w, "command", text, c->command);
	trail_end(&w);
	txn_event(t, &line);
	governance_override(c, t, &(struct governance_override){ p->id,
	    o.status, "auto_stale_retire", o.terminal_reason });
	return observe(c, t, p, &o, err);
}

int
retire_stale(struct campaign *c, struct txn *t, size_t *retired,
    struct err *err)
{
	double limit = c->c.config->max_pending_age;
	size_t i = 0;

	*retired = 0;
	while (limit > 0 && i < c->state->npend) {
		struct pending *p = &c->state->pend[i];

		if (!(txn_now(t) - pending_since(p) > limit)) {
			i++;
			continue;
		}
		if (retire_one(c, t, p, err) != 0)
			return -1;
		++*retired;
	}
	return 0;
}
