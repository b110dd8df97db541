/* propose_decision: why a point was proposed, as the decision log has it. */
#ifndef LO_OPS_PROPOSE_DECISION_H
#define LO_OPS_PROPOSE_DECISION_H

#include "base/buf.h"
#include "ops/propose_gp.h"
#include "ops/propose_model.h"
#include "ops/propose_search.h"

struct decision {
	const struct search *search;
	const char *fallback_reason;	/* or NULL */
	const struct teach *teach;	/* candidate-pool only, else NULL */
	const struct fitted *fitted;	/* NULL: gp */
	const struct gp_model *gp;
	const struct pick *pick;	/* NULL: nothing was feasible */
	const char *warning;		/* or NULL */
	const char *infeasible;		/* or NULL */
};

/* The warning of few feasible candidates; NULL if there is none to give.
 * The caller frees. */
char	*decision_warning(const struct search *);
/* Why nothing was feasible; the caller frees. */
char	*decision_infeasible(const struct search *);
void	decision_write(const struct decision *, struct buf *);

#endif
