/* opt: values, refusals, usage and help of one table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cli/opt.h"

#define MAX_ARGS 16

/* A table with one option of each kind. */
struct values {
	bool flag;
	const char *text;
	int64_t number, count;
	double seconds, real;
	struct opt_list list, pair;
};

static void
parse(struct values *v, enum opt_order order, const char *line,
    char *rest[MAX_ARGS + 1], struct err *err)
{
	const struct opt table[] = {
		{ 'q', "quiet", NULL, OPT_FLAG, &v->flag, "say less", 0 },
		{ 't', "text", "T", OPT_TEXT, &v->text, "a text", 0 },
		{ 'n', "number", "N", OPT_INT, &v->number, "a number", 0 },
		{ 0, "count", "N", OPT_COUNT, &v->count, "a count", 0 },
		{ 0, "seconds", "S", OPT_SECONDS, &v->seconds, "wait", 0 },
		{ 0, "real", "X", OPT_REAL, &v->real, "a number", 0 },
		{ 'a', "add", "A", OPT_LIST, &v->list, "an item", 1 },
		{ 'b', "bad", "B", OPT_LIST, &v->list, "another", 2 },
		{ 0, "pair", "K V", OPT_PAIR, &v->pair, "two", 0 },
		OPT_END
	};
	static char words[512];
	char *argv[MAX_ARGS + 1], *p = words;
	int argc = 0, first, i;

	strcpy(words, line);
	for (p = strtok(words, " "); p != NULL; p = strtok(NULL, " "))
		argv[argc++] = p;
	argv[argc] = NULL;
	first = opt_parse(table, order, argc, argv, err);
	for (i = 0; rest != NULL && first >= 0 && first + i <= argc; i++)
		rest[i] = argv[first + i];
	if (first < 0 && rest != NULL)
		fail_msg("%s: %s", line, err->text);
}

static void
release(struct values *v)
{
	opt_list_release(&v->list);
	opt_list_release(&v->pair);
}

static void
test_values(void **state)
{
	struct values v = { .seconds = -1 };
	char *rest[MAX_ARGS + 1];
	struct err err = { 0 };

	(void)state;
	parse(&v, OPT_ANYWHERE, "x -q -t word -n 0 --count=3 --seconds 1e-2 "
	    "--real -.5 file", rest, &err);
	assert_true(v.flag);
	assert_string_equal(v.text, "word");
	assert_int_equal(v.number, 0);
	assert_int_equal(v.count, 3);
	assert_true(v.seconds == 0.01);
	assert_true(v.real == -0.5);
	assert_string_equal(rest[0], "file");
	assert_null(rest[1]);
}

static void
test_defaults_stay(void **state)
{
	struct values v = { .number = 7, .seconds = -1, .text = "kept" };
	char *rest[MAX_ARGS + 1];
	struct err err;

	(void)state;
	parse(&v, OPT_ANYWHERE, "x", rest, &err);
	assert_int_equal(v.number, 7);
	assert_true(v.seconds == -1);
	assert_string_equal(v.text, "kept");
	assert_false(v.flag);
	assert_null(rest[0]);
}

static void
test_lists_keep_the_order(void **state)
{
	struct values v = { 0 };
	char *rest[MAX_ARGS + 1];
	struct err err;

	(void)state;
	parse(&v, OPT_ANYWHERE, "x -a 1 --bad 2 --add=3 -b4", rest, &err);
	assert_int_equal(v.list.n, 4);
	assert_string_equal(v.list.item[1], "2");
	assert_string_equal(v.list.item[3], "4");
	assert_int_equal(v.list.which[0], 1);
	assert_int_equal(v.list.which[1], 2);
	assert_int_equal(v.list.which[2], 1);
	assert_int_equal(v.list.which[3], 2);
	release(&v);
	assert_int_equal(v.list.n, 0);
}

/* Two arguments, also between operands and in front of options. */
static void
test_pairs(void **state)
{
	struct values v = { 0 };
	char *rest[MAX_ARGS + 1];
	struct err err;

	(void)state;
	parse(&v, OPT_ANYWHERE, "x one --pair k -q two --pair=l -- -q -- -t",
	    rest, &err);
	assert_int_equal(v.pair.n, 4);
	assert_string_equal(v.pair.item[0], "k");
	assert_string_equal(v.pair.item[1], "-q");
	assert_string_equal(v.pair.item[2], "l");
	assert_string_equal(v.pair.item[3], "--");
	assert_true(v.flag);
	assert_string_equal(rest[0], "one");
	assert_string_equal(rest[1], "two");
	assert_string_equal(rest[2], "-t");
	assert_null(rest[3]);
	release(&v);
}

static void
test_end_of_options(void **state)
{
	struct values v = { 0 };
	char *rest[MAX_ARGS + 1];
	struct err err;

	(void)state;
	parse(&v, OPT_ANYWHERE, "x a -- -q -", rest, &err);
	assert_false(v.flag);
	assert_string_equal(rest[0], "a");
	assert_string_equal(rest[1], "-q");
	assert_string_equal(rest[2], "-");
	parse(&v, OPT_FIRST, "x -n 1 cmd -q", rest, &err);
	assert_false(v.flag);
	assert_string_equal(rest[0], "cmd");
	assert_string_equal(rest[1], "-q");
	parse(&v, OPT_ANYWHERE, "x cmd -q", rest, &err);
	assert_true(v.flag);
}

static void
check_refused(const char *line, const char *words)
{
	struct values v = { 0 };
	struct err err = { 0 };

	parse(&v, OPT_ANYWHERE, line, NULL, &err);
	assert_int_equal(err.status, LO_USAGE);
	assert_string_equal(err.text, words);
	release(&v);
}

static void
test_refusals(void **state)
{
	(void)state;
	check_refused("x -z", "unknown option -z");
	check_refused("x -qz", "unknown option -z");
	check_refused("x --zoo=1", "unknown option --zoo");
	check_refused("x --secnods=1", "unknown option --secnods, did you "
	    "mean --seconds?");
	check_refused("x --txet 1", "unknown option --txet, did you mean "
	    "--text?");
	check_refused("x -t", "--text needs an argument: T");
	check_refused("x --text", "--text needs an argument: T");
	check_refused("x --quiet=1", "--quiet takes no argument");
	check_refused("x --pair k", "--pair needs two arguments: K V");
	check_refused("x -n 1.5", "--number: expected a whole number, "
	    "got '1.5'");
	check_refused("x -n -1", "--number: expected a whole number, "
	    "got '-1'");
	check_refused("x --count 0", "--count: expected a whole number of "
	    "at least 1, got '0'");
	check_refused("x --count 9007199254740994", "--count: expected a "
	    "whole number of at least 1, got '9007199254740994'");
	check_refused("x --seconds -1", "--seconds: expected a number of "
	    "seconds, got '-1'");
	check_refused("x --seconds nan", "--seconds: expected a number of "
	    "seconds, got 'nan'");
	check_refused("x --real 1e999", "--real: expected a number, "
	    "got '1e999'");
	check_refused("x --real 0x10", "--real: expected a number, "
	    "got '0x10'");
}

static void
test_usage_is_folded(void **state)
{
	bool b;
	const char *s;
	const struct opt common[] = {
		{ 'C', "campaign", "DIR", OPT_TEXT, &s, "", 0 },
		{ 'r', "raw", NULL, OPT_FLAG, &b, "", 0 },
		{ 0, "arg", "NAME VALUE", OPT_PAIR, NULL, "", 0 },
		OPT_END
	};
	struct buf out = BUF_INIT;

	(void)state;
	opt_usage(common, "lo-x", "[-n N]\n[--trial ID [--status S]] "
	    "[--one-more LONG] [--and-another LONGER] FILE\n", &out);
	assert_string_equal(buf_str(&out),
	    "usage: lo-x [-C DIR] [-r] [--arg NAME VALUE] [-n N]\n"
	    "       lo-x [-C DIR] [-r] [--arg NAME VALUE] "
	    "[--trial ID [--status S]]\n"
	    "            [--one-more LONG] [--and-another LONGER] FILE\n");
	buf_release(&out);
}

static void
test_description(void **state)
{
	bool b;
	const struct opt table[] = {
		{ 'q', "quiet", NULL, OPT_FLAG, &b, "say less", 0 },
		{ 0, "arg", "NAME VALUE", OPT_PAIR, NULL, "one\ntwo", 0 },
		{ 'e', "extraordinarily-long", "X", OPT_TEXT, NULL,
		    "below", 0 },
		OPT_END
	};
	struct buf out = BUF_INIT;

	(void)state;
	opt_describe(table, &out);
	assert_string_equal(buf_str(&out),
	    "  -q, --quiet             say less\n"
	    "      --arg NAME VALUE    one\n"
	    "                          two\n"
	    "  -e, --extraordinarily-long X\n"
	    "                          below\n");
	buf_release(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_defaults_stay),
		cmocka_unit_test(test_lists_keep_the_order),
		cmocka_unit_test(test_pairs),
		cmocka_unit_test(test_end_of_options),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_usage_is_folded),
		cmocka_unit_test(test_description)
	};

	return cmocka_run_group_tests_name("opt", tests, NULL, NULL);
}
