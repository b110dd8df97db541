/*
 * propose_model: what the observations say about candidates.
 *
 * Only ok observations whose point and objectives fit today's contract
 * files teach; values are negated where the scalar is maximised.  Points
 * in flight are handed to the model apart.
 */
#ifndef LO_OPS_PROPOSE_MODEL_H
#define LO_OPS_PROPOSE_MODEL_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "contract/config.h"
#include "model/acquire.h"
#include "model/surrogate.h"
#include "ops/propose_search.h"

struct teach {
	struct surrogate_data data;
	double *x, *y, *pending;	/* what data points to */
	double sign;			/* -1 where maximised */
	double best;			/* incumbent, minimised */
	int64_t best_id;
};

void	teach_init(struct teach *, const struct search *);
void	teach_release(struct teach *);

/* A model fitted to what was observed. */
struct fitted {
	const struct surrogate *surrogate;	/* NULL: none could be */
	void *model;
	char *fallback_reason;	/* why it is not the one asked for */
};

/* The surrogate named by type, or what stands in for it; why it is not the
 * one asked for, if that is known (taken over), or NULL. */
void	fitted_init(struct fitted *, const struct teach *,
	    const struct config *, enum surrogate_type, char *why);
void	fitted_release(struct fitted *);

/* The best of the found points by the acquisition function. */
struct pick {
	size_t index;
	enum acquisition_type acquisition;	/* the one that was used */
	double mean, sd;	/* in objective units */
	double score;
};

enum acquisition_type pick_acquisition(const struct config *);
struct pick pick_best(const struct search *, const struct teach *,
	    const struct fitted *);

#endif
