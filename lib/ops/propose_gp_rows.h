/*
 * propose_gp_rows: the rows that a model of propose_gp.h learns from.
 *
 * One for each point with ok trials, and for each failed trial.  Beyond 500
 * only some are used: the best, those near the best, and others spread over
 * the trials; around an incumbent, the nearest.
 */
#ifndef LO_OPS_PROPOSE_GP_ROWS_H
#define LO_OPS_PROPOSE_GP_ROWS_H

#include "model/gp.h"
#include "ops/propose_gp.h"
#include "ops/propose_model.h"
#include "ops/propose_replicas.h"
#include "ops/propose_several.h"

/* Rows that the model learns from, those that failed behind the others, in
 * the order of their trials. */
struct rows {
	const struct observation **obs;
	size_t n, nok;
	const struct several *several;	/* or NULL */
	size_t objective;	/* whose values y are; 0 if there is one */
	double *x, *y, *label;
	struct gp_dim *dim;
	const struct warp *warp;	/* of one objective */
	struct replicas replicas;
	double *count;		/* of each row; scatter as in gp.h */
	double scatter, repeats;
};

/* Choose them, and note in the model how many there are, whether they
 * scatter, and its warps.  y is filled if there is one objective. */
void	gp_rows_init(struct rows *, struct gp_model *,
	    const struct search *, const struct teach *);
void	gp_rows_release(struct rows *);
/* Fill y and what scatters with the values of r->objective. */
void	gp_rows_value(struct rows *, const struct search *,
	    const struct teach *);
/* Is it said, or seen where a point was tried again, that values scatter? */
bool	gp_rows_scatter(const struct search *, const struct rows *);
/* What the point of a row is ranked by, smaller being better: the mean of
 * its values or, where a front is explored, by how many it is dominated. */
double	gp_rows_rank(const struct rows *, const struct search *,
	    const struct teach *, const struct observation *);

/* Between the files of this module: the value of an observation as it is
 * minimised; keep only some rows, if there are too many; keep those nearest
 * to the incumbent, and the values' shape there. */
double	gp_rows_signed(const struct search *, const struct teach *,
	    const struct observation *);
void	gp_rows_thin(struct rows *, const struct search *,
	    const struct teach *);
void	gp_rows_near(struct rows *, struct gp_model *,
	    const struct search *, const struct teach *);

#endif
