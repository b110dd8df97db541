#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/xmem.h"
#include "campaign/txn.h"
#include "ops/governance.h"
#include "ops/reserve.h"
#include "ops/suggest.h"
#include "ops/trials.h"

/* One call of op_retry, under the lock. */
struct work {
	const struct retry_request *r;
	struct campaign *c;
	const struct observation **list;
	size_t n;
};

/* Sorted ids of the trials that a list's entries retry. */
struct retried {
	int64_t *id;
	size_t n, cap;
};

static void
note(struct retried *set, jv doc)
{
	struct json root = json_root(doc, "trial");
	double of = trial_real(&root, "retry_of");

	if (!(of >= 1))
		return;
	set->id = xgrow(set->id, set->n, &set->cap, sizeof(*set->id));
	set->id[set->n++] = (int64_t)of;
}

static bool
has(const struct retried *set, int64_t id)
{
	size_t i;

	for (i = 0; i < set->n; i++)
		if (set->id[i] == id)
			return true;
	return false;
}

static void
note_pending(struct retried *set, const struct state *s)
{
	size_t i;

	for (i = 0; i < s->npend; i++)
		note(set, s->pend[i].doc);
}

static void
note_observed(struct retried *set, const struct state *s)
{
	struct err ignored;
	size_t i;
	jv doc;

	for (i = 0; i < s->nobs; i++) {
		/* few are */
		if (json_find(s->obs[i].raw, "retry_of").len == 0)
			continue;
		doc = json_parse_scanned(s->obs[i].raw, &ignored);
		note(set, doc);
		jv_free(doc);
	}
}

static bool
wanted(const struct work *k, const struct observation *o)
{
	return (k->r->statuses & 1u << o->status) != 0;
}

static int
check_named(const struct work *k, int64_t id, const struct retried *pending,
    struct err *err)
{
	const struct observation *o = state_observation(k->c->state, id);

	if (state_pending(k->c->state, id) != NULL)
		return err_set(err, LO_REFUSED, "trial %lld: expected one "
		    "that ended, got a pending one; lo-suggest --resume "
		    "prints it again", (long long)id);
	if (o == NULL)
		return err_set(err, LO_REFUSED, "trial %lld: no such trial",
		    (long long)id);
	if (o->status == TRIAL_OK)
		return err_set(err, LO_REFUSED, "trial %lld: expected one "
		    "that failed, got status ok; lo-suggest --replicate %lld "
		    "repeats it", (long long)id, (long long)id);
	if (!wanted(k, o))
		return err_set(err, LO_REFUSED, "trial %lld: expected a "
		    "status that --status lists, got %s", (long long)id,
		    trial_status_name[o->status]);
	if (!o->usable)
		return err_set(err, LO_REFUSED, "trial %lld: its params do "
		    "not fit parameter_space.json", (long long)id);
	if (has(pending, id))
		return err_set(err, LO_REFUSED, "trial %lld: it is being "
		    "retried by a pending trial", (long long)id);
	return 0;
}

/* An id is named: again, whatever became of earlier retries. */
static int
choose_named(struct work *k, struct err *err)
{
	struct retried pending = { NULL, 0, 0 };
	int status = 0;
	size_t i;

	note_pending(&pending, k->c->state);
	for (i = 0; i < k->r->n && status == 0; i++) {
		status = check_named(k, k->r->id[i], &pending, err);
		if (status == 0)
			k->list[k->n++] = state_observation(k->c->state,
			    k->r->id[i]);
	}
	free(pending.id);
	return status;
}

/* Nothing is named: what was neither retried yet nor taken back by hand. */
static void
choose_all(struct work *k)
{
	const struct state *s = k->c->state;
	struct retried before = { NULL, 0, 0 };
	size_t i;

	note_pending(&before, s);
	note_observed(&before, s);
	for (i = 0; i < s->nobs; i++)
		if (s->obs[i].status != TRIAL_OK && wanted(k, &s->obs[i]) &&
		    s->obs[i].usable && !s->obs[i].voided &&
		    !has(&before, s->obs[i].id))
			k->list[k->n++] = &s->obs[i];
	free(before.id);
}

int
op_retry_statuses(const char *text, unsigned *statuses, struct err *err)
{
	char *word;
	size_t n;
	int status;

	*statuses = 0;
	do {
		n = strcspn(text, ",");
		word = xstrndup(text, n);
		status = trial_status_from(word);
		if (status <= TRIAL_OK) {
			err_set(err, LO_USAGE, "--status: expected failed, "
			    "killed, timeout or several of them with commas, "
			    "got \"%s\"", word);
			free(word);
			return -1;
		}
		free(word);
		*statuses |= 1u << status;
		text += n;
	} while (*text++ == ',');
	return 0;
}

static int
reserve_one(const struct work *k, struct reserve *place,
    const struct observation *o, struct err *err)
{
	struct buf decision = BUF_INIT;
	struct reserved what = { o->point, &decision, 0, o->id };
	int status;

	given_decision(k->c, "retry", "retry_of", o->id, &decision);
	status = reserve(place, &what, err);
	buf_release(&decision);
	return status;
}

static int
retry(struct work *k, const struct op *op, struct reserve *place,
    struct err *err)
{
	int64_t count = (int64_t)k->n, i;

	reserve_fit(op, k->c, &count);
	if (reserve_limits(op, k->c, &count, err) != 0)
		return -1;
	reserve_seed(k->c);
	for (i = 0; i < count; i++)
		if (reserve_one(k, place, k->list[i], err) != 0)
			return -1;
	return governance_commit(k->c, place->t, err);
}

int
op_retry(const struct op *op, const struct retry_request *r,
    struct buf *out, struct err *err)
{
	struct reserve place = { .out = out, .started = clock_steady() };
	struct work k = { .r = r };
	int status = 0;

	if (trials_distinct(r->id, r->n, err) != 0)
		return -1;
	/* it reserves, as suggest does, and Looptimum knows that word */
	if ((k.c = op_open_write(op, "suggest", err)) == NULL)
		return -1;
	place.c = k.c;
	place.t = txn_begin(k.c);
	k.list = xcalloc(k.c->state->nobs + r->n, sizeof(*k.list));
	if (r->n > 0)
		status = choose_named(&k, err);
	else
		choose_all(&k);
	if (status == 0 && k.n == 0)
		op_say(op, "no trial is left to be retried");
	else if (status == 0)
		status = retry(&k, op, &place, err);
	if (status != 0)
		buf_cut(out, 0);
	free(k.list);
	txn_free(place.t);
	campaign_close(k.c);
	return status;
}
