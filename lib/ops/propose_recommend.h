/*
 * propose_recommend: the best trial by the model.
 *
 * Under noise the best value observed is a lucky one.  The trial to
 * recommend is then that of the best posterior mean: by the Gaussian
 * process with the hyper-parameters on record (meta.model), of the rows
 * that a suggestion would use, without a fit.
 */
#ifndef LO_OPS_PROPOSE_RECOMMEND_H
#define LO_OPS_PROPOSE_RECOMMEND_H

#include <stdbool.h>
#include <stdint.h>

#include "campaign/campaign.h"

struct recommendation {
	int64_t trial_id;	/* the first of its point */
	double mean, sd;	/* of its true value, objective units */
};

/* False if there is none: gp is not the configured surrogate, none of its
 * fits is on record, no trial is ok, or there is no noise (noise false, or
 * null and no point has scattering values). */
bool	recommend(const struct campaign *, struct recommendation *);

#endif
