#include <stdlib.h>

#include "base/process.h"
#include "campaign/trail.h"
#include "campaign/txn.h"
#include "ops/claim.h"
#include "ops/governance.h"
#include "ops/observe.h"
#include "ops/trials.h"

static void
log_cancel(struct txn *t, int64_t id, const char *reason)
{
	struct buf line = BUF_INIT;
	struct jw w;

	trail_event(&w, &line, "trial_canceled", txn_now(t));
	JW_KEY(&w, "trial_id", int, id);
	JW_KEY(&w, "reason", text, reason);
	trail_end(&w);
	txn_event(t, &line);
	buf_release(&line);
}

/* Whoever evaluates it does so in vain from now on. */
static void
warn_worker(const struct op *op, const struct pending *p)
{
	struct process_id who;

	if (claim_read(p->doc, &who) && process_alive(&who) == 1)
		op_say(op, "trial %lld: process %ld of this host still "
		    "evaluates it; its result will be refused",
		    (long long)p->id, who.pid);
}

static int
cancel(const struct op *op, struct campaign *c, struct txn *t, int64_t id,
    const char *reason, struct err *err)
{
	struct outcome o = { .status = TRIAL_KILLED,
	    .terminal_reason = reason };
	struct pending *p = state_pending(c->state, id);

	o.heartbeat_meta = jv_invalid();
	warn_worker(op, p);
	log_cancel(t, id, reason);
	governance_override(c, t, &(struct governance_override){ id,
	    o.status, "manual_cancel", reason });
	return observe(c, t, p, &o, err);
}

int
op_cancel(const struct op *op, const struct cancel_request *r,
    struct buf *out, struct err *err)
{
	char *reason = trials_reason(r->reason, "canceled");
	struct campaign *c = NULL;
	struct txn *t = NULL;
	size_t i;
	int status = trials_distinct(r->id, r->n, err);

	if (status == 0 && (c = op_open_write(op, "cancel", err)) == NULL)
		status = -1;
	if (status == 0) {
		t = txn_begin(c);
		status = trials_pending(c->state, r->id, r->n, err);
	}
	for (i = 0; i < r->n && status == 0; i++)
		status = cancel(op, c, t, r->id[i], reason, err);
	if (status == 0)
		status = governance_commit(c, t, err);
	for (i = 0; i < r->n && status == 0; i++)
		trials_line(c->state, r->id[i], "canceled", reason, out);
	txn_free(t);
	campaign_close(c);
	free(reason);
	return status;
}
