#include <string.h>

#include "base/clock.h"
#include "base/process.h"
#include "campaign/txn.h"
#include "contract/point.h"
#include "ops/claim.h"
#include "ops/common.h"
#include "ops/governance.h"
#include "ops/suggest.h"
#include "store/json.h"

/* Three heartbeats of sixty seconds. */
#define SILENCE 180.0

static bool
silent_since(double t)
{
	return !(clock_now() - t <= SILENCE);
}

bool
nobody_works_on(const struct pending *p)
{
	struct process_id who;
	double since;
	int alive;

	/* a person, or an evaluator of another kind */
	if (!claim_read(p->doc, &who))
		return silent_since(p->last_heartbeat_at);
	alive = process_alive(&who);
	if (alive >= 0)
		return alive == 0;
	/* the claim itself was a sign of life */
	since = pending_since(p);
	if (claim_time(p->doc) > since)
		since = claim_time(p->doc);
	return silent_since(since);
}

void
suggestion_write(const struct state *s, const struct pending *p,
    bool token, struct jw *w)
{
	struct json doc = json_root(p->doc, "pending trial");
	struct json params = json_member(&doc, "params");
	struct json of = json_member(&doc, "replicate_of");
	struct json retry = json_member(&doc, "retry_of");

	jw_object(w);
	JW_KEY(w, "schema_version", text, s->schema_version);
	JW_KEY(w, "trial_id", int, p->id);
	jw_key(w, "params");
	if (p->usable)
		point_write(s->space, p->point, w);
	else
		jw_jv(w, params.v);
	JW_KEY(w, "suggested_at", real, p->suggested_at);
	if (token && p->lease_token != NULL)
		JW_KEY(w, "lease_token", text, p->lease_token);
	if (json_present(&of))
		JW_KEY(w, "replicate_of", jv, of.v);
	if (json_present(&retry))
		JW_KEY(w, "retry_of", jv, retry.v);
	jw_end(w);
}

static bool
wanted(const struct suggest_request *r, const struct pending *p)
{
	struct process_id who;

	return nobody_works_on(p) && (r->below == 0 || p->id < r->below) &&
	    (!r->forsaken || claim_read(p->doc, &who));
}

static void
print(const struct state *s, const struct pending *p, struct buf *out)
{
	struct jw w;

	jw_init(&w, out, JW_COMPACT);
	suggestion_write(s, p, true, &w);
	jw_release(&w);
	buf_addc(out, '\n');
}

static int
look(const struct op *op, const struct suggest_request *r, struct buf *out,
    struct err *err)
{
	struct campaign *c = op_open_read(op, err);
	size_t i;

	if (c == NULL)
		return -1;
	for (i = 0; i < c->state->npend; i++)
		if (wanted(r, &c->state->pend[i]))
			print(c->state, &c->state->pend[i], out);
	campaign_close(c);
	return 0;
}

static int
claim_some(struct campaign *c, const struct suggest_request *r,
    struct buf *out, struct err *err)
{
	struct txn *t = txn_begin(c);
	struct state *s = c->state;
	int64_t left = r->count > 0 ? r->count : INT64_MAX;
	int status = 0;
	size_t i;

	for (i = 0; i < s->npend && left > 0; i++) {
		struct pending *p = &s->pend[i];

		if (!wanted(r, p))
			continue;
		print(s, p, out);
		state_change_pending(s, p, claim_set(jv_copy(p->doc)));
		txn_mark(t, p->id, "suggested_at", p->suggested_at);
		left--;
	}
	if (out->len > 0)
		status = governance_commit(c, t, err);
	txn_free(t);
	return status;
}

static int
look_and_claim(const struct op *op, const struct suggest_request *r,
    struct buf *out, struct err *err)
{
	struct campaign *c;
	int status;

	/* mostly there is nothing, which needs no lock */
	status = look(op, r, out, err);
	if (status != 0 || out->len == 0)
		return status;
	buf_cut(out, 0);
	c = op_open_write(op, "suggest", err);
	if (c == NULL)
		return -1;
	status = claim_some(c, r, out, err);
	campaign_close(c);
	return status;
}

int
suggest_resume(const struct op *op, const struct suggest_request *r,
    struct buf *out, struct err *err)
{
	int status = r->claim ? look_and_claim(op, r, out, err) :
	    look(op, r, out, err);

	if (status != 0)
		buf_cut(out, 0);
	else if (out->len == 0)
		return err_set(err, LO_SPENT, "no pending trial waits for an "
		    "evaluator");
	return status;
}
