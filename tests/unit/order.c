/* order: any order of a state's rows gives one list. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "campaign/order.h"

static void
trials_are_listed_by_their_ids(void **unused)
{
	struct observation obs[] = { { .id = 7 }, { .id = 2 }, { .id = 9 },
	    { .id = TRIAL_ID_MAX }, { .id = 1 } };
	struct pending pend[] = { { .id = 8 }, { .id = 3 }, { .id = 5 } };
	struct state s = { .obs = obs, .nobs = 5, .pend = pend, .npend = 3 };
	const struct observation **o = order_observed(&s);
	const struct pending **p = order_pending(&s);

	(void)unused;
	assert_ptr_equal(o[0], &obs[4]);
	assert_ptr_equal(o[1], &obs[1]);
	assert_ptr_equal(o[2], &obs[0]);
	assert_ptr_equal(o[3], &obs[2]);
	assert_ptr_equal(o[4], &obs[3]);
	assert_ptr_equal(p[0], &pend[1]);
	assert_ptr_equal(p[1], &pend[2]);
	assert_ptr_equal(p[2], &pend[0]);
	free(o);
	free(p);
}

static void
an_empty_state_has_empty_lists(void **unused)
{
	struct state s = { .nobs = 0 };
	const struct observation **o = order_observed(&s);
	const struct pending **p = order_pending(&s);

	(void)unused;
	order_by_id(o, 0);
	order_by_key(NULL, 0);
	free(o);
	free(p);
}

static void
equal_keys_keep_the_order_of_ids(void **unused)
{
	struct observation obs[] = { { .id = 4 }, { .id = 3 }, { .id = 2 },
	    { .id = 1 } };
	struct ranked r[] = { { &obs[0], 1 }, { &obs[1], 1 },
	    { &obs[2], 0x1p-1074 }, { &obs[3], 2 } };

	(void)unused;
	order_by_key(r, 4);
	assert_int_equal(r[0].o->id, 2);
	assert_int_equal(r[1].o->id, 3);
	assert_int_equal(r[2].o->id, 4);
	assert_int_equal(r[3].o->id, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(trials_are_listed_by_their_ids),
		cmocka_unit_test(an_empty_state_has_empty_lists),
		cmocka_unit_test(equal_keys_keep_the_order_of_ids),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
