/* constraint: boxes, rules, what they say, refusals. */
#include "documents.h"

#include <math.h>

#include "contract/constraint.h"

#define SPACE "{'parameters':[" \
	"{'name':'x','type':'float','bounds':[0,10]}," \
	"{'name':'i','type':'int','bounds':[1,8]}," \
	"{'name':'b','type':'bool'}," \
	"{'name':'c','type':'categorical','choices':['u',1,'1']}," \
	"{'name':'y','type':'float','bounds':[-1,1],'when':{'b':true}}]}"
enum { X, I, B, C, Y, N };

struct fixture {
	struct space *space;
	struct constraints *rules;
};

static struct constraints *
try_constraints(const struct space *s, const char *text, struct err *err)
{
	struct document d = document(text);
	struct constraints *c = constraints_from_json(d.v, s, "k", err);

	document_free(&d);
	return c;
}

static struct fixture
setup(const char *text)
{
	struct fixture f = { make_space(SPACE), NULL };
	struct err err = { 0, "" };

	f.rules = try_constraints(f.space, text, &err);
	if (f.rules == NULL)
		fail_msg("%s", err.text);
	return f;
}

static void
teardown(struct fixture *f)
{
	constraints_free(f->rules);
	space_free(f->space);
}

static void
test_nothing(void **state)
{
	static const double point[N] = { 5, 5, 1, 0, 0 };
	struct fixture f = setup("{'bound_tightening':[],"
	    "'linear_inequalities':[],'forbidden_combinations':[]}");
	struct range box[N];
	struct err err;

	(void)state;
	assert_int_equal(constraints_rules(f.rules), 0);
	assert_int_equal(constraints_broken(f.rules, point), -1);
	assert_int_equal(constraints_inside(f.rules, point, &err), 0);
	assert_int_equal(constraints_rules(NULL), 0);
	assert_int_equal(constraints_broken(NULL, point), -1);
	assert_int_equal(constraints_inside(NULL, point, &err), 0);
	constraints_box(NULL, f.space, box);
	assert_true(box[X].lo == 0 && box[X].hi == 10);
	assert_true(box[C].lo == 0 && box[C].hi == 2);
	constraints_free(NULL);
	teardown(&f);
	f = setup("{}");
	assert_int_equal(constraints_rules(f.rules), 0);
	teardown(&f);
}

/* Rules of one parameter combine; int ranges stay integral. */
static void
test_box(void **state)
{
	struct fixture f = setup("{'bound_tightening':["
	    "{'param':'x','min':1},{'param':'x','min':2.5,'max':9},"
	    "{'param':'x','max':7},{'param':'i','min':1.5,'max':4.5}]}");
	struct range box[N];

	(void)state;
	constraints_box(f.rules, f.space, box);
	assert_true(box[X].lo == 2.5 && box[X].hi == 7);
	assert_true(box[I].lo == 2 && box[I].hi == 4);
	assert_true(box[B].lo == 0 && box[B].hi == 1);
	assert_true(box[Y].lo == -1 && box[Y].hi == 1);
	/* tightening is no rule that rejects */
	assert_int_equal(constraints_rules(f.rules), 0);
	teardown(&f);
}

/* A range of one value is a range. */
static void
test_box_of_one_value(void **state)
{
	struct fixture f = setup("{'bound_tightening':["
	    "{'param':'x','min':3},{'param':'x','max':3},"
	    "{'param':'i','min':8}]}");
	struct range box[N];

	(void)state;
	constraints_box(f.rules, f.space, box);
	assert_true(box[X].lo == 3 && box[X].hi == 3);
	assert_true(box[I].lo == 8 && box[I].hi == 8);
	teardown(&f);
}

static void
test_linear(void **state)
{
	struct fixture f = setup("{'linear_inequalities':[{'terms':["
	    "{'param':'x','coefficient':2},{'param':'i','coefficient':-1}],"
	    "'operator':'<=','rhs':1}]}");
	double point[N] = { 2, 3, 0, 0, NAN };

	(void)state;
	assert_int_equal(constraints_broken(f.rules, point), -1);
	point[X] = 2.25;
	assert_int_equal(constraints_broken(f.rules, point), 0);
	point[I] = 4;
	assert_int_equal(constraints_broken(f.rules, point), -1);
	teardown(&f);
	f = setup("{'linear_inequalities':[{'terms':["
	    "{'param':'x','coefficient':2},{'param':'i','coefficient':-1}],"
	    "'operator':'>=','rhs':1}]}");
	assert_int_equal(constraints_broken(f.rules, point), 0);
	point[X] = 2.5;
	assert_int_equal(constraints_broken(f.rules, point), -1);
	teardown(&f);
}

/* 1e-12 beyond the limit is rounding, 4e-12 is not, on either side. */
static void
test_tolerance(void **state)
{
	struct fixture f = setup("{'linear_inequalities':["
	    "{'terms':[{'param':'x','coefficient':1}],'operator':'<=',"
	    "'rhs':2},{'terms':[{'param':'x','coefficient':1}],"
	    "'operator':'>=','rhs':1}]}");
	double point[N] = { 2 + 0.9e-12, 1, 0, 0, NAN };

	(void)state;
	assert_int_equal(constraints_broken(f.rules, point), -1);
	point[X] = 2 + 4e-12;
	assert_int_equal(constraints_broken(f.rules, point), 0);
	point[X] = 1 - 0.9e-12;
	assert_int_equal(constraints_broken(f.rules, point), -1);
	point[X] = 1 - 4e-12;
	assert_int_equal(constraints_broken(f.rules, point), 1);
	teardown(&f);
	/* around 0 the limit itself is a double, and still allowed */
	f = setup("{'linear_inequalities':["
	    "{'terms':[{'param':'y','coefficient':1}],'operator':'<=',"
	    "'rhs':0},{'terms':[{'param':'y','coefficient':1}],"
	    "'operator':'>=','rhs':0}]}");
	point[B] = 1;
	point[Y] = 1e-12;
	assert_int_equal(constraints_broken(f.rules, point), -1);
	point[Y] = -1e-12;
	assert_int_equal(constraints_broken(f.rules, point), -1);
	point[Y] = nextafter(1e-12, 1);
	assert_int_equal(constraints_broken(f.rules, point), 0);
	point[Y] = -point[Y];
	assert_int_equal(constraints_broken(f.rules, point), 1);
	teardown(&f);
}

static void
test_inactive_rules(void **state)
{
	struct fixture f = setup("{'bound_tightening':[{'param':'y',"
	    "'max':0}],'linear_inequalities':[{'terms':["
	    "{'param':'x','coefficient':1},{'param':'y','coefficient':0}],"
	    "'operator':'<=','rhs':1}],'forbidden_combinations':[{'when':"
	    "{'i':1,'y':[0.5]}}]}");
	double point[N] = { 9, 1, 0, 0, NAN };
	struct err err;

	(void)state;
	assert_int_equal(constraints_broken(f.rules, point), -1);
	assert_int_equal(constraints_inside(f.rules, point, &err), 0);
	point[B] = 1;
	point[Y] = 0.5;
	assert_int_equal(constraints_broken(f.rules, point), 0);
	point[X] = 1;
	assert_int_equal(constraints_broken(f.rules, point), 1);
	point[Y] = -0.5;
	assert_int_equal(constraints_broken(f.rules, point), -1);
	assert_int_equal(constraints_inside(f.rules, point, &err), 0);
	teardown(&f);
}

/* Exact values, all of them; 1 is not "1". */
static void
test_forbidden(void **state)
{
	struct fixture f = setup("{'forbidden_combinations':["
	    "{'when':{'c':1,'b':true}},{'when':{'i':[2,3],'x':0.1}}]}");
	double point[N] = { 0, 1, 1, 1, 0 };

	(void)state;
	assert_int_equal(constraints_broken(f.rules, point), 0);
	point[C] = 2;
	assert_int_equal(constraints_broken(f.rules, point), -1);
	point[C] = 1;
	point[B] = 0;
	assert_int_equal(constraints_broken(f.rules, point), -1);
	point[X] = 0.1;
	point[I] = 3;
	assert_int_equal(constraints_broken(f.rules, point), 1);
	point[X] = nextafter(0.1, 1);
	assert_int_equal(constraints_broken(f.rules, point), -1);
	teardown(&f);
}

#define ALL "{'forbidden_combinations':[{'when':{'c':['u',1],'i':8}}]," \
	"'linear_inequalities':[" \
	"{'terms':[{'param':'x','coefficient':1}],'operator':'<=','rhs':4}," \
	"{'terms':[{'param':'x','coefficient':0.5}," \
	"{'param':'i','coefficient':-2}],'operator':'>=','rhs':0}]," \
	"'bound_tightening':[{'param':'i','min':2},{'param':'x','max':3}," \
	"{'param':'i','max':7}]}"

static void
test_rule_ids(void **state)
{
	struct fixture f = setup(ALL);

	(void)state;
	assert_int_equal(constraints_rules(f.rules), 3);
	assert_string_equal(constraints_rule_id(f.rules, 0),
	    "linear_inequalities[0]");
	assert_string_equal(constraints_rule_id(f.rules, 1),
	    "linear_inequalities[1]");
	assert_string_equal(constraints_rule_id(f.rules, 2),
	    "forbidden_combinations[0]");
	teardown(&f);
}

/* A user's point hears of every rule that it breaks. */
static void
test_inside(void **state)
{
	static const double point[N] = { 4.5, 8, 0, 1, NAN };
	static const double low[N] = { 2, 1, 0, 2, NAN };
	static const struct refusal want[] = {
		{ "4.5, 8, 1", "bound_tightening[1]: x: expected at most 3, "
		    "got 4.5; bound_tightening[2]: i: expected at most 7, "
		    "got 8; linear_inequalities[0]: expected 1*x <= 4, got "
		    "4.5; linear_inequalities[1]: expected 0.5*x + -2*i >= "
		    "0, got -13.75; forbidden_combinations[0]: expected "
		    "another combination, got c=1, i=8" },
		{ "2, 1, '1'", "bound_tightening[0]: i: expected at least 2, "
		    "got 1; linear_inequalities[1]: expected 0.5*x + -2*i >= "
		    "0, got -1" },
	};
	struct fixture f = setup(ALL);
	struct err err;

	(void)state;
	assert_refused(constraints_inside(f.rules, point, &err) != 0, &err,
	    &want[0]);
	assert_refused(constraints_inside(f.rules, low, &err) != 0, &err,
	    &want[1]);
	teardown(&f);
}

/* The limits themselves are inside; values are told as JSON has them. */
static void
test_inside_limits(void **state)
{
	static const double least[N] = { 2, 3, 0, 0, NAN },
	    most[N] = { 4, 5, 0, 0, NAN }, forbidden[N] = { 4, 8, 0, 2, NAN };
	static const struct refusal want = { "c '1', i 8",
	    "bound_tightening[1]: i: expected at most 5, got 8; "
	    "forbidden_combinations[1]: expected another combination, got "
	    "c='1', b=false" };
	struct fixture f = setup("{'bound_tightening':["
	    "{'param':'x','min':2,'max':4},{'param':'i','min':3,'max':5}],"
	    "'forbidden_combinations':[{'when':{'b':[true,true]}},"
	    "{'when':{'c':['1','1'],'b':false}}]}");
	struct err err;

	(void)state;
	assert_int_equal(constraints_inside(f.rules, least, &err), 0);
	assert_int_equal(constraints_inside(f.rules, most, &err), 0);
	assert_string_equal(constraints_rule_id(f.rules, 1),
	    "forbidden_combinations[1]");
	assert_refused(constraints_inside(f.rules, forbidden, &err) != 0,
	    &err, &want);
	teardown(&f);
}

#define TIGHT(rules) "{'bound_tightening':[" rules "]}"
#define LINEAR(rule) "{'linear_inequalities':[{" rule "}]}"
#define TERMS(terms) LINEAR("'terms':[" terms "],'operator':'<=','rhs':1")
#define FORBID(rule) "{'forbidden_combinations':[{" rule "}]}"
#define T0 "k: .bound_tightening[0]"
#define L0 "k: .linear_inequalities[0]"
#define F0 "k: .forbidden_combinations[0]"

static const struct refusal refused[] = {
	{ "[]", "k: .: expected an object, got []" },
	{ "{'soft':[]}", "k: .soft: unknown key (known here: "
	    "bound_tightening, linear_inequalities, "
	    "forbidden_combinations)" },
	{ "{'bound_tightening':{}}",
	    "k: .bound_tightening: expected an array, got {}" },
	{ "{'linear_inequalities':1}",
	    "k: .linear_inequalities: expected an array, got 1" },
	{ "{'forbidden_combinations':null}",
	    "k: .forbidden_combinations: expected an array, got null" },
	{ TIGHT("3"), T0 ": expected an object, got 3" },
	{ TIGHT("{'param':'x','min':1,'why':''}"),
	    T0 ".why: unknown key (known here: param, min, max)" },
	{ TIGHT("{'min':1}"), T0 ".param: missing, expected a string" },
	{ TIGHT("{'param':'z','min':1}"), T0 ".param: expected a parameter "
	    "of the search space, got 'z'" },
	{ TIGHT("{'param':'b','min':1}"), T0 ".param: expected a float or "
	    "int parameter, got 'b' of type bool" },
	{ TIGHT("{'param':'c','min':1}"), T0 ".param: expected a float or "
	    "int parameter, got 'c' of type categorical" },
	{ TIGHT("{'param':'x'}"),
	    T0 ": expected min, max or both, got {'param':'x'}" },
	{ TIGHT("{'param':'x','min':-1}"),
	    T0 ".min: expected a number from 0 to 10, got -1" },
	{ TIGHT("{'param':'x','max':11}"),
	    T0 ".max: expected a number from 0 to 10, got 11" },
	{ TIGHT("{'param':'x','max':null}"),
	    T0 ".max: expected a number from 0 to 10, got null" },
	{ TIGHT("{'param':'x','min':5,'max':4}"), "k: .bound_tightening: "
	    "expected rules that leave a range of x, got 5 to 4" },
	{ TIGHT("{'param':'x','min':5},{'param':'x','max':4}"),
	    "k: .bound_tightening: expected rules that leave a range of x, "
	    "got 5 to 4" },
	{ TIGHT("{'param':'i','min':2.25,'max':2.75}"),
	    "k: .bound_tightening: expected rules that leave a range of i, "
	    "got 3 to 2" },
	{ LINEAR("'operator':'<=','rhs':1"),
	    L0 ".terms: missing, expected a non-empty list of terms" },
	{ TERMS(""), L0 ".terms: expected a non-empty list of terms, got "
	    "[]" },
	{ TERMS("7"), L0 ".terms[0]: expected an object, got 7" },
	{ TERMS("{'param':'x','coefficient':1,'power':2}"), L0 ".terms[0]."
	    "power: unknown key (known here: param, coefficient)" },
	{ TERMS("{'param':'z','coefficient':1}"), L0 ".terms[0].param: "
	    "expected a parameter of the search space, got 'z'" },
	{ TERMS("{'param':'c','coefficient':1}"), L0 ".terms[0].param: "
	    "expected a float or int parameter, got 'c' of type "
	    "categorical" },
	{ TERMS("{'param':'x'}"),
	    L0 ".terms[0].coefficient: missing, expected a number" },
	{ TERMS("{'param':'x','coefficient':1},"
	    "{'param':'x','coefficient':2}"), L0 ".terms[1].param: expected "
	    "a parameter that is not in this rule yet, got 'x'" },
	{ LINEAR("'terms':[{'param':'x','coefficient':1}],'operator':'<',"
	    "'rhs':1"), L0 ".operator: expected '<=' or '>=', got '<'" },
	{ LINEAR("'terms':[{'param':'x','coefficient':1}],"
	    "'operator':'<=\\u0000','rhs':1"),
	    L0 ".operator: NUL character in a string" },
	{ LINEAR("'terms':[{'param':'x','coefficient':1}],'rhs':1"),
	    L0 ".operator: missing, expected '<=' or '>='" },
	{ LINEAR("'terms':[{'param':'x','coefficient':1}],"
	    "'operator':'<='"), L0 ".rhs: missing, expected a number" },
	{ LINEAR("'terms':[{'param':'x','coefficient':1}],'operator':'<=',"
	    "'rhs':1,'name':'r'"), L0 ".name: unknown key (known here: "
	    "terms, operator, rhs)" },
	{ FORBID(""), F0 ".when: missing, expected a non-empty object of "
	    "parameters and their values" },
	{ FORBID("'when':{}"), F0 ".when: expected a non-empty object of "
	    "parameters and their values, got {}" },
	{ FORBID("'when':{'b':true},'id':1"),
	    F0 ".id: unknown key (known here: when)" },
	{ FORBID("'when':{'z':1}"), F0 ".when.z: unknown parameter, expected "
	    "one of the search space" },
	{ FORBID("'when':{'i':9}"),
	    F0 ".when.i: expected an integer from 1 to 8, got 9" },
	{ FORBID("'when':{'x':[1,10.5]}"),
	    F0 ".when.x[1]: expected a number from 0 to 10, got 10.5" },
	{ FORBID("'when':{'c':'v'}"),
	    F0 ".when.c: expected one of 'u', 1, '1', got 'v'" },
	{ FORBID("'when':{'b':1}"),
	    F0 ".when.b: expected true or false, got 1" },
	{ FORBID("'when':{'b':[]}"), F0 ".when.b: expected a value or a "
	    "non-empty list of values, got []" },
};

static void
test_refusals(void **state)
{
	struct space *s = make_space(SPACE);
	struct err err;
	size_t i;

	(void)state;
	for (i = 0; i < LENGTH(refused); i++)
		assert_refused(try_constraints(s, refused[i].text, &err) ==
		    NULL, &err, &refused[i]);
	space_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_box),
		cmocka_unit_test(test_box_of_one_value),
		cmocka_unit_test(test_linear),
		cmocka_unit_test(test_tolerance),
		cmocka_unit_test(test_inactive_rules),
		cmocka_unit_test(test_forbidden),
		cmocka_unit_test(test_rule_ids),
		cmocka_unit_test(test_inside),
		cmocka_unit_test(test_inside_limits),
		cmocka_unit_test(test_refusals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
