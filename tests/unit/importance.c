/* importance: indices of functions for which they are known. */
#include <math.h>
#include <stdint.h>

#include "model/importance.h"
#include "unit.h"

#define PI 3.14159265358979323846
#define POINTS 2048
#define TOLERANCE 0.01

static void
near(double got, double wanted, double tolerance)
{
	if (!(fabs(got - wanted) <= tolerance))
		fail_msg("%.5f is not %.5f +- %g", got, wanted, tolerance);
}

/* Ishigami and Homma 1990: sin x1 + a sin^2 x2 + b x3^4 sin x1 on
 * [-pi,pi]^3. */
#define A 7.0
#define B 0.1

static void
ishigami(void *arg, size_t m, const double *u, double *y)
{
	size_t i, j;
	double x[3];

	(void)arg;
	for (i = 0; i < m; i++) {
		for (j = 0; j < 3; j++)
			x[j] = PI * (2 * u[i * 3 + j] - 1);
		y[i] = sin(x[0]) + A * sin(x[1]) * sin(x[1]) +
		    B * pow(x[2], 4) * sin(x[0]);
	}
}

static void
test_ishigami(void **state)
{
	double v1 = pow(1 + B * pow(PI, 4) / 5, 2) / 2, v2 = A * A / 8;
	double v13 = 8 * B * B * pow(PI, 8) / 225, v = v1 + v2 + v13;
	double first[3], total[3];

	(void)state;
	assert_int_equal(importance_sobol(3, POINTS, ishigami, NULL, first,
	    total), 0);
	near(first[0], v1 / v, TOLERANCE);
	near(first[1], v2 / v, TOLERANCE);
	near(first[2], 0, TOLERANCE);
	near(total[0], (v1 + v13) / v, TOLERANCE);
	near(total[1], v2 / v, TOLERANCE);
	near(total[2], v13 / v, TOLERANCE);
}

/* Sobol's g: product of (|4 x_i - 2| + a_i) / (1 + a_i). */
static const double g_a[8] = { 0, 1, 4.5, 9, 99, 99, 99, 99 };

static void
sobol_g(void *arg, size_t m, const double *u, double *y)
{
	size_t i, j, d = *(size_t *)arg;

	for (i = 0; i < m; i++) {
		y[i] = 1;
		for (j = 0; j < d; j++)
			y[i] *= (fabs(4 * u[i * d + j] - 2) + g_a[j % 8]) /
			    (1 + g_a[j % 8]);
	}
}

static double
g_part(size_t j)
{
	return 1 / (3 * (1 + g_a[j % 8]) * (1 + g_a[j % 8]));
}

static void
check_g(size_t d, double tolerance)
{
	double first[24], total[24], all = 1;
	size_t j;

	for (j = 0; j < d; j++)
		all *= 1 + g_part(j);
	assert_int_equal(importance_sobol(d, POINTS, sobol_g, &d, first,
	    total), 0);
	for (j = 0; j < d; j++) {
		double v = g_part(j);

		near(first[j], v / (all - 1), tolerance);
		near(total[j], v * all / (1 + v) / (all - 1),
		    tolerance);
	}
}

static void
test_sobol_g(void **state)
{
	(void)state;
	check_g(1, TOLERANCE);
	check_g(4, TOLERANCE);
	check_g(8, 0.02);
}

/* More coordinates than there are Sobol dimensions. */
static void
test_many(void **state)
{
	(void)state;
	check_g(24, 0.15);
}

static void
constant(void *arg, size_t m, const double *u, double *y)
{
	size_t i;

	(void)u;
	for (i = 0; i < m; i++)
		y[i] = *(double *)arg;
}

static void
test_nothing_varies(void **state)
{
	double value[] = { 0, 3.25, -1e300, INFINITY, NAN };
	double first[2], total[2];
	size_t i;

	(void)state;
	for (i = 0; i < 5; i++) {
		assert_int_equal(importance_sobol(2, 64, constant, &value[i],
		    first, total), -1);
		assert_true(first[0] == 0 && first[1] == 0);
		assert_true(total[0] == 0 && total[1] == 0);
	}
}

/* An offset, however large, and a unit change nothing. */
static void
scaled(void *arg, size_t m, const double *u, double *y)
{
	const double *how = arg;
	size_t i;

	ishigami(NULL, m, u, y);
	for (i = 0; i < m; i++)
		y[i] = how[0] * y[i] + how[1];
}

static void
test_units(void **state)
{
	double how[2] = { -1e-3, 1e3 }, first[3], total[3], f[3], t[3];
	size_t j;

	(void)state;
	importance_sobol(3, 512, ishigami, NULL, first, total);
	importance_sobol(3, 512, scaled, how, f, t);
	for (j = 0; j < 3; j++) {
		near(f[j], first[j], 1e-6);
		near(t[j], total[j], 1e-6);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ishigami),
		cmocka_unit_test(test_sobol_g),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_nothing_varies),
		cmocka_unit_test(test_units),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
