/* rig: a campaign in memory, asked for proposals. */
#ifndef TESTS_UNIT_RIG_H
#define TESTS_UNIT_RIG_H

#include <math.h>
#include <stdio.h>

#include "campaign/campaign.h"
#include "contract/encode.h"
#include "contract/point.h"
#include "ops/propose.h"

#include "documents.h"

#define MIXED "{'parameters':[" \
	"{'name':'x','type':'float','bounds':[-1,3]}," \
	"{'name':'rate','type':'float','bounds':[0.0001,1],'scale':'log'}," \
	"{'name':'n','type':'int','bounds':[1,9]}," \
	"{'name':'fast','type':'bool'}," \
	"{'name':'opt','type':'categorical'," \
	"'choices':['a','b','c','d','e']}]}"
#define PLANE "{'parameters':[" \
	"{'name':'x','type':'float','bounds':[0,1]}," \
	"{'name':'y','type':'float','bounds':[0,1]}]}"
/* 3 points with mode a, 2 * 4 with mode b, 1 with mode c, all times 2. */
#define TREE "{'parameters':[" \
	"{'name':'mode','type':'categorical','choices':['a','b','c']}," \
	"{'name':'k','type':'int','bounds':[1,3],'when':{'mode':'a'}}," \
	"{'name':'deep','type':'bool','when':{'mode':'b'}}," \
	"{'name':'m','type':'int','bounds':[0,3],'when':{'mode':'b'}}," \
	"{'name':'flag','type':'bool'}]}"
#define TREE_POINTS 24

/* A campaign in memory. */
struct rig {
	struct campaign c;
	int64_t last;		/* trial id given out */
};

struct recipe {
	const char *config, *space, *constraints;
	bool maximize;
};

static inline struct rig
make_rig(const struct recipe *r)
{
	struct rig rig = { .last = 0 };
	struct contracts *c = &rig.c.c;
	struct document d = document(r->config != NULL ? r->config : "{}");
	struct err err;

	c->config = config_from_json(d.v, "config", &err);
	if (c->config == NULL)
		fail_msg("%s", err.text);
	document_free(&d);
	c->space = make_space(r->space);
	c->objectives = make_objectives(r->maximize ?
	    "{'primary_objective':{'name':'f','direction':'maximize'}}" :
	    "{'primary_objective':{'name':'f','direction':'minimize'}}");
	if (r->constraints != NULL) {
		d = document(r->constraints);
		c->constraints = constraints_from_json(d.v, c->space,
		    "constraints", &err);
		if (c->constraints == NULL)
			fail_msg("%s", err.text);
		document_free(&d);
	}
	rig.c.state = state_new(c->space, c->objectives, 1000);
	return rig;
}

static inline void
free_rig(struct rig *rig)
{
	state_free(rig->c.state);
	constraints_free(rig->c.c.constraints);
	objectives_free(rig->c.c.objectives);
	space_free(rig->c.c.space);
	config_free(rig->c.c.config);
}

static inline void
write_trial(const struct rig *rig, int64_t id, const double *point,
    struct buf *out)
{
	struct jw w;

	jw_init(&w, out, JW_COMPACT);
	point_write(rig->c.c.space, point, &w);
	jw_release(&w);
	buf_addf(out, ",\"trial_id\":%lld,\"suggested_at\":1000.5",
	    (long long)id);
}

/* Put an observation into the state; NaN: failed. */
static inline void
observe(struct rig *rig, int64_t id, const double *point, double value)
{
	struct buf text = BUF_INIT;
	struct err err;

	buf_adds(&text, "{\"params\":");
	write_trial(rig, id, point, &text);
	if (isnan(value))
		buf_adds(&text, ",\"objectives\":{\"f\":null},\"status\":"
		    "\"failed\",\"completed_at\":1001.5}");
	else
		buf_addf(&text, ",\"objectives\":{\"f\":%.17g},\"status\":"
		    "\"ok\",\"completed_at\":1001.5}", value);
	if (state_put_observation(rig->c.state, &text, &err) != 0)
		fail_msg("%s", err.text);
}

static inline void
reserve(struct rig *rig, int64_t id, const double *point)
{
	struct buf text = BUF_INIT;
	struct err err;
	jv doc;

	buf_adds(&text, "{\"params\":");
	write_trial(rig, id, point, &text);
	buf_addc(&text, '}');
	doc = json_parse(text.p, text.len, "pending", &err);
	if (state_add_pending(rig->c.state, doc, &err) != 0)
		fail_msg("%s", err.text);
	buf_release(&text);
}

static inline struct proposal
ask_as(struct rig *rig, enum surrogate_type type)
{
	struct proposal p;
	struct err err;

	assert_int_equal(propose(&rig->c, ++rig->last, type, &p, &err), 0);
	return p;
}

static inline struct proposal
ask(struct rig *rig)
{
	return ask_as(rig, rig->c.c.config->surrogate);
}

/* Something smooth that every space has. */
static inline double
hill(const struct rig *rig, const double *point)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < rig->c.c.space->n; i++)
		if (!isnan(point[i]))
			sum += (point[i] - 0.7) * (point[i] - 0.7);
	return sum;
}

/* n trials, every fifth failing. */
static inline void
run(struct rig *rig, int n)
{
	struct proposal p;

	for (; n > 0; n--) {
		p = ask(rig);
		assert_non_null(p.point);
		observe(rig, rig->last, p.point, rig->last % 5 == 0 ? NAN :
		    hill(rig, p.point));
		proposal_release(&p);
	}
}

/* ---------------------------------------------------- decisions */

static inline jv
decision(const struct proposal *p)
{
	struct err err;
	jv v = json_parse(p->decision.p, p->decision.len, "decision", &err);

	if (!jv_is_valid(v))
		fail_msg("%s", err.text);
	return v;
}

/* A member, or a member of constraint_status as "constraint_status.X". */
static inline jv
member(const struct proposal *p, const char *path)
{
	const char *dot = strchr(path, '.');
	jv v = decision(p);

	if (dot == NULL)
		return jv_object_get(v, jv_string(path));
	return jv_object_get(jv_object_get(v, jv_string("constraint_status")),
	    jv_string(dot + 1));
}

static inline double
number(const struct proposal *p, const char *path)
{
	jv v = member(p, path);
	double x;

	assert_int_equal(jv_get_kind(v), JV_KIND_NUMBER);
	x = jv_number_value(v);
	jv_free(v);
	return x;
}

/* text NULL: null or absent. */
static inline void
assert_text(const struct proposal *p, const char *path, const char *text)
{
	jv v = member(p, path);

	if (text == NULL) {
		if (jv_get_kind(v) == JV_KIND_STRING)
			fail_msg("%s: %s", path, jv_string_value(v));
	} else {
		assert_int_equal(jv_get_kind(v), JV_KIND_STRING);
		assert_string_equal(jv_string_value(v), text);
	}
	jv_free(v);
}

static inline void
assert_random(const struct proposal *p, const char *phase,
    const char *reason)
{
	assert_non_null(p->point);
	assert_text(p, "strategy", "initial_random");
	assert_text(p, "surrogate_backend", NULL);
	assert_text(p, "constraint_status.phase", phase);
	assert_text(p, "fallback_reason", reason);
	assert_true(number(p, "constraint_status.requested") == 1);
}

static inline void
assert_modelled(const struct proposal *p, const char *reason)
{
	assert_non_null(p->point);
	assert_text(p, "strategy", "surrogate_acquisition");
	assert_text(p, "surrogate_backend", "rbf_proxy");
	assert_text(p, "constraint_status.phase", "candidate-pool");
	assert_text(p, "fallback_reason", reason);
}

static inline double
sum_of_rejects(const struct proposal *p)
{
	jv v = member(p, "constraint_status.reject_counts");
	double sum = 0;
	int i;

	for (i = jv_object_iter(v); jv_object_iter_valid(v, i);
	    i = jv_object_iter_next(v, i)) {
		jv count = jv_object_iter_value(v, i);

		assert_true(jv_number_value(count) > 0);
		sum += jv_number_value(count);
	}
	jv_free(v);
	return sum;
}

/* What must hold of every account. */
static inline void
assert_account(const struct rig *rig, const struct proposal *p)
{
	double requested = number(p, "constraint_status.requested");
	double accepted = number(p, "constraint_status.accepted");
	double attempted = number(p, "constraint_status.attempted");
	double rejected = number(p, "constraint_status.rejected");
	double pool = (double)rig->c.c.config->candidate_pool_size;

	assert_true(requested == 1 || requested == pool);
	assert_true(accepted <= requested);
	assert_true(attempted <= fmax(pool, 8 * requested));
	assert_true(rejected == attempted - accepted);
	assert_true(rejected == sum_of_rejects(p));
	assert_true(number(p, "constraint_status.feasible_ratio") ==
	    accepted / attempted);
	if (rig->c.c.constraints == NULL)
		assert_true(attempted == requested && accepted == requested);
	if (accepted < requested && accepted < attempted && accepted > 0)
		assert_non_null(p->warning);
	else
		assert_null(p->warning);
	assert_text(p, "constraint_status.warning", p->warning);
}

#endif
