/* near: distances by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/near.h"

static void
distances(void **state)
{
	char longer[NEAR_LONGEST + 2];

	(void)state;
	assert_int_equal(near_distance("", ""), 0);
	assert_int_equal(near_distance("abc", ""), 3);
	assert_int_equal(near_distance("", "ab"), 2);
	assert_int_equal(near_distance("kitten", "sitting"), 3);
	assert_int_equal(near_distance("trails", "trials"), 1);
	assert_int_equal(near_distance("ab", "ba"), 1);
	assert_int_equal(near_distance("timeot", "timeout"), 1);
	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	assert_true(near_distance(longer, longer) > NEAR_LONGEST);
}

static void
the_nearest_is_kept(void **state)
{
	struct near n = NEAR("max_trails"), far = NEAR("zoo"),
	    nothing = NEAR("");

	(void)state;
	near_try(&n, "max_pending_trials");
	assert_null(n.best);
	near_try(&n, "max_trial");
	near_try(&n, "max_trials");
	near_try(&n, "min_trials");
	assert_string_equal(n.best, "max_trials");
	near_try(&far, "seed");
	near_try(&far, "seconds");
	assert_null(far.best);
	near_try(&nothing, "a");
	assert_null(nothing.best);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(distances),
		cmocka_unit_test(the_nearest_is_kept)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
