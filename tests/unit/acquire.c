/* acquire: closed forms, and 20 digits from arbitrary precision. */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

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

/* A line of fixtures/acquire/generate.py. */
struct row {
	double z;
	double log_h, cdf, pdf;		/* cdf and pdf over h */
	double log_cdf, hazard;
};

/* EI from 0.4 to 1e-300 and far below, in units of any size. */
static void
check_row(const struct row *r)
{
	const double unit[] = { 1, 0x1p-40, 0x1p30 };
	double slope[2], got;
	int i;

	for (i = 0; i < 3; i++) {
		got = acquire_log_ei(-r->z * unit[i], unit[i], 0, slope);
		assert_near(got, r->log_h + log(unit[i]), 1e-12);
		assert_near(slope[0], -r->cdf / unit[i], 1e-9);
		assert_near(slope[1], r->pdf / unit[i], 1e-9);
	}
	assert_near(acquire_log_cdf(r->z, &slope[0]), r->log_cdf, 1e-12);
	assert_near(slope[0], r->hazard, 1e-12);
}

static void
logarithms_agree_with_arbitrary_precision(void **state)
{
	FILE *f = fopen("tests/fixtures/acquire/normal.txt", "r");
	struct row r;
	int lines = 0;

	(void)state;
	assert_non_null(f);
	while (fscanf(f, "%lf %lf %lf %lf %lf %lf", &r.z, &r.log_h, &r.cdf,
	    &r.pdf, &r.log_cdf, &r.hazard) == 6) {
		check_row(&r);
		lines++;
	}
	assert_true(feof(f) && lines > 400);
	fclose(f);
}

static void
slopes_are_differences(void **state)
{
	const double mean[] = { -6, 0, 0.5, 1.2, 3, 8, 30, 1500 };
	const double sd[] = { 0.3, 1, 4 };
	double slope[2], step, best = 0.25;
	size_t i, k;

	(void)state;
	for (i = 0; i < 8; i++)
		for (k = 0; k < 3; k++) {
			acquire_log_ei(mean[i], sd[k], best, slope);
			step = 1e-5 * sd[k];
			assert_near((acquire_log_ei(mean[i] + step, sd[k],
			    best, NULL) - acquire_log_ei(mean[i] - step,
			    sd[k], best, NULL)) / (2 * step), slope[0], 1e-6);
			/* Differences see nothing of less. */
			if (slope[1] < 1e-4)
				continue;
			assert_near((acquire_log_ei(mean[i], sd[k] + step,
			    best, NULL) - acquire_log_ei(mean[i],
			    sd[k] - step, best, NULL)) / (2 * step),
			    slope[1], 1e-6);
		}
}

/* Nowhere does a change of formula make a better point look worse. */
static void
log_ei_and_log_cdf_rise(void **state)
{
	double z, ei, cdf, last_ei = -DBL_MAX, last_cdf = -DBL_MAX;

	(void)state;
	for (z = -1100; z < 45; z += 0.03125) {
		ei = acquire_log_ei(-z, 1, 0, NULL);
		cdf = acquire_log_cdf(z, NULL);
		assert_true(ei > last_ei);
		assert_true(z < 8 ? cdf > last_cdf : cdf >= last_cdf);
		last_ei = ei;
		last_cdf = cdf;
	}
	assert_true(cdf == 0);
}

static void
log_ei_is_that_of_ei(void **state)
{
	struct acquire a = { 0.75, 0, 0 };
	double mean, sd;

	(void)state;
	for (mean = -5; mean < 5; mean += 0.37)
		for (sd = 0.5; sd < 3; sd *= 1.5)
			assert_near(exp(acquire_log_ei(mean, sd, a.best,
			    NULL)), acquire_ei(&a, mean, sd), 1e-7);
}

static void
certainty_has_no_tail(void **state)
{
	double slope[2];

	(void)state;
	assert_true(acquire_log_ei(1, 0, 3, slope) == log(2));
	assert_true(slope[0] == -0.5 && slope[1] == 0);
	assert_true(acquire_log_ei(3, 0, 3, slope) == -DBL_MAX);
	assert_true(slope[0] == 0 && slope[1] == 0);
	assert_true(acquire_log_ei(4, 0, 3, slope) == -DBL_MAX);
	assert_true(slope[0] == 0 && slope[1] == 0);
	assert_true(acquire_log_ei(1, 1e-300, 3, slope) == log(2));
	assert_true(slope[0] == -0.5 && slope[1] == 0);
	assert_true(acquire_log_ei(NAN, 1, 3, slope) == -DBL_MAX);
	assert_true(slope[0] == 0 && slope[1] == 0);
	assert_true(acquire_log_ei(1, NAN, 3, NULL) == -DBL_MAX);
}

static void
log_ei_and_its_slopes_are_finite(void **state)
{
	const double at[] = { -DBL_MAX, -1e300, -1, 0, 1e-300, 1, DBL_MAX };
	const double sd[] = { DBL_TRUE_MIN, 1e-300, 1, 1e300, DBL_MAX };
	double slope[2], value;
	int i, k, j;

	(void)state;
	for (i = 0; i < 7; i++)
		for (k = 0; k < 5; k++)
			for (j = 0; j < 7; j++) {
				value = acquire_log_ei(at[i], sd[k], at[j],
				    slope);
				assert_true(isfinite(value));
				assert_true(isfinite(slope[0]));
				assert_true(isfinite(slope[1]));
				assert_true(slope[0] <= 0 && slope[1] >= 0);
			}
	for (i = 0; i < 7; i++) {
		assert_true(isfinite(acquire_log_cdf(at[i], slope)));
		assert_true(isfinite(slope[0]) && slope[0] >= 0);
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
		cmocka_unit_test(huge_objectives_give_finite_scores),
		cmocka_unit_test(logarithms_agree_with_arbitrary_precision),
		cmocka_unit_test(slopes_are_differences),
		cmocka_unit_test(log_ei_and_log_cdf_rise),
		cmocka_unit_test(log_ei_is_that_of_ei),
		cmocka_unit_test(certainty_has_no_tail),
		cmocka_unit_test(log_ei_and_its_slopes_are_finite)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
