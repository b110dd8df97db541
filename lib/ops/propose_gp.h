/*
 * propose_gp: the next point by a Gaussian process.
 *
 * Values of ok trials are warped (model/warp.h); failed ones have none, are
 * conditioned on at their posterior mean and, from two on, teach a second
 * process on labels how likely a point fails.  Killed and timed out trials
 * say nothing about their points unless they lie together
 * (propose_cluster.h).  Pending points are conditioned on at their posterior
 * mean, in the order of their ids, and improvement is over those means, too;
 * with four of them or more, every second trial goes where the deviation is
 * largest among points whose mean less half of it is below the threshold
 * (after the GP-UCB-PE of Contal et al. 2013, as Vizier has it).
 * Under noise (said in the configuration or seen where one point's values
 * differ) observations of a point are averaged, improvement is over the best
 * posterior mean, and a point may be proposed again: it is, where that is
 * worth nearly as much as the best that was found.
 * Candidates are scored by log expected improvement and the best are
 * refined (propose_refine.h).
 *
 * Several objectives that count have a process each (propose_several.h); gp
 * is that of the first, and warp and threshold are of no use then.  Where
 * they are explored (ehvi) or ranked, no trial is for exploration alone.
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
	size_t rows, known;	/* used, of those that would teach */
	bool local;		/* the step looks around the incumbent only */
	bool descent;		/* the step is of propose_descent.h */
	bool refitted;
	double *spare;		/* space->n, see propose_refine.h */
	double *top;		/* points, the best first: ntop around which
				 * to look, nagain that may be tried again */
	size_t ntop, nagain;
	int64_t best_id;	/* trial of the first of them */
	bool noisy;		/* trying a point again is worth while */
	bool recalled;		/* no fit, whatever is due */
	/* what was picked */
	double mean, sd;	/* objective units, minimised */
	double score;		/* log EI (and weighed log P(ok)) */
	double ok_probability;	/* NaN without failures */
	double caution;		/* weight of its logarithm */
	bool explored;		/* score is of exploration */
	size_t scored;
};

/* 0, or -1 and why no model could be fitted. */
int	gp_model_init(struct gp_model *, const struct search *,
	    const struct teach *, struct err *);
/* Under noise, the model of the hyper-parameters on record: for what it says
 * of the trials, not for proposals.  -1 if there is none, or no noise. */
int	gp_model_recall(struct gp_model *, const struct search *,
	    const struct teach *);
void	gp_model_release(struct gp_model *);
/* Mean and deviation at a point, into mean, sd, ok_probability. */
void	gp_model_foretell(struct gp_model *, const struct search *,
	    const double *point);
/* Choose among the found points (at least one) and around them. */
void	gp_model_pick(struct gp_model *, struct search *, double *point);
/* Does the process (there is one) think that values scatter? */
bool	gp_model_noisy(const struct gp_model *);
/* Instead, if search->descent asks for it: a step from there.  False if
 * there is none that makes sense; point is spoilt then. */
bool	gp_model_descend(struct gp_model *, const struct search *,
	    const struct teach *, double *point);
/* meta.model; the caller's. */
jv	gp_model_memory(const struct gp_model *, const struct search *);
/* Members of the decision. */
void	gp_model_explain(const struct gp_model *, const struct search *,
	    struct jw *);

#endif
