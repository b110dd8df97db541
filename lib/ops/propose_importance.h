/*
 * propose_importance: how much each parameter matters.
 *
 * A Gaussian process is fitted to the ok trials, whatever surrogate the
 * campaign has, and the indices of model/importance.h are those of its
 * median prediction, in units of the (scalarized) objective.  Parameters
 * vary as the warm-up draws them: independently, within the tightened
 * bounds, by their scale; a conditional one only where it is active.  Rules
 * that tie parameters together are not looked at.
 *
 * Of many trials IMPORTANCE_ROWS teach: the best, and then always the one
 * farthest from those taken, since the model must hold in the whole space.
 * The same state gives the same numbers.
 */
#ifndef LO_OPS_PROPOSE_IMPORTANCE_H
#define LO_OPS_PROPOSE_IMPORTANCE_H

#include <stddef.h>

#include "campaign/campaign.h"

#define IMPORTANCE_ROWS 200
#define IMPORTANCE_LEAST 5	/* ok trials that there must be */

struct param_importance {
	size_t n;		/* parameters; 0: there is no answer */
	double *first, *total;	/* in the order of the space */
	size_t rows, known;	/* trials that taught, of so many ok */
	char *why;		/* why there is no answer, or NULL */
};

void	param_importance_init(struct param_importance *,
	    const struct campaign *);
void	param_importance_release(struct param_importance *);

#endif
