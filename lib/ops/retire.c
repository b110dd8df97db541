#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "campaign/trail.h"
#include "campaign/txn.h"
#include "ops/governance.h"
#include "ops/observe.h"
#include "ops/trials.h"

/* One call of op_retire, under the lock. */
struct work {
	const struct retire_request *r;
	struct campaign *c;
	struct txn *t;
	/* what is to be retired; each stands here once */
	struct doomed {
		int64_t id;
		char *reason;
	} *list;
	size_t n, cap;
};

static void
doom(struct work *k, int64_t id, const char *otherwise)
{
	size_t i;

	for (i = 0; i < k->n; i++)
		if (k->list[i].id == id)
			break;
	if (i == k->n) {
		k->list = xgrow(k->list, k->n, &k->cap, sizeof(*k->list));
		k->list[k->n].reason = NULL;
		k->list[k->n++].id = id;
	}
	free(k->list[i].reason);
	k->list[i].reason = trials_reason(k->r->reason, otherwise);
}

/* Those that were named first, then the stale ones; one that is both goes as
 * stale. */
static int
choose(struct work *k, const struct op *op, struct err *err)
{
	const struct retire_request *r = k->r;
	const struct state *s = k->c->state;
	double limit = r->max_age > 0 ? r->max_age :
	    k->c->c.config->max_pending_age;
	size_t i;

	if (trials_pending(s, r->id, r->n, err) != 0)
		return -1;
	for (i = 0; i < r->n; i++)
		doom(k, r->id[i], "retired_manual");
	if (!r->stale)
		return 0;
	if (!(limit > 0))
		op_say(op, "max_pending_age_seconds is off in "
		    "bo_config.json, so no trial is stale; say with "
		    "--max-age when one is");
	for (i = 0; i < s->npend && limit > 0; i++)
		if (txn_now(k->t) - pending_since(&s->pend[i]) > limit)
			doom(k, s->pend[i].id, "retired_stale");
	return 0;
}

static int
retire(struct work *k, const struct doomed *d, struct err *err)
{
	struct outcome o = { .status = TRIAL_KILLED, .retired = true,
	    .terminal_reason = d->reason };
	struct buf line = BUF_INIT;
	struct jw w;

	o.heartbeat_meta = jv_invalid();
	trail_event(&w, &line, "trial_retired", txn_now(k->t));
	JW_KEY(&w, "trial_id", int, d->id);
	JW_KEY(&w, "reason", text, d->reason);
	JW_KEY(&w, "mode", text, "manual");
	trail_end(&w);
	txn_event(k->t, &line);
	buf_release(&line);
	governance_override(k->c, k->t, &(struct governance_override){
	    d->id, o.status, "retire_command", d->reason });
	return observe(k->c, k->t, state_pending(k->c->state, d->id), &o,
	    err);
}

static int
retire_all(struct work *k, struct buf *out, struct err *err)
{
	size_t i;

	if (k->n == 0)
		return 0;	/* nothing changed */
	for (i = 0; i < k->n; i++)
		if (retire(k, &k->list[i], err) != 0)
			return -1;
	if (governance_commit(k->c, k->t, err) != 0)
		return -1;
	for (i = 0; i < k->n; i++)
		trials_line(k->c->state, k->list[i].id, "retired",
		    k->list[i].reason, out);
	return 0;
}

int
op_retire(const struct op *op, const struct retire_request *r,
    struct buf *out, struct err *err)
{
	struct work k = { .r = r };
	int status = -1;

	if (trials_distinct(r->id, r->n, err) != 0)
		return -1;
	if ((k.c = op_open_write(op, "retire", err)) == NULL)
		return -1;
	k.t = txn_begin(k.c);
	if (choose(&k, op, err) == 0)
		status = retire_all(&k, out, err);
	while (k.n > 0)
		free(k.list[--k.n].reason);
	free(k.list);
	txn_free(k.t);
	campaign_close(k.c);
	return status;
}
