/*
 * run: the whole loop in one process: suggest, evaluate, ingest.  See
 * lo-run(1).
 *
 * How the work is divided:
 *	pool and below	evaluators, see ops/evaluate.h
 *	run_take	suggestions, pending ones first
 *	run_record	results into the campaign
 *	run_figures	what the campaign looks like, for limits and people
 *	run		the loop, its limits and signals
 *
 * Claims R1 to R7, which the tests refer to:
 *  R1  While the budget lasts and nothing stands against it, every slot has
 *      an evaluator; a trial is suggested only when a slot is free for it,
 *      after all results that are there were recorded.
 *  R2  A trial is claimed in the commit that reserves or takes it up: no two
 *      processes that live evaluate the same one.
 *  R3  Every evaluation that ended is recorded, or its payload is shown.
 *  R4  A busy lock or max_pending_trials delays, it ends nothing.
 *  R5  After one signal nothing is begun and what runs may end; after two it
 *      is ended and recorded as killed; after three at once.
 *  R6  Whatever kills the process, the next run needs no word about it: it
 *      takes up what is pending and the budget is kept.
 *  R7  If the command cannot be executed, that is known before a trial is
 *      reserved (but for names with parameters and the like).
 */
#ifndef LO_OPS_RUN_H
#define LO_OPS_RUN_H

#include "ops/evaluate.h"
#include "ops/ops.h"

struct run_request {
	struct evaluate_request evaluate;	/* input, emit: not used */
	int64_t trials;		/* evaluate so many; 0: no limit */
	int64_t max_failures;	/* stop at so many; 0: never */
	bool stop_on_plateau;
	/* How far it is, one line without newline; NULL: nobody looks.
	 * Called at least once a second. */
	void (*progress)(void *, const char *text);
	void *progress_arg;
};

/* The status document in the end, also after most errors.  0; -1 LO_SPENT
 * when there was nothing to do, LO_REFUSED when failures ended it, some
 * result was refused or the command cannot be executed.  What notice said
 * at the time is not in the error again: its text may be empty.  *signal as
 * in ops/evaluate.h. */
int	op_run(const struct op *, const struct run_request *, struct buf *out,
	    int *signal, struct err *);

#endif
