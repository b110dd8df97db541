#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/xmem.h"
#include "ops/common.h"
#include "ops/run_loop.h"

/* How often others' pending trials are looked at, if they keep us from
 * suggesting. */
#define OTHERS 1.0

static int64_t
wanted(const struct run *l)
{
	int64_t room = pool_room(&l->pool);
	int64_t left = l->r->trials - l->started;

	return l->r->trials > 0 && left < room ? left : room;
}

bool
run_wants(const struct run *l)
{
	return !l->ending && !l->spent && l->nrecord == 0 && wanted(l) > 0;
}

/* Suggestions, one a line, which are ours. */
static void
begin(struct run *l, const struct buf *lines)
{
	struct span whole = { lines->p, lines->len }, one;
	struct suggestion *s;
	struct err why;

	while (json_split(&whole, &one)) {
		l->started++;
		s = suggestion_read(one, "pending trial", &why);
		if (s == NULL)
			run_fail(l, &why);
		else
			pool_add(&l->pool, s, true);
	}
}

/* What is amiss with the campaign is said with each suggestion: not here. */
static void
say_news(void *run, const char *text)
{
	struct run *l = run;
	size_t i;

	for (i = 0; i < RUN_SAID; i++)
		if (strcmp(buf_str(&l->said[i]), text) == 0)
			return;
	buf_cut(&l->said[l->nsaid % RUN_SAID], 0);
	buf_adds(&l->said[l->nsaid++ % RUN_SAID], text);
	l->op.notice(l->op.notice_arg, text);
}

/* The status; trials that were there are begun. */
static int
ask(struct run *l, struct suggest_request *r, struct err *why)
{
	struct buf lines = BUF_INIT;
	struct op op = l->op;
	double asked = clock_steady();
	int status = 0;

	if (op.notice != NULL) {
		op.notice = say_news;
		op.notice_arg = l;
	}
	r->claim = true;
	if (op_suggest(&op, r, &lines, why) != 0)
		status = why->status;
	if (status == LO_AGAIN && clock_steady() - asked >= JOB_LOCK_SLICE)
		run_lock_busy(l, why);
	else
		run_lock_taken(l);
	if (status == 0)
		begin(l, &lines);
	buf_release(&lines);
	return status;
}

static bool
is_lock_busy(const struct run *l)
{
	return !isnan(l->busy_since);
}

/* A run that was killed may have left evaluators behind. */
static void
say_taken_up(struct run *l)
{
	if (!l->told_taken_up)
		evaluation_say(&l->e, "takes up trials that were pending; if "
		    "an earlier run was killed, its evaluators may still be "
		    "at work, see lo-eval(1)");
	l->told_taken_up = true;
}

/* What was pending before we came. */
static void
pick_up(struct run *l)
{
	struct suggest_request r = { .resume = true, .count = wanted(l),
	    .below = l->first.next_id };
	int64_t before = l->started;
	struct err why;
	int status = ask(l, &r, &why);

	if (status == 0 && l->started > before)
		say_taken_up(l);
	if (status == LO_SPENT)
		l->picked_up = true;
	else if (status != 0 && status != LO_AGAIN)
		run_fail(l, &why);
}

/* There is no trial to be had: what became of those that others took? */
static bool
take_forsaken(struct run *l)
{
	struct suggest_request r = { .resume = true, .forsaken = true,
	    .count = wanted(l) };
	struct err why;

	return ask(l, &r, &why) == 0;
}

/* Too many are pending, others' among them. */
static void
wait_for_others(struct run *l, const struct err *why)
{
	struct err text, ignored;

	l->again_at = clock_steady() + OTHERS;
	/* with nothing left, there is nothing to wait for */
	if (run_figures(&l->op, &l->now, &ignored) == 0 &&
	    l->now.remaining == 0)
		l->spent = true;
	else if (!l->told_waiting && pool_busy(&l->pool) == 0) {
		err_set(&text, 0, "waits: %s", why->text);
		evaluation_say(&l->e, text.text);
		l->told_waiting = true;
	}
}

static void
suggest(struct run *l)
{
	struct suggest_request r = { .count = 1 };
	struct err why;
	int status = ask(l, &r, &why);

	if (status == 0 || is_lock_busy(l))
		return;
	if (status != LO_SPENT && status != LO_AGAIN) {
		run_fail(l, &why);
		return;
	}
	if (take_forsaken(l) || is_lock_busy(l))
		return;
	l->idle = why;
	if (status == LO_SPENT)
		l->spent = true;
	else
		wait_for_others(l, &why);
}

void
run_take(struct run *l)
{
	if (!run_wants(l) || clock_steady() < l->again_at)
		return;
	if (!l->picked_up)
		pick_up(l);
	else if (l->r->stop_on_plateau && l->now.plateau) {
		l->spent = true;
		err_set(&l->idle, LO_SPENT, "the plateau of "
		    "bo_config.json's stopping is reached");
	} else
		suggest(l);
}
