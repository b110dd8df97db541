/* replay_suggest: a suggestion made again.  See replay.h. */
#include <math.h>
#include <string.h>

#include "contract/point.h"
#include "ops/propose.h"
#include "ops/propose_rows.h"
#include "store/json.h"

#include "compare.h"
#include "replay.h"

/* What was asked for, if not what the configuration has. */
static enum surrogate_type
type_of(const struct replay *r, jv decision)
{
	jv reason = member_of(decision, "fallback_reason");
	jv status = member_of(decision, "constraint_status");
	bool plain = jv_get_kind(reason) != JV_KIND_STRING;
	bool gp = !plain && strstr(jv_string_value(reason), "gp") != NULL;
	bool fallback = log_says(status, "phase", "fallback-random");

	jv_free(reason);
	jv_free(status);
	if (gp || log_says(decision, "surrogate_backend", "gp"))
		return SURROGATE_GP;
	if (log_says(decision, "surrogate_backend", "rbf_proxy"))
		return SURROGATE_RBF_PROXY;
	return plain && fallback ? SURROGATE_RANDOM :
	    r->now->c.config->surrogate;
}

static jv
params_of(const struct space *space, const double *point)
{
	struct buf text = BUF_INIT;
	struct jw w;
	struct err err;
	jv v;

	if (point == NULL)
		return jv_invalid();
	jw_init(&w, &text, JW_COMPACT);
	point_write(space, point, &w);
	jw_release(&w);
	v = json_parse(text.p, text.len, "params", &err);
	buf_release(&text);
	return v;
}

/* The largest share of its range by which a parameter is off. */
static double
deviation(const struct space *s, const double *a, const double *b)
{
	double largest = 0, u, v, off;
	size_t i;

	for (i = 0; i < s->n; i++) {
		u = rows_coordinate(&s->param[i], a[i]);
		v = b != NULL ? rows_coordinate(&s->param[i], b[i]) : NAN;
		off = isnan(u) && isnan(v) && b != NULL ? 0 : fabs(u - v);
		if (!(off <= largest))
			largest = isnan(off) ? INFINITY : off;
	}
	return largest;
}

static void
compare_proposal(struct replay *r, int64_t id, jv expected,
    const struct proposal *p)
{
	const struct space *space = r->now->c.space;
	struct compare c = { .trial = id, .path = BUF_INIT };
	struct err err;
	double off = deviation(space, history_point(r, id), p->point);
	jv got = p->decision.len > 0 ? json_parse(p->decision.p,
	    p->decision.len, "decision", &err) : jv_object();

	compare_below(&c, "params", params_of(space, history_point(r, id)),
	    params_of(space, p->point));
	/* another release may well do the same */
	got = jv_object_delete(got, jv_string("version"));
	compare_values(&c, jv_object_delete(jv_copy(expected),
	    jv_string("version")), got);
	r->replayed++;
	r->same += c.differences == 0;
	r->beyond += c.differences > 0 && !(off <= r->tolerance);
	if (off > r->largest)
		r->largest = off;
	buf_release(&c.path);
}

void
suggest_again(struct replay *r, int64_t id)
{
	jv decision = log_decision(r, id), model;
	struct proposal p;
	struct err err;

	if (!jv_is_valid(decision) || log_says(decision, "strategy", "user") ||
	    log_says(decision, "strategy", "replicate") ||
	    log_says(decision, "strategy", "retry")) {
		r->passed_over++;
		jv_free(decision);
		return;
	}
	if (propose(r->now, id, type_of(r, decision), &p, &err) != 0)
		replay_die("propose", err.text);
	compare_proposal(r, id, decision, &p);
	model = member_of(decision, "model");
	if (!jv_is_valid(model) &&
	    log_says(decision, "surrogate_backend", "gp"))
		model = jv_copy(p.model);	/* none was told then */
	if (log_says(decision, "search_phase", "local"))
		jv_free(model);		/* the state keeps its own */
	else
		history_remember(r, "model", model);
	proposal_release(&p);
	jv_free(decision);
}
