/* wrap: lines by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/wrap.h"

static void
check(const char *text, const char *indent, size_t width, const char *want)
{
	struct buf out = BUF_INIT;

	wrap(text, indent, width, &out);
	assert_string_equal(buf_str(&out), want);
	buf_release(&out);
}

static void
words(void **state)
{
	(void)state;
	check("", "", 10, "");
	check("   ", "", 10, "");
	check("one", "", 10, "one\n");
	check("one two six", "", 7, "one two\nsix\n");
	check("one two six", "", 6, "one\ntwo\nsix\n");
	check("  one   two  ", "", 80, "one two\n");
	check("12345678 9", "", 8, "12345678\n9\n");
}

static void
long_words(void **state)
{
	(void)state;
	check("a abcdefghij b", "", 5, "a\nabcdefghij\nb\n");
}

static void
indents(void **state)
{
	(void)state;
	check("one two", "  ", 9, "  one two\n");
	check("one two", "  ", 8, "  one\n  two\n");
}

static void
newlines(void **state)
{
	(void)state;
	check("a\nb c", "", 80, "a\nb c\n");
	check("a\n\nb", "", 80, "a\n\nb\n");
}

/* Characters are counted, not bytes. */
static void
characters(void **state)
{
	(void)state;
	check("\303\244\303\244 \303\244\303\244", "", 5,
	    "\303\244\303\244 \303\244\303\244\n");
	check("a\tb\033[1m\177", "", 80, "a?b?[1m?\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words),
		cmocka_unit_test(long_words),
		cmocka_unit_test(indents),
		cmocka_unit_test(newlines),
		cmocka_unit_test(characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
