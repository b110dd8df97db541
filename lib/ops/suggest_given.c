#include <string.h>

#include "base/num.h"
#include "contract/point.h"
#include "ops/suggest.h"
#include "store/json.h"

static int
check_new(const struct campaign *c, const double *point, struct err *err)
{
	const struct state *s = c->state;
	size_t i;

	for (i = 0; i < s->nobs; i++)
		if (s->obs[i].usable &&
		    point_equal(c->c.space, s->obs[i].point, point))
			return err_set(err, LO_REFUSED, "--params: trial %lld "
			    "is that point already; --replicate %lld repeats "
			    "it", (long long)s->obs[i].id,
			    (long long)s->obs[i].id);
	for (i = 0; i < s->npend; i++)
		if (s->pend[i].usable &&
		    point_equal(c->c.space, s->pend[i].point, point))
			return err_set(err, LO_REFUSED, "--params: pending "
			    "trial %lld is that point already",
			    (long long)s->pend[i].id);
	return 0;
}

int
given_params(const struct campaign *c, const char *text, double *point,
    struct err *err)
{
	jv doc = json_parse(text, strlen(text), "--params", err);
	struct json params = json_root(doc, "--params");
	int status = -1;

	if (jv_is_valid(doc) &&
	    point_from_json(c->c.space, &params, POINT_STRICT, point, err)
	    == 0) {
		status = constraints_inside(c->c.constraints, point, err);
		if (status != 0)
			err_prefix(err, "--params: ");
		else
			status = check_new(c, point, err);
	}
	jv_free(doc);
	return status;
}

static const struct observation *
find_trial(const struct campaign *c, const char *which, struct err *err)
{
	const struct observation *o;
	int64_t id;

	if (strcmp(which, "best") == 0) {
		if ((o = state_find_best(c->state)) == NULL)
			err_set(err, LO_REFUSED, "--replicate best: no trial "
			    "has ended ok yet");
		return o;
	}
	if (!num_read_int(which, strlen(which), &id) || id < 1) {
		err_set(err, LO_USAGE, "--replicate: expected a trial id or "
		    "best, got %s", which);
		return NULL;
	}
	if ((o = state_observation(c->state, id)) == NULL)
		err_set(err, LO_REFUSED, "--replicate: no observed trial "
		    "%lld", (long long)id);
	return o;
}

const struct observation *
given_trial(const struct campaign *c, const char *which, struct err *err)
{
	const struct observation *o = find_trial(c, which, err);

	if (o == NULL || o->usable)
		return o;
	err_set(err, LO_REFUSED, "--replicate: the params of trial %lld do "
	    "not fit parameter_space.json", (long long)o->id);
	return NULL;
}

void
given_decision(const struct campaign *c, const char *strategy,
    const char *key, int64_t of, struct buf *out)
{
	bool warm = (int64_t)c->state->nobs <
	    c->c.config->initial_random_trials;
	struct jw w;

	jw_init(&w, out, JW_LOG);
	jw_object(&w);
	JW_KEY(&w, "strategy", text, strategy);
	jw_key(&w, "surrogate_backend");
	jw_null(&w);
	if (of > 0)
		JW_KEY(&w, key, int, of);
	jw_key(&w, "constraint_status");
	jw_object(&w);
	JW_KEY(&w, "enabled", bool, c->c.constraints != NULL);
	JW_KEY(&w, "phase", text, warm ? "initial-random" :
	    "candidate-pool");
	JW_KEY(&w, "requested", int, 1);
	JW_KEY(&w, "accepted", int, 1);
	JW_KEY(&w, "attempted", int, 1);
	JW_KEY(&w, "rejected", int, 0);
	JW_KEY(&w, "feasible_ratio", real, 1.0);
	jw_key(&w, "reject_counts");
	jw_object(&w);
	jw_end(&w);
	jw_key(&w, "warning");
	jw_null(&w);
	jw_end(&w);
	jw_end(&w);
	jw_release(&w);
}
