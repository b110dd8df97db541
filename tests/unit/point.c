/* point: reading and writing params, inactive ones, equality, values. */
#include "documents.h"

#include <math.h>

#include "contract/point.h"

#define SPACE "{'parameters':[" \
	"{'name':'lr','type':'float','bounds':[1e-4,1]}," \
	"{'name':'depth','type':'int','bounds':[1,8]}," \
	"{'name':'amp','type':'bool'}," \
	"{'name':'opt','type':'categorical','choices':['sgd','1',1.0,2]}," \
	"{'name':'mom','type':'float','bounds':[0,1]," \
	"'when':{'opt':'sgd','amp':true}}," \
	"{'name':'deep','type':'bool','when':{'mom2':5}}," \
	"{'name':'mom2','type':'int','bounds':[5,6],'when':{'opt':[2,'sgd']}}" \
	"]}"
#define N 7

static int
read_point(const struct space *s, const char *text, enum point_rule rule,
    double *point, struct err *err)
{
	struct document d = document(text);
	struct json root = json_root(d.v, "p");
	struct json params = json_member(&root, "params");
	int status = point_from_json(s, &params, rule, point, err);

	document_free(&d);
	return status;
}

static void
expect_point(const char *text, const double *want)
{
	struct space *s = make_space(SPACE);
	struct err err = { 0, "" };
	double got[N];
	int i;

	if (read_point(s, text, POINT_STRICT, got, &err) != 0)
		fail_msg("%s", err.text);
	for (i = 0; i < N; i++)
		if (isnan(want[i]) ? !isnan(got[i]) : got[i] != want[i])
			fail_msg("%s: %s is %g, not %g", text,
			    s->param[i].name, got[i], want[i]);
	assert_true(point_equal(s, got, want));
	space_free(s);
}

static void
test_read(void **state)
{
	static const double all[N] = { 0.5, 4, 1, 0, 0.25, 1, 5 };
	static const double few[N] = { 1, 8, 0, 1, NAN, NAN, NAN };

	(void)state;
	expect_point("{'params':{'lr':0.5,'depth':4,'amp':true,'opt':'sgd',"
	    "'mom':0.25,'deep':true,'mom2':5}}", all);
	/* any order, 4.0 equals 4 */
	expect_point("{'params':{'mom2':5.0,'deep':true,'mom':0.25,"
	    "'opt':'sgd','amp':true,'depth':4.0,'lr':0.5}}", all);
	expect_point("{'params':{'lr':1,'depth':8,'amp':false,'opt':'1'}}",
	    few);
}

/* 1, 1.0 and "1": a number is equal by value, a string never equals it. */
static void
test_numeric_choices(void **state)
{
	static const double number[N] = { 1, 8, 0, 2, NAN, NAN, NAN };

	(void)state;
	expect_point("{'params':{'lr':1,'depth':8,'amp':false,'opt':1}}",
	    number);
	expect_point("{'params':{'lr':1,'depth':8,'amp':false,'opt':1.0}}",
	    number);
}

/* What is inactive is dropped, whatever it holds, down the whole branch. */
static void
test_inactive_dropped(void **state)
{
	static const double no_sgd[N] = { 1, 8, 1, 1, NAN, NAN, NAN };
	static const double no_amp[N] = { 1, 8, 0, 0, NAN, NAN, 6 };

	(void)state;
	expect_point("{'params':{'lr':1,'depth':8,'amp':true,'opt':'1',"
	    "'mom':'nonsense','mom2':5,'deep':true}}", no_sgd);
	expect_point("{'params':{'lr':1,'depth':8,'amp':false,'opt':'sgd',"
	    "'mom':null,'mom2':6,'deep':[]}}", no_amp);
}

static void
test_read_refusals(void **state)
{
	static const struct refusal refused[] = {
		{ "{}", "p: .params: missing, expected an object" },
		{ "{'params':[]}", "p: .params: expected an object, got []" },
		{ "{'params':{'lr':1,'foo':2}}", "p: .params.foo: unknown "
		    "parameter, expected one of lr, depth, amp, opt, mom, "
		    "deep, mom2" },
		{ "{'params':{'depth':1,'amp':true,'opt':1}}",
		    "p: .params.lr: missing, expected a number from 0.0001 "
		    "to 1" },
		{ "{'params':{'lr':null,'depth':1,'amp':true,'opt':1}}",
		    "p: .params.lr: expected a number from 0.0001 to 1, got "
		    "null" },
		{ "{'params':{'lr':'0.1','depth':1,'amp':true,'opt':1}}",
		    "p: .params.lr: expected a number from 0.0001 to 1, got "
		    "'0.1'" },
		{ "{'params':{'lr':1.5,'depth':1,'amp':true,'opt':1}}",
		    "p: .params.lr: expected a number from 0.0001 to 1, got "
		    "1.5" },
		{ "{'params':{'lr':1,'depth':0,'amp':true,'opt':1}}",
		    "p: .params.depth: expected an integer from 1 to 8, got "
		    "0" },
		{ "{'params':{'lr':1,'depth':1.5,'amp':true,'opt':1}}",
		    "p: .params.depth: expected an integer from 1 to 8, got "
		    "1.5" },
		{ "{'params':{'lr':1,'depth':1,'amp':1,'opt':1}}",
		    "p: .params.amp: expected true or false, got 1" },
		{ "{'params':{'lr':1,'depth':1,'amp':true,'opt':'2'}}",
		    "p: .params.opt: expected one of 'sgd', '1', 1.0, 2, got "
		    "'2'" },
		{ "{'params':{'lr':1,'depth':1,'amp':true,'opt':true}}",
		    "p: .params.opt: expected one of 'sgd', '1', 1.0, 2, got "
		    "true" },
		{ "{'params':{'lr':1,'depth':1,'amp':true,'opt':'sgd\\u0000'"
		    "}}", "p: .params.opt: expected one of 'sgd', '1', 1.0, "
		    "2, got 'sgd\\u0000'" },
		{ "{'params':{'lr':1,'depth':1,'amp':true,'opt':'sgd',"
		    "'mom2':5,'deep':false}}", "p: .params.mom: missing, "
		    "expected a number from 0 to 1" },
	};
	struct space *s = make_space(SPACE);
	double point[N];
	struct err err;
	size_t i;

	(void)state;
	for (i = 0; i < LENGTH(refused); i++)
		assert_refused(read_point(s, refused[i].text, POINT_STRICT,
		    point, &err) != 0, &err, &refused[i]);
	space_free(s);
}

/* Imported points may be out of bounds; types and choices still count. */
static void
test_loose(void **state)
{
	static const struct refusal refused[] = {
		{ "{'params':{'lr':1,'depth':1.5,'amp':true,'opt':1}}",
		    "p: .params.depth: expected an integer, got 1.5" },
		{ "{'params':{'lr':1,'depth':1e300,'amp':true,'opt':1}}",
		    "p: .params.depth: expected an integer, got 1e+300" },
		{ "{'params':{'lr':true,'depth':1,'amp':true,'opt':1}}",
		    "p: .params.lr: expected a number, got true" },
		{ "{'params':{'lr':1,'depth':1,'amp':true,'opt':3}}",
		    "p: .params.opt: expected one of 'sgd', '1', 1.0, 2, got "
		    "3" },
		{ "{'params':{'lr':1,'depth':1,'amp':true}}",
		    "p: .params.opt: missing, expected one of 'sgd', '1', "
		    "1.0, 2" },
	};
	struct space *s = make_space(SPACE);
	double point[N];
	struct err err;
	size_t i;

	(void)state;
	assert_int_equal(read_point(s, "{'params':{'lr':-7.5,'depth':100,"
	    "'amp':true,'opt':1}}", POINT_LOOSE, point, &err), 0);
	assert_true(point[0] == -7.5 && point[1] == 100);
	for (i = 0; i < LENGTH(refused); i++)
		assert_refused(read_point(s, refused[i].text, POINT_LOOSE,
		    point, &err) != 0, &err, &refused[i]);
	space_free(s);
}

/* A number that JSON text cannot hold, from who builds the document. */
static void
test_not_finite(void **state)
{
	struct space *s = make_space(SPACE);
	struct document d = document("{'params':{'depth':1,'amp':true,"
	    "'opt':1}}");
	struct json root, params;
	double point[N];
	struct err err;

	(void)state;
	d.v = jv_setpath(d.v, JV_ARRAY(jv_string("params"),
	    jv_string("lr")), jv_number(INFINITY));
	root = json_root(d.v, "p");
	params = json_member(&root, "params");
	assert_int_not_equal(point_from_json(s, &params, POINT_LOOSE, point,
	    &err), 0);
	document_free(&d);
	space_free(s);
}

/* More parameters than are read without an allocation. */
static void
test_many_params(void **state)
{
	struct buf text = BUF_INIT, doc = BUF_INIT;
	struct err err = { 0, "" };
	struct space *s;
	double point[100];
	int i;

	(void)state;
	for (i = 0; i < 100; i++) {
		buf_addf(&text, "%s{'name':'p%d','type':'int','bounds':"
		    "[0,99]}", i > 0 ? "," : "{'parameters':[", i);
		buf_addf(&doc, "%s'p%d':%d", i > 0 ? "," : "{'params':{",
		    99 - i, i);
	}
	buf_adds(&text, "]}");
	buf_adds(&doc, "}}");
	s = make_space(buf_str(&text));
	assert_int_equal(read_point(s, buf_str(&doc), POINT_STRICT, point,
	    &err), 0);
	for (i = 0; i < 100; i++)
		assert_true(point[i] == 99 - i);
	space_free(s);
	buf_release(&text);
	buf_release(&doc);
}

static void
test_deactivate(void **state)
{
	struct space *s = make_space(SPACE);
	double point[N] = { 1, 1, 1, 1, 0, 1, 5 };

	(void)state;
	point_deactivate(s, point);
	assert_true(point[0] == 1 && point[3] == 1);
	assert_true(isnan(point[4]) && isnan(point[6]));
	/* deep comes before mom2 in the file, and hangs on it */
	assert_true(isnan(point[5]));
	space_free(s);
}

static void
test_equality_and_hash(void **state)
{
	struct space *s = make_space(SPACE);
	double a[N] = { 0.5, 4, 0, 1, NAN, NAN, NAN };
	double b[N] = { 0.5, 4, -0.0, 1, -NAN, NAN, NAN };
	int i;

	(void)state;
	assert_true(point_equal(s, a, b));
	assert_int_equal(point_hash(s, a), point_hash(s, b));
	for (i = 0; i < N; i++) {
		double old = b[i];

		b[i] = isnan(old) ? 1 : NAN;
		assert_false(point_equal(s, a, b));
		assert_false(point_equal(s, b, a));
		assert_int_not_equal(point_hash(s, a), point_hash(s, b));
		b[i] = isnan(old) ? old : nextafter(old, 9);
		assert_int_equal(point_equal(s, a, b), isnan(old));
		b[i] = old;
	}
	space_free(s);
}

static void
expect_written(const double *point, enum jw_style style, const char *want)
{
	struct space *s = make_space(SPACE);
	struct buf out = BUF_INIT;
	struct jw w;

	jw_init(&w, &out, style);
	point_write(s, point, &w);
	jw_release(&w);
	assert_string_equal(buf_str(&out), want);
	buf_release(&out);
	space_free(s);
}

/* Floats with a point, ints without, choices in the text of the file. */
static void
test_write(void **state)
{
	static const double all[N] = { 1, 4, 1, 0, 1e-5, 0, 5 };
	static const double few[N] = { 0.1, 8, 0, 2, NAN, NAN, NAN };
	static const double text[N] = { 0.1, 8, 0, 1, NAN, NAN, NAN };

	(void)state;
	expect_written(all, JW_COMPACT, "{\"lr\":1.0,\"depth\":4,\"amp\":true,"
	    "\"opt\":\"sgd\",\"mom\":1e-05,\"deep\":false,\"mom2\":5}");
	expect_written(few, JW_PRETTY, "{\n  \"lr\": 0.1,\n  \"depth\": 8,\n"
	    "  \"amp\": false,\n  \"opt\": 1.0\n}");
	expect_written(text, JW_LOG, "{\"amp\": false, \"depth\": 8, "
	    "\"lr\": 0.1, \"opt\": \"1\"}");
}

static void
expect_text(const struct param *p, double x, const char *plain,
    const char *quoted)
{
	struct buf out = BUF_INIT;

	point_value_text(p, x, false, &out);
	assert_string_equal(buf_str(&out), plain);
	buf_cut(&out, 0);
	point_value_text(p, x, true, &out);
	assert_string_equal(buf_str(&out), quoted);
	buf_release(&out);
}

static void
test_value_text(void **state)
{
	struct space *s = make_space("{'parameters':[{'name':'x',"
	    "'type':'categorical','choices':['a \\n\\\"b',2.50]}]}");

	(void)state;
	expect_text(&s->param[0], 0, "a \n\"b", "\"a \\n\\\"b\"");
	expect_text(&s->param[0], 1, "2.50", "2.50");
	expect_text(&s->param[0], NAN, "", "null");
	space_free(s);
	s = make_space(SPACE);
	expect_text(&s->param[0], 0.01, "0.01", "0.01");
	expect_text(&s->param[0], 2, "2.0", "2.0");
	expect_text(&s->param[1], 4, "4", "4");
	expect_text(&s->param[2], 1, "true", "true");
	expect_text(&s->param[2], 0, "false", "false");
	expect_text(&s->param[3], 0, "sgd", "\"sgd\"");
	expect_text(&s->param[4], NAN, "", "null");
	space_free(s);
}

static void
test_value_read(void **state)
{
	static const struct {
		int param;
		const char *text;
		double value;
	} good[] = {
		{ 0, "0.5", 0.5 }, { 0, "1e-4", 1e-4 }, { 0, ".5", 0.5 },
		{ 1, "8", 8 }, { 1, "8.0", 8 },
		{ 2, "true", 1 }, { 2, "True", 1 }, { 2, "1", 1 },
		{ 2, "yes", 1 }, { 2, "false", 0 }, { 2, "False", 0 },
		{ 2, "0", 0 }, { 2, "no", 0 },
		{ 3, "sgd", 0 }, { 3, "\"sgd\"", 0 }, { 3, "\"1\"", 1 },
		{ 3, "1", 1 }, { 3, "1.0", 2 }, { 3, "2", 3 },
		{ 3, "2.0", 3 },
	};
	static const struct {
		int param;
		struct refusal refusal;
	} bad[] = {
		{ 0, { "", "lr: expected a number from 0.0001 to 1, got "
		    "nothing" } },
		{ 0, { "2", "lr: expected a number from 0.0001 to 1, got "
		    "2" } },
		{ 0, { "nan", "lr: expected a number from 0.0001 to 1, got "
		    "nan" } },
		{ 0, { "0,5", "lr: expected a number from 0.0001 to 1, got "
		    "0,5" } },
		{ 1, { "1.5", "depth: expected an integer from 1 to 8, got "
		    "1.5" } },
		{ 2, { "2", "amp: expected true or false, got 2" } },
		{ 3, { "3", "opt: expected one of 'sgd', '1', 1.0, 2, got "
		    "3" } },
	};
	struct space *s = make_space(SPACE);
	struct err err = { 0, "" };
	double x;
	size_t i;

	(void)state;
	for (i = 0; i < LENGTH(good); i++) {
		if (point_value_read(&s->param[good[i].param], good[i].text,
		    &x, &err) != 0)
			fail_msg("%s", err.text);
		if (x != good[i].value)
			fail_msg("%s is %g", good[i].text, x);
	}
	for (i = 0; i < LENGTH(bad); i++)
		assert_refused(point_value_read(&s->param[bad[i].param],
		    bad[i].refusal.text, &x, &err) != 0, &err,
		    &bad[i].refusal);
	space_free(s);
}

/* With both 1 and "1" as choices, only quotes ask for the string. */
static void
test_value_read_prefers_the_number(void **state)
{
	struct space *s = make_space("{'parameters':[{'name':'x',"
	    "'type':'categorical','choices':['1',1]},{'name':'y',"
	    "'type':'categorical','choices':[2.50,3]}]}");
	struct err err;
	double x;

	(void)state;
	assert_int_equal(point_value_read(&s->param[0], "1", &x, &err), 0);
	assert_true(x == 1);
	assert_int_equal(point_value_read(&s->param[0], "\"1\"", &x, &err),
	    0);
	assert_true(x == 0);
	assert_int_equal(point_value_read(&s->param[1], "2.5", &x, &err), 0);
	assert_true(x == 0);
	space_free(s);
}

static void
test_long_choice_lists_are_cut(void **state)
{
	struct refusal want = { "z", "x: expected one of 'a', 'b', 'c', 'd', "
	    "'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', ... (14 choices), got "
	    "z" };
	struct space *s = make_space("{'parameters':[{'name':'x',"
	    "'type':'categorical','choices':['a','b','c','d','e','f','g','h',"
	    "'i','j','k','l','m','n']}]}");
	struct err err;
	double x;

	(void)state;
	assert_refused(point_value_read(&s->param[0], "z", &x, &err) != 0,
	    &err, &want);
	space_free(s);
}

/* Whatever the quick reader reads, the careful one reads likewise. */
static void
test_from_text_agrees(void **state)
{
	static const struct {
		const char *params;
		bool quick;
	} sample[] = {
		{ "{'lr':0.5,'depth':4,'amp':true,'opt':'sgd','mom':0.25,"
		    "'deep':true,'mom2':5}", true },
		{ "{ 'opt' : '1', 'amp':false,\n'depth':4.0,'lr':7 }", true },
		{ "{'lr':1,'depth':8,'amp':false,'opt':1,'mom':null}", true },
		{ "{'lr':1,'depth':8,'amp':false,'opt':2.0,'mom2':6,"
		    "'deep':false}", true },
		{ "{'lr':1,'depth':8,'amp':false,'opt':2.0,'mom2':5}",
		    false },	/* deep is active and missing */
		{ "{'lr':1,'depth':8,'opt':1}", false },
		{ "{'lr':1,'depth':8.5,'amp':true,'opt':1}", false },
		{ "{'lr':1,'depth':1e300,'amp':false,'opt':1}", false },
		{ "{'lr':'1','depth':8,'amp':true,'opt':1}", false },
		{ "{'lr':1,'depth':8,'amp':1,'opt':1}", false },
		{ "{'lr':1,'depth':8,'amp':true,'opt':'x'}", false },
		{ "{'lr':1,'depth':8,'amp':true,'opt':3}", false },
		{ "{'lr':1,'depth':8,'amp':true,'opt':1,'y':1}", false },
		{ "[1]", false }, { "null", false },
	};
	struct space *s = make_space(SPACE);
	double quick[N], careful[N];
	struct document d;
	struct json params;
	struct span text;
	struct err err;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(sample) / sizeof(sample[0]); i++) {
		d = document(sample[i].params);
		params = json_root(d.v, "params");
		text.p = d.text;
		text.len = strlen(d.text);
		assert_int_equal(point_from_text(s, text, quick),
		    sample[i].quick);
		assert_int_equal(point_from_json(s, &params, POINT_LOOSE,
		    careful, &err) == 0, sample[i].quick);
		if (sample[i].quick)
			assert_true(point_equal(s, quick, careful));
		document_free(&d);
	}
	/* escapes are left to the careful one */
	text.p = "{\"lr\":1,\"depth\":8,\"amp\":false,\"opt\":\"\\u0031\"}";
	text.len = strlen(text.p);
	assert_false(point_from_text(s, text, quick));
	space_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_numeric_choices),
		cmocka_unit_test(test_inactive_dropped),
		cmocka_unit_test(test_read_refusals),
		cmocka_unit_test(test_loose),
		cmocka_unit_test(test_not_finite),
		cmocka_unit_test(test_many_params),
		cmocka_unit_test(test_deactivate),
		cmocka_unit_test(test_equality_and_hash),
		cmocka_unit_test(test_write),
		cmocka_unit_test(test_value_text),
		cmocka_unit_test(test_value_read),
		cmocka_unit_test(test_value_read_prefers_the_number),
		cmocka_unit_test(test_long_choice_lists_are_cut),
		cmocka_unit_test(test_from_text_agrees),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
