#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/xmem.h"
#include "campaign/trail.h"
#include "campaign/txn.h"
#include "ops/common.h"
#include "ops/governance.h"
#include "ops/observe.h"
#include "ops/propose.h"
#include "ops/reserve.h"
#include "ops/suggest.h"
#include "store/json.h"

/* One call of op_suggest, under the lock. */
struct work {
	const struct op *op;
	const struct suggest_request *r;
	struct campaign *c;
	struct txn *t;
	struct buf *out;
	enum surrogate_type type;
	int64_t count;		/* how many are still wanted */
	struct reserve place;	/* c, t and out again */
	jv meta;		/* before the request, with its seed */
	bool retired;		/* stale trials, committed */
	bool told_fallback;
};

/* The user's own point or a replicate. */
static int
reserve_given(struct work *k, const char *strategy, const double *point,
    int64_t replicate_of, struct err *err)
{
	struct buf decision = BUF_INIT;
	int status;

	given_decision(k->c, strategy, "replicate_of", replicate_of,
	    &decision);
	status = reserve(&k->place, &(struct reserved){ point, &decision,
	    replicate_of, 0 }, err);
	buf_release(&decision);
	return status;
}

static int
suggest_params(struct work *k, struct err *err)
{
	const struct space *space = k->c->c.space;
	double *point = xcalloc(space->n, sizeof(*point));
	int status = given_params(k->c, k->r->params, point, err);

	if (status == 0)
		status = reserve_given(k, "user", point, 0, err);
	free(point);
	return status;
}

static int
suggest_replicates(struct work *k, struct err *err)
{
	const struct observation *o = given_trial(k->c, k->r->replicate, err);

	if (o == NULL)
		return -1;
	for (; k->count > 0; k->count--)
		if (reserve_given(k, "replicate", o->point, o->id, err) != 0)
			return -1;
	return 0;
}

/* Nothing feasible was found: the failed decision is all that stays. */
static int
suggest_nothing(struct work *k, const struct proposal *p, struct err *err)
{
	struct txn *t = txn_begin(k->c);
	struct buf line = BUF_INIT;
	int64_t id = k->c->state->next_trial_id;
	int status;

	trail_decision(&line, id, txn_now(t), clock_steady() - k->place.started,
	    &p->decision);
	txn_decision(t, &line);
	status = governance_commit(k->c, t, err);
	txn_free(t);
	if (status == 0)
		err_set(err, LO_REFUSED, "trial %lld: %s%s%s; relax a rule in "
		    "constraints.json or widen bounds", (long long)id,
		    p->infeasible, p->advice != NULL ? "; " : "",
		    p->advice != NULL ? p->advice : "");
	return -1;
}

/* Forget what this call reserved so far: a batch is all or nothing. */
static void
forget_reserved(struct work *k)
{
	struct state *s = k->c->state;

	for (; k->place.n > 0; k->place.n--) {
		s->next_trial_id = s->pend[s->npend - 1].id;
		state_drop_pending(s, &s->pend[s->npend - 1]);
	}
	jv_free(s->meta);
	s->meta = jv_copy(k->meta);
	buf_cut(k->out, 0);
}

/* Where the next fit starts. */
static void
remember_model(struct state *s, const struct proposal *p)
{
	if (jv_is_valid(p->model))
		s->meta = jv_object_set(s->meta, jv_string("model"),
		    jv_copy(p->model));
}

static void
say_of(struct work *k, const struct proposal *p)
{
	if (p->warning != NULL)
		op_say(k->op, "%s", p->warning);
	if (p->fallback == NULL || k->told_fallback)
		return;
	op_say(k->op, "the surrogate that was asked for was not used, but "
	    "the next best: %s", p->fallback);
	k->told_fallback = true;
}

/* Results of another space are no use to any surrogate. */
static void
say_unusable(const struct work *k)
{
	const struct state *s = k->c->state;
	const struct observation *o, *first = NULL;
	size_t ok = 0, n = 0;

	for (o = s->obs; o < s->obs + s->nobs; o++) {
		if (o->status != TRIAL_OK)
			continue;
		ok++;
		if (o->usable)
			continue;
		if (n++ == 0)
			first = o;
	}
	if (first != NULL && k->type != SURROGATE_RANDOM)
		op_say(k->op, "%zu of %zu ok results do not fit "
		    "parameter_space.json and objective_schema.json as they "
		    "are now (trial %lld%s) and teach the model nothing; "
		    "'lo-validate' says what is wrong with each", n, ok,
		    (long long)first->id, n > 1 ? ", ..." : "");
}

/* 1 when the space is exhausted. */
static int
suggest_one(struct work *k, struct err *err)
{
	struct proposal p;
	int status = propose(k->c, k->c->state->next_trial_id, k->type, &p,
	    err);

	if (status != 0)
		return -1;
	say_of(k, &p);
	if (p.point != NULL) {
		status = reserve(&k->place, &(struct reserved){ p.point,
		    &p.decision, 0, 0 }, err);
		remember_model(k->c->state, &p);
	} else if (p.exhausted) {
		status = 1;
	} else {
		forget_reserved(k);
		status = suggest_nothing(k, &p, err);
	}
	proposal_release(&p);
	return status;
}

static int
suggest_points(struct work *k, struct err *err)
{
	int status = 0;

	say_unusable(k);
	for (; k->count > 0 && status == 0; k->count--)
		status = suggest_one(k, err);
	if (status > 0 && k->place.n == 0)
		return err_set(err, LO_SPENT, "every point of the space is "
		    "observed or pending; nothing is left to suggest");
	if (status > 0)
		op_say(k->op, "only %zu suggested: the other points of the "
		    "space are observed or pending", k->place.n);
	return status < 0 ? -1 : 0;
}

static int
suggest(struct work *k, struct err *err)
{
	int status;

	if (reserve_limits(k->op, k->c, &k->count, err) != 0)
		return -1;
	reserve_seed(k->c);
	k->meta = jv_copy(k->c->state->meta);
	if (k->r->params != NULL)
		status = suggest_params(k, err);
	else if (k->r->replicate != NULL)
		status = suggest_replicates(k, err);
	else
		status = suggest_points(k, err);
	return status == 0 ? governance_commit(k->c, k->t, err) : -1;
}

/* They are the last ones observed. */
static void
say_retired(const struct work *k, size_t n)
{
	const struct state *s = k->c->state;
	struct buf ids = BUF_INIT;
	size_t i;

	for (i = s->nobs - n; i < s->nobs && ids.len < 200; i++)
		buf_addf(&ids, "%s%lld", ids.len > 0 ? ", " : "",
		    (long long)s->obs[i].id);
	op_say(k->op, "trial%s %s%s retired: pending for more than "
	    "max_pending_age_seconds; a result that still comes is taken",
	    n > 1 ? "s" : "", buf_str(&ids), i < s->nobs ? ", ..." : "");
	buf_release(&ids);
}

/* Stale trials are retired by a change of its own, which stays even if the
 * request is then refused.  1 if there were any.  What governance finds is
 * said once, at the end of the command. */
static int
retire(struct work *k, struct err *err)
{
	size_t retired;

	if (retire_stale(k->c, k->t, &retired, err) != 0)
		return -1;
	if (retired == 0)
		return 0;
	if (txn_commit(k->t, err) != 0)
		return -1;
	k->retired = true;
	say_retired(k, retired);
	return 1;
}

static int
open_work(struct work *k, struct err *err)
{
	k->c = op_open_write(k->op, "suggest", err);
	if (k->c == NULL)
		return -1;
	k->t = txn_begin(k->c);
	k->place.c = k->c;
	k->place.t = k->t;
	k->place.out = k->out;
	k->place.claim = k->r->claim;
	return 0;
}

static void
close_work(struct work *k)
{
	txn_free(k->t);
	campaign_close(k->c);
	jv_free(k->meta);
	k->t = NULL;
	k->c = NULL;
	k->meta = jv_invalid();
}

/* The request was refused, but not before trials were retired. */
static void
tell_violations(struct work *k)
{
	struct err ignored;

	close_work(k);
	if (open_work(k, &ignored) == 0)
		governance_tell(k->c, k->t, &ignored);
}

static int
check_request(const struct suggest_request *r, struct err *err)
{
	enum surrogate_type type;

	if (r->params != NULL && r->count > 1)
		return err_set(err, LO_USAGE, "--params reserves one trial, "
		    "not %lld", (long long)r->count);
	if (r->surrogate != NULL && !surrogate_from(r->surrogate, &type))
		return err_set(err, LO_USAGE, "--surrogate: expected auto, "
		    "gp, rbf_proxy or random, got %s", r->surrogate);
	return 0;
}

int
op_suggest(const struct op *op, const struct suggest_request *r,
    struct buf *out, struct err *err)
{
	struct work k = { .op = op, .r = r, .out = out,
	    .place.started = clock_steady(), .meta = jv_invalid() };
	int status;

	if (check_request(r, err) != 0)
		return -1;
	if (r->resume)
		return suggest_resume(op, r, out, err);
	do {
		close_work(&k);
		if (open_work(&k, err) != 0)
			return -1;
	} while ((status = retire(&k, err)) > 0);
	k.type = k.c->c.config->surrogate;
	if (r->surrogate != NULL)
		surrogate_from(r->surrogate, &k.type);
	k.count = r->count > 0 ? r->count : r->params != NULL ||
	    r->replicate != NULL ? 1 : k.c->c.config->batch_size;
	if (status == 0)
		status = suggest(&k, err);
	if (status != 0)
		buf_cut(out, 0);
	if (status != 0 && k.retired)
		tell_violations(&k);
	close_work(&k);
	return status;
}
