/*
 * propose_levels: every level of a categorical or bool parameter once.
 *
 * During the warm-up a parameter's levels that no trial had yet come
 * first, whoever brought those trials.  The first attempt at a point does
 * so for every parameter, later ones by a coin for each, so that a level
 * which constraints rule out does not stand in the way for ever.
 */
#ifndef LO_OPS_PROPOSE_LEVELS_H
#define LO_OPS_PROPOSE_LEVELS_H

#include <stdbool.h>

#include "model/rng.h"

struct search;

struct levels {
	const struct search *search;
	bool **tried;		/* of each parameter; NULL: not asked for */
	struct rng rng;
};

void	levels_init(struct levels *, const struct search *);
void	levels_release(struct levels *);
/* Move the point of the sampling cube to untried levels. */
void	levels_prefer(struct levels *, double *u, bool all);

#endif
