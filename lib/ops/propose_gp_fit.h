/*
 * propose_gp_fit: the processes of a model of propose_gp.h, from its rows.
 *
 * Order of calls: fit; fit_labels; whatever wants the means as observed;
 * condition.
 */
#ifndef LO_OPS_PROPOSE_GP_FIT_H
#define LO_OPS_PROPOSE_GP_FIT_H

#include "ops/propose_gp_rows.h"

/* A process of the values, or one for each objective.  Hyper-parameters are
 * searched for only when that is due: after each trial at first, less often
 * when there are many.  0, or -1 and why. */
int	gp_model_fit(struct gp_model *, const struct search *,
	    const struct teach *, struct rows *, struct err *);
/* How likely is failure?  From labels, when at least two trials failed. */
void	gp_model_fit_labels(struct gp_model *, const struct search *,
	    const struct rows *);
/* Take failed and pending points as observed at their means. */
void	gp_model_condition(struct gp_model *, const struct search *,
	    const struct rows *);

/* Where the last fit of that objective ended, if it was of this space, into
 * theta (space->n + 2): after how many trials that was, 0 if it was not. */
size_t	gp_model_theta(const struct gp_model *, const struct search *,
	    size_t objective, double *theta);

#endif
