/*
 * propose_several: several objectives, each with a Gaussian process.
 *
 * Used where more than one objective counts: under weighted_sum and
 * weighted_tchebycheff, and for acquisition.type ehvi.  Otherwise, the
 * primary's process is enough.  Maximised objectives are negated, and each
 * has a warp of its own.
 *
 * Under a scalarization a point is worth the logarithm of the expected
 * improvement of the scalar, in the units of the objectives, over the best
 * observed (model/scalar_ei.h), whatever acquisition.type says but ehvi.
 *
 * ehvi explores the front, whatever the scalarization, in warped units:
 * log of the expected improvement of hypervolume for two and three
 * objectives (model/ehvi.h).  The reference point is a tenth of the front's
 * range beyond its worst values; where the front has no range, beyond the
 * worst of all.  Above three objectives each trial goes in a direction of
 * its own: the improvement of max_j w_j (v_j - best_j), weights drawn
 * uniformly from those of sum 1 (after Knowles 2006, "ParEGO"; being an
 * expectation, it needs no term to tell points of one maximum apart).
 *
 * What counts as observed is, for each objective by itself, the value or,
 * if the process is noisy, the posterior mean; and for pending points the
 * posterior means.
 *
 * Order of calls: new, targets and a fit for each objective, observed,
 * condition for each pending point, ready; then the others.
 */
#ifndef LO_OPS_PROPOSE_SEVERAL_H
#define LO_OPS_PROPOSE_SEVERAL_H

#include "campaign/state.h"
#include "model/ehvi.h"
#include "model/gp.h"
#include "model/scalar_ei.h"
#include "model/warp.h"
#include "ops/propose_search.h"

struct several {
	const struct search *search;
	size_t k;		/* objectives */
	struct gp **gp;		/* k; the first is the owner's */
	struct warp *warp;	/* k */
	double *seen;		/* what counts as observed: nseen x k */
	size_t nseen, seen_cap;
	size_t nobserved;	/* not pending */
	double *reference;	/* k */
	double *weight, *centre;	/* k, of the scalar */
	struct scalar_ei scalar;
	struct boxes boxes;	/* of ehvi, k <= 3 */
	double *mean, *sd;	/* k; of what was picked, warped */
};

/* Is the front to be explored? */
bool	several_explores(const struct search *);
/* By how many others is that one dominated? */
size_t	several_rank(const struct search *, const struct observation *);

/* From all that teaches.  NULL: one process is enough. */
struct several *several_new(const struct search *,
	    const struct observation *const *, size_t n);
void	several_free(struct several *);
/* Warped values of objective j; a failure is worse than the worst. */
void	several_targets(const struct several *, size_t j,
	    const struct observation *const *, size_t n, double *y);
/* Rows that were learnt from. */
void	several_observed(struct several *, const struct observation *const *,
	    size_t n, const double *x);
/* A pending point; false if it is among those observed. */
bool	several_condition(struct several *, const double *row);
void	several_ready(struct several *);

/* Worth of m rows. */
void	several_worth(const struct several *, size_t m, const double *row,
	    double *value);
/* Of one, and its derivatives by coordinates. */
double	several_gradient(const struct several *, const double *row,
	    double *gradient);
/* Note what is expected at a row; of the configured scalar, its median and
 * half the distance of the quantiles a deviation to both sides. */
void	several_foretell(struct several *, const double *row, double *median,
	    double *deviation);
/* Members of the decision. */
void	several_explain(const struct several *, struct jw *);

#endif
