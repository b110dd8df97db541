#include <string.h>

#include "ops/common.h"
#include "ops/held.h"

static int
not_pending(const struct state *s, int64_t trial, struct err *err)
{
	const struct observation *o = state_observation(s, trial);

	if (o != NULL)
		return err_set(err, LO_REFUSED, "trial %lld: expected a "
		    "pending trial, got one that has a result (%s)",
		    (long long)trial, trial_status_name[o->status]);
	return err_set(err, LO_REFUSED, "trial %lld: no such trial is "
	    "pending in this campaign", (long long)trial);
}

int
held_open(struct held *h, const struct op *op, int64_t trial,
    const char *token, struct err *err)
{
	int status;

	memset(h, 0, sizeof(*h));
	h->c = op_open_write(op, "heartbeat", err);
	if (h->c == NULL)
		return -1;
	h->p = state_pending(h->c->state, trial);
	if (h->p == NULL)
		status = not_pending(h->c->state, trial, err);
	else
		status = op_check_lease(h->p, token, err);
	if (status == 0)
		h->t = txn_begin(h->c);
	else
		held_close(h);
	return status;
}

void
held_close(struct held *h)
{
	txn_free(h->t);
	campaign_close(h->c);
	memset(h, 0, sizeof(*h));
}
