/* quadratic: coefficients and minima that are known. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/quadratic.h"

#define D 3
#define N 24

static const double slope[D] = { 1, -2, 0.5 };
static const double bend[D][D] = {
	{ 3, 1, 0 }, { 1, 2, -0.5 }, { 0, -0.5, 4 }
};

static void
assert_near(double got, double expected, double error)
{
	if (!(fabs(got - expected) <= error))
		fail_msg("expected %.17g, got %.17g", expected, got);
}

/* slope.x + x.bend x/2 */
static double
truth(const double *x)
{
	double sum = 0;
	size_t i, j;

	for (i = 0; i < D; i++) {
		sum += slope[i] * x[i];
		for (j = 0; j < D; j++)
			sum += x[i] * bend[i][j] * x[j] / 2;
	}
	return sum;
}

/* Points in general position within [-reach, reach]: a Kronecker sequence of
 * irrational steps. */
static void
scatter(size_t n, double reach, double *x)
{
	static const double step[D] = { 0.8191725133961645,
	    0.6710436067037893, 0.5497004779019703 };
	size_t i, j;

	for (i = 0; i < n; i++)
		for (j = 0; j < D; j++)
			x[i * D + j] = reach * (2 * fmod((double)(i + 1) *
			    step[j], 1) - 1);
}

static struct quadratic
fitted(size_t n, double scale, double *x, double *y)
{
	struct quadratic_data data = { .n = n, .d = D, .x = x, .y = y };
	struct quadratic q;
	size_t i;

	scatter(n, 1, x);
	for (i = 0; i < n; i++)
		y[i] = scale * truth(x + i * D);
	assert_int_equal(quadratic_fit(&q, &data), 0);
	return q;
}

/* More points than coefficients: the floor of the noise is all that keeps
 * them from the truth. */
static void
a_quadratic_is_found_whatever_its_scale(void **state)
{
	static const double scales[] = { 1, 1e-150, 1e150 };
	double x[N * D], y[N];
	struct quadratic q;
	size_t s, i, j;

	(void)state;
	for (s = 0; s < 3; s++) {
		q = fitted(N, scales[s], x, y);
		for (i = 0; i < D; i++) {
			assert_near(q.gradient[i] / scales[s], slope[i], 1e-4);
			for (j = 0; j < D; j++)
				assert_near(q.hessian[i * D + j] / scales[s],
				    bend[i][j], 1e-3);
		}
		quadratic_release(&q);
	}
}

/* One point, y = 1 at distance 1 along the first axis: A = 1 + c + 1e-8 + r,
 * q(x) = (x1 + c x1^2) / A, and nothing along the others. */
static void
one_point_says_nothing_across(void **state)
{
	static const double x[D] = { 1, 0, 0 }, y[1] = { 1 };
	struct quadratic_data data = { .n = 1, .d = D, .x = x, .y = y };
	struct quadratic q;
	double a;

	(void)state;
	assert_int_equal(quadratic_fit(&q, &data), 0);
	a = 1 + q.curvature + 1e-8 + q.remainder;
	assert_near(q.gradient[0], 1 / a, 1e-15);
	assert_near(q.hessian[0], 2 * q.curvature / a, 1e-14);
	assert_true(q.gradient[1] == 0 && q.hessian[4] == 0);
	quadratic_release(&q);
}

/* Noise grows with the sixth power of the distance, so that
 * a far one does not spoil what near ones say. */
static void
far_points_hardly_count(void **state)
{
	double x[(N + 1) * D], y[N + 1];
	struct quadratic_data data = { .n = N + 1, .d = D, .x = x, .y = y };
	struct quadratic q;
	size_t i;

	(void)state;
	scatter(N, 1, x);
	for (i = 0; i < N; i++)
		y[i] = truth(x + i * D);
	for (i = 0; i < D; i++)
		x[N * D + i] = 30;
	y[N] = 2 * truth(x + N * D);
	assert_int_equal(quadratic_fit(&q, &data), 0);
	for (i = 0; i < D; i++)
		assert_near(q.gradient[i], slope[i], 0.02);
	quadratic_release(&q);
}

static void
nothing_to_learn(void **state)
{
	static const double x[2 * D] = { 1, 0, 0, 0, 1, 0 }, y[2] = { 0, 0 };
	struct quadratic_data data = { .n = 2, .d = D, .x = x, .y = y };
	struct quadratic q;

	(void)state;
	assert_int_equal(quadratic_fit(&q, &data), -1);
	quadratic_release(&q);
	data.n = 0;
	assert_int_equal(quadratic_fit(&q, &data), -1);
	quadratic_release(&q);
}

static struct quadratic
given(double *gradient, double *hessian)
{
	return (struct quadratic){ .d = 2, .gradient = gradient,
	    .hessian = hessian };
}

/* x^2 + y^2 - xy - 3y: gradient (2x - y, 2y - x - 3), minimum at (1, 2). */
static void
the_minimum_is_within_the_box(void **state)
{
	double g[2] = { 0, -3 }, h[4] = { 2, -1, -1, 2 }, x[2], v;
	double lo[2] = { -5, -5 }, hi[2] = { 5, 5 };
	struct quadratic q = given(g, h);

	(void)state;
	v = quadratic_minimize(&q, lo, hi, x);
	assert_near(x[0], 1, 1e-6);
	assert_near(x[1], 2, 1e-6);
	assert_near(v, -3, 1e-12);
	/* y <= 1: then x = y/2 */
	hi[1] = 1;
	v = quadratic_minimize(&q, lo, hi, x);
	assert_near(x[0], 0.5, 1e-6);
	assert_true(x[1] == 1);
	assert_near(v, 1 - 3 - 0.25, 1e-12);
}

/* x - y - y^2, in small units. */
static void
without_a_minimum_the_box_ends_it(void **state)
{
	double g[2] = { 1e-200, -1e-200 }, h[4] = { 0, 0, 0, -2e-200 }, x[2];
	double lo[2] = { -1, -1 }, hi[2] = { 1, 1 };
	struct quadratic q = given(g, h);
	double v = quadratic_minimize(&q, lo, hi, x);

	(void)state;
	assert_true(x[0] == -1 && x[1] == 1);
	assert_near(v / 1e-200, -3, 1e-12);
}

static void
flat_stays(void **state)
{
	double g[2] = { 0, 0 }, h[4] = { 0, 0, 0, 0 }, x[2];
	double lo[2] = { -1, -1 }, hi[2] = { 1, 1 };
	struct quadratic q = given(g, h);

	(void)state;
	assert_true(quadratic_minimize(&q, lo, hi, x) == 0);
	assert_true(x[0] == 0 && x[1] == 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_quadratic_is_found_whatever_its_scale),
		cmocka_unit_test(one_point_says_nothing_across),
		cmocka_unit_test(far_points_hardly_count),
		cmocka_unit_test(nothing_to_learn),
		cmocka_unit_test(the_minimum_is_within_the_box),
		cmocka_unit_test(without_a_minimum_the_box_ends_it),
		cmocka_unit_test(flat_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
