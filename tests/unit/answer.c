/* answer: what stdout means. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ops/answer.h"

/* Objectives a (primary) and b; programs may be NULL. */
static void
ask(size_t n, const char *pa, const char *pb, const char *text,
    struct answer *a)
{
	char *name[] = { (char *)"a", (char *)"b" };
	struct filter *filter[] = { NULL, NULL };
	struct answer_question q = { name, filter, n };
	struct err err;

	if (pa != NULL)
		filter[0] = filter_new(pa, jv_invalid(), &err);
	if (pb != NULL)
		filter[1] = filter_new(pb, jv_invalid(), &err);
	answer_read(&q, text, strlen(text), false, a);
	filter_free(filter[0]);
	filter_free(filter[1]);
}

/* The value, or NaN where the result is not ok. */
static double
value(const char *text)
{
	struct answer a;
	double y;

	ask(1, NULL, NULL, text, &a);
	y = a.status == TRIAL_OK ? a.y[0] : (double)NAN;
	if (a.status == TRIAL_OK)
		assert_null(a.reason);
	else
		assert_non_null(a.reason);
	answer_release(&a);
	return y;
}

static void
numbers(void **state)
{
	static const struct {
		const char *text;
		double y;
	} good[] = {
		{ "3", 3 }, { "0.25\n", 0.25 }, { "-1e-3", -1e-3 },
		{ "  7  \n\n\n", 7 }, { "noise\n42\n", 42 },
		{ "{not json}\n5\r\n", 5 }, { ".5", 0.5 }, { "+2", 2 },
		{ "1\n2\n3", 3 }
	};
	static const char *const bad[] = {
		"", "\n \n", "nan", "NaN", "inf", "-Infinity", "1e999",
		"3 s", "loss 3", "true", "null", "\"3\"", "[3]", "1,5",
		"5\nlast words"
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_true(value(good[i].text) == good[i].y);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_true(isnan(value(bad[i])));
}

static void
objects(void **state)
{
	(void)state;
	assert_true(value("{\"objective\":2}") == 2);
	assert_true(value("{\"objective_value\":2.5}") == 2.5);
	assert_true(value("{\"objectives\":{\"a\":4}}") == 4);
	assert_true(value("{\n \"objectives\": {\n  \"a\": 4}\n}\n") == 4);
	assert_true(value("log\n{\"objective\":1}\n") == 1);
	assert_true(value("{\"objective\":1}\n{\"objective\":9}") == 9);
	assert_true(value("{\"status\":\"ok\",\"objective\":1}") == 1);
	assert_true(value("{\"status\":\"success\",\"objective\":1}") == 1);
	assert_true(value("{\"objectives\":{\"a\":4,\"c\":1},\"x\":[]}")
	    == 4);
	assert_true(isnan(value("{\"loss\":1}")));
	assert_true(isnan(value("{\"objective\":null}")));
	assert_true(isnan(value("{\"objective\":\"1\"}")));
	assert_true(isnan(value("{\"objective\":1e999}")));
	assert_true(isnan(value("{\"objective\":NaN}")));
	assert_true(isnan(value("{\"objective\":1,\"objective\":2}")));
	assert_true(isnan(value("{\"objective\":1,}")));
	assert_true(isnan(value("{\"objective\":1,\"status\":\"fine\"}")));
	assert_true(isnan(value("{\"objective\":1,\"status\":3}")));
}

static void
reason(const char *text, const char *expected)
{
	struct answer a;

	ask(1, NULL, NULL, text, &a);
	assert_int_equal(a.status, TRIAL_FAILED);
	if (strstr(a.reason, expected) == NULL)
		fail_msg("%s: %s", text, a.reason);
	answer_release(&a);
}

static void
reasons_say_what_was_there(void **state)
{
	(void)state;
	reason("", "no answer on stdout");
	reason("3 seconds", "3 seconds");
	reason("{\"b\":1}", "no objective a, its keys are [\"b\"]");
	reason("{\"objective\":\"x\"}", "got \"x\"");
	reason("{\"objective\":1,}", "line 1 column 16");
	reason("{\n \"objective\": nan}\n", "line 2 column 15");
	reason("{\"objective\":1,\"status\":\"fine\"}", "\"fine\"");
}

static void
every_objective_is_needed(void **state)
{
	struct answer a;

	(void)state;
	ask(2, NULL, NULL, "{\"objectives\":{\"a\":1,\"b\":2}}", &a);
	assert_int_equal(a.status, TRIAL_OK);
	assert_true(a.y[0] == 1 && a.y[1] == 2);
	answer_release(&a);
	ask(2, NULL, NULL, "{\"objective\":1,\"objectives\":{\"b\":2}}", &a);
	assert_int_equal(a.status, TRIAL_OK);
	assert_true(a.y[0] == 1 && a.y[1] == 2);
	answer_release(&a);
	ask(2, NULL, NULL, "17", &a);
	assert_int_equal(a.status, TRIAL_FAILED);
	assert_non_null(strstr(a.reason, "no objective b"));
	answer_release(&a);
}

static void
an_answer_may_say_that_it_failed(void **state)
{
	struct answer a;

	(void)state;
	ask(1, NULL, NULL, "{\"status\":\"killed\",\"objective\":1,"
	    "\"terminal_reason\":\"diverged\",\"penalty_objective\":9,"
	    "\"runtime_seconds\":2.5}", &a);
	assert_int_equal(a.status, TRIAL_KILLED);
	assert_string_equal(a.reason, "diverged");
	assert_true(a.has_penalty && a.penalty == 9);
	assert_true(a.has_runtime && a.runtime == 2.5);
	answer_release(&a);
	ask(1, NULL, NULL, "{\"status\":\"timeout\",\"terminal_reason\":\" \","
	    "\"runtime_seconds\":-1}", &a);
	assert_int_equal(a.status, TRIAL_TIMEOUT);
	assert_string_equal(a.reason, "status=timeout");
	assert_false(a.has_penalty || a.has_runtime);
	answer_release(&a);
	ask(1, NULL, NULL, "{\"status\":\"failed\",\"failure_reason\":\"x\"}",
	    &a);
	assert_string_equal(a.reason, "x");
	answer_release(&a);
	ask(1, NULL, NULL, "{\"objective\":1,\"penalty_objective\":9}", &a);
	assert_int_equal(a.status, TRIAL_OK);
	assert_false(a.has_penalty);
	answer_release(&a);
}

static void
programs_pick_from_json(void **state)
{
	struct answer a;

	(void)state;
	ask(2, ".run.s", ".run.mb", "{\"run\":{\"s\":2,\"mb\":7}}", &a);
	assert_true(a.y[0] == 2 && a.y[1] == 7);
	answer_release(&a);
	/* the other one is taken from where it always is */
	ask(2, NULL, ".mb", "x\n{\"objective\":3,\"mb\":7}", &a);
	assert_true(a.y[0] == 3 && a.y[1] == 7);
	answer_release(&a);
	ask(1, "map(.t)|add", NULL, "[{\"t\":1},\n{\"t\":2}]\n", &a);
	assert_int_equal(a.status, TRIAL_OK);
	assert_true(a.y[0] == 3);
	answer_release(&a);
}

static void
programs_pick_from_text(void **state)
{
	struct answer a;

	(void)state;
	ask(1, "capture(\"time: (?<t>[0-9.]+)\").t|tonumber", NULL,
	    "time: 1.5 s\nbye\n", &a);
	assert_int_equal(a.status, TRIAL_OK);
	assert_true(a.y[0] == 1.5);
	answer_release(&a);
}

static void
program_fails(const char *program, const char *text, const char *expected)
{
	struct answer a;

	ask(1, program, NULL, text, &a);
	assert_int_equal(a.status, TRIAL_FAILED);
	assert_non_null(strstr(a.reason, "objective a: "));
	if (strstr(a.reason, expected) == NULL)
		fail_msg("%s: %s", program, a.reason);
	answer_release(&a);
}

static void
programs_that_give_no_number(void **state)
{
	(void)state;
	program_fails(".x", "{\"y\":1}", "got null");
	program_fails(".x", "{\"x\":\"1\"}", "got \"1\"");
	program_fails("empty", "{}", "got nothing");
	program_fails("1,2", "{}", "several");
	program_fails("nan", "{}", "not finite");
	program_fails("infinite", "{}", "not finite");
	program_fails("error(\"no luck\")", "{}", "no luck");
	program_fails(".x", "words", "index string");
}

static void
a_cut_text_is_judged_by_its_end(void **state)
{
	char *name[] = { (char *)"a" };
	struct filter *filter[] = { NULL };
	struct answer_question q = { name, filter, 1 };
	struct answer a;

	(void)state;
	answer_read(&q, "{\"objective\":1}", 15, true, &a);
	assert_int_equal(a.status, TRIAL_OK);
	answer_release(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers),
		cmocka_unit_test(objects),
		cmocka_unit_test(reasons_say_what_was_there),
		cmocka_unit_test(every_objective_is_needed),
		cmocka_unit_test(an_answer_may_say_that_it_failed),
		cmocka_unit_test(programs_pick_from_json),
		cmocka_unit_test(programs_pick_from_text),
		cmocka_unit_test(programs_that_give_no_number),
		cmocka_unit_test(a_cut_text_is_judged_by_its_end)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
