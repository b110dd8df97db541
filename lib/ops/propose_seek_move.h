/*
 * propose_seek_move: one step of propose_seek.h's search.  Private to it.
 *
 * full is where the search is, with a value for each parameter; at is the
 * point that it makes, in which some are inactive.
 */
#ifndef LO_OPS_PROPOSE_SEEK_MOVE_H
#define LO_OPS_PROPOSE_SEEK_MOVE_H

#include "ops/propose_search.h"

struct seek {
	const struct search *search;
	struct rng rng;
	size_t n;
	double *full;		/* a value for inactive parameters, too */
	double *at;		/* the same without them */
	double *trial, *move;	/* full, of moves; move is the best */
	double *point;		/* trial without inactive ones */
	double *slope;
	double *weight;		/* of each rule */
	bool met_taken;
	double work;
	double cost;		/* of at */
	double least;		/* of all, unweighted, where ... */
	double *nearest;	/* ... is */
};

/* The weighted sum of violations; point is left as what full makes.  What
 * comes nearest of all is kept. */
double	seek_cost(struct seek *, const double *full);
bool	seek_found(const struct seek *);
/* Found, or the work is used up. */
bool	seek_over(const struct seek *);
/* The best change of one parameter or two, any of those equally good, into
 * move; staying is one of them.  Returns its cost. */
double	seek_move(struct seek *);

#endif
