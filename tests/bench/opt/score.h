/*
 * score: how good what was found so far is, the same for all optimizers.
 *
 * One objective: log10 of max(FLOOR, (truth - optimum) / (typical -
 * optimum)), truth being the true value at the point whose observed value is
 * the least so far, and FLOOR 1e-6: a millionth of the way from a random
 * point to the optimum.  Where the optimum is not known: that true value.
 * Fronts: log10 of max(1e-4, 1 - hypervolume / largest hypervolume).
 * NaN while no evaluation succeeded.
 */
#ifndef TESTS_BENCH_OPT_SCORE_H
#define TESTS_BENCH_OPT_SCORE_H

#include "task.h"

#define SCORE_FLOOR 1e-6
#define SCORE_FRONT_FLOOR 1e-4

struct score {
	const struct task *task;
	bool any;
	double seen, truth;	/* one objective: least observed, its truth */
	double *front;		/* successes so far, normalised */
	size_t n;
};

void	score_init(struct score *, const struct task *);
void	score_release(struct score *);
/* One more evaluation; returns the score now. */
double	score_add(struct score *, const struct result *);

#endif
