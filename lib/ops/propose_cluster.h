/*
 * propose_cluster: which ends of trials tell of their points.
 *
 * A failed trial tells that its point is bad.  A killed or timed out one
 * may be the fault of a machine, and tells nothing unless such trials lie
 * together in the space.  One that was voided tells nothing ever.  Whether
 * they do is judged for each of the two statuses by itself, from three
 * trials on, by leave-one-out likelihood: if
 * m of n trials have the status, q = m / n, and c of the three nearest
 * other trials of one have it, that one's probability to have it is
 * (c + q) / (3 + 1) if place matters, and q if it does not.  They cluster
 * if the former makes what happened at least 3 times as likely as the
 * latter does (positive evidence, Kass and Raftery 1995, "Bayes factors");
 * among trials ended at random that is so once in 25 times.
 * So it does not matter that all trials crowd where the objective is good.
 * Distances are those of the model's coordinates, all alike; of equally
 * near trials the earlier is nearer.  Of more than 500 trials the last 500
 * are looked at.
 */
#ifndef LO_OPS_PROPOSE_CLUSTER_H
#define LO_OPS_PROPOSE_CLUSTER_H

#include <stdbool.h>

#include "ops/propose_search.h"

/* Set for each status whether its trials count as failures. */
void	cluster_failures(const struct search *,
	    bool failure[TRIAL_STATUS_COUNT]);

#endif
