#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "campaign/manifest.h"
#include "contract/payload.h"
#include "contract/point.h"
#include "ops/audit.h"
#include "ops/rebuild.h"

/* What is left of one trial. */
struct remains {
	struct rebuild *r;
	const struct rebuild_trial *t;
	struct buf manifest;	/* empty unless it can be read */
	struct payload *payload;	/* NULL unless it can be read */
	char *copy;		/* its name, as the state has it */
};

/* An observation on its way into the state. */
struct row {
	int64_t id;
	size_t rank;
	double completed;
	struct buf text;
};

struct rows {
	struct row *row;
	size_t n, cap;
};

/* -------------------------------------------------------------- reading */

static bool
is_status(struct span manifest)
{
	int i;

	for (i = 0; i < TRIAL_STATUS_COUNT; i++)
		if (audit_is(manifest, "status", trial_status_name[i]))
			return true;
	return audit_is(manifest, "status", "pending");
}

/* What is wrong with it, or NULL. */
static const char *
fault_of(struct span m, int64_t id)
{
	struct span params = json_find(m, "params");
	struct span vector = json_find(m, "objective_vector");

	if (audit_number(m, "trial_id") != (double)id)
		return "is not of this trial";
	if (!is_status(m))
		return "has no status";
	if (params.len == 0 || *params.p != '{')
		return "has no params";
	if (audit_is(m, "status", "ok") &&
	    (vector.len == 0 || *vector.p != '{'))
		return "has no objective values";
	return NULL;
}

static void
read_manifest(struct remains *m)
{
	struct rebuild *r = m->r;
	char *shown = paths_trial_shown(&r->c->paths, m->t->id,
	    "manifest.json");
	const char *fault = "missing";
	struct err err;
	int there = manifest_read(r->c, m->t->id, &m->manifest, &err);

	if (there > 0) {
		fault = json_scan(buf_str(&m->manifest), m->manifest.len,
		    shown, 1, &err) != 0 ? err.text :
		    fault_of((struct span){ m->manifest.p, m->manifest.len },
		    m->t->id);
	} else if (there < 0) {
		char *real = paths_trial_real(&r->c->paths, m->t->id,
		    "manifest.json");

		fault = err.text;
		rebuild_unread(r, real, &err);
		free(real);
	}
	if (fault != NULL) {
		rebuild_say(r, "trial %lld: manifest.json: %s",
		    (long long)m->t->id, fault);
		buf_release(&m->manifest);
	}
	free(shown);
}

static void
read_copy(struct remains *m)
{
	struct rebuild *r = m->r;
	char *real = paths_trial_real(&r->c->paths, m->t->id,
	    "ingest_payload.json");
	struct buf text = BUF_INIT;
	struct err err;
	int there = campaign_read_file(r->c, real, &text, &err);
	jv doc;

	if (there < 0)
		rebuild_unread(r, real, &err);
	m->copy = paths_trial_shown(&r->c->paths, m->t->id,
	    "ingest_payload.json");
	if (there > 0) {
		doc = json_parse(buf_str(&text), text.len, m->copy, &err);
		if (jv_is_valid(doc))
			m->payload = payload_from_json(doc, m->copy,
			    r->c->c.space, r->c->c.objectives, &err);
		jv_free(doc);
		if (m->payload != NULL && m->payload->trial_id != m->t->id) {
			err_set(&err, LO_REFUSED, "%s: is not of this trial",
			    m->copy);
			payload_free(m->payload);
			m->payload = NULL;
		}
	}
	if (there != 0 && m->payload == NULL)
		rebuild_say(r, "trial %lld: %s", (long long)m->t->id,
		    err.text);
	buf_release(&text);
	free(real);
}

/* -------------------------------------------------------- from manifest */

static void
put_as_it_is(struct jw *w, const char *key, struct span value)
{
	jw_key(w, key);
	jw_raw(w, value);
}

static bool
says_something(struct span value)
{
	return value.len > 0 && *value.p != 'n';
}

/* What an entry has only if there is something to be said. */
static void
put_optional(struct jw *w, struct span m)
{
	static const char *const key[] = { "last_heartbeat_at",
	    "heartbeat_count", "heartbeat_note", "heartbeat_meta",
	    "runtime_seconds", "lease_token", "retry_of", "replicate_of",
	    "source_trial_id", "retired", "voided" };
	struct span value;
	size_t i;

	for (i = 0; i < sizeof(key) / sizeof(key[0]); i++) {
		value = json_find(m, key[i]);
		if (says_something(value) &&
		    (i != 1 || audit_number(m, key[i]) > 0))
			put_as_it_is(w, key[i], value);
	}
}

static void
write_pending(const struct remains *m, struct buf *out)
{
	struct span s = { m->manifest.p, m->manifest.len };
	struct jw w;

	jw_init(&w, out, JW_COMPACT);
	jw_object(&w);
	JW_KEY(&w, "schema_version", text, STATE_VERSION);
	JW_KEY(&w, "trial_id", int, m->t->id);
	put_as_it_is(&w, "params", json_find(s, "params"));
	put_as_it_is(&w, "suggested_at", json_find(s, "suggested_at"));
	put_optional(&w, s);
	jw_end(&w);
	jw_release(&w);
}

static void
write_observed(const struct remains *m, struct jw *w)
{
	static const char *const key[] = { "status", "artifact_path",
	    "suggested_at", "completed_at", "terminal_reason",
	    "penalty_objective" };
	struct span s = { m->manifest.p, m->manifest.len };
	bool ok = audit_is(s, "status", "ok");
	size_t i;

	put_as_it_is(w, "params", json_find(s, "params"));
	if (ok)
		put_as_it_is(w, "objectives",
		    json_find(s, "objective_vector"));
	else {
		jw_key(w, "objectives");
		objectives_write(m->r->c->c.objectives, NULL, w);
	}
	for (i = 0; i < (ok ? 4 : 6); i++)
		put_as_it_is(w, key[i], json_find(s, key[i]));
	put_optional(w, s);
}

/* --------------------------------------------------------- from payload */

/* When the trial ended, as far as anything tells. */
static double
completed_at(const struct remains *m)
{
	return isnan(m->t->ended) ? m->r->now : m->t->ended;
}

static double
suggested_at(const struct remains *m)
{
	struct span s = { m->manifest.p, m->manifest.len };
	double at = m->manifest.len > 0 ? audit_number(s, "suggested_at") :
	    NAN;

	return isnan(at) ? m->t->created : at;
}

static void
write_outcome(const struct remains *m, struct jw *w)
{
	const struct payload *p = m->payload;

	JW_KEY(w, "status", text, trial_status_name[p->status]);
	JW_KEY(w, "artifact_path", text, m->copy);
	JW_KEY(w, "suggested_at", real, suggested_at(m));
	JW_KEY(w, "completed_at", real, completed_at(m));
	if (p->status != TRIAL_OK) {
		JW_KEY(w, "terminal_reason", text, p->terminal_reason);
		JW_KEY(w, "penalty_objective", real, p->has_penalty ?
		    p->penalty : NAN);
	}
	if (p->has_heartbeat_at)
		JW_KEY(w, "last_heartbeat_at", real, p->heartbeat_at);
	if (p->heartbeat_note != NULL)
		JW_KEY(w, "heartbeat_note", text, p->heartbeat_note);
	if (jv_get_kind(p->heartbeat_meta) == JV_KIND_OBJECT)
		JW_KEY(w, "heartbeat_meta", jv, p->heartbeat_meta);
	if (p->has_runtime)
		JW_KEY(w, "runtime_seconds", real, p->runtime);
}

static void
write_from_copy(const struct remains *m, struct jw *w)
{
	static const char *const key[] = { "lease_token", "retry_of",
	    "replicate_of" };
	const struct contracts *c = &m->r->c->c;
	const struct payload *p = m->payload;
	struct span s = { m->manifest.p, m->manifest.len }, value;
	size_t i;

	jw_key(w, "params");
	point_write(c->space, p->point, w);
	jw_key(w, "objectives");
	objectives_write(c->objectives, p->status == TRIAL_OK ? p->y : NULL,
	    w);
	write_outcome(m, w);
	for (i = 0; m->manifest.len > 0 && i < 3; i++) {
		value = json_find(s, key[i]);
		if (says_something(value))
			put_as_it_is(w, key[i], value);
	}
}

/* ----------------------------------------------------------- the choice */

static void
add_observation(struct rows *rows, const struct remains *m, bool from_copy)
{
	struct span s;
	struct row *row;
	struct jw w;

	rows->row = xgrow(rows->row, rows->n, &rows->cap,
	    sizeof(*rows->row));
	row = &rows->row[rows->n++];
	memset(row, 0, sizeof(*row));
	row->id = m->t->id;
	row->rank = m->t->rank;
	jw_init(&w, &row->text, JW_PRETTY);
	w.depth = 2;	/* it stands in a list of the state */
	jw_object(&w);
	JW_KEY(&w, "trial_id", int, row->id);
	if (from_copy)
		write_from_copy(m, &w);
	else
		write_observed(m, &w);
	jw_end(&w);
	jw_release(&w);
	s.p = row->text.p;
	s.len = row->text.len;
	row->completed = audit_number(s, "completed_at");
}

static void
add_pending(const struct remains *m)
{
	struct rebuild *r = m->r;
	struct buf text = BUF_INIT;
	struct err err;

	write_pending(m, &text);
	if (m->t->end != END_NONE)
		rebuild_say(r, "trial %lld: the event log says that it %s, "
		    "its manifest that it is pending, and there is no payload "
		    "copy; it is kept pending", (long long)m->t->id,
		    m->t->end == END_RESULT ? "got a result" : "was given up");
	if (state_add_pending(r->s, json_parse(text.p, text.len,
	    "manifest.json", &err), &err) != 0)
		rebuild_say(r, "trial %lld: %s", (long long)m->t->id,
		    err.text);
	buf_release(&text);
}

static void
lose(const struct remains *m)
{
	struct rebuild *r = m->r;

	r->lost = xgrow(r->lost, r->nlost, &r->lost_cap, sizeof(*r->lost));
	r->lost[r->nlost++] = m->t->id;
	rebuild_say(r, "trial %lld: neither a manifest nor a payload copy "
	    "can be read: its params%s are lost", (long long)m->t->id,
	    m->t->end == END_RESULT ? " and its result" : "");
}

static void
say_void(const struct remains *m)
{
	struct span s = { m->manifest.p, m->manifest.len };

	if (!m->t->voided || (m->manifest.len > 0 &&
	    says_something(json_find(s, "voided"))))
		return;
	rebuild_say(m->r, "trial %lld: it was voided; %s", (long long)
	    m->t->id, m->manifest.len > 0 ? "the result that it had is not "
	    "in its manifest, so that cannot be undone" : "its payload copy "
	    "has the result from before: void it again");
}

static void
choose(const struct remains *m, struct rows *rows)
{
	struct span s = { m->manifest.p, m->manifest.len };
	bool there = m->manifest.len > 0;
	bool pending = there && audit_is(s, "status", "pending");

	if (m->payload != NULL && (!there || pending)) {
		rebuild_say(m->r, "trial %lld: its result is taken from the "
		    "payload copy, its end %s", (long long)m->t->id,
		    isnan(m->t->ended) ? "is not known and said to be now" :
		    "from the event log");
		say_void(m);
		add_observation(rows, m, true);
	} else if (pending)
		add_pending(m);
	else if (there) {
		say_void(m);
		add_observation(rows, m, false);
	} else
		lose(m);
}

static void
rebuild_trial(struct rebuild *r, const struct rebuild_trial *t,
    struct rows *rows)
{
	struct remains m = { .r = r, .t = t };
	struct span s;
	double at;

	read_manifest(&m);
	read_copy(&m);
	choose(&m, rows);
	s.p = m.manifest.p;
	s.len = m.manifest.len;
	at = s.len > 0 ? audit_number(s, "created_at") : NAN;
	if (!isnan(at) && !(at >= r->begun))
		r->begun = at;
	buf_release(&m.manifest);
	payload_free(m.payload);
	free(m.copy);
}

/* As the CSV has them; those that it does not know by time behind them. */
static int
by_order(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	if (x->completed != y->completed &&
	    !isnan(x->completed) && !isnan(y->completed))
		return x->completed < y->completed ? -1 : 1;
	return (x->id > y->id) - (x->id < y->id);
}

static void
put_rows(struct rebuild *r, struct rows *rows)
{
	struct row *row;
	struct err err;
	size_t i;

	if (rows->n > 0)
		qsort(rows->row, rows->n, sizeof(*rows->row), by_order);
	for (i = 0; i < rows->n; i++) {
		row = &rows->row[i];
		if (state_put_observation(r->s, &row->text, &err) != 0)
			rebuild_say(r, "trial %lld: %s", (long long)row->id,
			    err.text);
		buf_release(&row->text);
	}
	free(rows->row);
}

void
rebuild_rows(struct rebuild *r)
{
	struct rows rows = { NULL, 0, 0 };
	size_t i;

	for (i = 0; i < r->n; i++)
		rebuild_trial(r, &r->trial[i], &rows);
	put_rows(r, &rows);
}
