#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/xmem.h"
#include "campaign/trail.h"
#include "campaign/txn.h"
#include "ops/governance.h"
#include "ops/observe.h"
#include "ops/trials.h"
#include "store/json.h"
#include "store/json_text.h"

/* What a void replaces, and keeps under "voided". */
static const char *const result_key[] = { "objectives", "status",
    "terminal_reason", "penalty_objective", NULL };

static bool
is_result(struct span key)
{
	size_t i;

	for (i = 0; result_key[i] != NULL; i++)
		if (strlen(result_key[i]) == key.len &&
		    memcmp(result_key[i], key.p, key.len) == 0)
			return true;
	return false;
}

static bool
is_key(struct span key, const char *name)
{
	return key.len == strlen(name) &&
	    memcmp(key.p, name, key.len) == 0;
}

static void
put_member(struct jw *w, struct span key, struct span value)
{
	struct buf name = BUF_INIT;

	json_unescape(key, &name);
	jw_keyn(w, buf_str(&name), name.len);
	buf_release(&name);
	jw_raw(w, value);
}

static void
put_voided_result(struct jw *w, const struct campaign *c, struct span key,
    const char *reason)
{
	jw_keyn(w, key.p, key.len);
	if (is_key(key, "objectives"))
		objectives_write(c->c.objectives, NULL, w);
	else if (is_key(key, "status"))
		jw_text(w, trial_status_name[TRIAL_KILLED]);
	else if (is_key(key, "terminal_reason"))
		jw_text(w, reason);
	else
		jw_null(w);
}

/* The members that the void replaces, as they were. */
static void
put_originals(struct jw *w, const struct state *s,
    const struct observation *o, double now)
{
	struct json_walk walk = json_walk(o->raw);

	jw_key(w, "voided");
	jw_object(w);
	while (json_next(&walk))
		if (is_result(walk.key))
			put_member(w, walk.key, walk.value);
	JW_KEY(w, "voided_at", real, now);
	if (s->best.present && s->best.id == o->id)
		JW_KEY(w, "best_updated_at", real, s->best.updated_at);
	jw_end(w);
}

static void
write_void(const struct campaign *c, const struct observation *o,
    const char *reason, double now, struct jw *w)
{
	struct json_walk walk = json_walk(o->raw);
	size_t i;

	jw_object(w);
	while (json_next(&walk))
		if (is_result(walk.key))
			put_voided_result(w, c, walk.key, reason);
		else
			put_member(w, walk.key, walk.value);
	for (i = 0; result_key[i] != NULL; i++) {
		struct span key = { result_key[i], strlen(result_key[i]) };

		if (json_find(o->raw, result_key[i]).len == 0)
			put_voided_result(w, c, key, reason);
	}
	put_originals(w, c->state, o, now);
	jw_end(w);
}

/* Each member where it was; what the void had added goes. */
static void
write_undo(struct span raw, struct jw *w)
{
	struct json_walk walk = json_walk(raw);
	struct span voided = json_find(raw, "voided"), was;
	char *name;

	jw_object(w);
	while (json_next(&walk)) {
		if (is_key(walk.key, "voided"))
			continue;
		if (!is_result(walk.key)) {
			put_member(w, walk.key, walk.value);
			continue;
		}
		name = xstrndup(walk.key.p, walk.key.len);
		was = json_find(voided, name);
		if (was.len > 0)
			put_member(w, walk.key, was);
		free(name);
	}
	jw_end(w);
}

static void
log_void(struct txn *t, int64_t id, const char *event, const char *reason)
{
	struct buf line = BUF_INIT;
	struct jw w;

	trail_event(&w, &line, event, txn_now(t));
	JW_KEY(&w, "trial_id", int, id);
	if (*reason != '\0')
		JW_KEY(&w, "reason", text, reason);
	trail_end(&w);
	txn_event(t, &line);
	buf_release(&line);
}

static int
check(const struct campaign *c, const struct void_request *r, int64_t id,
    struct err *err)
{
	const struct observation *o = state_observation(c->state, id);

	if (o == NULL && state_pending(c->state, id) != NULL)
		return err_set(err, LO_REFUSED, "trial %lld: expected one "
		    "that has a result, got a pending one; lo-cancel gives "
		    "it up", (long long)id);
	if (o == NULL)
		return err_set(err, LO_REFUSED, "trial %lld: no such trial",
		    (long long)id);
	if (r->undo && !o->voided)
		return err_set(err, LO_REFUSED, "trial %lld: expected a "
		    "voided one, got one that is not", (long long)id);
	if (!r->undo && o->voided)
		return err_set(err, LO_REFUSED, "trial %lld: it is voided "
		    "already", (long long)id);
	if (!r->undo && observed_retired(o))
		return err_set(err, LO_REFUSED, "trial %lld: it was retired, "
		    "so there is no result to void", (long long)id);
	return 0;
}

/* Since when a voided trial was the best; NaN if it was not. */
static double
best_since(const struct observation *o)
{
	struct span at = json_find(json_find(o->raw, "voided"),
	    "best_updated_at");
	double value;

	return at.len > 0 && num_read(at.p, at.len, &value) ? value : NAN;
}

/* What was fitted to other results is no start for the next fit. */
static void
forget_model(struct state *s)
{
	s->meta = jv_object_delete(s->meta, jv_string("model"));
}

static int
change(struct campaign *c, struct txn *t, const struct void_request *r,
    int64_t id, const char *reason, struct err *err)
{
	const struct observation *o = state_observation(c->state, id);
	double was_best = r->undo ? best_since(o) : NAN;
	struct buf text = BUF_INIT;
	struct jw w;
	int status;

	jw_init(&w, &text, JW_PRETTY);
	w.depth = 2;	/* it stands in a list of the state */
	if (r->undo)
		write_undo(o->raw, &w);
	else
		write_void(c, o, reason, txn_now(t), &w);
	jw_release(&w);
	txn_mark(t, id, r->undo ? "voided" : "voided_at", r->undo ? NAN :
	    txn_now(t));
	log_void(t, id, r->undo ? "trial_void_undone" : "trial_voided",
	    reason);
	status = observe_rewrite(c, t, id, &text, err);
	if (c->state->best.id == id && !isnan(was_best))
		c->state->best.updated_at = was_best;
	forget_model(c->state);
	buf_release(&text);
	return status;
}

static int
void_all(struct campaign *c, struct txn *t, const struct void_request *r,
    const char *reason, struct err *err)
{
	size_t i;

	for (i = 0; i < r->n; i++)
		if (check(c, r, r->id[i], err) != 0)
			return -1;
	for (i = 0; i < r->n; i++)
		if (change(c, t, r, r->id[i], reason, err) != 0)
			return -1;
	return governance_commit(c, t, err);
}

int
op_void(const struct op *op, const struct void_request *r, struct buf *out,
    struct err *err)
{
	char *reason = trials_reason(r->reason, "");
	struct campaign *c = NULL;
	struct txn *t = NULL;
	size_t i;
	int status = trials_distinct(r->id, r->n, err);

	if (status == 0 && !r->undo && *reason == '\0')
		status = err_set(err, LO_USAGE, "--reason: expected why the "
		    "result is wrong, got nothing");
	/* a result changes, as with ingest, and Looptimum knows that word */
	if (status == 0 && (c = op_open_write(op, "ingest", err)) == NULL)
		status = -1;
	if (status == 0) {
		t = txn_begin(c);
		status = void_all(c, t, r, reason, err);
	}
	for (i = 0; i < r->n && status == 0; i++)
		trials_line(c->state, r->id[i], r->undo ? "restored" :
		    "voided", *reason != '\0' ? reason : NULL, out);
	txn_free(t);
	campaign_close(c);
	free(reason);
	return status;
}
