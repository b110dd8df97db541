#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/num.h"
#include "base/xmem.h"
#include "ops/job.h"

/* A heartbeat that met a busy lock is tried again so much later. */
#define BEAT_AGAIN 5.0
#define READ_CHUNK 65536
/* What a pipe can hold; more than that was written after the end. */
#define DRAIN_CHUNKS 16

static void
pass_line(void *arg, const char *line, size_t len)
{
	const struct job *j = arg;
	const struct evaluate_request *r = j->e->r;
	struct buf b = BUF_INIT;

	if (r->say == NULL)
		return;
	buf_addf(&b, "trial %lld: ", (long long)j->s->id);
	buf_add(&b, line, len);
	buf_addc(&b, '\n');
	r->say(r->notice_arg, b.p, b.len);
	buf_release(&b);
}

struct job *
job_new(struct evaluation *e, struct suggestion *s)
{
	struct job *j = xcalloc(1, sizeof(*j));

	j->e = e;
	j->s = s;
	j->child = (struct child)CHILD_NONE;
	capture_init(&j->out);
	capture_init(&j->err);
	j->err.line = pass_line;
	j->err.line_arg = j;
	j->timeout_at = j->kill_at = j->beat_at = INFINITY;
	j->claim_until = NAN;
	if (e->campaign)
		j->claim_until = clock_steady() +
		    e->contracts.config->lock_timeout;
	return j;
}

void
job_free(struct job *j)
{
	if (j == NULL)
		return;
	child_close(&j->child);
	capture_release(&j->out);
	capture_release(&j->err);
	template_free(j->argv);
	suggestion_free(j->s);
	free(j);
}

/* --------------------------------------------------- claim, heartbeat */

/* Notes begin with the trial anyway. */
static const char *
without_trial(const struct err *err)
{
	const char *colon = strstr(err->text, ": ");

	if (strncmp(err->text, "trial ", 6) != 0 || colon == NULL)
		return err->text;
	return colon + 2;
}

void
job_claimed(struct job *j)
{
	j->claimed = true;
	j->claim_until = NAN;
}

int
job_claim(struct job *j)
{
	struct claim_request r = { .trial = j->s->id,
	    .lease_token = j->s->lease };
	struct err err;

	if (isnan(j->claim_until))
		return 0;
	j->e->op.lock_timeout = JOB_LOCK_SLICE;
	if (op_claim(&j->e->op, &r, &err) == 0)
		j->claimed = true;
	else if (err.status == LO_AGAIN && clock_steady() < j->claim_until)
		return 1;
	else
		evaluation_note(j->e, j->s->id, "evaluated without a claim "
		    "and heartbeats: %s", without_trial(&err));
	j->claim_until = NAN;
	return 0;
}

static void
beat(struct job *j, double now)
{
	struct heartbeat_request r = { .trial = j->s->id,
	    .lease_token = j->s->lease };
	struct buf out = BUF_INIT;
	struct err err;

	j->beat_at = now + j->e->r->heartbeat;
	j->e->op.lock_timeout = JOB_LOCK_SLICE;
	if (op_heartbeat(&j->e->op, &r, &out, &err) != 0) {
		if (err.status == LO_AGAIN)
			j->beat_at = now + BEAT_AGAIN;
		else if (err.status == LO_REFUSED)
			j->beat_at = INFINITY;
		if (err.status != LO_AGAIN && !j->told_beat) {
			evaluation_note(j->e, j->s->id, "no heartbeat: %s",
			    without_trial(&err));
			j->told_beat = true;
		}
	}
	buf_release(&out);
}

/* ------------------------------------------------------------- running */

static void
note_guess(struct job *j, const struct buf *name)
{
	const struct template_params *p = &j->s->values;
	struct buf there = BUF_INIT;
	size_t i;

	if (name->len == 0 || j->e->told_guess)
		return;
	j->e->told_guess = true;
	for (i = 0; i < p->n; i++)
		buf_addf(&there, "%s%s", i > 0 ? ", " : "", p->value[i].name);
	evaluation_note(j->e, j->s->id, "the argument with {%s} is left out, "
	    "since the trial has no such parameter, only %s (write {{%s}} "
	    "for the text itself)", name->p,
	    there.len > 0 ? there.p : "none", name->p);
	buf_release(&there);
}

/* Suggested so long ago that it may count as forgotten? */
static bool
is_old(const struct job *j)
{
	struct span at = json_find((struct span){ j->s->text, j->s->len },
	    "suggested_at");
	double since;

	return at.len > 0 && num_read(at.p, at.len, &since) &&
	    clock_now() - since > j->e->r->heartbeat;
}

static void
set_times(struct job *j)
{
	const struct evaluate_request *r = j->e->r;

	j->began = clock_steady();
	j->timeout_at = r->timeout > 0 ? j->began + r->timeout : INFINITY;
	j->kill_at = INFINITY;
	if (j->attempt > 0 || !j->claimed)
		return;
	j->beat_at = j->began;
	if (j->s->lease == NULL && !is_old(j))
		j->beat_at += r->heartbeat;
}

static void
open_logs(struct job *j)
{
	const struct paths *paths = j->claimed ? &j->e->paths : NULL;

	capture_log(&j->out, paths, j->s->id, "stdout.log");
	capture_log(&j->err, paths, j->s->id, "stderr.log");
}

int
job_start(struct job *j, struct err *err)
{
	const struct space *space = j->e->contracts.space;
	struct buf guessed = BUF_INIT;
	char **env;
	int status;

	if (j->argv == NULL) {
		j->argv = template_command(j->e->r->command, space,
		    &j->s->values, &guessed);
		note_guess(j, &guessed);
		buf_release(&guessed);
		open_logs(j);
	}
	env = template_environment(&j->s->values, j->s->id);
	j->fed = 0;
	j->fate = FATE_OWN;
	capture_reset(&j->out);
	capture_reset(&j->err);
	set_times(j);
	status = child_start(&j->child, j->argv, env, err);
	template_free(env);
	return status;
}

void
job_poll(const struct job *j, struct pollfd fd[JOB_FDS])
{
	fd[0] = (struct pollfd){ j->child.in, POLLOUT, 0 };
	fd[1] = (struct pollfd){ j->child.out, POLLIN, 0 };
	fd[2] = (struct pollfd){ j->child.err, POLLIN, 0 };
}

static void
hang_up(int *fd)
{
	close(*fd);
	*fd = -1;
}

/* The suggestion and a newline; a command need not read it. */
static void
feed_child(struct job *j)
{
	const char *p = j->s->text + j->fed;
	size_t left = j->s->len - j->fed;
	ssize_t n;

	if (left == 0)
		n = write(j->child.in, "\n", 1);
	else
		n = write(j->child.in, p, left);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n < 0 || left == 0)
		hang_up(&j->child.in);
	else
		j->fed += (size_t)n;
}

/* One read; false if there is nothing more for now. */
static bool
listen_to(int *fd, struct capture *c)
{
	char bytes[READ_CHUNK];
	ssize_t n;

	if (*fd < 0)
		return false;
	n = read(*fd, bytes, sizeof(bytes));
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return errno == EINTR;
	if (n > 0)
		capture_add(c, bytes, (size_t)n);
	else
		hang_up(fd);
	return n > 0;
}

void
job_serve(struct job *j, const struct pollfd fd[JOB_FDS])
{
	if (fd[0].fd >= 0 && fd[0].revents != 0)
		feed_child(j);
	if (fd[1].fd >= 0 && fd[1].revents != 0)
		listen_to(&j->child.out, &j->out);
	if (fd[2].fd >= 0 && fd[2].revents != 0)
		listen_to(&j->child.err, &j->err);
}

static void
drain(int *fd, struct capture *c)
{
	int i;

	for (i = 0; i < DRAIN_CHUNKS && listen_to(fd, c); i++)
		;
	capture_end(c);
}

/* ---------------------------------------------------------------- time */

double
job_next(const struct job *j)
{
	if (!isnan(j->claim_until))
		return clock_steady();
	return fmin(fmin(j->timeout_at, j->kill_at), j->beat_at);
}

static void
end(struct job *j, enum job_fate fate, int signal)
{
	if (j->fate == FATE_OWN)
		j->fate = fate;
	child_signal(&j->child, signal);
	j->timeout_at = INFINITY;
	j->kill_at = signal == SIGKILL ? INFINITY :
	    clock_steady() + j->e->r->kill_after;
}

void
job_stop(struct job *j, int signal)
{
	j->stop_signal = signal;
	end(j, FATE_STOPPED, signal);
}

void
job_tick(struct job *j)
{
	double now = clock_steady();

	if (now >= j->timeout_at)
		end(j, FATE_TIMEOUT, SIGTERM);
	if (now >= j->kill_at)
		end(j, j->fate, SIGKILL);
	if (now >= j->beat_at)
		beat(j, now);
}

bool
job_finish(struct job *j, int wait_status, bool may_retry, struct answer *a)
{
	drain(&j->child.out, &j->out);
	drain(&j->child.err, &j->err);
	child_close(&j->child);
	j->child.pid = 0;
	job_judge(j, wait_status, a);
	j->runtime = clock_steady() - j->began;
	if (a->status != TRIAL_FAILED || !may_retry ||
	    j->attempt >= j->e->r->retries)
		return false;
	j->attempt++;
	evaluation_note(j->e, j->s->id, "failed, tried again (%d of %d): %s",
	    j->attempt, j->e->r->retries, a->reason);
	return true;
}
