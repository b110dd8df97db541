#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "ops/common.h"
#include "ops/run_loop.h"

#define PROGRESS 1.0	/* seconds between two lines, */
#define REDRAW 0.1	/* and the fewest */

void
run_fail(struct run *l, const struct err *why)
{
	struct err text;
	int busy = pool_busy(&l->pool);

	if (busy > 0)
		err_set(&text, 0, "%s; nothing more is begun, %d that "
		    "still run may end", why->text, busy);
	evaluation_say(&l->e, busy > 0 ? text.text : why->text);
	if (l->failed == 0)
		l->failed = why->status;
	l->ending = true;
}

void
run_lock_busy(struct run *l, const struct err *why)
{
	double now = clock_steady();
	struct err text;

	if (isnan(l->busy_since))
		l->busy_since = now;
	if (l->told_busy || now - l->busy_since <
	    l->e.contracts.config->lock_timeout)
		return;
	err_set(&text, 0, "still waits: %s", why->text);
	evaluation_say(&l->e, text.text);
	l->told_busy = true;
}

void
run_lock_taken(struct run *l)
{
	l->busy_since = NAN;
	l->told_busy = false;
}

/* ----------------------------------------------------------- the loop */

static void
ended(void *arg, const struct job *j, const struct answer *a)
{
	run_keep(arg, j, a);
}

/* It stays pending, and ours until we end. */
static void
dropped(void *arg, const struct job *j, const struct err *why)
{
	struct run *l = arg;
	struct err text;

	err_set(&text, why->status, "%s; trial %lld stays pending, and "
	    "the next run takes it up", why->text, (long long)j->s->id);
	run_fail(l, &text);
}

/* R5 */
static void
heed_signals(struct run *l)
{
	int number, stops = wake_stops(&number), busy = pool_busy(&l->pool);
	char name[CHILD_SIGNAL_NAME];
	struct err text;

	if (stops == l->stops)
		return;
	l->ending = true;
	child_signal_name(number, name);
	if (stops == 1)
		err_set(&text, 0, "%s: nothing more is begun, waits for %d "
		    "evaluation%s; another signal ends %s", name, busy,
		    busy == 1 ? "" : "s", busy == 1 ? "it" : "them");
	else
		err_set(&text, 0, "%s: ends %d evaluation%s", name, busy,
		    busy == 1 ? "" : "s");
	if (busy > 0)
		evaluation_say(&l->e, text.text);
	if (stops > 1) {
		l->pool.no_retry = true;
		pool_stop(&l->pool, l->stops > 1 || stops > 2 ? SIGKILL :
		    SIGTERM);
	}
	l->stops = stops;
}

static bool
is_done(const struct run *l)
{
	if (pool_busy(&l->pool) > 0)
		return false;
	if (l->nrecord > 0)
		return l->stops > 2;	/* who asks so often gives up on it */
	return l->ending || l->spent ||
	    (l->r->trials > 0 && l->started >= l->r->trials);
}

/* When the loop has something to do besides its evaluators. */
static double
next_time(const struct run *l)
{
	double next = INFINITY;

	if (l->nrecord > 0)
		return 0;
	if (run_wants(l))
		next = l->again_at;
	if (l->r->progress != NULL)
		next = fmin(next, l->shown_at + (l->behind ? REDRAW :
		    PROGRESS));
	return next;
}

/* An evaluator that says much does not make the line flicker. */
static void
show_progress(struct run *l, bool last)
{
	struct buf text = BUF_INIT;
	double now = clock_steady();

	if (l->r->progress == NULL)
		return;
	l->behind = !last && now < l->shown_at + REDRAW;
	if (l->behind)
		return;
	l->shown_at = now;
	run_progress(l, &text);
	l->r->progress(l->r->progress_arg, text.p);
	buf_release(&text);
}

static void
loop(struct run *l)
{
	struct err why;
	bool done;

	for (;;) {
		run_record(l);
		run_take(l);
		done = is_done(l);
		show_progress(l, done);
		if (done)
			return;
		if (pool_wait(&l->pool, -1, next_time(l), &why) < 0) {
			run_fail(l, &why);
			pool_stop(&l->pool, SIGKILL);
			return;
		}
		pool_turn(&l->pool);
		heed_signals(l);
		pool_tick(&l->pool);
	}
}

/* ------------------------------------------------- beginning and end */

static int
check(const struct run *l, struct err *err)
{
	const char *command = l->r->evaluate.command[0];

	if (l->r->stop_on_plateau && !l->first.stopping)
		return err_set(err, LO_REFUSED, "--stop-on-plateau: "
		    "bo_config.json: expected stopping.min_improvement and "
		    "stopping.patience_trials, which say what a plateau is, "
		    "got none");
	/* braces: it depends on the trial */
	return strchr(command, '{') != NULL ? 0 : child_check(command, err);
}

static int
conclude(const struct run *l, struct err *err)
{
	if (l->failed != 0)
		return err_set(err, l->failed, "%s", "");
	if (l->refused)
		return err_set(err, LO_REFUSED, "%s", "");
	if (l->started == 0 && l->stops == 0)
		return err_set(err, LO_SPENT, "nothing to do: %s",
		    l->idle.text);
	return 0;
}

static int
go(struct run *l, struct buf *out, int *signal, struct err *err)
{
	int status;

	if (run_figures(&l->op, &l->first, err) != 0 || check(l, err) != 0 ||
	    pool_open(&l->pool, &l->e, l->r->evaluate.jobs, err) != 0)
		return -1;
	l->pool.ended = ended;
	l->pool.dropped = dropped;
	l->pool.arg = l;
	l->now = l->first;
	l->now.best = (struct buf)BUF_INIT;
	buf_adds(&l->now.best, buf_str(&l->first.best));
	loop(l);
	wake_stops(signal);
	run_show_kept(l);
	status = conclude(l, err);
	pool_close(&l->pool);
	if (op_status(&l->op, out, &l->idle) != 0 && status == 0) {
		*err = l->idle;
		status = -1;
	}
	return status;
}

int
op_run(const struct op *op, const struct run_request *r, struct buf *out,
    int *signal, struct err *err)
{
	struct run l = { .r = r, .op = *op, .busy_since = NAN,
	    .began = clock_steady() };
	struct evaluate_request evaluate = r->evaluate;
	int status, i;

	*signal = 0;
	l.op.lock_timeout = JOB_LOCK_SLICE;
	evaluate.root = op->root;
	child_seal();
	if (evaluation_open(&l.e, &evaluate, err) != 0)
		return -1;
	status = go(&l, out, signal, err);
	buf_release(&l.first.best);
	buf_release(&l.now.best);
	buf_release(&l.by_hand);
	for (i = 0; i < RUN_SAID; i++)
		buf_release(&l.said[i]);
	evaluation_close(&l.e);
	return status;
}
