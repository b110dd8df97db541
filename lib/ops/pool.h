/*
 * pool: evaluations that run side by side.
 *
 *	pool_open(&p, &e, slots, &err)
 *	while there is something to wait for:
 *		pool_add(&p, suggestion, claimed)	while pool_room(&p)
 *		pool_wait(&p, fd, until, &err)
 *		pool_turn(&p)		calls ended
 *		heed signals (pool_stop)
 *		pool_tick(&p)
 *	pool_close(&p)
 *
 * What is asked of the loop around it stands in ops/evaluate.h and
 * ops/run.c; E2 and E3 are kept here.  One at a time in a process.
 */
#ifndef LO_OPS_POOL_H
#define LO_OPS_POOL_H

#include <stdbool.h>

#include "ops/job.h"
#include "ops/wake.h"

struct pool {
	struct evaluation *e;
	int slots;
	struct job **job;	/* NULL: free */
	struct pollfd *fd;
	struct wake wake;
	bool closed;		/* what still waits for its claim is dropped */
	bool no_retry;		/* a failed evaluation is not run again */

	/* Set by the caller.  The job is freed after either.
	 * It ended, and this is what it amounts to. */
	void (*ended)(void *, const struct job *, const struct answer *);
	/* It was not started: the pool was closed (why is NULL), or its
	 * command cannot be executed. */
	void (*dropped)(void *, const struct job *, const struct err *why);
	void *arg;
};

int	pool_open(struct pool *, struct evaluation *, int slots,
	    struct err *);
void	pool_close(struct pool *);	/* kills nothing */
int	pool_room(const struct pool *);		/* free slots */
int	pool_busy(const struct pool *);		/* others */

/* Takes the suggestion over; there must be room.  claimed: by this process
 * already; else it is claimed first. */
void	pool_add(struct pool *, struct suggestion *, bool claimed);
/* Signal what runs; SIGKILL follows after kill_after. */
void	pool_stop(struct pool *, int signal);

/* Wait until something happens, fd (or -1) is readable or this time
 * (clock_steady, INFINITY: never) has come.  1 if fd is readable, else 0;
 * -1 if waiting is impossible. */
int	pool_wait(struct pool *, int fd, double until, struct err *);
/* Read, write, and collect what ended. */
void	pool_turn(struct pool *);
/* Claims, timeouts, heartbeats: whatever is due. */
void	pool_tick(struct pool *);

#endif
