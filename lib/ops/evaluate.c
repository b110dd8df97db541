#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/xmem.h"
#include "ops/job.h"
#include "ops/wake.h"

enum { FD_WAKE, FD_INPUT, FD_JOBS };

#define LEFT_SHOWN 20	/* trials that a message names */
#define LEFT_READ 4096	/* reads of what nobody will evaluate */

struct loop {
	const struct evaluate_request *r;
	struct evaluation e;
	struct wake wake;
	struct feed *feed;
	struct job **job;	/* r->jobs slots; NULL: free */
	struct pollfd *fd;
	bool input_wanted;	/* the feed waits for more */
	bool input_ended;
	bool ending;		/* start nothing more */
	bool mute;		/* payloads find no reader */
	bool refused;		/* some input was no suggestion */
	int stops;		/* signals that were acted upon */
	struct buf left;	/* trials that got no payload, the first */
	size_t nleft;
	struct err *err;	/* the first one */
	bool failed;
};

static bool
is_idle(const struct loop *l)
{
	int i;

	for (i = 0; i < l->r->jobs; i++)
		if (l->job[i] != NULL)
			return false;
	return true;
}

/* Start nothing more, because of this.  What runs may run for long, so the
 * person hears of it now. */
static void
fail(struct loop *l, const struct err *why)
{
	struct err text;

	if (!l->failed)
		*l->err = *why;
	if (!is_idle(l)) {
		err_set(&text, 0, "nothing more is started: %s", why->text);
		evaluation_say(&l->e, text.text);
	}
	l->failed = true;
	l->ending = true;
}

static void
leave(struct loop *l, int64_t id)
{
	if (l->nleft++ < LEFT_SHOWN)
		buf_addf(&l->left, "%s%lld", l->left.len > 0 ? ", " : "",
		    (long long)id);
}

static void
stop_jobs(struct loop *l, int signal)
{
	int i;

	l->ending = true;
	for (i = 0; i < l->r->jobs; i++)
		if (l->job[i] != NULL && l->job[i]->child.pid > 0)
			job_stop(l->job[i], signal);
}

/* -------------------------------------------------------------- begin */

static void
drop(struct loop *l, int slot)
{
	leave(l, l->job[slot]->s->id);
	job_free(l->job[slot]);
	l->job[slot] = NULL;
}

static void
start(struct loop *l, int slot)
{
	struct err why;

	if (job_start(l->job[slot], &why) == 0)
		return;
	drop(l, slot);
	fail(l, &why);
}

/* A job that waits for its claim; stays so while the lock is busy. */
static void
claim(struct loop *l, int slot)
{
	if (l->ending)
		drop(l, slot);
	else if (job_claim(l->job[slot]) == 0)
		start(l, slot);
}

static int
free_slot(const struct loop *l)
{
	int i;

	for (i = 0; i < l->r->jobs; i++)
		if (l->job[i] == NULL)
			return i;
	return -1;
}

static void
take_input(struct loop *l)
{
	struct suggestion *s;
	struct err why;
	int slot;

	l->input_wanted = false;
	while (!l->ending && !l->input_ended && (slot = free_slot(l)) >= 0) {
		switch (feed_next(l->feed, &s, &why)) {
		case FEED_ONE:
			l->job[slot] = job_new(&l->e, s);
			claim(l, slot);
			break;
		case FEED_BAD:
			l->refused = true;
			evaluation_say(&l->e, why.text);
			break;
		case FEED_END:
			l->input_ended = true;
			break;
		case FEED_WAIT:
			l->input_wanted = true;
			return;
		}
	}
}

/* ---------------------------------------------------------------- end */

static void
hand_out(struct loop *l, const struct job *j, const struct answer *a)
{
	struct buf payload = BUF_INIT;
	struct err why;

	job_payload(j, a, &payload);
	if (l->mute || l->r->emit(l->r->emit_arg, payload.p, &why) != 0) {
		leave(l, j->s->id);
		if (!l->mute) {
			l->mute = true;
			fail(l, &why);
			stop_jobs(l, SIGTERM);
		}
	}
	buf_release(&payload);
}

static void
finish(struct loop *l, int slot, int status)
{
	struct job *j = l->job[slot];
	struct answer a;
	bool again = job_finish(j, status, !l->ending, &a);

	if (!again) {
		job_complain(j, &a, status);
		l->job[slot] = NULL;
		hand_out(l, j, &a);
		job_free(j);
	}
	answer_release(&a);
	if (again)
		start(l, slot);
}

/* E2: the group is killed while its leader's number cannot be another's.
 * Children that are not jobs are adopted ones. */
static void
reap(struct loop *l)
{
	pid_t pid;
	int i, status;

	while ((pid = child_ended()) > 0) {
		for (i = 0; i < l->r->jobs; i++)
			if (l->job[i] != NULL && l->job[i]->child.pid == pid)
				break;
		if (i < l->r->jobs)
			child_signal(&l->job[i]->child, SIGKILL);
		status = child_collect(pid);
		if (i < l->r->jobs)
			finish(l, i, status);
	}
}

/* --------------------------------------------------------------- loop */

/* Milliseconds until something is due, rounded up; -1: nothing is. */
static int
patience(const struct loop *l)
{
	double ms, next = INFINITY;
	int i;

	for (i = 0; i < l->r->jobs; i++)
		if (l->job[i] != NULL)
			next = fmin(next, job_next(l->job[i]));
	if (isinf(next))
		return -1;
	ms = ceil((next - clock_steady()) * 1e3);
	return ms <= 0 ? 0 : ms > 3.6e6 ? 3600000 : (int)ms;
}

static int
wait_events(struct loop *l)
{
	struct err why;
	int i;

	l->fd[FD_WAKE] = (struct pollfd){ wake_fd(&l->wake), POLLIN, 0 };
	l->fd[FD_INPUT] = (struct pollfd){ l->input_wanted && !l->ending ?
	    feed_fd(l->feed) : -1, POLLIN, 0 };
	for (i = 0; i < l->r->jobs; i++)
		if (l->job[i] != NULL)
			job_poll(l->job[i], &l->fd[FD_JOBS + JOB_FDS * i]);
		else
			memset(&l->fd[FD_JOBS + JOB_FDS * i], -1,
			    JOB_FDS * sizeof(*l->fd));
	if (poll(l->fd, (nfds_t)(FD_JOBS + JOB_FDS * l->r->jobs),
	    patience(l)) >= 0)
		return 0;
	if (errno == EINTR || errno == EAGAIN) {
		for (i = 0; i < FD_JOBS + JOB_FDS * l->r->jobs; i++)
			l->fd[i].revents = 0;
		return 0;
	}
	err_sys(&why, "cannot wait for evaluators");
	fail(l, &why);
	stop_jobs(l, SIGKILL);
	return -1;
}

static void
heed_signals(struct loop *l)
{
	int number, stops = wake_stops(&number);

	if (stops == l->stops)
		return;
	/* Who asks twice does not want to wait. */
	stop_jobs(l, l->stops > 0 || stops > 1 ? SIGKILL : number);
	l->stops = stops;
}

static void
serve_jobs(struct loop *l)
{
	int i;

	for (i = 0; i < l->r->jobs; i++)
		if (l->job[i] != NULL)
			job_serve(l->job[i],
			    &l->fd[FD_JOBS + JOB_FDS * i]);
}

static void
tick_jobs(struct loop *l)
{
	int i;

	for (i = 0; i < l->r->jobs; i++) {
		if (l->job[i] == NULL)
			continue;
		if (l->job[i]->child.pid == 0)
			claim(l, i);
		else
			job_tick(l->job[i]);
	}
}

static void
run(struct loop *l)
{
	struct err why;

	for (;;) {
		take_input(l);
		if (is_idle(l) && (l->input_ended || l->ending))
			return;
		if (wait_events(l) != 0)
			return;
		wake_drain(&l->wake);
		if (l->fd[FD_INPUT].revents != 0 &&
		    feed_fill(l->feed, &why) != 0)
			fail(l, &why);
		serve_jobs(l);
		reap(l);
		heed_signals(l);
		tick_jobs(l);
	}
}

/* --------------------------------------------------------- the report */

/* Is there something to read at once? */
static bool
fill_at_once(struct loop *l)
{
	struct pollfd fd = { feed_fd(l->feed), POLLIN, 0 };
	struct err ignored;

	return poll(&fd, 1, 0) > 0 && feed_fill(l->feed, &ignored) == 0;
}

/* E6: suggestions that were read, or are there to be read, but not begun. */
static void
leave_rest(struct loop *l)
{
	struct suggestion *s;
	struct err ignored;
	int reads = 0;

	while (l->ending)
		switch (feed_next(l->feed, &s, &ignored)) {
		case FEED_ONE:
			leave(l, s->id);
			suggestion_free(s);
			break;
		case FEED_BAD:
			break;
		case FEED_END:
			return;
		case FEED_WAIT:
			if (reads++ == LEFT_READ || !fill_at_once(l))
				return;
			break;
		}
}

static void
tell_left(struct loop *l)
{
	struct err text, why;

	if (l->nleft == 0)
		return;
	if (l->nleft > LEFT_SHOWN)
		buf_addf(&l->left, " and %zu more", l->nleft - LEFT_SHOWN);
	err_set(&text, 0, "no payload for trial%s %s: still pending, "
	    "'lo-suggest --resume' prints what nobody works on",
	    l->nleft > 1 ? "s" : "", l->left.p);
	if (!l->failed) {
		evaluation_say(&l->e, text.text);
		return;
	}
	why = *l->err;
	err_set(l->err, why.status, "%s; %s", why.text, text.text);
}

static int
conclude(struct loop *l, int *signal)
{
	int stops = wake_stops(signal);

	leave_rest(l);
	tell_left(l);
	if (l->failed)
		return -1;
	if (stops == 0 && l->refused)
		return err_set(l->err, LO_REFUSED, "%s", "");
	return 0;
}

static void
release(struct loop *l)
{
	int i;

	for (i = 0; l->job != NULL && i < l->r->jobs; i++)
		job_free(l->job[i]);
	free(l->job);
	free(l->fd);
	feed_free(l->feed);
	buf_release(&l->left);
	evaluation_close(&l->e);
}

int
evaluate(const struct evaluate_request *r, int *signal, struct err *err)
{
	struct loop l;
	int status = -1;

	memset(&l, 0, sizeof(l));
	*signal = 0;
	l.r = r;
	l.err = err;
	child_seal();
	if (evaluation_open(&l.e, r, err) != 0)
		return -1;
	l.job = xcalloc((size_t)r->jobs, sizeof(struct job *));
	l.fd = xcalloc((size_t)(FD_JOBS + JOB_FDS * r->jobs),
	    sizeof(*l.fd));
	l.feed = feed_new(r->input, r->input_name, err);
	if (l.feed != NULL && wake_open(&l.wake, err) == 0) {
		run(&l);
		status = conclude(&l, signal);
		wake_close(&l.wake);
	}
	release(&l);
	return status;
}
