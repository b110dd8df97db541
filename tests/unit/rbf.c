/* rbf: closed forms, decimals of an independent program, odd input. */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/surrogate.h"

struct answer {
	double mean, sd;
};

static struct answer
ask(const struct surrogate_data *data, double length, const double *at)
{
	struct surrogate_options o = { length };
	struct answer a;
	struct err err;
	void *model = surrogate_rbf.fit(data, &o, &err);

	assert_non_null(model);
	surrogate_rbf.predict(model, 1, at, &a.mean, &a.sd);
	surrogate_rbf.free(model);
	return a;
}

static void
assert_near(double got, double expected, double tolerance)
{
	if (!(fabs(got - expected) <= tolerance))
		fail_msg("expected %.17g, got %.17g", expected, got);
}

/* Values 1 and 3 at 0 and 1, weights v and w: the mean is
 * (v + 3w) / (v + w) and the variance 4vw / (v + w)^2. */
static void
two_points_are_the_closed_form(void **state)
{
	static const double x[] = { 0, 1 }, y[] = { 1, 3 };
	struct surrogate_data data = { .n = 2, .d = 1, .x = x, .y = y };
	double length, at, v, w;
	struct answer a;

	(void)state;
	for (length = 0.2; length < 2; length *= 1.5) {
		for (at = -0.25; at < 1.5; at += 0.125) {
			v = exp(-at * at / (2 * length * length));
			w = exp(-(at - 1) * (at - 1) /
			    (2 * length * length));
			a = ask(&data, length, &at);
			assert_near(a.mean, (v + 3 * w) / (v + w), 1e-14);
			assert_near(a.sd, 2 * sqrt(v * w) / (v + w) +
			    1 - fmin(1, (v + w) / 2), 1e-14);
		}
	}
}

static void
at_a_lone_point_only_the_floor_is_left(void **state)
{
	static const double x[] = { 0.25, 0.5 }, y[] = { -7.5 };
	struct surrogate_data data = { .n = 1, .d = 2, .x = x, .y = y };
	struct answer a = ask(&data, 0.2, x);

	(void)state;
	assert_true(a.mean == -7.5);
	assert_true(a.sd == 1e-6);
}

/* The sum of weights is 2 exp(-z); 1e-9 lies at z = ln(2e9). */
static void
far_away_is_the_plain_mean(void **state)
{
	static const double x[] = { -1, 1 }, y[] = { 1, 4 };
	struct surrogate_data data = { .n = 2, .d = 1, .x = x, .y = y };
	double at = 0, edge = 1 / sqrt(2 * log(2e9));
	struct answer a;

	(void)state;
	a = ask(&data, edge * 0.999, &at);
	assert_true(a.mean == 2.5 && a.sd == 1);
	a = ask(&data, edge * 1.001, &at);
	assert_near(a.mean, 2.5, 1e-15);
	assert_near(a.sd, 2.5, 1e-8);
	at = 1e300;
	a = ask(&data, 0.2, &at);
	assert_true(a.mean == 2.5 && a.sd == 1);
}

/* 150 observations in 4 dimensions, by a program that knows nothing of
 * blocks: fixtures/rbf/generate.py. */
static void
many_points_agree_with_arbitrary_precision(void **state)
{
	struct surrogate_data data = { 0 };
	struct surrogate_options o;
	struct err err;
	double *x, *y, *at, *want, mean[100], sd[100];
	size_t m, i, k;
	void *model;
	FILE *f = fopen("tests/fixtures/rbf/surrogate.txt", "r");

	(void)state;
	assert_non_null(f);
	assert_int_equal(fscanf(f, "%zu %zu %zu %lf", &data.n, &data.d, &m,
	    &o.length_scale), 4);
	assert_true(m <= 100);
	x = calloc(data.n * data.d, sizeof(*x));
	y = calloc(data.n, sizeof(*y));
	at = calloc(m * data.d, sizeof(*at));
	want = calloc(m * 2, sizeof(*want));
	for (i = 0; i < data.n; i++) {
		for (k = 0; k < data.d; k++)
			assert_int_equal(fscanf(f, "%lf",
			    &x[i * data.d + k]), 1);
		assert_int_equal(fscanf(f, "%lf", &y[i]), 1);
	}
	for (i = 0; i < m; i++) {
		for (k = 0; k < data.d; k++)
			assert_int_equal(fscanf(f, "%lf",
			    &at[i * data.d + k]), 1);
		assert_int_equal(fscanf(f, "%lf %lf", &want[2 * i],
		    &want[2 * i + 1]), 2);
	}
	fclose(f);
	data.x = x;
	data.y = y;
	model = surrogate_rbf.fit(&data, &o, &err);
	surrogate_rbf.predict(model, m, at, mean, sd);
	for (i = 0; i < m; i++) {
		assert_near(mean[i], want[2 * i], 1e-11);
		assert_near(sd[i], want[2 * i + 1], 1e-11);
	}
	surrogate_rbf.free(model);
	free(x);
	free(y);
	free(at);
	free(want);
}

/* Pending points stand for observations of the mean that the observed
 * ones alone predict there. */
static void
pending_points_count_as_their_mean(void **state)
{
	static const double x[] = { 0, 0.5, 1, 0.1, 0.7 };
	double y[] = { 3, 1, 2, 0, 0 }, at;
	struct surrogate_data seen = { .n = 3, .d = 1, .x = x, .y = y };
	struct surrogate_data busy = seen, told = seen;
	struct answer a, b;

	(void)state;
	busy.npending = 2;
	busy.pending = x + 3;
	told.n = 5;
	y[3] = ask(&seen, 0.2, &x[3]).mean;
	y[4] = ask(&seen, 0.2, &x[4]).mean;
	for (at = -0.5; at < 1.5; at += 0.0625) {
		a = ask(&busy, 0.2, &at);
		b = ask(&told, 0.2, &at);
		assert_near(a.mean, b.mean, 1e-14);
		assert_near(a.sd, b.sd, 1e-12);
	}
	/* Near a pending point there is less left to learn. */
	assert_true(ask(&busy, 0.2, &x[3]).sd != ask(&seen, 0.2, &x[3]).sd);
}

/* A spread of 1 around a billion must not drown. */
static void
an_offset_does_not_hurt(void **state)
{
	double x[200], y[200], z[200], at = 0.4;
	struct surrogate_data data = { .n = 200, .d = 1, .x = x, .y = y };
	struct answer a, b;
	size_t i;

	(void)state;
	for (i = 0; i < 200; i++) {
		x[i] = (double)i / 200;
		y[i] = (double)(i * 37 % 64) / 64;
		z[i] = y[i] + 1e9;
	}
	a = ask(&data, 0.2, &at);
	data.y = z;
	b = ask(&data, 0.2, &at);
	assert_near(b.mean - 1e9, a.mean, 1e-6);
	assert_near(b.sd, a.sd, 1e-7);
}

static void
huge_values_stay_finite(void **state)
{
	static const double x[] = { 0, 1 };
	static const double y[] = { -1.5e308, 1.5e308 };
	struct surrogate_data data = { .n = 2, .d = 1, .x = x, .y = y };
	double at = 0.5;
	struct answer a = ask(&data, 0.2, &at);

	(void)state;
	assert_near(a.mean / 1.5e308, 0, 1e-15);
	assert_near(a.sd / 1.5e308, 1, 1e-12);
	/* Any length scale that a configuration may hold. */
	a = ask(&data, 1e-200, &x[1]);
	assert_true(a.mean == 1.5e308);
	a = ask(&data, 1e200, &at);
	assert_near(a.sd / 1.5e308, 1, 1e-12);
}

static void
the_table_knows_its_names(void **state)
{
	struct surrogate_data none = { .d = 1 };
	struct surrogate_options o = { 0.2 };
	struct err err;

	(void)state;
	assert_ptr_equal(surrogate_find("rbf_proxy"), &surrogate_rbf);
	assert_null(surrogate_find("no such model"));
	assert_null(surrogate_rbf.fit(&none, &o, &err));
	assert_string_equal(err.text, "rbf_proxy: no observations");
	surrogate_rbf.free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_points_are_the_closed_form),
		cmocka_unit_test(at_a_lone_point_only_the_floor_is_left),
		cmocka_unit_test(far_away_is_the_plain_mean),
		cmocka_unit_test(many_points_agree_with_arbitrary_precision),
		cmocka_unit_test(pending_points_count_as_their_mean),
		cmocka_unit_test(an_offset_does_not_hurt),
		cmocka_unit_test(huge_values_stay_finite),
		cmocka_unit_test(the_table_knows_its_names)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
