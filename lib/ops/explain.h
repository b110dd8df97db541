/*
 * explain: a trial in words; private to ops.
 *
 * The text of a paragraph is put together in say, unwrapped.
 */
#ifndef LO_OPS_EXPLAIN_H
#define LO_OPS_EXPLAIN_H

#include "base/buf.h"
#include "ops/audit.h"

struct explanation {
	const struct audit *audit;
	const struct audited *t;
	struct buf say;
	struct buf *out;
};

/* End the paragraph: wrap it into out. */
void	explain_flush(struct explanation *);
/* A short number, or "unknown". */
void	explain_number(double, struct buf *);
/* Three digits, but no exponent for a few hundred. */
void	explain_short(double, struct buf *);
/* "x=0.5, n=4" */
void	explain_point(struct explanation *, const double *point);
/* "loss = 0.5", or how it ended. */
void	explain_value(struct explanation *, const struct observation *);
/* What the model was made of and how it chose; paragraphs. */
void	explain_model(struct explanation *);
/* Predicted against measured, and the nearest other trial; paragraphs. */
void	explain_outcome(struct explanation *);

#endif
