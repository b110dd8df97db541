/* space: every type, conditions and their circles, every refusal. */
#include "documents.h"

#include "contract/when.h"

/* A space of one parameter, or of the given ones. */
#define PARAMS(list) "{'parameters':[" list "]}"
#define BOOL(name, more) "{'name':'" name "','type':'bool'" more "}"

static void
test_every_type(void **state)
{
	struct space *s = make_space(PARAMS(
	    "{'name':'lr','type':'float','bounds':[1e-4,0.1],'scale':'log',"
	    "'description':'learning rate'},"
	    "{'name':'depth','type':'int','bounds':[1,8.0],"
	    "'scale':'linear'}," BOOL("amp", "")
	    ",{'name':'opt','type':'categorical','choices':['adam','sgd']}"));

	(void)state;
	assert_int_equal(s->n, 4);
	assert_string_equal(s->param[0].name, "lr");
	assert_string_equal(s->param[0].description, "learning rate");
	assert_int_equal(s->param[0].type, PARAM_FLOAT);
	assert_true(s->param[0].log);
	assert_true(s->param[0].lo == 1e-4 && s->param[0].hi == 0.1);
	assert_int_equal(s->param[1].type, PARAM_INT);
	assert_false(s->param[1].log);
	assert_null(s->param[1].description);
	assert_true(s->param[1].lo == 1 && s->param[1].hi == 8);
	assert_int_equal(s->param[2].type, PARAM_BOOL);
	assert_true(s->param[2].lo == 0 && s->param[2].hi == 1);
	assert_int_equal(s->param[3].type, PARAM_CATEGORICAL);
	assert_true(s->param[3].lo == 0 && s->param[3].hi == 1);
	assert_int_equal(s->param[3].nchoice, 2);
	assert_string_equal(s->param[3].choice[1].text, "sgd");
	assert_false(space_conditional(s));
	space_free(s);
	space_free(NULL);
}

static void
test_names(void **state)
{
	struct space *s = make_space(PARAMS(BOOL("a", "") "," BOOL("b", "")));

	(void)state;
	assert_int_equal(space_index(s, "a"), 0);
	assert_int_equal(space_index(s, "b"), 1);
	assert_int_equal(space_index(s, "c"), -1);
	assert_string_equal(param_type_name(PARAM_FLOAT), "float");
	assert_string_equal(param_type_name(PARAM_INT), "int");
	assert_string_equal(param_type_name(PARAM_BOOL), "bool");
	assert_string_equal(param_type_name(PARAM_CATEGORICAL),
	    "categorical");
	space_free(s);
}

/* Log scale makes sense for ints too, and a range may be one value. */
static void
test_ranges(void **state)
{
	struct space *s = make_space(PARAMS(
	    "{'name':'n','type':'int','bounds':[1,1024],'scale':'log'},"
	    "{'name':'x','type':'float','bounds':[2,2]}"));

	(void)state;
	assert_true(s->param[0].log);
	assert_true(s->param[1].lo == 2 && s->param[1].hi == 2);
	space_free(s);
}

/* 1 and "1" are two choices; numbers keep the text of the file. */
static void
test_choices_keep_their_text(void **state)
{
	static const char *const text[] = {
		"1", "1", "2.0", "1e-3", "-0.50", ""
	};
	static const bool number[] = {
		true, false, true, true, true, false
	};
	static const double value[] = { 1, 0, 2, 0.001, -0.5, 0 };
	struct space *s = make_space("{ 'parameters' : [ {'name':'b',"
	    "'type':'bool'}, {'choices' : [ 1 , '1', 2.0,1e-3 ,-0.50,''], "
	    "'name':'c','type':'categorical'} ] }");
	size_t i;

	(void)state;
	assert_int_equal(s->param[1].nchoice, LENGTH(text));
	for (i = 0; i < LENGTH(text); i++) {
		const struct choice *c = &s->param[1].choice[i];

		assert_string_equal(c->text, text[i]);
		assert_int_equal(c->is_number, number[i]);
		if (number[i])
			assert_true(c->number == value[i]);
	}
	space_free(s);
}

/* Keys may be spelt with escapes: the numbers keep their spelling. */
static void
test_escaped_keys(void **state)
{
	struct space *s = make_space("{'p\\u0061rameters':[{'name':'c',"
	    "'type':'categorical','choices':[1.50,2]}]}");

	(void)state;
	assert_string_equal(s->param[0].choice[0].text, "1.50");
	assert_string_equal(s->param[0].choice[1].text, "2");
	space_free(s);
}

static void
test_conditions(void **state)
{
	struct space *s = make_space(PARAMS(
	    "{'name':'momentum','type':'float','bounds':[0,1],"
	    "'when':{'opt':['sgd',3],'nest':true}},"
	    BOOL("nest", ",'when':{'depth':[2,4.0]}")
	    ",{'name':'opt','type':'categorical',"
	    "'choices':['adam','3','sgd',3]},"
	    "{'name':'depth','type':'int','bounds':[1,8]}"));
	const struct condition *c = s->param[0].when;
	double point[4] = { 0.5, 1, 2, 4 };

	(void)state;
	assert_true(space_conditional(s));
	assert_int_equal(s->param[0].nwhen, 2);
	assert_int_equal(c[0].controller, 2);
	assert_int_equal(c[0].nvalue, 2);
	assert_true(c[0].value[0] == 2 && c[0].value[1] == 3);
	assert_int_equal(c[1].controller, 1);
	assert_true(c[1].nvalue == 1 && c[1].value[0] == 1);
	assert_int_equal(s->param[1].when[0].controller, 3);
	assert_true(s->param[1].when[0].value[1] == 4);

	assert_true(when_holds(&s->param[0], point));
	point[2] = 1;			/* the string 3, not the number */
	assert_false(when_holds(&s->param[0], point));
	point[2] = 3;
	assert_true(when_holds(&s->param[0], point));
	point[1] = 0;			/* all conditions must hold */
	assert_false(when_holds(&s->param[0], point));
	assert_true(when_holds(&s->param[3], point));
	space_free(s);
}

/* One condition of the first parameter is enough. */
static void
test_conditional(void **state)
{
	struct space *s = make_space(PARAMS(BOOL("a", ",'when':{'b':true}")
	    "," BOOL("b", "")));

	(void)state;
	assert_true(space_conditional(s));
	space_free(s);
}

/* Controllers come before what they control, whatever the file says. */
static void
test_order(void **state)
{
	struct space *s = make_space(PARAMS(BOOL("a", ",'when':{'b':true}")
	    "," BOOL("b", ",'when':{'c':true,'d':false}") "," BOOL("c", "")
	    "," BOOL("d", ",'when':{'c':true}")));
	size_t place[4], i, k;

	(void)state;
	for (i = 0; i < 4; i++)
		place[s->order[i]] = i;
	for (i = 0; i < 4; i++)
		for (k = 0; k < s->param[i].nwhen; k++)
			assert_true(place[s->param[i].when[k].controller] <
			    place[i]);
	space_free(s);
}

static const struct refusal document_refused[] = {
	{ "[]", "s: .: expected an object, got []" },
	{ "{'parameters':[],'x':1}",
	    "s: .x: unknown key (known here: parameters)" },
	{ "{}", "s: .parameters: missing, expected a non-empty list of "
	    "parameters" },
	{ "{'parameters':[]}", "s: .parameters: expected a non-empty list of "
	    "parameters, got []" },
	{ "{'parameters':{'a':1}}", "s: .parameters: expected a non-empty "
	    "list of parameters, got {'a':1}" },
	{ PARAMS("7"), "s: .parameters[0]: expected an object, got 7" },
	{ PARAMS("{'name':'a','type':'bool','default':true}"),
	    "s: .parameters[0].default: unknown key (known here: name, type, "
	    "bounds, scale, choices, description, when)" },
	{ PARAMS("{'type':'bool'}"),
	    "s: .parameters[0].name: missing, expected a string" },
	{ PARAMS("{'name':3,'type':'bool'}"),
	    "s: .parameters[0].name: expected a string, got 3" },
	{ PARAMS(BOOL("", "")),
	    "s: .parameters[0].name: expected a non-empty name, got ''" },
	{ PARAMS(BOOL("a", "") "," BOOL("a", "")),
	    "s: .parameters[1].name: expected a name of its own (this one is "
	    "taken), got 'a'" },
	{ PARAMS("{'name':'a'}"), "s: .parameters[0].type: missing, expected "
	    "'float', 'int', 'bool' or 'categorical'" },
	{ PARAMS("{'name':'a','type':'enum'}"), "s: .parameters[0].type: "
	    "expected 'float', 'int', 'bool' or 'categorical', got 'enum'" },
	{ PARAMS("{'name':'a','type':'bool\\u0000'}"),
	    "s: .parameters[0].type: NUL character in a string" },
	{ PARAMS(BOOL("a", ",'description':7")),
	    "s: .parameters[0].description: expected a string, got 7" },
};

#define FLOAT(more) PARAMS("{'name':'x','type':'float'" more "}")
#define INT(more) PARAMS("{'name':'x','type':'int'" more "}")
#define CAT(more) PARAMS("{'name':'x','type':'categorical'" more "}")
#define P0 "s: .parameters[0]"

static const struct refusal range_refused[] = {
	{ FLOAT(""), P0 ".bounds: missing, expected [lower, upper]" },
	{ FLOAT(",'bounds':3"),
	    P0 ".bounds: expected [lower, upper], got 3" },
	{ FLOAT(",'bounds':[1]"),
	    P0 ".bounds: expected [lower, upper], got [1]" },
	{ FLOAT(",'bounds':[1,2,3]"),
	    P0 ".bounds: expected [lower, upper], got [1,2,3]" },
	{ FLOAT(",'bounds':['1',2]"),
	    P0 ".bounds[0]: expected a number, got '1'" },
	{ FLOAT(",'bounds':[2,1]"),
	    P0 ".bounds: expected lower <= upper, got [2,1]" },
	{ INT(",'bounds':[1,2.5]"),
	    P0 ".bounds[1]: expected an integer, got 2.5" },
	{ INT(",'bounds':[-1e300,1]"),
	    P0 ".bounds[0]: expected an integer, got -1e+300" },
	{ FLOAT(",'bounds':[1,2],'scale':'ln'"),
	    P0 ".scale: expected 'linear' or 'log', got 'ln'" },
	{ FLOAT(",'bounds':[1,2],'scale':null"),
	    P0 ".scale: expected 'linear' or 'log', got null" },
	{ FLOAT(",'bounds':[0,2],'scale':'log'"), P0 ".bounds: expected "
	    "bounds above 0, since the scale is log, got [0,2]" },
	{ INT(",'bounds':[-1,2],'scale':'log'"), P0 ".bounds: expected "
	    "bounds above 0, since the scale is log, got [-1,2]" },
	{ FLOAT(",'bounds':[1,2],'choices':[1]"),
	    P0 ".choices: expected no choices for type float, got [1]" },
	{ INT(",'bounds':[1,2],'choices':[1]"),
	    P0 ".choices: expected no choices for type int, got [1]" },
	{ PARAMS(BOOL("x", ",'choices':[true]")),
	    P0 ".choices: expected no choices for type bool, got [true]" },
	{ PARAMS(BOOL("x", ",'bounds':[0,1]")),
	    P0 ".bounds: expected no bounds for type bool, got [0,1]" },
	{ PARAMS(BOOL("x", ",'scale':'linear'")),
	    P0 ".scale: expected no scale for type bool, got 'linear'" },
	{ CAT(",'choices':['a'],'bounds':[0,1]"),
	    P0 ".bounds: expected no bounds for type categorical, got "
	    "[0,1]" },
	{ CAT(",'choices':['a'],'scale':'log'"),
	    P0 ".scale: expected no scale for type categorical, got 'log'" },
	{ CAT(""), P0 ".choices: missing, expected a non-empty list of "
	    "choices" },
	{ CAT(",'choices':[]"), P0 ".choices: expected a non-empty list of "
	    "choices, got []" },
	{ CAT(",'choices':'ab'"), P0 ".choices: expected a non-empty list of "
	    "choices, got 'ab'" },
	{ CAT(",'choices':['a',true]"),
	    P0 ".choices[1]: expected a string or a number, got true" },
	{ CAT(",'choices':['a',null]"),
	    P0 ".choices[1]: expected a string or a number, got null" },
	{ CAT(",'choices':['a\\u0000b']"),
	    P0 ".choices[0]: NUL character in a string" },
	{ CAT(",'choices':['a','a']"), P0 ".choices[1]: expected a choice "
	    "that is not in the list yet, got 'a'" },
	{ CAT(",'choices':['a','b','a']"), P0 ".choices[2]: expected a "
	    "choice that is not in the list yet, got 'a'" },
	{ CAT(",'choices':[1,1.0]"), P0 ".choices[1]: expected a choice that "
	    "is not in the list yet, got 1" },
};

/* Parameters to hang a condition on, then the condition under test. */
#define WHEN(when) PARAMS(BOOL("b", "") \
	",{'name':'i','type':'int','bounds':[1,3]}," \
	"{'name':'c','type':'categorical','choices':['u',1]}," \
	"{'name':'f','type':'float','bounds':[0,1]}," \
	BOOL("x", ",'when':" when))
#define P4 "s: .parameters[4].when"

static const struct refusal when_refused[] = {
	{ WHEN("{}"), P4 ": expected a non-empty object of controllers and "
	    "their values, got {}" },
	{ WHEN("null"), P4 ": expected a non-empty object of controllers and "
	    "their values, got null" },
	{ WHEN("['b']"), P4 ": expected a non-empty object of controllers "
	    "and their values, got ['b']" },
	{ WHEN("{'nobody':1}"), P4 ".nobody: unknown controller, expected "
	    "another parameter of this file" },
	{ WHEN("{'x':true}"),
	    P4 ".x: a parameter cannot control itself: x -> x" },
	{ WHEN("{'f':0.5}"), P4 ".f: expected a bool, int or categorical "
	    "controller, got a float" },
	{ WHEN("{'b':[]}"), P4 ".b: expected a value or a non-empty list of "
	    "values, got []" },
	{ WHEN("{'b':1}"), P4 ".b: expected true or false, got 1" },
	{ WHEN("{'b':[true,true]}"), P4 ".b[1]: expected a value that is not "
	    "in the list yet, got true" },
	{ WHEN("{'i':4}"), P4 ".i: expected an integer from 1 to 3, got 4" },
	{ WHEN("{'i':[1,0]}"),
	    P4 ".i[1]: expected an integer from 1 to 3, got 0" },
	{ WHEN("{'i':1.5}"),
	    P4 ".i: expected an integer from 1 to 3, got 1.5" },
	{ WHEN("{'i':[2,2.0]}"), P4 ".i[1]: expected a value that is not in "
	    "the list yet, got 2" },
	{ WHEN("{'c':'v'}"), P4 ".c: expected one of 'u', 1, got 'v'" },
	{ WHEN("{'c':'1'}"), P4 ".c: expected one of 'u', 1, got '1'" },
	{ WHEN("{'c':[['u']]}"),
	    P4 ".c[0]: expected one of 'u', 1, got ['u']" },
};

static const struct refusal circle_refused[] = {
	{ PARAMS(BOOL("a", ",'when':{'b':true}") ","
	    BOOL("b", ",'when':{'a':true}")),
	    P0 ".when: the conditions run in a circle: a -> b -> a" },
	/* x hangs on the circle without being part of it */
	{ PARAMS(BOOL("x", ",'when':{'c':true}") "," BOOL("free", "") ","
	    BOOL("c", ",'when':{'free':true,'d':true}") ","
	    BOOL("d", ",'when':{'e':true}") ","
	    BOOL("e", ",'when':{'c':true}")),
	    "s: .parameters[2].when: the conditions run in a circle: "
	    "c -> d -> e -> c" },
	/* reached in the middle, told from its first member */
	{ PARAMS(BOOL("x", ",'when':{'e':true}") ","
	    BOOL("c", ",'when':{'e':true}") ","
	    BOOL("e", ",'when':{'c':true}")),
	    "s: .parameters[1].when: the conditions run in a circle: "
	    "c -> e -> c" },
};

static void
check(const struct refusal *list, size_t n)
{
	struct err err;
	size_t i;

	for (i = 0; i < n; i++)
		assert_refused(try_space(list[i].text, &err) == NULL, &err,
		    &list[i]);
}

static void
test_document_refusals(void **state)
{
	(void)state;
	check(document_refused, LENGTH(document_refused));
}

static void
test_range_refusals(void **state)
{
	(void)state;
	check(range_refused, LENGTH(range_refused));
}

static void
test_when_refusals(void **state)
{
	(void)state;
	check(when_refused, LENGTH(when_refused));
}

static void
test_circles(void **state)
{
	(void)state;
	check(circle_refused, LENGTH(circle_refused));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_type),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_choices_keep_their_text),
		cmocka_unit_test(test_escaped_keys),
		cmocka_unit_test(test_conditions),
		cmocka_unit_test(test_conditional),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_document_refusals),
		cmocka_unit_test(test_range_refusals),
		cmocka_unit_test(test_when_refusals),
		cmocka_unit_test(test_circles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
