/* warp: the definition in decimal, and what the map must keep. */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "model/rng.h"
#include "model/warp.h"

#define MOST 256

static void
assert_near(double got, double expected, double error)
{
	if (!(fabs(got - expected) <= error))
		fail_msg("expected %.17g, got %.17g", expected, got);
}

static void
check_case(FILE *f, size_t n)
{
	double y[MOST], want[MOST], t[MOST];
	struct warp w;
	size_t i;

	assert_true(n > 0 && n <= MOST);
	for (i = 0; i < n; i++)
		assert_int_equal(fscanf(f, "%lf %lf", &y[i], &want[i]), 2);
	warp_init(&w, n, y);
	warp_apply(&w, n, y, t);
	for (i = 0; i < n; i++)
		assert_near(t[i], want[i], 2e-13 * (1 + fabs(want[i])));
	warp_release(&w);
}

/* Ties, outliers on both sides, most at the best, constants, one value,
 * 1e300, subnormal numbers: fixtures/warp/generate.py. */
static void
data_agree_with_the_definition(void **state)
{
	FILE *f = fopen("tests/fixtures/warp/warp.txt", "r");
	int cases = 0;
	size_t n;

	(void)state;
	assert_non_null(f);
	for (; fscanf(f, "%zu", &n) == 1; cases++)
		check_case(f, n);
	assert_true(feof(f) && cases > 30);
	fclose(f);
}

/* Some shapes of data; the same ones for the same which. */
enum { SHAPES = 6 };

static size_t
shape(int which, double y[MOST])
{
	static const size_t sizes[] = { 1, 2, 9, 30, 101, 200 };
	struct rng r;
	size_t i, n = sizes[which];
	double u;

	rng_init(&r, 3, (uint64_t)which, RNG_RANDOM);
	for (i = 0; i < n; i++) {
		u = rng_uniform(&r);
		y[i] = which % 2 ? -log1p(-u) - 0.5 : floor(12 * u) - 4;
		if (rng_uniform(&r) < 0.1)
			y[i] = 1e5 * u;
	}
	return n;
}

static void
mean_is_0_and_deviation_1(void **state)
{
	double y[MOST], t[MOST], sum, squares;
	struct warp w;
	size_t i, n;
	int k;

	(void)state;
	for (k = 1; k < SHAPES; k++) {
		n = shape(k, y);
		warp_init(&w, n, y);
		warp_apply(&w, n, y, t);
		for (i = 0, sum = squares = 0; i < n; i++) {
			sum += t[i];
			squares += t[i] * t[i];
		}
		assert_near(sum / (double)n, 0, 1e-14);
		assert_near(squares / (double)n, 1, 1e-14);
		warp_release(&w);
	}
}

/* Beyond the data on both sides, at ends of pieces and between them. */
static void
the_map_rises_and_has_an_inverse(void **state)
{
	double y[MOST], at, t, last, step, low, high;
	struct warp w;
	int k, i;

	(void)state;
	for (k = 0; k < SHAPES; k++) {
		warp_init(&w, shape(k, y), y);
		low = w.v[0];
		high = w.v[w.n - 1];
		step = (high - low) / 1000;
		last = -DBL_MAX;
		for (i = -3000; i < 3000; i++) {
			at = low + i * step;
			t = warp_forward(&w, at);
			assert_true(t > last);
			assert_near(warp_inverse(&w, t), at,
			    1e-11 * (fabs(at) + high - low));
			last = t;
		}
		warp_release(&w);
	}
}

static void
no_jumps_at_the_knots(void **state)
{
	double y[MOST], t;
	struct warp w;
	size_t i;
	int k;

	(void)state;
	for (k = 0; k < SHAPES; k++) {
		warp_init(&w, shape(k, y), y);
		for (i = 0; i < w.n; i++) {
			t = warp_forward(&w, w.v[i]);
			assert_near(warp_forward(&w, nextafter(w.v[i], -1e9)),
			    t, 1e-9);
			assert_near(warp_forward(&w, nextafter(w.v[i], 1e9)),
			    t, 1e-9);
		}
		/* Where the tangent begins: f = -1. */
		t = -(log(2) / log(1.5) + w.mean) / w.sd;
		assert_near(warp_inverse(&w, t - 1e-12),
		    warp_inverse(&w, t + 1e-12), 1e-6);
		warp_release(&w);
	}
}

static void
the_inverse_rises_over_everything(void **state)
{
	double y[MOST], t, value, last;
	struct warp w;
	int k;

	(void)state;
	for (k = 0; k < SHAPES; k++) {
		warp_init(&w, shape(k, y), y);
		last = -DBL_MAX;
		for (t = -40; t < 40; t += 0.01) {
			value = warp_inverse(&w, t);
			assert_true(isfinite(value) && value > last);
			last = value;
		}
		warp_release(&w);
	}
}

/* Powers of 2 to the bit, whatever the order; other units and origins up to
 * their rounding. */
static void
units_and_order_do_not_matter(void **state)
{
	double y[MOST], t[MOST], z[MOST], s[MOST];
	const double unit[] = { 0x1p-300, 0x1p-1000, 0x1p10, 0x1p980 };
	struct warp w;
	size_t i, n = shape(3, y);
	int k;

	(void)state;
	warp_init(&w, n, y);
	warp_apply(&w, n, y, t);
	warp_release(&w);
	for (k = 0; k < 4; k++) {
		for (i = 0; i < n; i++)
			z[i] = y[n - 1 - i] * unit[k];
		warp_init(&w, n, z);
		warp_apply(&w, n, z, s);
		for (i = 0; i < n; i++)
			assert_true(s[i] == t[n - 1 - i]);
		warp_release(&w);
	}
	for (i = 0; i < n; i++)
		z[i] = 7 + 0.3 * y[i];
	warp_init(&w, n, z);
	warp_apply(&w, n, z, z);
	for (i = 0; i < n; i++)
		assert_near(z[i], t[i], 1e-9);
	warp_release(&w);
}

/* How bad the worse half is beyond its order is nobody's business. */
static void
outliers_count_by_rank(void **state)
{
	const double near[] = { 1, 2, 3, 4, 5, 6, 7 };
	const double far[] = { 1, 2, 3, 4, 5, 1e9, 1.7e308 };
	double a[7], b[7];
	struct warp w;
	int i;

	(void)state;
	warp_init(&w, 7, near);
	warp_apply(&w, 7, near, a);
	warp_release(&w);
	warp_init(&w, 7, far);
	warp_apply(&w, 7, far, b);
	for (i = 0; i < 7; i++)
		assert_true(a[i] == b[i]);
	assert_true(warp_inverse(&w, 3 * a[6]) == DBL_MAX);
	warp_release(&w);
}

static void
equal_values_are_zero(void **state)
{
	const double c[] = { 0, 3, -3, 1e300, DBL_MAX, -DBL_MAX, 5e-324 };
	double y[4];
	struct warp w;
	size_t i, k;

	(void)state;
	for (i = 0; i < 7; i++)
		for (k = 1; k <= 4; k++) {
			y[k - 1] = c[i];
			warp_init(&w, k, y);
			assert_true(warp_forward(&w, c[i]) == 0);
			assert_true(warp_inverse(&w, 0) == c[i]);
			assert_true(warp_forward(&w, -DBL_MAX) <= 0);
			assert_true(warp_forward(&w, DBL_MAX) >= 0);
			warp_release(&w);
		}
	y[0] = 4;
	warp_init(&w, 1, y);
	assert_near(warp_forward(&w, 8), 1, 1e-15);
	assert_near(warp_inverse(&w, 1), 8, 1e-14);
	warp_release(&w);
	warp_init(&w, 0, NULL);
	assert_true(warp_forward(&w, 0) == 0);
	assert_near(warp_forward(&w, 1), 1, 1e-15);
	warp_release(&w);
}

static void
nothing_overflows(void **state)
{
	const double y[] = { -DBL_MAX, 1e300, DBL_MAX, 0, 5e-324, 1, -1e300 };
	const double at[] = { -DBL_MAX, -1, 0, 1e-310, 1, 1e308, DBL_MAX };
	const double t[] = { -DBL_MAX, -1e9, -1, 0, 1, 1e9, DBL_MAX };
	struct warp w;
	size_t n, i;

	(void)state;
	for (n = 1; n <= 7; n++) {
		warp_init(&w, n, y);
		for (i = 0; i < 7; i++) {
			assert_true(isfinite(warp_forward(&w, at[i])));
			assert_true(isfinite(warp_inverse(&w, t[i])));
		}
		assert_true(isnan(warp_forward(&w, NAN)));
		assert_true(isnan(warp_inverse(&w, NAN)));
		warp_release(&w);
	}
	warp_init(&w, 2, at + 3);
	assert_true(warp_forward(&w, at[3]) < warp_forward(&w, 1));
	assert_true(isfinite(warp_forward(&w, DBL_MAX)));
	warp_release(&w);
}

/* By hand: two values are -1 and 1 in the end, whatever they were. */
static void
predictions_are_quantiles(void **state)
{
	const double y[] = { 0, 1 };
	double median, deviation;
	struct warp w;

	(void)state;
	warp_init(&w, 2, y);
	warp_predict(&w, 0, 1, &median, &deviation);
	assert_near(deviation, 0.5, 1e-14);
	assert_near(median, 2 * (sqrt(1.5) - 1), 1e-14);
	warp_predict(&w, 1, 0, &median, &deviation);
	assert_near(median, 1, 1e-14);
	assert_true(deviation == 0);
	warp_release(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(data_agree_with_the_definition),
		cmocka_unit_test(mean_is_0_and_deviation_1),
		cmocka_unit_test(the_map_rises_and_has_an_inverse),
		cmocka_unit_test(no_jumps_at_the_knots),
		cmocka_unit_test(the_inverse_rises_over_everything),
		cmocka_unit_test(units_and_order_do_not_matter),
		cmocka_unit_test(outliers_count_by_rank),
		cmocka_unit_test(equal_values_are_zero),
		cmocka_unit_test(nothing_overflows),
		cmocka_unit_test(predictions_are_quantiles)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
