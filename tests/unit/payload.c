/* payload: normalization, the copy that is kept, every refusal. */
#include "documents.h"

#include <math.h>

#include "contract/payload.h"

#define SPACE "{'parameters':[" \
	"{'name':'lr','type':'float','bounds':[0,1]}," \
	"{'name':'depth','type':'int','bounds':[1,8]}," \
	"{'name':'opt','type':'categorical','choices':['adam','sgd',1.0]}," \
	"{'name':'mom','type':'float','bounds':[0,1],'when':{'opt':'sgd'}}]}"
#define OBJECTIVES "{'primary_objective':{'name':'loss','direction':" \
	"'minimize'},'secondary_objectives':[{'name':'acc','direction':" \
	"'maximize'}]}"
#define PARAMS "'params':{'lr':0.5,'depth':4,'opt':'adam'}"
#define OK(more) "{'trial_id':3," PARAMS \
	",'objectives':{'loss':1,'acc':0.5}" more "}"
#define BAD(status, more) "{'trial_id':3," PARAMS \
	",'objectives':{'loss':null,'acc':null},'status':'" status "'" more "}"

struct contracts {
	struct space *space;
	struct objectives *objectives;
};

static struct contracts
contracts(void)
{
	struct contracts c = {
		make_space(SPACE), make_objectives(OBJECTIVES)
	};

	return c;
}

static void
contracts_free(struct contracts *c)
{
	space_free(c->space);
	objectives_free(c->objectives);
}

static struct payload *
try_payload(const struct contracts *c, const char *text, struct err *err)
{
	struct document d = document(text);
	struct payload *p = payload_from_json(d.v, "<stdin>:7", c->space,
	    c->objectives, err);

	document_free(&d);
	return p;
}

static struct payload *
make_payload(const char *text)
{
	struct contracts c = contracts();
	struct err err = { 0, "" };
	struct payload *p = try_payload(&c, text, &err);

	if (p == NULL)
		fail_msg("%s", err.text);
	contracts_free(&c);
	return p;
}

static void
test_minimal(void **state)
{
	struct payload *p = make_payload(OK(""));

	(void)state;
	assert_int_equal(p->trial_id, 3);
	assert_int_equal(p->status, TRIAL_OK);
	assert_false(p->legacy_success);
	assert_true(p->point[0] == 0.5 && p->point[1] == 4 &&
	    p->point[2] == 0 && isnan(p->point[3]));
	assert_true(p->y[0] == 1 && p->y[1] == 0.5);
	assert_false(p->has_penalty || p->has_runtime ||
	    p->has_heartbeat_at);
	assert_null(p->terminal_reason);
	assert_null(p->heartbeat_note);
	assert_null(p->lease_token);
	assert_null(p->schema_version);
	assert_int_equal(jv_get_kind(p->heartbeat_meta), JV_KIND_INVALID);
	assert_int_equal(jv_object_length(jv_copy(p->extra)), 0);
	payload_free(p);
	payload_free(NULL);
}

static void
test_every_field(void **state)
{
	struct payload *p = make_payload(BAD("timeout",
	    ",'terminal_reason':'slow','penalty_objective':-2.5,"
	    "'runtime_seconds':0,'heartbeat_at':1.5,'heartbeat_note':'x',"
	    "'heartbeat_meta':{'a':[1]},'lease_token':'abc',"
	    "'schema_version':'0.3.0','note':'mine','host':{'n':1}"));

	(void)state;
	assert_int_equal(p->status, TRIAL_TIMEOUT);
	assert_true(isnan(p->y[0]) && isnan(p->y[1]));
	assert_string_equal(p->terminal_reason, "slow");
	assert_true(p->has_penalty && p->penalty == -2.5);
	assert_true(p->has_runtime && p->runtime == 0);
	assert_true(p->has_heartbeat_at && p->heartbeat_at == 1.5);
	assert_string_equal(p->heartbeat_note, "x");
	assert_int_equal(jv_get_kind(p->heartbeat_meta), JV_KIND_OBJECT);
	assert_string_equal(p->lease_token, "abc");
	assert_string_equal(p->schema_version, "0.3.0");
	assert_int_equal(jv_object_length(jv_copy(p->extra)), 2);
	payload_free(p);
}

/* null is the same as absent in what is optional. */
static void
test_nulls(void **state)
{
	struct payload *p = make_payload(OK(",'penalty_objective':null,"
	    "'runtime_seconds':null,'heartbeat_at':null,"
	    "'heartbeat_note':null,'heartbeat_meta':null,"
	    "'lease_token':null,'schema_version':null,"
	    "'terminal_reason':null,'failure_reason':null"));

	(void)state;
	assert_false(p->has_penalty || p->has_runtime ||
	    p->has_heartbeat_at);
	assert_null(p->lease_token);
	assert_int_equal(jv_object_length(jv_copy(p->extra)), 0);
	payload_free(p);
}

static void
test_statuses(void **state)
{
	struct payload *p = make_payload(OK(",'status':'ok'"));

	(void)state;
	assert_int_equal(p->status, TRIAL_OK);
	assert_false(p->legacy_success);
	payload_free(p);
	p = make_payload(OK(",'status':'success'"));
	assert_int_equal(p->status, TRIAL_OK);
	assert_true(p->legacy_success);
	payload_free(p);
	p = make_payload(BAD("failed", ""));
	assert_int_equal(p->status, TRIAL_FAILED);
	payload_free(p);
	p = make_payload(BAD("killed", ""));
	assert_int_equal(p->status, TRIAL_KILLED);
	payload_free(p);
}

static void
expect_reason(const char *text, const char *reason)
{
	struct payload *p = make_payload(text);

	if (reason == NULL)
		assert_null(p->terminal_reason);
	else
		assert_string_equal(p->terminal_reason, reason);
	assert_int_equal(jv_object_length(jv_copy(p->extra)), 0);
	payload_free(p);
}

/* Trimmed; failure_reason is the older name; empty says the status; with ok
 * there is none. */
static void
test_reasons(void **state)
{
	(void)state;
	expect_reason(BAD("failed", ",'terminal_reason':' \\t exit=3 \\n'"),
	    "exit=3");
	expect_reason(BAD("failed", ",'failure_reason':'  oom'"), "oom");
	expect_reason(BAD("failed", ",'terminal_reason':'new',"
	    "'failure_reason':'old'"), "new");
	expect_reason(BAD("failed", ",'terminal_reason':'  ',"
	    "'failure_reason':'old'"), "old");
	expect_reason(BAD("failed", ",'terminal_reason':null,"
	    "'failure_reason':'old'"), "old");
	expect_reason(BAD("failed", ""), "status=failed");
	expect_reason(BAD("killed", ",'terminal_reason':''"),
	    "status=killed");
	expect_reason(BAD("timeout", ",'failure_reason':' \\r\\n '"),
	    "status=timeout");
	expect_reason(OK(",'terminal_reason':'x','failure_reason':'y'"),
	    NULL);
}

/* Inactive params are dropped, bounds are those of the trial, 4.0 is 4 and
 * the choice 1.0 may be said as 1. */
static void
test_params(void **state)
{
	struct payload *p = make_payload("{'trial_id':1.0,'params':{'lr':7,"
	    "'depth':4.0,'opt':1,'mom':'junk'},"
	    "'objectives':{'acc':1,'loss':2}}");

	(void)state;
	assert_int_equal(p->trial_id, 1);
	assert_true(p->point[0] == 7 && p->point[1] == 4 &&
	    p->point[2] == 2 && isnan(p->point[3]));
	assert_true(p->y[0] == 2 && p->y[1] == 1);
	payload_free(p);
}

static void
test_trial_id(void **state)
{
	static const struct refusal refused[] = {
		{ "3", "f: .: expected an object, got 3" },
		{ "{}", "f: .trial_id: missing, expected an integer >= 1" },
		{ "{'trial_id':0}",
		    "f: .trial_id: expected an integer >= 1, got 0" },
		{ "{'trial_id':1.5}",
		    "f: .trial_id: expected an integer >= 1, got 1.5" },
		{ "{'trial_id':'1'}",
		    "f: .trial_id: expected an integer >= 1, got '1'" },
		{ "{'trial_id':true}",
		    "f: .trial_id: expected an integer >= 1, got true" },
	};
	struct document d = document("{'trial_id':12}");
	struct err err;
	int64_t id = 0;
	size_t i;

	(void)state;
	assert_int_equal(payload_trial_id(d.v, "f", &id, &err), 0);
	assert_int_equal(id, 12);
	document_free(&d);
	for (i = 0; i < LENGTH(refused); i++) {
		d = document(refused[i].text);
		assert_refused(payload_trial_id(d.v, "f", &id, &err) != 0,
		    &err, &refused[i]);
		document_free(&d);
	}
}

#define AT "<stdin>:7: trial 3: "
#define WITH(params, objectives) "{'trial_id':3,'params':" params \
	",'objectives':" objectives "}"
#define GOOD "{'lr':0.5,'depth':4,'opt':'adam'}"

static const struct refusal refused[] = {
	{ "[]", "<stdin>:7: .: expected an object, got []" },
	{ "{'trial_id':-3}",
	    "<stdin>:7: .trial_id: expected an integer >= 1, got -3" },
	{ OK(",'status':'done'"), AT ".status: expected 'ok', 'failed', "
	    "'killed' or 'timeout', got 'done'" },
	{ OK(",'status':null"), AT ".status: expected 'ok', 'failed', "
	    "'killed' or 'timeout', got null" },
	{ OK(",'status':'ok\\u0000'"),
	    AT ".status: NUL character in a string" },
	{ OK(",'status':1"), AT ".status: expected 'ok', 'failed', 'killed' "
	    "or 'timeout', got 1" },
	{ "{'trial_id':3}", AT ".params: missing, expected an object" },
	{ WITH("{'lr':0.5,'depth':4}", "{}"), AT ".params.opt: missing, "
	    "expected one of 'adam', 'sgd', 1.0" },
	{ WITH("{'lr':'x','depth':4,'opt':'adam'}", "{}"),
	    AT ".params.lr: expected a number, got 'x'" },
	{ WITH("{'lr':1,'wd':1}", "{}"), AT ".params.wd: unknown parameter, "
	    "expected one of lr, depth, opt, mom" },
	{ "{'trial_id':3,'params':" GOOD "}",
	    AT ".objectives: missing, expected an object" },
	{ WITH(GOOD, "[1,2]"),
	    AT ".objectives: expected an object, got [1,2]" },
	{ WITH(GOOD, "{'loss':1}"), AT ".objectives.acc: missing, expected a "
	    "finite number with status ok" },
	{ WITH(GOOD, "{'loss':1,'acc':null}"), AT ".objectives.acc: expected "
	    "a finite number with status ok, got null" },
	{ WITH(GOOD, "{'loss':'1','acc':2}"), AT ".objectives.loss: expected "
	    "a finite number with status ok, got '1'" },
	{ WITH(GOOD, "{'loss':1,'acc':1,'f1':1}"), AT ".objectives.f1: "
	    "unknown objective, expected exactly loss, acc" },
	{ "{'trial_id':3," PARAMS ",'status':'failed','objectives':"
	    "{'loss':1,'acc':null}}", AT ".objectives.loss: expected null "
	    "with status failed, got 1" },
	{ "{'trial_id':3," PARAMS ",'status':'killed','objectives':"
	    "{'loss':null}}", AT ".objectives.acc: missing, expected null "
	    "with status killed" },
	{ "{'trial_id':3," PARAMS ",'status':'failed'}",
	    AT ".objectives: missing, expected an object" },
	{ OK(",'penalty_objective':1"),
	    AT ".penalty_objective: expected none with status ok, got 1" },
	{ BAD("failed", ",'penalty_objective':'1'"),
	    AT ".penalty_objective: expected a finite number, got '1'" },
	{ OK(",'runtime_seconds':-0.5"),
	    AT ".runtime_seconds: expected a number >= 0, got -0.5" },
	{ OK(",'runtime_seconds':'1'"),
	    AT ".runtime_seconds: expected a finite number, got '1'" },
	{ BAD("failed", ",'terminal_reason':3"),
	    AT ".terminal_reason: expected a string, got 3" },
	{ OK(",'failure_reason':[]"),
	    AT ".failure_reason: expected a string, got []" },
	{ OK(",'heartbeat_at':'now'"),
	    AT ".heartbeat_at: expected a finite number, got 'now'" },
	{ OK(",'heartbeat_note':1"),
	    AT ".heartbeat_note: expected a string, got 1" },
	{ OK(",'heartbeat_meta':[1]"),
	    AT ".heartbeat_meta: expected an object, got [1]" },
	{ OK(",'lease_token':''"),
	    AT ".lease_token: expected a non-empty token, got ''" },
	{ OK(",'lease_token':7"),
	    AT ".lease_token: expected a string, got 7" },
	{ OK(",'schema_version':3"),
	    AT ".schema_version: expected a string, got 3" },
	{ OK(",'schema_version':'0.3'"), AT ".schema_version: expected a "
	    "version such as '0.3.0', got '0.3'" },
};

static void
test_refusals(void **state)
{
	struct contracts c = contracts();
	struct err err;
	size_t i;

	(void)state;
	for (i = 0; i < LENGTH(refused); i++)
		assert_refused(try_payload(&c, refused[i].text, &err) ==
		    NULL, &err, &refused[i]);
	contracts_free(&c);
}

/* Values that JSON text cannot hold, from who builds the document. */
static void
test_not_finite(void **state)
{
	static const char want[] = AT ".objectives.loss: expected a finite "
	    "number with status ok, got ";
	struct contracts c = contracts();
	struct document d = document(OK(""));
	struct err err = { 0, "" };
	jv path = JV_ARRAY(jv_string("objectives"), jv_string("loss"));

	(void)state;
	d.v = jv_setpath(d.v, path, jv_number(INFINITY));
	if (payload_from_json(d.v, "<stdin>:7", c.space, c.objectives,
	    &err) != NULL)
		fail_msg("accepted");
	assert_memory_equal(err.text, want, strlen(want));
	document_free(&d);
	contracts_free(&c);
}

static void
test_versions(void **state)
{
	static const struct {
		const char *text;
		bool good;
	} version[] = {
		{ "0.3.0", true }, { "10.20.30", true },
		{ "1.0.0-rc.1", true }, { "1.0.0-0.x-y.7+build.05", true },
		{ "1.0.0+001", true }, { "1.0.0+b", true },
		{ "", false }, { "1", false },
		{ "1.2", false }, { "1.2.3.4", false }, { "v1.2.3", false },
		{ "01.2.3", false }, { "1.02.3", false },
		{ "1.2.3-", false }, { "1.2.3-a..b", false },
		{ "1.2.3-01", false }, { "1.2.3+", false },
		{ "1.2.3 ", false }, { "1.-2.3", false },
	};
	struct contracts c = contracts();
	struct err err;
	size_t i;

	(void)state;
	for (i = 0; i < LENGTH(version); i++) {
		char *text = xasprintf(OK(",'schema_version':'%s'"),
		    version[i].text);
		struct payload *p = try_payload(&c, text, &err);

		if ((p != NULL) != version[i].good)
			fail_msg("%s", version[i].text);
		payload_free(p);
		free(text);
	}
	contracts_free(&c);
}

static void
expect_copy(const char *text, const char *copy)
{
	struct contracts c = contracts();
	struct payload *p = make_payload(text);
	/* the pending trial's, not the payload's */
	static const double point[] = { 0.25, 4, 2, NAN };
	struct buf out = BUF_INIT;

	payload_write(p, c.space, c.objectives, point, &out);
	assert_string_equal(buf_str(&out), copy);
	buf_release(&out);
	payload_free(p);
	contracts_free(&c);
}

#define COPY_PARAMS "  \"params\": {\n    \"lr\": 0.25,\n    \"depth\": 4,\n" \
	"    \"opt\": 1.0\n  },\n"

/* Normalized: success is ok, reasons of ok are gone, so is the token;
 * unknown keys stay. */
static void
test_copy(void **state)
{
	(void)state;
	expect_copy(OK(",'status':'success','terminal_reason':'x',"
	    "'lease_token':'t','mine':{'n':[1,2.5]},'runtime_seconds':3"),
	    "{\n  \"trial_id\": 3,\n" COPY_PARAMS
	    "  \"objectives\": {\n    \"loss\": 1.0,\n    \"acc\": 0.5\n"
	    "  },\n  \"status\": \"ok\",\n  \"runtime_seconds\": 3.0,\n"
	    "  \"mine\": {\n    \"n\": [\n      1,\n      2.5\n    ]\n"
	    "  }\n}\n");
	expect_copy(BAD("failed", ",'schema_version':'0.3.0',"
	    "'failure_reason':' oom ','penalty_objective':9,"
	    "'heartbeat_at':5,'heartbeat_note':'n','heartbeat_meta':{'k':1}"),
	    "{\n  \"schema_version\": \"0.3.0\",\n  \"trial_id\": 3,\n"
	    COPY_PARAMS "  \"objectives\": {\n    \"loss\": null,\n"
	    "    \"acc\": null\n  },\n  \"status\": \"failed\",\n"
	    "  \"terminal_reason\": \"oom\",\n"
	    "  \"penalty_objective\": 9.0,\n  \"heartbeat_at\": 5.0,\n"
	    "  \"heartbeat_note\": \"n\",\n  \"heartbeat_meta\": {\n"
	    "    \"k\": 1\n  }\n}\n");
}

static void
test_params_diff(void **state)
{
	static const double a[] = { 0.5, 4, 0, NAN }, b[] = { 0.5, 4, 0, NAN },
	    c[] = { 0.25, 5, 1, 0.75 };
	struct space *s = make_space(SPACE);
	struct buf out = BUF_INIT;

	(void)state;
	assert_int_equal(payload_params_diff(s, a, b, &out), 0);
	assert_string_equal(buf_str(&out), "");
	assert_int_equal(payload_params_diff(s, a, c, &out), 4);
	assert_string_equal(buf_str(&out), "lr: expected 0.5, got 0.25; "
	    "depth: expected 4, got 5; opt: expected \"adam\", got \"sgd\"; "
	    "mom: expected nothing (inactive), got 0.75");
	buf_cut(&out, 0);
	assert_int_equal(payload_params_diff(s, c, a, &out), 4);
	assert_non_null(strstr(buf_str(&out),
	    "mom: expected 0.75, got nothing (inactive)"));
	buf_release(&out);
	space_free(s);
}

static void
test_params_match(void **state)
{
	static const char *const same[] = {
		"{'trial_id':3," PARAMS "}",
		"{'trial_id':3,'params':{'opt':'adam','depth':4.0,'lr':0.5,"
		    "'mom':'whatever'}}",
	};
	static const struct refusal differs[] = {
		{ "{'trial_id':3,'params':7}",
		    "f: trial 3: .params: expected an object, got 7" },
		{ "{'params':{}}",
		    "f: .trial_id: missing, expected an integer >= 1" },
		{ "{'trial_id':3,'params':{'lr':'0.5','opt':'sgd','mom':1,"
		    "'x':1}}", "f: trial 3: .params: lr: expected 0.5, got "
		    "'0.5'; depth: expected 4, got nothing; opt: expected "
		    "'adam', got 'sgd'; x: unknown parameter" },
		{ "{'trial_id':3,'params':{'lr':0.5,'depth':4,'opt':'adam',"
		    "'x':1}}", "f: trial 3: .params: x: unknown parameter" },
		{ "{'trial_id':3,'params':{'lr':0.25,'depth':4,'opt':"
		    "'adam'}}", "f: trial 3: .params: lr: expected 0.5, got "
		    "0.25" },
	};
	static const double expected[] = { 0.5, 4, 0, NAN };
	struct space *s = make_space(SPACE);
	struct document d;
	struct err err = { 0, "" };
	size_t i;

	(void)state;
	for (i = 0; i < LENGTH(same); i++) {
		d = document(same[i]);
		if (payload_params_match(d.v, "f", s, expected, &err) != 0)
			fail_msg("%s", err.text);
		document_free(&d);
	}
	for (i = 0; i < LENGTH(differs); i++) {
		d = document(differs[i].text);
		assert_refused(payload_params_match(d.v, "f", s, expected,
		    &err) != 0, &err, &differs[i]);
		document_free(&d);
	}
	space_free(s);
}

/* The trial may be older than the bounds. */
static void
test_params_match_outside_bounds(void **state)
{
	static const double expected[] = { 7, 4, 0, NAN };
	struct space *s = make_space(SPACE);
	struct document d = document("{'trial_id':3,'params':{'lr':7,"
	    "'depth':4,'opt':'adam'}}");
	struct err err;

	(void)state;
	assert_int_equal(payload_params_match(d.v, "f", s, expected, &err),
	    0);
	document_free(&d);
	space_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_minimal),
		cmocka_unit_test(test_every_field),
		cmocka_unit_test(test_nulls),
		cmocka_unit_test(test_statuses),
		cmocka_unit_test(test_reasons),
		cmocka_unit_test(test_params),
		cmocka_unit_test(test_trial_id),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_not_finite),
		cmocka_unit_test(test_versions),
		cmocka_unit_test(test_copy),
		cmocka_unit_test(test_params_diff),
		cmocka_unit_test(test_params_match),
		cmocka_unit_test(test_params_match_outside_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
