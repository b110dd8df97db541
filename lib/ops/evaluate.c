#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ops/pool.h"

#define LEFT_SHOWN 20	/* trials that a message names */
#define LEFT_READ 4096	/* reads of what nobody will evaluate */

struct loop {
	const struct evaluate_request *r;
	struct evaluation e;
	struct pool pool;
	struct feed *feed;
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

static void
stop_starting(struct loop *l)
{
	l->ending = l->pool.closed = l->pool.no_retry = true;
}

/* Start nothing more, because of this.  What runs may run for long, so the
 * person hears of it now. */
static void
fail(struct loop *l, const struct err *why)
{
	struct err text;

	if (!l->failed)
		*l->err = *why;
	if (pool_busy(&l->pool) > 0) {
		err_set(&text, 0, "nothing more is started: %s", why->text);
		evaluation_say(&l->e, text.text);
	}
	l->failed = true;
	stop_starting(l);
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
	stop_starting(l);
	pool_stop(&l->pool, signal);
}

/* --------------------------------------------------------------- loop */

static void
take_input(struct loop *l)
{
	struct suggestion *s;
	struct err why;

	l->input_wanted = false;
	while (!l->ending && !l->input_ended && pool_room(&l->pool) > 0) {
		switch (feed_next(l->feed, &s, &why)) {
		case FEED_ONE:
			pool_add(&l->pool, s, false);
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

static void
dropped(void *arg, const struct job *j, const struct err *why)
{
	struct loop *l = arg;

	leave(l, j->s->id);
	if (why != NULL)
		fail(l, why);
}

static void
hand_out(void *arg, const struct job *j, const struct answer *a)
{
	struct loop *l = arg;
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
run(struct loop *l)
{
	struct err why;
	int ready;

	for (;;) {
		take_input(l);
		if (pool_busy(&l->pool) == 0 && (l->input_ended || l->ending))
			return;
		ready = pool_wait(&l->pool, l->input_wanted && !l->ending ?
		    feed_fd(l->feed) : -1, INFINITY, &why);
		if (ready < 0) {
			fail(l, &why);
			stop_jobs(l, SIGKILL);
			return;
		}
		if (ready > 0 && feed_fill(l->feed, &why) != 0)
			fail(l, &why);
		pool_turn(&l->pool);
		heed_signals(l);
		pool_tick(&l->pool);
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

/* Everything is there to begin with. */
static int
go(struct loop *l, int *signal)
{
	int status;

	if (pool_open(&l->pool, &l->e, l->r->jobs, l->err) != 0)
		return -1;
	l->pool.ended = hand_out;
	l->pool.dropped = dropped;
	l->pool.arg = l;
	run(l);
	status = conclude(l, signal);
	pool_close(&l->pool);
	return status;
}

int
evaluate(const struct evaluate_request *r, int *signal, struct err *err)
{
	struct loop l = { .r = r, .err = err };
	int status = -1;

	*signal = 0;
	child_seal();
	if (evaluation_open(&l.e, r, err) != 0)
		return -1;
	l.feed = feed_new(r->input, r->input_name, err);
	if (l.feed != NULL)
		status = go(&l, signal);
	feed_free(l.feed);
	buf_release(&l.left);
	evaluation_close(&l.e);
	return status;
}
