/* filter: what jq(1) would print, and what it would complain about. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "store/filter.h"

static int
add(void *arg, jv v)
{
	struct buf *out = arg;

	v = jv_dump_string(v, 0);
	buf_addf(out, "%s\n", jv_string_value(v));
	jv_free(v);
	return 0;
}

/* Run program over input; the results, one a line. */
static int
run(const char *program, jv args, const char *input, struct buf *out,
    struct err *err)
{
	struct filter *f = filter_new(program, args, err);
	int result;

	if (f == NULL)
		return -1;
	result = filter_run(f, jv_parse(input), add, out, err);
	filter_free(f);
	return result;
}

static void
check(const char *program, const char *input, const char *expected)
{
	struct buf out = BUF_INIT;
	struct err err = { 0 };

	if (run(program, jv_invalid(), input, &out, &err) != 0)
		fail_msg("%s: %s", program, err.text);
	assert_string_equal(buf_str(&out), expected);
	buf_release(&out);
}

static void
check_fails(const char *program, int status, const char *words,
    const char *printed)
{
	struct buf out = BUF_INIT;
	struct err err = { 0 };

	assert_int_equal(run(program, jv_invalid(), "{\"a\":[1,2]}", &out,
	    &err), -1);
	assert_int_equal(err.status, status);
	if (strstr(err.text, words) == NULL || strchr(err.text, '\n') != NULL)
		fail_msg("got '%s'", err.text);
	assert_string_equal(buf_str(&out), printed);
	buf_release(&out);
}

static void
test_results(void **state)
{
	(void)state;
	check(".", "{\"b\":1,\"a\":[null]}", "{\"b\":1,\"a\":[null]}\n");
	check(".a[]", "{\"a\":[1,\"x\",{}]}", "1\n\"x\"\n{}\n");
	check("empty", "1", "");
	check("[limit(3;repeat(.))]", "7", "[7,7,7]\n");
}

static void
test_arguments(void **state)
{
	struct buf out = BUF_INIT;
	struct err err;
	jv args = jv_object_set(jv_object(), jv_string("who"),
	    jv_string("me"));

	(void)state;
	assert_int_equal(run("$who, $ARGS.named, $ARGS.positional", args,
	    "null", &out, &err), 0);
	assert_string_equal(buf_str(&out), "\"me\"\n{\"who\":\"me\"}\n[]\n");
	buf_release(&out);
	check("$ARGS", "0", "{\"positional\":[],\"named\":{}}\n");
}

static void
test_does_not_compile(void **state)
{
	(void)state;
	check_fails(".[", LO_USAGE, "syntax error", "");
	check_fails("nothing_like_it", LO_USAGE, "nothing_like_it/0", "");
	check_fails("$missing", LO_USAGE, "$missing is not defined", "");
	check_fails("import \"nowhere\" as n; .", LO_USAGE, "nowhere", "");
}

static void
test_fails_in_the_middle(void **state)
{
	(void)state;
	check_fails(".a[] | if . == 1 then . else error(\"too many\") end",
	    LO_REFUSED, "filter: too many", "1\n");
	check_fails(".a | keys | .[0] | error", LO_REFUSED, "filter: 0", "");
	check_fails(".a.b", LO_REFUSED, "Cannot index array", "");
	check_fails("1, (\"no use\" | halt_error), 2", LO_REFUSED, "no use",
	    "1\n");
}

static void
test_halt_is_the_end(void **state)
{
	(void)state;
	check("1, halt, 2", "null", "1\n");
}

/* libjq's builtins that look at the input need one to look at. */
static void
test_there_is_no_further_input(void **state)
{
	(void)state;
	check("[inputs]", "null", "[]\n");
	check("input_filename", "null", "null\n");
	check("debug | input_line_number", "null", "0\n");
	check_fails("input", LO_REFUSED, "filter: ", "");
}

static int
first_only(void *arg, jv v)
{
	add(arg, v);
	return 1;
}

static void
test_many_values_through_one_filter(void **state)
{
	struct buf out = BUF_INIT;
	struct err err;
	struct filter *f = filter_new(".[], error(\"end\")", jv_invalid(),
	    &err);

	(void)state;
	assert_non_null(f);
	assert_int_equal(filter_run(f, jv_parse("[1,2]"), first_only, &out,
	    &err), 0);
	assert_int_equal(filter_run(f, jv_parse("[3]"), add, &out, &err), -1);
	assert_string_equal(err.text, "filter: end");
	assert_int_equal(filter_run(f, jv_parse("[4,5]"), first_only, &out,
	    &err), 0);
	assert_string_equal(buf_str(&out), "1\n3\n4\n");
	buf_release(&out);
	filter_free(f);
	filter_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_results),
		cmocka_unit_test(test_arguments),
		cmocka_unit_test(test_does_not_compile),
		cmocka_unit_test(test_fails_in_the_middle),
		cmocka_unit_test(test_halt_is_the_end),
		cmocka_unit_test(test_there_is_no_further_input),
		cmocka_unit_test(test_many_values_through_one_filter)
	};

	return cmocka_run_group_tests_name("filter", tests, NULL, NULL);
}
