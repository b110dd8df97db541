#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/xmem.h"
#include "ops/pool.h"

enum { FD_WAKE, FD_OTHER, FD_JOBS };

int
pool_open(struct pool *p, struct evaluation *e, int slots, struct err *err)
{
	memset(p, 0, sizeof(*p));
	if (wake_open(&p->wake, err) != 0)
		return -1;
	p->e = e;
	p->slots = slots;
	p->job = xcalloc((size_t)slots, sizeof(struct job *));
	p->fd = xcalloc((size_t)(FD_JOBS + JOB_FDS * slots),
	    sizeof(*p->fd));
	return 0;
}

void
pool_close(struct pool *p)
{
	int i;

	for (i = 0; i < p->slots; i++)
		job_free(p->job[i]);
	free(p->job);
	free(p->fd);
	wake_close(&p->wake);
}

int
pool_busy(const struct pool *p)
{
	int i, n = 0;

	for (i = 0; i < p->slots; i++)
		n += p->job[i] != NULL;
	return n;
}

int
pool_room(const struct pool *p)
{
	return p->slots - pool_busy(p);
}

void
pool_stop(struct pool *p, int signal)
{
	int i;

	for (i = 0; i < p->slots; i++)
		if (p->job[i] != NULL && p->job[i]->child.pid > 0)
			job_stop(p->job[i], signal);
}

/* -------------------------------------------------------------- begin */

static void
drop(struct pool *p, int slot, const struct err *why)
{
	struct job *j = p->job[slot];

	p->job[slot] = NULL;
	p->dropped(p->arg, j, why);
	job_free(j);
}

static void
start(struct pool *p, int slot)
{
	struct err why;

	if (job_start(p->job[slot], &why) != 0)
		drop(p, slot, &why);
}

/* A job that waits for its claim; stays so while the lock is busy. */
static void
claim(struct pool *p, int slot)
{
	if (p->closed)
		drop(p, slot, NULL);
	else if (job_claim(p->job[slot]) == 0)
		start(p, slot);
}

void
pool_add(struct pool *p, struct suggestion *s, bool claimed)
{
	int slot = 0;

	while (p->job[slot] != NULL)
		slot++;
	p->job[slot] = job_new(p->e, s);
	if (claimed)
		job_claimed(p->job[slot]);
	claim(p, slot);
}

/* ---------------------------------------------------------------- end */

static void
finish(struct pool *p, int slot, int status)
{
	struct job *j = p->job[slot];
	struct answer a;
	bool again = job_finish(j, status, !p->no_retry, &a);

	if (!again) {
		job_complain(j, &a, status);
		p->job[slot] = NULL;
		p->ended(p->arg, j, &a);
		job_free(j);
	}
	answer_release(&a);
	if (again)
		start(p, slot);
}

/* E2: the group is killed while its leader's number cannot be another's.
 * Children that are not jobs are adopted ones. */
static void
reap(struct pool *p)
{
	pid_t pid;
	int i, status;

	while ((pid = child_ended()) > 0) {
		for (i = 0; i < p->slots; i++)
			if (p->job[i] != NULL && p->job[i]->child.pid == pid)
				break;
		if (i < p->slots)
			child_signal(&p->job[i]->child, SIGKILL);
		status = child_collect(pid);
		if (i < p->slots)
			finish(p, i, status);
	}
}

/* --------------------------------------------------------------- wait */

/* Milliseconds until something is due, rounded up; -1: nothing is. */
static int
patience(const struct pool *p, double until)
{
	double ms;
	int i;

	for (i = 0; i < p->slots; i++)
		if (p->job[i] != NULL)
			until = fmin(until, job_next(p->job[i]));
	if (isinf(until) && until > 0)
		return -1;
	ms = ceil((until - clock_steady()) * 1e3);
	return ms <= 0 ? 0 : ms > 3.6e6 ? 3600000 : (int)ms;
}

int
pool_wait(struct pool *p, int fd, double until, struct err *err)
{
	int i, all = FD_JOBS + JOB_FDS * p->slots;

	p->fd[FD_WAKE] = (struct pollfd){ wake_fd(&p->wake), POLLIN, 0 };
	p->fd[FD_OTHER] = (struct pollfd){ fd, POLLIN, 0 };
	for (i = 0; i < p->slots; i++)
		if (p->job[i] != NULL)
			job_poll(p->job[i], &p->fd[FD_JOBS + JOB_FDS * i]);
		else
			memset(&p->fd[FD_JOBS + JOB_FDS * i], -1,
			    JOB_FDS * sizeof(*p->fd));
	if (poll(p->fd, (nfds_t)all, patience(p, until)) < 0) {
		if (errno != EINTR && errno != EAGAIN)
			return err_sys(err, "cannot wait for evaluators");
		for (i = 0; i < all; i++)
			p->fd[i].revents = 0;
	}
	wake_drain(&p->wake);
	return p->fd[FD_OTHER].revents != 0;
}

static void
tick(struct pool *p, int slot)
{
	if (p->job[slot]->child.pid == 0)
		claim(p, slot);
	else
		job_tick(p->job[slot]);
}

void
pool_turn(struct pool *p)
{
	int i;

	for (i = 0; i < p->slots; i++)
		if (p->job[i] != NULL)
			job_serve(p->job[i],
			    &p->fd[FD_JOBS + JOB_FDS * i]);
	reap(p);
}

void
pool_tick(struct pool *p)
{
	int i;

	for (i = 0; i < p->slots; i++)
		if (p->job[i] != NULL)
			tick(p, i);
}
