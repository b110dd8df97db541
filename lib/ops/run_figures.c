#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "ops/common.h"
#include "ops/run_loop.h"
#include "ops/status.h"

static void
put_best(const struct state *s, struct buf *out)
{
	const struct observation *o = state_find_best(s);

	buf_cut(out, 0);
	if (o == NULL)
		return;
	buf_addf(out, "%s = %.6g (trial %lld)",
	    objectives_scalar_name(s->objectives),
	    objectives_scalar(s->objectives, o->y), (long long)o->id);
}

int
run_figures(const struct op *op, struct figures *f, struct err *err)
{
	struct campaign *c = op_open_read(op, err);
	struct plateau plateau;
	const struct state *s;

	if (c == NULL)
		return -1;
	s = c->state;
	f->observed = (int64_t)s->nobs;
	f->bad = f->observed - (int64_t)state_count_status(s, TRIAL_OK);
	f->any_ok = f->bad < f->observed;
	f->max_trials = c->c.config->max_trials;
	f->remaining = status_remaining(c);
	f->next_id = s->next_trial_id;
	f->stopping = c->c.config->stopping;
	status_plateau(c, &plateau);
	f->plateau = plateau.reached;
	put_best(s, &f->best);
	campaign_close(c);
	return 0;
}

/* ------------------------------------------------------------ progress */

static void
put_rate(double per_second, struct buf *out)
{
	if (per_second >= 1)
		buf_addf(out, ", %.1f/s", per_second);
	else if (per_second * 60 >= 1)
		buf_addf(out, ", %.1f/min", per_second * 60);
	else
		buf_addf(out, ", %.1f/h", per_second * 3600);
}

/* The rate is the campaign's: others may work on it, too. */
static void
put_speed(const struct run *l, struct buf *out)
{
	double elapsed = clock_steady() - l->began;
	double rate = (double)(l->now.observed - l->first.observed) / elapsed;
	int64_t left = l->now.max_trials - l->now.observed;

	if (!(rate > 0) || isinf(rate))
		return;
	put_rate(rate, out);
	if (l->ending)
		return;
	if (l->r->trials > 0 && l->r->trials - l->ended < left)
		left = l->r->trials - l->ended;
	if (left <= 0)
		return;
	buf_adds(out, ", ");
	clock_words((double)left / rate, out);
	buf_adds(out, " left");
}

/* What may be long comes last: terminals are narrow. */
void
run_progress(const struct run *l, struct buf *out)
{
	int busy = pool_busy(&l->pool);

	buf_addf(out, "%lld/%lld done", (long long)l->now.observed,
	    (long long)l->now.max_trials);
	if (busy > 0)
		buf_addf(out, ", %d running", busy);
	if (l->now.bad > 0)
		buf_addf(out, ", %lld not ok", (long long)l->now.bad);
	put_speed(l, out);
	if (l->ending)
		buf_adds(out, ", ending");
	if (l->now.best.len > 0)
		buf_addf(out, ", best %s", l->now.best.p);
}
