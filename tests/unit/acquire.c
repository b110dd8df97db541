/* acquire: closed forms, and 20 digits from arbitrary precision. */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/acquire.h"

static void
assert_near(double got, double expected, double relative)
{
	if (fabs(got - expected) > relative * fabs(expected))
		fail_msg("expected %.17g, got %.17g", expected, got);
}

/* u Phi(u/s) + s phi(u/s), computed with 40 digits. */
static const struct {
	double u, s, ei;
} table[] = {
	{ 0, 1, 0.39894228040143267794 },
	{ 1, 1, 1.0833154705876862984 },
	{ -1, 1, 0.083315470587686298383 },
	{ 2, 0.5, 2.0000035726292162028 },
	{ -2, 0.5, 3.5726292162028333795e-6 },
	{ 0.25, 0.125, 0.25106133782710370469 },
	{ -7.5, 2.5, 0.00095538579261930898912 },
	{ -10, 1, 7.4745602545893280366e-25 },
	{ -30, 1, 1.6319567340914011894e-199 }
};

static void
ei_is_the_closed_form(void **state)
{
	struct acquire a = { 0, 0, 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		a.best = 3 + table[i].u;
		/* Far out two terms cancel: z^2 times the error of exp. */
		assert_near(acquire_ei(&a, 3, table[i].s), table[i].ei,
		    1e-10);
	}
}

/* The smallest value less xi is what must be improved on. */
static void
ei_takes_xi_off_the_incumbent(void **state)
{
	struct acquire with = { 2, 0.25, 0 }, without = { 1.75, 0, 0 };

	(void)state;
	assert_true(acquire_ei(&with, 1.5, 0.5) ==
	    acquire_ei(&without, 1.5, 0.5));
	assert_true(acquire_ei(&with, 1.5, 0) == 0.25);
	assert_true(acquire_ei(&with, 1.875, 0) == 0);
}

static void
ei_rises_with_the_improvement(void **state)
{
	struct acquire a = { 0, 0, 0 };
	double u, last = 0, ei;

	(void)state;
	for (u = -60; u < 60; u += 0.25) {
		ei = acquire_ei(&a, -u, 1);
		assert_true(ei >= 0 && ei >= u * (1 - DBL_EPSILON));
		assert_true(ei >= last * (1 - DBL_EPSILON));
		last = ei;
	}
}

static void
ei_proxy_and_ucb_are_as_written(void **state)
{
	struct acquire a = { 2, 0.25, 1.5 };

	(void)state;
	assert_true(acquire_ei_proxy(&a, 1.5, 0.5) == 0.5 + 0.125);
	assert_true(acquire_ei_proxy(&a, 3, 0.5) == 0.125);
	assert_true(acquire_ucb(&a, 1.5, 0.5) == -(1.5 - 0.75));
	assert_true(acquire_ucb(&a, -1.5, 2) == 4.5);
}

static void
huge_objectives_give_finite_scores(void **state)
{
	struct acquire a = { -DBL_MAX, 0.01, 1.5 };
	const double mean[] = { -DBL_MAX, 0, DBL_MAX };
	const double sd[] = { 1e-6, 1, DBL_MAX };
	int i, k;

	(void)state;
	for (i = 0; i < 3; i++)
		for (k = 0; k < 3; k++) {
			assert_true(isfinite(acquire_ei(&a, mean[i],
			    sd[k])));
			assert_true(isfinite(acquire_ei_proxy(&a, mean[i],
			    sd[k])));
			assert_true(isfinite(acquire_ucb(&a, mean[i],
			    sd[k])));
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ei_is_the_closed_form),
		cmocka_unit_test(ei_takes_xi_off_the_incumbent),
		cmocka_unit_test(ei_rises_with_the_improvement),
		cmocka_unit_test(ei_proxy_and_ucb_are_as_written),
		cmocka_unit_test(huge_objectives_give_finite_scores)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
