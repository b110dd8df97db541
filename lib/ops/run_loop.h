/* run_loop: parts of op_run; private to ops. */
#ifndef LO_OPS_RUN_LOOP_H
#define LO_OPS_RUN_LOOP_H

#include "ops/pool.h"
#include "ops/run.h"

/* What the campaign looks like. */
struct figures {
	int64_t observed, bad;	/* bad: not ok */
	int64_t max_trials, remaining, next_id;
	bool any_ok, stopping, plateau;
	struct buf best;	/* "loss = 0.25 (trial 3)" or empty */
};

/* A result that is to be recorded. */
struct record {
	int64_t id;
	char *payload;
};

#define RUN_SAID 4

struct run {
	const struct run_request *r;
	struct op op;		/* waits for the lock in slices */
	struct evaluation e;
	struct pool pool;
	struct figures now, first;	/* first: when we began */
	double began;
	int64_t started, ended, bad;	/* here, not in the campaign */
	struct buf by_hand;	/* the last bad one */
	double shown_at;	/* the line of progress */
	bool behind;		/* it is not what it could be */

	bool picked_up;		/* what --resume gives is taken */
	bool spent;		/* nothing to be had until one ends */
	double again_at;	/* ask for trials no sooner */
	double busy_since;	/* the lock; NAN: it is not */
	bool told_busy, told_waiting, told_taken_up;
	struct err idle;	/* why there is nothing to do */
	struct buf said[RUN_SAID];	/* the last ones of lo-suggest's */
	size_t nsaid;

	struct record *record;
	size_t nrecord, record_cap;
	bool refused;		/* some result was */

	int stops;		/* signals that were heeded */
	bool ending;		/* begin nothing more */
	int failed;		/* exit status, 0: none */
};

/* Begin nothing more, because of this, which is said at once. */
void	run_fail(struct run *, const struct err *why);
/* The lock was not to be had in this slice: say so if it takes long. */
void	run_lock_busy(struct run *, const struct err *why);
void	run_lock_taken(struct run *);

/* run_take: are there a slot and a reason to fill it? */
bool	run_wants(const struct run *);
/* Ask for trials and begin them. */
void	run_take(struct run *);

/* run_record: keep the result of an evaluation, record what is kept, and
 * show what never will be. */
void	run_keep(struct run *, const struct job *, const struct answer *);
void	run_record(struct run *);
void	run_show_kept(struct run *);

int	run_figures(const struct op *, struct figures *, struct err *);
void	run_progress(const struct run *, struct buf *out);

#endif
