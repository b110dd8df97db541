/*
 * propose_gp: the next point by a Gaussian process.
 *
 * Values of ok trials are warped (model/warp.h); failed and timed out ones
 * count as worse than the worst and, from two on, teach a second process
 * on labels how likely a point fails.  Killed trials say nothing about
 * their point.  Pending points are conditioned on at their posterior mean,
 * in the order of their ids, and improvement is over those means, too.
 * Candidates are scored by log expected improvement and the best are
 * refined (propose_refine.h).
 *
 * Several objectives that count have a process each (propose_several.h); gp
 * is that of the first, and warp and threshold are of no use then.
 *
 * The hyper-parameters go into the state (meta.model), where the next fit
 * starts: {"n": trials, "theta": [...], "params": [names]}, and with several
 * processes {"objectives": [names], "thetas": [[...]]}, where theta is of
 * the first objective and thetas of the others.
 */
#ifndef LO_OPS_PROPOSE_GP_H
#define LO_OPS_PROPOSE_GP_H

#include <jv.h>

#include "model/gp.h"
#include "model/warp.h"
#include "ops/propose_model.h"
#include "ops/propose_refine.h"
#include "ops/propose_several.h"

struct gp_model {
	struct gp *gp, *ok;
	struct several *several;	/* or NULL */
	struct warp warp;
	double threshold;	/* warped; EI is over this */
	size_t n, failures;	/* rows; of them failed */
	size_t conditioned;	/* pending */
	bool refitted;
	double *spare;		/* space->n, see propose_refine.h */
	double *top;		/* ntop points around which to look */
	size_t ntop;
	/* what was picked */
	double mean, sd;	/* objective units, minimised */
	double score;		/* log EI (and log P(ok)) */
	double ok_probability;	/* NaN without failures */
	size_t scored;
};

/* 0, or -1 and why no model could be fitted. */
int	gp_model_init(struct gp_model *, const struct search *,
	    const struct teach *, struct err *);
void	gp_model_release(struct gp_model *);
/* Choose among the found points (at least one) and around them. */
void	gp_model_pick(struct gp_model *, struct search *, double *point);
/* meta.model; the caller's. */
jv	gp_model_memory(const struct gp_model *, const struct search *);
/* Members of the decision. */
void	gp_model_explain(const struct gp_model *, const struct search *,
	    struct jw *);

#endif
