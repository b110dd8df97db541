/*
 * propose_several: several objectives, each with a Gaussian process.
 *
 * Used where more than one objective counts: under weighted_sum and
 * weighted_tchebycheff, for acquisition.type ehvi, and under lexicographic
 * once two trials share the best value of the primary objective, so that
 * the next one decides (model/lexi_ei.h).  Otherwise, the primary's process
 * is enough.  Maximised objectives are negated, and each
 * has a warp of its own.
 *
 * Under a scalarization a point is worth the logarithm of the expected
 * improvement of the scalar, in the units of the objectives, over the best
 * observed (model/scalar_ei.h), whatever acquisition.type says but ehvi.
 * A trial that explores among many pending ones (propose_gp.h) goes where
 * the deviations, in warped units, are together largest (the root of the
 * sum of their squares) among points where values half a deviation better
 * each would make the scalar less than that.
 *
 * ehvi explores the front, whatever the scalarization, in warped units:
 * log of the expected improvement of hypervolume for two and three
 * objectives (model/ehvi.h).  The reference point is a tenth of the front's
 * range beyond its worst values; where the front has no range, beyond the
 * worst of all.  At each fifth trial it is all of the range beyond them, but
 * no farther than a tenth beyond the worst of all, so that a front of which
 * only a part is known grows faster.  Above three objectives each trial goes
 * in a direction of its own: the improvement of max_j w_j (v_j - best_j),
 * weights drawn
 * uniformly from those of sum 1 (after Knowles 2006, "ParEGO"; being an
 * expectation, it needs no term to tell points of one maximum apart).
 *
 * What counts as observed is, for each objective by itself, the value or,
 * if the process is noisy, the posterior mean; and for pending points the
 * posterior means.
 *
 * Order of calls: new; values, a fit and observed for each objective;
 * condition for each pending point; ready; then the others.
 */
#ifndef LO_OPS_PROPOSE_SEVERAL_H
#define LO_OPS_PROPOSE_SEVERAL_H

#include "campaign/state.h"
#include "model/ehvi.h"
#include "model/gp.h"
#include "model/lexi_ei.h"
#include "model/scalar_ei.h"
#include "model/warp.h"
#include "ops/propose_search.h"

enum several_goal {
	GOAL_NONE,		/* one process is enough */
	GOAL_SCALAR, GOAL_LEXICOGRAPHIC,
	GOAL_FRONT, GOAL_DIRECTION	/* both explore */
};

struct several {
	const struct search *search;
	enum several_goal goal;
	size_t k;		/* objectives */
	struct gp **gp;		/* k; the first is the owner's */
	struct warp *warp;	/* k */
	double *seen;		/* what counts as observed: nseen x k */
	size_t nseen, seen_cap;
	size_t nobserved;	/* not pending */
	double *reference;	/* k */
	double *weight, *centre;	/* k, of the scalar */
	struct scalar_ei scalar;
	double spread;		/* of the scalars, a unit for differences */
	bool explore;		/* GOAL_SCALAR: instead of improvement */
	struct boxes boxes;	/* of the front */
	struct lexi_ei lexi;
	double *mean, *sd;	/* k; of what was picked, warped */
};

/* Is the front to be explored? */
bool	several_explores(const struct search *);
/* By how many others is that one dominated? */
size_t	several_rank(const struct search *, const struct observation *);

/* Of how many objectives, the first ones, the best trial's values count:
 * one more than those that another trial shares. */
size_t	several_levels(const struct search *);

/* From all that teaches.  NULL: one process is enough. */
struct several *several_new(const struct search *,
	    const struct observation *const *, size_t n);
void	several_free(struct several *);
/* A warped value of objective j. */
double	several_value(const struct several *, size_t j,
	    const struct observation *);
/* A value of objective j as it is minimised, or back. */
double	several_turned(const struct several *, size_t j, double y);
/* n rows that process j has learnt from, and their values: NULL if those
 * scatter. */
void	several_observed(struct several *, size_t j, size_t n,
	    const double *x, const double *y);
/* A pending point; false if it is among those observed. */
bool	several_condition(struct several *, const double *row);
void	several_ready(struct several *);

/* Worth of m rows. */
void	several_worth(const struct several *, size_t m, const double *row,
	    double *value);
/* Of one, and its derivatives by coordinates. */
double	several_gradient(const struct several *, const double *row,
	    double *gradient);
/* What a prediction is worth to a trial that explores; slope[2k], unless
 * NULL: its derivatives by mean[k], then by sd[k]. */
double	several_exploration(const struct several *, const double *mean,
	    const double *sd, double *slope);
/* Note what is expected at a row; of the configured scalar, its median and
 * half the distance of the quantiles a deviation to both sides. */
void	several_foretell(struct several *, const double *row, double *median,
	    double *deviation);
/* Members of the decision. */
void	several_explain(const struct several *, struct jw *);

#endif
