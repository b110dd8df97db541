/* propose_caution: see propose_caution.h. */
#include <stdlib.h>

#include "campaign/order.h"
#include "ops/propose_caution.h"
#include "ops/propose_cluster.h"

#define WEIGHT 6
#define KEPT 0.8	/* of the average, with each trial */
#define SHARE_MAX 0.9

double
caution(const struct search *s)
{
	size_t n = s->state->nobs, i;
	const struct observation **o = order_observed(s->state);
	bool failure[TRIAL_STATUS_COUNT];
	double share = 0;

	cluster_failures(s, failure);
	for (i = 0; i < n; i++) {
		if (!o[i]->usable || o[i]->voided)
			continue;
		if (failure[o[i]->status])
			share = KEPT * share + (1 - KEPT);
		else if (o[i]->status == TRIAL_OK)
			share *= KEPT;
	}
	free(o);
	if (share > SHARE_MAX)
		share = SHARE_MAX;
	return 1 + WEIGHT * share / (1 - share);
}
