#include <string.h>

#include "base/clock.h"
#include "base/process.h"
#include "contract/point.h"
#include "ops/claim.h"
#include "ops/common.h"
#include "ops/suggest.h"
#include "store/json.h"

/* Three heartbeats of sixty seconds. */
#define SILENCE 180.0

bool
nobody_works_on(const struct pending *p)
{
	struct process_id who;
	double since;
	int alive;

	if (!claim_read(p->doc, &who))
		return true;
	alive = process_alive(&who);
	if (alive >= 0)
		return alive == 0;
	/* the claim itself was a sign of life */
	since = pending_since(p);
	if (claim_time(p->doc) > since)
		since = claim_time(p->doc);
	return clock_now() - since > SILENCE;
}

void
suggestion_write(const struct state *s, const struct pending *p,
    struct jw *w)
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
	if (p->lease_token != NULL)
		JW_KEY(w, "lease_token", text, p->lease_token);
	if (json_present(&of))
		JW_KEY(w, "replicate_of", jv, of.v);
	if (json_present(&retry))
		JW_KEY(w, "retry_of", jv, retry.v);
	jw_end(w);
}

int
suggest_resume(const struct op *op, struct buf *out, struct err *err)
{
	struct campaign *c = op_open_read(op, err);
	struct jw w;
	size_t i;

	if (c == NULL)
		return -1;
	for (i = 0; i < c->state->npend; i++) {
		if (!nobody_works_on(&c->state->pend[i]))
			continue;
		jw_init(&w, out, JW_COMPACT);
		suggestion_write(c->state, &c->state->pend[i], &w);
		jw_release(&w);
		buf_addc(out, '\n');
	}
	campaign_close(c);
	if (out->len == 0)
		return err_set(err, LO_SPENT, "no pending trial waits for an "
		    "evaluator");
	return 0;
}
