#include "base/clock.h"
#include "base/process.h"
#include "campaign/manifest.h"
#include "campaign/trail.h"
#include "contract/point.h"
#include "ops/claim.h"
#include "ops/reserve.h"
#include "store/json.h"

/* Is there room for so many among the pending ones? */
static int
check_room(const struct config *config, int64_t pending, int64_t count,
    struct err *err)
{
	int64_t most = config->max_pending_trials;

	if (most == 0 || pending + count <= most)
		return 0;
	if (count > most)	/* nor will there ever be */
		return err_set(err, LO_AGAIN, "%lld asked for are more than "
		    "max_pending_trials = %lld of bo_config.json ever lets "
		    "be pending; ask for at most %lld at a time",
		    (long long)count, (long long)most, (long long)most);
	return err_set(err, LO_AGAIN, "%lld pending and %lld asked for are "
	    "more than max_pending_trials = %lld; try again when results "
	    "came in", (long long)pending, (long long)count,
	    (long long)most);
}

void
reserve_fit(const struct op *op, const struct campaign *c, int64_t *count)
{
	int64_t most = c->c.config->max_pending_trials;
	int64_t room = most - (int64_t)c->state->npend;

	if (most == 0 || *count <= room)
		return;
	/* none fits: one is asked for, and refused */
	room = room > 0 ? room : 1;
	if ((int64_t)c->state->npend < most)
		op_say(op, "only %lld of %lld suggested: no more fit into "
		    "max_pending_trials = %lld", (long long)room,
		    (long long)*count, (long long)most);
	*count = room;
}

int
reserve_limits(const struct op *op, const struct campaign *c, int64_t *count,
    struct err *err)
{
	const struct config *config = c->c.config;
	const struct state *s = c->state;
	int64_t pending = (int64_t)s->npend, left;

	if (check_room(config, pending, *count, err) != 0)
		return -1;
	left = config->max_trials - (int64_t)s->nobs - pending;
	if (left <= 0)
		return err_set(err, LO_SPENT, "the budget is spent: %zu "
		    "observed and %lld pending of max_trials = %lld%s",
		    s->nobs, (long long)pending,
		    (long long)config->max_trials, pending > 0 ? "; those "
		    "that nobody evaluates come again with --resume" :
		    "; to go on, raise it in bo_config.json");
	if (*count > left) {
		op_say(op, "only %lld of %lld suggested: no more is left "
		    "of max_trials = %lld", (long long)left,
		    (long long)*count, (long long)config->max_trials);
		*count = left;
	}
	if (s->next_trial_id - 1 > TRIAL_ID_MAX - *count)
		return err_set(err, LO_REFUSED, "%s: .next_trial_id: expected "
		    "one with room behind it, got %lld; no trial can have an "
		    "id over %lld", c->paths.shown[PATH_STATE],
		    (long long)s->next_trial_id, (long long)TRIAL_ID_MAX);
	return 0;
}

void
reserve_seed(struct campaign *c)
{
	struct state *s = c->state;
	int64_t seed = state_seed(s, c->c.config);

	s->meta = jv_object_set(s->meta, jv_string("seed"),
	    jv_number((double)seed));
}

static void
write_suggestion(const struct reserve *k, int64_t id,
    const struct reserved *what, struct buf *text)
{
	char token[33];
	struct jw w;

	jw_init(&w, text, JW_COMPACT);
	jw_object(&w);
	JW_KEY(&w, "schema_version", text, k->c->state->schema_version);
	JW_KEY(&w, "trial_id", int, id);
	jw_key(&w, "params");
	point_write(k->c->c.space, what->point, &w);
	JW_KEY(&w, "suggested_at", real, txn_now(k->t));
	if (k->c->c.config->worker_leases) {
		process_random_hex(token, 32);
		JW_KEY(&w, "lease_token", text, token);
	}
	if (what->replicate_of > 0)
		JW_KEY(&w, "replicate_of", int, what->replicate_of);
	if (what->retry_of > 0)
		JW_KEY(&w, "retry_of", int, what->retry_of);
	jw_end(&w);
	jw_release(&w);
}

static void
log_suggestion(struct reserve *k, int64_t id, const struct buf *decision)
{
	struct buf line = BUF_INIT;
	struct jw w;

	trail_decision(&line, id, txn_now(k->t),
	    clock_steady() - k->started, decision);
	txn_decision(k->t, &line);
	trail_event(&w, &line, "suggestion_created", txn_now(k->t));
	JW_KEY(&w, "trial_id", int, id);
	trail_end(&w);
	txn_event(k->t, &line);
	txn_mark(k->t, id, "suggested_at", txn_now(k->t));
}

int
reserve(struct reserve *k, const struct reserved *what, struct err *err)
{
	int64_t id = k->c->state->next_trial_id;
	struct buf text = BUF_INIT, manifest = BUF_INIT;
	struct span span;
	int status;
	jv doc;

	write_suggestion(k, id, what, &text);
	span.p = text.p;
	span.len = text.len;
	doc = json_parse_scanned(span, err);
	if (k->claim)
		doc = claim_set(doc);
	status = state_add_pending(k->c->state, doc, err);
	if (status == 0) {
		manifest_pending(k->c, state_pending(k->c->state, id), NULL,
		    txn_now(k->t), &manifest);
		status = txn_manifest(k->t, id, &manifest, err);
	}
	if (status == 0) {
		log_suggestion(k, id, what->decision);
		buf_addc(&text, '\n');
		buf_add(k->out, text.p, text.len);
		k->n++;
	}
	buf_release(&text);
	buf_release(&manifest);
	return status;
}
