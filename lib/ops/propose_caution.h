/*
 * propose_caution: how much the probability of failure weighs.
 *
 * Where the best point lies at the brink of a region that fails, the process
 * on labels is too sure of what is just beyond: one trial after the other
 * falls over it, for gains that become ever smaller.  So the logarithm of
 * the probability that a point does not fail is weighed by what came of the
 * last trials: 1 + 6 f / (1 - f), f the share of failures among them, an
 * average that forgets a fifth of itself with each trial, at most 0.9.
 *
 * It follows from the observations in the order of their ids.  Those that
 * tell nothing of their points (propose_cluster.h) are passed over.
 */
#ifndef LO_OPS_PROPOSE_CAUTION_H
#define LO_OPS_PROPOSE_CAUTION_H

#include "ops/propose_search.h"

/* From 1, where nothing failed, to 55. */
double	caution(const struct search *);

#endif
