/*
 * propose_refine: candidates of a Gaussian process made better.
 *
 * What a point is worth is its acquisition (log EI unless the configuration
 * asks for another, or what several objectives
 * are worth) plus, once trials have failed, the logarithm of the
 * probability that it does not fail, weighed (propose_caution.h).  From a
 * start the
 * search alternates L-BFGS on the floats with the best change of a single
 * bool, categorical or int, until neither helps.  Only points that break no
 * rule and are not taken count; a step out of the feasible set is shortened
 * until it is back, and then tried again along the linear inequalities
 * (propose_boundary.h); where another value of a discrete parameter breaks
 * one, the floats give way.
 */
#ifndef LO_OPS_PROPOSE_REFINE_H
#define LO_OPS_PROPOSE_REFINE_H

#include "model/gp.h"
#include "model/rng.h"
#include "ops/propose_search.h"
#include "ops/propose_several.h"

struct worth {
	const struct search *search;
	const struct gp *gp;
	const struct several *several;	/* instead of gp and best, or NULL */
	const struct gp *ok;	/* of labels +1, -1; NULL: none failed */
	double caution;		/* weight of log P(ok) */
	double best;		/* threshold, in warped units */
	enum acquisition_type acquisition;	/* auto is log EI */
	double xi, kappa;	/* in warped units */
	bool explore;		/* instead: where least is known and there
				 * is hope */
	const double *spare;	/* values for parameters that wake up */
};

/* Worth of m points. */
void	worth_points(const struct worth *, size_t m, const double *points,
	    double *value);
/* Improve a point of that value; both are overwritten. */
void	refine(const struct worth *, struct rng *, double *point,
	    double *value);
/* Breaks no rule, is not taken. */
bool	worth_allowed(const struct worth *, const double *point);

#endif
