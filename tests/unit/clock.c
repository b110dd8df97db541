/* clock: durations in words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/clock.h"

static void
says(double seconds, const char *expected)
{
	struct buf text = BUF_INIT;

	clock_words(seconds, &text);
	assert_string_equal(buf_str(&text), expected);
	buf_release(&text);
}

static void
test_words(void **state)
{
	(void)state;
	says(0, "0 s");
	says(0.0125, "0.0125 s");
	says(119, "119 s");
	says(120, "2 min");
	says(7199, "120 min");
	says(9000, "2.5 h");
	says(2 * 86400, "2 days");
	says(36 * 86400, "36 days");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
