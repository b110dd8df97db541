#include <string.h>

#include "ops/common.h"
#include "ops/held.h"
#include "ops/trials.h"

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
		status = trials_not_pending(h->c->state, trial, err);
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
