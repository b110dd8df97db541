/* table: what RFC 4180 says about writing, what is read back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "store/table.h"

static void
put(struct buf *out, const char *text, int first)
{
	table_field(out, text, strlen(text), first);
}

static void
check_field(const char *text, const char *written)
{
	struct buf out = BUF_INIT;

	put(&out, text, 1);
	assert_string_equal(buf_str(&out), written);
	buf_release(&out);
}

static void
test_quotes_only_what_must_be(void **state)
{
	(void)state;
	check_field("plain", "plain");
	check_field("", "");
	check_field(" a b ", " a b ");
	check_field("a;b\tc'd", "a;b\tc'd");
	check_field("a,b", "\"a,b\"");
	check_field("say \"x\"", "\"say \"\"x\"\"\"");
	check_field("two\nlines", "\"two\nlines\"");
	check_field("\r", "\"\r\"");
}

static void
test_records(void **state)
{
	struct buf out = BUF_INIT;

	(void)state;
	put(&out, "id", 1);
	put(&out, "note", 0);
	table_end(&out);
	put(&out, "1", 1);
	put(&out, "", 0);
	table_end(&out);
	assert_string_equal(buf_str(&out), "id,note\r\n1,\r\n");
	buf_release(&out);
}

/* Collects records as "[a|b|][c|]". */
static int
show(void *arg, size_t number, char *const *field, const size_t *len,
    size_t n)
{
	struct buf *out = arg;
	size_t i;

	buf_addf(out, "%zu[", number);
	for (i = 0; i < n; i++) {
		assert_int_equal(field[i][len[i]], 0);
		buf_add(out, field[i], len[i]);
		buf_addc(out, '|');
	}
	buf_addc(out, ']');
	return 0;
}

static void
check_read(const char *text, size_t len, const char *expected)
{
	struct buf got = BUF_INIT;
	struct err err = { 0 };

	assert_int_equal(table_read(text, len, "x.csv", show, &got, &err), 0);
	assert_string_equal(buf_str(&got), expected);
	buf_release(&got);
}

#define READ(text, expected) check_read(text, sizeof(text) - 1, expected)

static void
test_reads(void **state)
{
	(void)state;
	READ("", "");
	READ("a,b\r\n1,2\r\n", "1[a|b|]2[1|2|]");
	READ("a,b\n1,2", "1[a|b|]2[1|2|]");
	READ("a,,\n", "1[a|||]");
	READ("\n\na\n\nb\n", "1[a|]2[b|]");
	READ("\"a,\"\"b\"\"\r\nc\",d\r\n", "1[a,\"b\"\r\nc|d|]");
	READ("\"\"\n", "1[|]");
}

static void
test_keeps_blanks(void **state)
{
	(void)state;
	READ(" a ,\tb\n\" c \",  \n", "1[ a |\tb|]2[ c |  |]");
}

/* Which fields are not even quotes: "-", and the others "+". */
static int
show_nothing(void *arg, size_t number, char *const *field, const size_t *len,
    size_t n)
{
	size_t i;

	(void)number;
	for (i = 0; i < n; i++) {
		buf_addc(arg, field[i] == field[n] ? '-' : '+');
		assert_true(field[i] != field[n] || len[i] == 0);
	}
	return 0;
}

static void
test_tells_nothing_from_empty(void **state)
{
	struct buf text = BUF_INIT, got = BUF_INIT;
	struct err err;

	(void)state;
	table_text(&text, "", 0, 1);
	table_field(&text, "", 0, 0);
	table_text(&text, "a,", 2, 0);
	table_text(&text, "", 0, 0);
	table_end(&text);
	assert_string_equal(text.p, "\"\",,\"a,\",\"\"\r\n");
	buf_adds(&text, ",\"\",a,\n");
	assert_int_equal(table_read(text.p, text.len, "x.csv", show_nothing,
	    &got, &err), 0);
	assert_string_equal(got.p, "+-++-++-");
	buf_release(&text);
	buf_release(&got);
}

static void
test_strips_byte_order_mark(void **state)
{
	(void)state;
	READ("\xef\xbb\xbf" "a,b\n", "1[a|b|]");
	READ("\xef\xbb\xbf\"a\",b\n", "1[a|b|]");
	READ("a\xef\xbb\xbf,b\n", "1[a\xef\xbb\xbf|b|]");
}

static void
test_nul_bytes_do_not_shorten(void **state)
{
	static const char expected[] = "1[a\0b|c|]";
	struct buf got = BUF_INIT;
	struct err err;

	(void)state;
	assert_int_equal(table_read("a\0b,c\n", 6, "x.csv", show, &got, &err),
	    0);
	assert_int_equal(got.len, sizeof(expected) - 1);
	assert_memory_equal(got.p, expected, got.len);
	buf_release(&got);
}

static void
check_refused(const char *text, const char *words)
{
	struct buf got = BUF_INIT;
	struct err err = { 0 };

	assert_int_equal(table_read(text, strlen(text), "x.csv", show, &got,
	    &err), -1);
	assert_int_equal(err.status, LO_REFUSED);
	if (strncmp(err.text, words, strlen(words)) != 0)
		fail_msg("got '%s'", err.text);
	buf_release(&got);
}

static void
test_refuses_stray_quotes(void **state)
{
	(void)state;
	check_refused("a,b\n1,2\"3\n", "x.csv: line 2: ");
	check_refused("a,b\n\n\"1\"2,3\n", "x.csv: line 3: ");
	check_refused("a\n\"never closed\n\n", "x.csv: line 4: ");
}

static int
stop_at_two(void *arg, size_t number, char *const *field, const size_t *len,
    size_t n)
{
	(void)field;
	(void)len;
	(void)n;
	*(size_t *)arg = number;
	return number == 2;
}

static void
test_row_can_stop(void **state)
{
	size_t last = 0;
	struct err err;

	(void)state;
	assert_int_equal(table_read("a\nb\nc\nd\n", 8, "x", stop_at_two,
	    &last, &err), 0);
	assert_int_equal(last, 2);
}

/* All fields of up to three of these characters, alone and in pairs, come
 * back as they were. */
static void
test_round_trip(void **state)
{
	static const char letters[] = "a,\"\r\n ";
	struct buf text = BUF_INIT, expected = BUF_INIT;
	size_t i, n = sizeof(letters) - 1, number = 0;
	char field[4] = "";

	(void)state;
	for (i = 0; i < n * n * n; i++) {
		field[0] = letters[i % n];
		field[1] = letters[i / n % n];
		field[2] = letters[i / n / n];
		put(&text, field, 1);
		table_end(&text);
		buf_addf(&expected, "%zu[%s|]", ++number, field);
		put(&text, "", 1);
		put(&text, field, 0);
		table_end(&text);
		buf_addf(&expected, "%zu[|%s|]", ++number, field);
	}
	put(&text, "", 1);
	table_end(&text);
	buf_addf(&expected, "%zu[|]", ++number);
	check_read(text.p, text.len, expected.p);
	buf_release(&text);
	buf_release(&expected);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_quotes_only_what_must_be),
		cmocka_unit_test(test_records),
		cmocka_unit_test(test_reads),
		cmocka_unit_test(test_keeps_blanks),
		cmocka_unit_test(test_tells_nothing_from_empty),
		cmocka_unit_test(test_strips_byte_order_mark),
		cmocka_unit_test(test_nul_bytes_do_not_shorten),
		cmocka_unit_test(test_refuses_stray_quotes),
		cmocka_unit_test(test_row_can_stop),
		cmocka_unit_test(test_round_trip)
	};

	return cmocka_run_group_tests_name("table", tests, NULL, NULL);
}
