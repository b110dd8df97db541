#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/num.h"
#include "base/xmem.h"
#include "campaign/order.h"
#include "contract/point.h"
#include "ops/common.h"
#include "ops/propose_recommend.h"
#include "ops/status.h"
#include "ops/suggest.h"
#include "store/json.h"

size_t
status_stale(const struct campaign *c, double now)
{
	double limit = c->c.config->max_pending_age;
	size_t i, n = 0;

	for (i = 0; i < c->state->npend && limit > 0; i++)
		n += now - pending_since(&c->state->pend[i]) > limit;
	return n;
}

size_t
status_leased(const struct state *s)
{
	size_t i, n = 0;

	for (i = 0; i < s->npend; i++)
		n += s->pend[i].lease_token != NULL;
	return n;
}

/* The best scalar of the first n, smaller being better. */
static double
best_of(const struct state *s, const struct observation *const *ok, size_t n)
{
	double sign = objectives_minimize_scalar(s->objectives) ? 1 : -1;
	double best = INFINITY, value;
	size_t i;

	for (i = 0; i < n; i++) {
		value = sign * objectives_scalar(s->objectives, ok[i]->y);
		best = value < best ? value : best;
	}
	return best;
}

void
status_plateau(const struct campaign *c, struct plateau *p)
{
	const struct state *s = c->state;
	const struct observation **ok = xcalloc(s->nobs, sizeof(*ok));
	size_t i, n = 0, patience = (size_t)c->c.config->patience_trials;

	p->improvement = NAN;
	p->reached = false;
	for (i = 0; i < s->nobs; i++)
		if (s->obs[i].scored)
			ok[n++] = &s->obs[i];
	order_by_id(ok, n);
	if (c->c.config->stopping && n > patience) {
		p->improvement = best_of(s, ok, n - patience) -
		    best_of(s, ok, n);
		p->reached = p->improvement < c->c.config->min_improvement;
	}
	free(ok);
}

static void
put_plateau(struct jw *w, const struct campaign *c)
{
	struct plateau p;

	jw_key(w, "plateau");
	if (!c->c.config->stopping) {
		jw_null(w);
		return;
	}
	status_plateau(c, &p);
	jw_object(w);
	JW_KEY(w, "reached", bool, p.reached);
	JW_KEY(w, "improvement", real, p.improvement);
	JW_KEY(w, "min_improvement", real, c->c.config->min_improvement);
	JW_KEY(w, "patience_trials", int, c->c.config->patience_trials);
	jw_end(w);
}

void
status_write_ends(const struct state *s, struct jw *w)
{
	int i;

	jw_object(w);
	for (i = 0; i < TRIAL_STATUS_COUNT; i++)
		JW_KEY(w, trial_status_name[i], int, (int64_t)
		    state_count_status(s, (enum trial_status)i));
	jw_end(w);
}

static void
put_counts(struct jw *w, const struct campaign *c)
{
	const struct state *s = c->state;

	JW_KEY(w, "observations", int, (int64_t)s->nobs);
	JW_KEY(w, "pending", int, (int64_t)s->npend);
	JW_KEY(w, "leased_pending", int, (int64_t)status_leased(s));
	JW_KEY(w, "next_trial_id", int, s->next_trial_id);
	jw_key(w, "best");
	state_write_best(s, w);
	JW_KEY(w, "stale_pending", int, (int64_t)status_stale(c,
	    clock_now()));
	jw_key(w, "observations_by_status");
	status_write_ends(s, w);
}

static void
put_settings(struct jw *w, const struct campaign *c)
{
	static const enum path_id path[] = { PATH_STATE, PATH_CSV,
	    PATH_ACQUISITION, PATH_EVENTS, PATH_TRIALS, PATH_LOCK };
	const struct config *config = c->c.config;
	jv age = config->max_pending_age > 0 ?
	    jv_number(config->max_pending_age) : jv_null();
	size_t i;

	JW_KEY(w, "max_pending_age_seconds", jv, age);
	JW_KEY(w, "worker_leases_enabled", bool, config->worker_leases);
	if (config->has_botorch_flag)
		JW_KEY(w, "botorch_feature_flag", bool,
		    config->botorch_flag);
	jw_key(w, "paths");
	jw_object(w);
	for (i = 0; i < sizeof(path) / sizeof(path[0]); i++)
		JW_KEY(w, path_key[path[i]], text, c->paths.shown[path[i]]);
	jw_end(w);
}

int64_t
status_remaining(const struct campaign *c)
{
	int64_t left = c->c.config->max_trials - (int64_t)c->state->nobs -
	    (int64_t)c->state->npend;

	return left > 0 ? left : 0;
}

static void
put_recommended(struct jw *w, const struct campaign *c)
{
	struct recommendation r;

	jw_key(w, "best_by_model");
	if (!recommend(c, &r)) {
		jw_null(w);
		return;
	}
	jw_object(w);
	JW_KEY(w, "trial_id", int, r.trial_id);
	JW_KEY(w, "predicted_mean", real, r.mean);
	JW_KEY(w, "predicted_std", real, r.sd);
	jw_end(w);
}

static void
put_ours(struct jw *w, const struct campaign *c)
{
	size_t i;

	jw_key(w, "budget");
	jw_object(w);
	JW_KEY(w, "max_trials", int, c->c.config->max_trials);
	JW_KEY(w, "remaining", int, status_remaining(c));
	jw_end(w);
	put_plateau(w, c);
	jw_key(w, "pending_trials");
	jw_array(w);
	for (i = 0; i < c->state->npend; i++)
		suggestion_write(c->state, &c->state->pend[i], w);
	jw_end(w);
	put_recommended(w, c);
}

void
status_write(const struct campaign *c, struct jw *w)
{
	jw_object(w);
	JW_KEY(w, "schema_version", text, c->state->schema_version);
	put_counts(w, c);
	put_settings(w, c);
	put_ours(w, c);
	jw_end(w);
}

int
op_status(const struct op *op, struct buf *out, struct err *err)
{
	struct campaign *c = op_open_read_damaged(op, err);
	struct jw w;

	if (c == NULL)
		return -1;
	jw_init(&w, out, JW_COMPACT);
	status_write(c, &w);
	jw_release(&w);
	buf_addc(out, '\n');
	campaign_close(c);
	return 0;
}
