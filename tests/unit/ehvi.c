/* ehvi: many digits from arbitrary precision, by another formula. */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "model/acquire.h"
#include "model/ehvi.h"
#include "model/rng.h"

/* A line of tests/fixtures/ehvi/cases.txt. */
struct line {
	size_t k, n;
	double reference[3], front[15], mean[3], sd[3], log, slope[6];
};

static void
read_numbers(FILE *file, size_t n, double *to)
{
	size_t i;

	for (i = 0; i < n; i++)
		assert_int_equal(fscanf(file, "%lf", &to[i]), 1);
}

static int
read_line(FILE *file, struct line *l)
{
	if (fscanf(file, "%zu %zu", &l->k, &l->n) != 2)
		return 0;
	read_numbers(file, l->k, l->reference);
	read_numbers(file, l->n * l->k, l->front);
	read_numbers(file, l->k, l->mean);
	read_numbers(file, l->k, l->sd);
	read_numbers(file, 1, &l->log);
	read_numbers(file, 2 * l->k, l->slope);
	return 1;
}

static void
assert_near(double got, double expected, double tolerance)
{
	if (!(fabs(got - expected) <= tolerance * (1 + fabs(expected))))
		fail_msg("expected %.17g, got %.17g", expected, got);
}

/* In reach and out of it, down to e^-4000. */
static void
ehvi_in_many_digits(void **state)
{
	FILE *file = fopen("tests/fixtures/ehvi/cases.txt", "r");
	double slope[6];
	struct boxes b;
	struct line l;
	size_t j;
	int n;

	(void)state;
	assert_non_null(file);
	for (n = 0; read_line(file, &l); n++) {
		boxes_init(&b, l.n, l.k, l.front, l.reference);
		assert_near(ehvi_log(&b, l.mean, l.sd, slope), l.log, 1e-9);
		for (j = 0; j < 2 * l.k; j++)
			assert_near(slope[j], l.slope[j], 1e-7);
		boxes_release(&b);
	}
	assert_true(n >= 50);
	fclose(file);
}

/* Without a front it is two improvements over the reference, independent
 * of each other. */
static void
ehvi_without_a_front_is_a_product(void **state)
{
	static const double reference[] = { 1, 2 }, mean[] = { 30, 0 };
	static const double sd[] = { 1, 0.5 };
	struct boxes b;

	(void)state;
	boxes_init(&b, 0, 2, NULL, reference);
	assert_near(ehvi_log(&b, mean, sd, NULL), acquire_log_ei(30, 1, 1,
	    NULL) + acquire_log_ei(0, 0.5, 2, NULL), 1e-14);
	boxes_release(&b);
}

/* Three objectives, by drawing: 200,000 vectors. */
static void
ehvi_is_the_mean_of_gains(void **state)
{
	static const double y[] = { 0, 1, 0.5, 1, 0, 0.5, 0.5, 0.5, 0 };
	static const double reference[] = { 1.5, 1.5, 1 };
	static const double mean[] = { 0.4, 0.6, 0.3 }, sd[] = { 0.5, 0.3,
	    0.4 };
	double v[12], sum = 0, squares = 0, gain, before, u, w, error;
	struct boxes b;
	struct rng rng;
	int i, j, n = 200000;

	(void)state;
	for (j = 0; j < 9; j++)
		v[j] = y[j];
	before = front_hypervolume(3, 3, v, reference);
	rng_init(&rng, 1, 1, RNG_RANDOM);
	for (i = 0; i < n; i++) {
		for (j = 0; j < 3; j++) {
			u = 1 - rng_uniform(&rng);
			w = rng_uniform(&rng);
			v[9 + j] = mean[j] + sd[j] * sqrt(-2 * log(u)) *
			    cos(6.28318530717958647693 * w);
		}
		gain = front_hypervolume(4, 3, v, reference) - before;
		sum += gain;
		squares += gain * gain;
	}
	sum /= n;
	error = sqrt((squares / n - sum * sum) / n);
	boxes_init(&b, 3, 3, y, reference);
	assert_true(fabs(exp(ehvi_log(&b, mean, sd, NULL)) - sum) <
	    4 * error);
	boxes_release(&b);
}

/* Neighbours of the front as close as doubles can be, points far out: no
 * NaN, and a slope that leads back. */
static void
ehvi_never_breaks(void **state)
{
	double y[] = { 0, 1, 1e-15, 0.5, 1, 0 }, slope[4], mean[2], sd[2], v;
	static const double reference[] = { 1.1, 1.1 };
	static const double size[] = { 1e-12, 1e-3, 1, 1e3, 1e8, 1e160 };
	struct boxes b;
	size_t i, j, k;

	(void)state;
	boxes_init(&b, 3, 2, y, reference);
	for (i = 0; i < 6; i++)
		for (j = 0; j < 6; j++) {
			mean[0] = mean[1] = size[i];
			sd[0] = sd[1] = size[j];
			v = ehvi_log(&b, mean, sd, slope);
			assert_true(v >= -DBL_MAX && v <= DBL_MAX);
			for (k = 0; k < 4; k++)
				assert_true(isfinite(slope[k]));
			if (size[i] >= 1 && v > -1e30)
				assert_true(slope[0] < 0 && slope[1] < 0);
		}
	boxes_release(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ehvi_in_many_digits),
		cmocka_unit_test(ehvi_without_a_front_is_a_product),
		cmocka_unit_test(ehvi_is_the_mean_of_gains),
		cmocka_unit_test(ehvi_never_breaks),
	};

	return cmocka_run_group_tests_name("ehvi", tests, NULL, NULL);
}
