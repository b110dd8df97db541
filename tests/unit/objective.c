/* objective: the four policies in closed form, ranking, refusals. */
#include "documents.h"

#include <math.h>

#define LOSS "'primary_objective':{'name':'loss','direction':'minimize'}"
#define ACC "'primary_objective':{'name':'acc','direction':'maximize'}"
/* loss and size are minimized, acc is maximized */
#define THREE LOSS ",'secondary_objectives':[" \
	"{'name':'acc','direction':'maximize'}," \
	"{'name':'size','direction':'minimize'}]"
#define POLICY(name, more) "{" THREE ",'scalarization':{'policy':'" name \
	"'" more "}}"

static void
assert_near(double a, double b)
{
	if (!(fabs(a - b) <= 1e-14 * fmax(1, fabs(b))))
		fail_msg("%.17g is not %.17g", a, b);
}

static void
test_defaults(void **state)
{
	struct objectives *o = make_objectives("{" LOSS "}");

	(void)state;
	assert_int_equal(o->n, 1);
	assert_string_equal(o->objective[0].name, "loss");
	assert_false(o->objective[0].maximize);
	assert_true(o->objective[0].tolerance == 0);
	assert_string_equal(o->objective[0].failure_handling,
	    "record_and_continue");
	assert_int_equal(o->policy, POLICY_PRIMARY_ONLY);
	assert_false(o->has_scalarization);
	assert_false(objectives_vector_shown(o));
	assert_string_equal(objectives_scalar_name(o), "loss");
	objectives_free(o);
	objectives_free(NULL);
}

static void
test_every_key(void **state)
{
	struct objectives *o = make_objectives("{'primary_objective':"
	    "{'name':'a','direction':'maximize','tolerance':0.5,"
	    "'failure_handling':'record_and_continue'},"
	    "'secondary_objectives':[{'name':'b','direction':'minimize',"
	    "'tolerance':2},{'name':'d','direction':'minimize',"
	    "'tolerance':0}],'scalarization':null}");

	(void)state;
	assert_int_equal(o->n, 3);
	assert_true(o->objective[0].maximize);
	assert_true(o->objective[0].tolerance == 0.5);
	assert_string_equal(o->objective[1].name, "b");
	assert_false(o->objective[1].maximize);
	assert_true(o->objective[1].tolerance == 2);
	assert_int_equal(objectives_index(o, "a"), 0);
	assert_int_equal(objectives_index(o, "b"), 1);
	assert_int_equal(objectives_index(o, "c"), -1);
	assert_false(o->has_scalarization);
	assert_true(objectives_vector_shown(o));	/* two of them */
	objectives_free(o);
}

static void
test_policy_names(void **state)
{
	(void)state;
	assert_string_equal(policy_name(POLICY_PRIMARY_ONLY),
	    "primary_only");
	assert_string_equal(policy_name(POLICY_WEIGHTED_SUM),
	    "weighted_sum");
	assert_string_equal(policy_name(POLICY_WEIGHTED_TCHEBYCHEFF),
	    "weighted_tchebycheff");
	assert_string_equal(policy_name(POLICY_LEXICOGRAPHIC),
	    "lexicographic");
}

static void
test_primary_only(void **state)
{
	static const double a[3] = { 1, 0, 0 }, b[3] = { 2, 1, -9 };
	struct objectives *o = make_objectives(POLICY("primary_only", ""));

	(void)state;
	assert_int_equal(o->policy, POLICY_PRIMARY_ONLY);
	assert_true(o->has_scalarization);
	assert_true(objectives_scalar(o, b) == 2);
	assert_true(objectives_minimize_scalar(o));
	assert_string_equal(objectives_scalar_name(o), "loss");
	assert_true(objectives_rank(o, a, 9, b, 1) < 0);
	objectives_free(o);

	o = make_objectives("{" ACC "}");
	assert_false(objectives_minimize_scalar(o));
	assert_true(objectives_scalar(o, b) == 2);	/* not negated */
	assert_true(objectives_rank(o, b, 9, a, 1) < 0);
	assert_string_equal(objectives_scalar_name(o), "acc");
	objectives_free(o);
}

/* With one objective a scalarization alone shows the vector. */
static void
test_vector_shown(void **state)
{
	struct objectives *o = make_objectives("{" LOSS ",'scalarization':"
	    "{'policy':'weighted_sum','weights':{'loss':2}}}");

	(void)state;
	assert_true(objectives_vector_shown(o));
	objectives_free(o);
}

/* Weights 1:2:5 are 1/8, 1/4, 5/8. */
static void
test_weighted_sum(void **state)
{
	static const double y[3] = { 4, 10, 2 };
	struct objectives *o = make_objectives(POLICY("weighted_sum",
	    ",'weights':{'acc':2,'size':5,'loss':1}"));

	(void)state;
	assert_near(o->weight[0], 0.125);
	assert_near(o->weight[1], 0.25);
	assert_near(o->weight[2], 0.625);
	assert_null(o->reference);
	assert_near(objectives_scalar(o, y),
	    0.125 * 4 - 0.25 * 10 + 0.625 * 2);
	assert_true(objectives_minimize_scalar(o));
	assert_string_equal(objectives_scalar_name(o), "scalarized");
	assert_true(o->has_scalarization);
	objectives_free(o);
}

/* The scalar of a weighted policy is minimized even if the primary is
 * maximized. */
static void
test_weighted_sum_of_maximized(void **state)
{
	static const double a[1] = { 3 }, b[1] = { 2 };
	struct objectives *o = make_objectives("{" ACC ",'scalarization':"
	    "{'policy':'weighted_sum','weights':{'acc':7}}}");

	(void)state;
	assert_near(objectives_scalar(o, a), -3);
	assert_true(objectives_minimize_scalar(o));
	assert_true(objectives_rank(o, a, 2, b, 1) < 0);
	objectives_free(o);
}

static void
test_large_weights(void **state)
{
	static const double y[3] = { 1, -1, 1 };
	struct objectives *o = make_objectives(POLICY("weighted_sum",
	    ",'weights':{'loss':1.5e308,'acc':1.5e308,'size':1.5e308}"));

	(void)state;
	assert_near(o->weight[0], 1.0 / 3);
	assert_near(objectives_scalar(o, y), 1);
	objectives_free(o);
}

/* max w|t - r|: without a reference point r is 0. */
static void
test_tchebycheff(void **state)
{
	static const double y[3] = { 4, 10, 2 }, z[3] = { -40, 0, 0 };
	struct objectives *o = make_objectives(POLICY("weighted_tchebycheff",
	    ",'weights':{'loss':1,'acc':2,'size':5}"));

	(void)state;
	assert_true(o->reference[1] == 0);
	assert_near(objectives_scalar(o, y), 0.25 * 10);
	assert_near(objectives_scalar(o, z), 0.125 * 40);
	assert_string_equal(objectives_scalar_name(o), "scalarized");
	objectives_free(o);
}

/* The reference point is transformed like the values: |-10 - (-9)| = 1. */
static void
test_tchebycheff_reference(void **state)
{
	static const double y[3] = { 4, 10, 2 };
	struct objectives *o = make_objectives(POLICY("weighted_tchebycheff",
	    ",'weights':{'loss':1,'acc':2,'size':5},"
	    "'reference_point':{'loss':2,'acc':9,'size':1.5}"));

	(void)state;
	assert_true(o->reference[0] == 2 && o->reference[1] == 9 &&
	    o->reference[2] == 1.5);
	/* 0.125 * 2 = 0.25, 0.25 * 1 = 0.25, 0.625 * 0.5 = 0.3125 */
	assert_near(objectives_scalar(o, y), 0.3125);
	objectives_free(o);
}

static void
test_lexicographic(void **state)
{
	static const double best[3] = { 1, 5, 9 }, less[3] = { 1, 4, 1 },
	    least[3] = { 2, 99, 0 }, close[3] = { 1, 5, 9.5 };
	struct objectives *o = make_objectives(POLICY("lexicographic", ""));

	(void)state;
	assert_null(o->weight);
	assert_true(objectives_scalar(o, least) == 2);
	assert_true(objectives_minimize_scalar(o));
	assert_string_equal(objectives_scalar_name(o), "loss");
	assert_true(objectives_rank(o, best, 9, less, 1) < 0);
	assert_true(objectives_rank(o, less, 1, best, 9) > 0);
	assert_true(objectives_rank(o, less, 9, least, 1) < 0);
	assert_true(objectives_rank(o, best, 9, close, 1) < 0);
	assert_true(objectives_rank(o, best, 1, best, 2) < 0);
	assert_true(objectives_rank(o, best, 2, best, 1) > 0);
	assert_int_equal(objectives_rank(o, best, 2, best, 2), 0);
	objectives_free(o);
}

/* Equal scalars: the vector in declared order, then the smaller id. */
static void
test_ties_of_scalars(void **state)
{
	static const double a[2] = { 1, 3 }, b[2] = { 2, 2 };
	struct objectives *o = make_objectives("{" LOSS
	    ",'secondary_objectives':[{'name':'size','direction':"
	    "'minimize'}],'scalarization':{'policy':'weighted_sum',"
	    "'weights':{'loss':1,'size':1}}}");

	(void)state;
	assert_near(objectives_scalar(o, a), objectives_scalar(o, b));
	assert_true(objectives_rank(o, a, 9, b, 1) < 0);
	assert_true(objectives_rank(o, a, 1, a, 9) < 0);
	objectives_free(o);
}

static void
test_dominates(void **state)
{
	/* loss down, acc up, size down */
	static const double y[3] = { 1, 5, 3 }, better[3] = { 1, 6, 3 },
	    mixed[3] = { 0, 4, 3 }, worse[3] = { 2, 5, 4 };
	struct objectives *o = make_objectives("{" THREE "}");

	(void)state;
	assert_false(objectives_dominates(o, y, y));
	assert_true(objectives_dominates(o, better, y));
	assert_false(objectives_dominates(o, y, better));
	assert_false(objectives_dominates(o, mixed, y));
	assert_false(objectives_dominates(o, y, mixed));
	assert_true(objectives_dominates(o, y, worse));
	objectives_free(o);
}

static void
test_write(void **state)
{
	static const double y[3] = { 1, 0.5, 1e-7 };
	static const double some[3] = { 1, NAN, NAN };
	struct objectives *o = make_objectives("{" THREE "}");
	struct buf out = BUF_INIT;
	struct jw w;

	(void)state;
	jw_init(&w, &out, JW_COMPACT);
	jw_array(&w);
	objectives_write(o, y, &w);
	objectives_write(o, some, &w);
	objectives_write(o, NULL, &w);
	jw_end(&w);
	jw_release(&w);
	assert_string_equal(buf_str(&out),
	    "[{\"loss\":1.0,\"acc\":0.5,\"size\":1e-07},"
	    "{\"loss\":1.0,\"acc\":null,\"size\":null},"
	    "{\"loss\":null,\"acc\":null,\"size\":null}]");
	buf_release(&out);
	objectives_free(o);
}

#define KEYS " (known here: name, direction, tolerance, failure_handling)"
#define W3 ",'weights':{'loss':1,'acc':1,'size':1}"
#define S "o: .scalarization"

static const struct refusal refused[] = {
	{ "[]", "o: .: expected an object, got []" },
	{ "{" LOSS ",'goal':1}", "o: .goal: unknown key (known here: "
	    "primary_objective, secondary_objectives, scalarization)" },
	{ "{}", "o: .primary_objective: missing, expected an object" },
	{ "{'primary_objective':'loss'}",
	    "o: .primary_objective: expected an object, got 'loss'" },
	{ "{'primary_objective':{'name':'a','direction':'minimize',"
	    "'weight':1}}", "o: .primary_objective.weight: unknown key"
	    KEYS },
	{ "{'primary_objective':{'direction':'minimize'}}",
	    "o: .primary_objective.name: missing, expected a string" },
	{ "{'primary_objective':{'name':'','direction':'minimize'}}",
	    "o: .primary_objective.name: expected a non-empty name, got ''" },
	{ "{'primary_objective':{'name':'a'}}", "o: .primary_objective."
	    "direction: missing, expected 'minimize' or 'maximize'" },
	{ "{'primary_objective':{'name':'a','direction':'min'}}",
	    "o: .primary_objective.direction: expected 'minimize' or "
	    "'maximize', got 'min'" },
	{ "{'primary_objective':{'name':'a','direction':'minimize\\u0000'}}",
	    "o: .primary_objective.direction: NUL character in a string" },
	{ "{'primary_objective':{'name':'a','direction':'minimize',"
	    "'tolerance':-1}}", "o: .primary_objective.tolerance: expected a "
	    "number >= 0, got -1" },
	{ "{'primary_objective':{'name':'a','direction':'minimize',"
	    "'tolerance':null}}", "o: .primary_objective.tolerance: expected "
	    "a number >= 0, got null" },
	{ "{'primary_objective':{'name':'a','direction':'minimize',"
	    "'failure_handling':1}}", "o: .primary_objective."
	    "failure_handling: expected a string, got 1" },
	{ "{" LOSS ",'secondary_objectives':{}}",
	    "o: .secondary_objectives: expected an array, got {}" },
	{ "{" LOSS ",'secondary_objectives':[{'name':'x','direction':"
	    "'up'}]}", "o: .secondary_objectives[0].direction: expected "
	    "'minimize' or 'maximize', got 'up'" },
	{ "{" LOSS ",'secondary_objectives':[{'name':'loss','direction':"
	    "'minimize'}]}", "o: .secondary_objectives[0].name: expected a "
	    "name of its own (this one is taken), got 'loss'" },
	{ "{" LOSS ",'scalarization':'weighted_sum'}",
	    S ": expected an object, got 'weighted_sum'" },
	{ "{" LOSS ",'scalarization':{}}", S ".policy: missing, expected one "
	    "of 'primary_only', 'weighted_sum', 'weighted_tchebycheff', "
	    "'lexicographic'" },
	{ POLICY("pareto", ""), S ".policy: expected one of 'primary_only', "
	    "'weighted_sum', 'weighted_tchebycheff', 'lexicographic', got "
	    "'pareto'" },
	{ POLICY("lexicographic\\u0000", ""),
	    S ".policy: NUL character in a string" },
	{ POLICY("weighted_sum", W3 ",'rho':1"), S ".rho: unknown key (known "
	    "here: policy, weights, reference_point)" },
	{ POLICY("weighted_sum", ""),
	    S ".weights: missing, expected an object" },
	{ POLICY("weighted_sum", ",'weights':[1,1,1]"),
	    S ".weights: expected an object, got [1,1,1]" },
	{ POLICY("weighted_sum", ",'weights':{'loss':1,'acc':1}"),
	    S ".weights.size: missing, expected a number" },
	{ POLICY("weighted_sum",
	    ",'weights':{'loss':1,'acc':1,'size':1,'time':1}"),
	    S ".weights.time: unknown objective, expected exactly "
	    "loss, acc, size" },
	{ POLICY("weighted_sum", ",'weights':{'loss':1,'acc':1,'size':0}"),
	    S ".weights.size: expected a number > 0, got 0" },
	{ POLICY("weighted_sum", ",'weights':{'loss':'1','acc':1,'size':1}"),
	    S ".weights.loss: expected a number, got '1'" },
	{ POLICY("weighted_tchebycheff", ""),
	    S ".weights: missing, expected an object" },
	{ POLICY("weighted_tchebycheff", W3 ",'reference_point':{'loss':1}"),
	    S ".reference_point.acc: missing, expected a number" },
	{ POLICY("weighted_tchebycheff", W3
	    ",'reference_point':{'loss':1,'acc':1,'size':1,'time':1}"),
	    S ".reference_point.time: unknown objective, expected exactly "
	    "loss, acc, size" },
	{ POLICY("weighted_sum", W3 ",'reference_point':{'loss':1}"),
	    S ".reference_point: expected no reference_point with policy "
	    "'weighted_sum', got {'loss':1}" },
	{ POLICY("lexicographic", W3), S ".weights: expected no weights with "
	    "policy 'lexicographic', got {'loss':1,'acc':1,'size':1}" },
	{ POLICY("lexicographic", ",'reference_point':{'loss':1}"),
	    S ".reference_point: expected no reference_point with policy "
	    "'lexicographic', got {'loss':1}" },
	{ POLICY("primary_only", W3), S ".weights: expected no weights with "
	    "policy 'primary_only', got {'loss':1,'acc':1,'size':1}" },
	{ POLICY("primary_only", ",'reference_point':{'loss':1}"),
	    S ".reference_point: expected no reference_point with policy "
	    "'primary_only', got {'loss':1}" },
};

static void
test_refusals(void **state)
{
	struct err err;
	size_t i;

	(void)state;
	for (i = 0; i < LENGTH(refused); i++) {
		struct document d = document(refused[i].text);

		assert_refused(objectives_from_json(d.v, "o", &err) == NULL,
		    &err, &refused[i]);
		document_free(&d);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_every_key),
		cmocka_unit_test(test_policy_names),
		cmocka_unit_test(test_primary_only),
		cmocka_unit_test(test_vector_shown),
		cmocka_unit_test(test_weighted_sum),
		cmocka_unit_test(test_weighted_sum_of_maximized),
		cmocka_unit_test(test_large_weights),
		cmocka_unit_test(test_tchebycheff),
		cmocka_unit_test(test_tchebycheff_reference),
		cmocka_unit_test(test_lexicographic),
		cmocka_unit_test(test_ties_of_scalars),
		cmocka_unit_test(test_dominates),
		cmocka_unit_test(test_write),
		cmocka_unit_test(test_refusals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
