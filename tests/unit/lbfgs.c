/* lbfgs: minima that are known in closed form. */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/lbfgs.h"

#define MOST 64

static const struct lbfgs_limits tight = { 2000, 0, 1e-9, -1 };

static void
assert_near(double got, double expected, double error)
{
	if (!(fabs(got - expected) <= error))
		fail_msg("expected %.17g, got %.17g", expected, got);
}

/* Runs a problem with the same bounds for all variables. */
static struct lbfgs_result
minimize(size_t d, double lo, double hi,
    double (*value)(void *, const double *, double *), void *arg, double *x)
{
	double low[MOST], high[MOST];
	struct lbfgs_problem p = { d, low, high, value, arg };
	size_t i;

	for (i = 0; i < d; i++) {
		low[i] = lo;
		high[i] = hi;
	}
	return lbfgs_minimize(&p, &tight, x);
}

/* Quadratics: sum of w (x - c)^2 / 2. */
struct bowl {
	size_t d;
	double w[MOST], c[MOST];
};

static double
bowl(void *arg, const double *x, double *g)
{
	const struct bowl *b = arg;
	double sum = 0;
	size_t i;

	for (i = 0; i < b->d; i++) {
		g[i] = b->w[i] * (x[i] - b->c[i]);
		sum += 0.5 * g[i] * (x[i] - b->c[i]);
	}
	return sum;
}

/* Separable, so the answer is the centre moved into the box. */
static void
a_bowl_rests_on_its_bounds(void **state)
{
	struct bowl b = { 40, { 0 }, { 0 } };
	double x[MOST];
	struct lbfgs_result r;
	size_t i;

	(void)state;
	for (i = 0; i < b.d; i++) {
		b.w[i] = 1 + (double)(i * i % 23);
		b.c[i] = 1.7 * sin((double)i);
		x[i] = 0.5;
	}
	r = minimize(b.d, -1, 1, bowl, &b, x);
	assert_int_equal(r.status, LBFGS_CONVERGED);
	assert_true(r.gradient <= 1e-9 && r.iterations < 60);
	for (i = 0; i < b.d; i++)
		assert_near(x[i], fmax(-1, fmin(1, b.c[i])), 1e-8);
}

/* Half the squares of the steps from 0 over all x to 0.  With an obstacle
 * at the middle the string hangs in two straight pieces. */
static double
string(void *arg, const double *x, double *g)
{
	size_t d = *(size_t *)arg, i;
	double sum = 0, left = 0, right;

	for (i = 0; i < d; i++) {
		right = (i + 1 < d ? x[i + 1] : 0) - x[i];
		left = x[i] - (i > 0 ? x[i - 1] : 0);
		g[i] = left - right;
		sum += 0.5 * left * left;
	}
	return sum + 0.5 * x[d - 1] * x[d - 1];
}

static void
a_string_hangs_over_its_obstacle(void **state)
{
	size_t d = 31, i;
	double lo[31], hi[31], x[31];
	struct lbfgs_problem p = { 31, lo, hi, string, &d };
	struct lbfgs_result r;

	(void)state;
	for (i = 0; i < d; i++) {
		lo[i] = -HUGE_VAL;
		hi[i] = HUGE_VAL;
		x[i] = (double)(i % 5);
	}
	lo[15] = 1;
	r = lbfgs_minimize(&p, &tight, x);
	assert_int_equal(r.status, LBFGS_CONVERGED);
	for (i = 0; i < d; i++)
		assert_near(x[i], 1 - fabs((double)i - 15) / 16, 1e-6);
	assert_near(r.value, 1.0 / 16, 1e-12);
}

/* Rosenbrock's valley, chained over all neighbours. */
static double
rosenbrock(void *arg, const double *x, double *g)
{
	size_t d = *(size_t *)arg, i;
	double sum = 0, a, b;

	memset(g, 0, d * sizeof(*g));
	for (i = 0; i + 1 < d; i++) {
		a = x[i + 1] - x[i] * x[i];
		b = 1 - x[i];
		sum += 100 * a * a + b * b;
		g[i] += -400 * a * x[i] - 2 * b;
		g[i + 1] += 200 * a;
	}
	return sum;
}

static void
rosenbrock_is_solved(void **state)
{
	double x[MOST];
	struct lbfgs_result r;
	size_t d, i;

	(void)state;
	for (d = 2; d <= 20; d++) {
		for (i = 0; i < d; i++)
			x[i] = 0;
		r = minimize(d, -HUGE_VAL, HUGE_VAL, rosenbrock, &d, x);
		assert_true(r.status == LBFGS_CONVERGED ||
		    r.status == LBFGS_STUCK);
		assert_true(r.gradient < 1e-6 && r.evaluations < 60 * d);
		for (i = 0; i < d; i++)
			assert_near(x[i], 1, 1e-6);
	}
	d = 2;
	x[0] = -1.2;
	x[1] = 1;
	r = minimize(d, -HUGE_VAL, HUGE_VAL, rosenbrock, &d, x);
	assert_near(x[0], 1, 1e-6);
	assert_near(x[1], 1, 1e-6);
	assert_true(r.evaluations < 70);
}

/* Hock and Schittkowski 1981, problems 1 to 3 and 5, and a corner of the
 * first one's function. */
static void
rosenbrock_keeps_to_its_bounds(void **state)
{
	double lo[] = { -HUGE_VAL, 1.5 }, hi[] = { HUGE_VAL, HUGE_VAL };
	double x[] = { -2, 1 };
	size_t d = 2;
	struct lbfgs_problem p = { 2, lo, hi, rosenbrock, &d };
	struct lbfgs_result r;
	double a = sqrt(598.0 / 1200), b = 400 * a * a * a;

	(void)state;
	r = lbfgs_minimize(&p, &tight, x);
	/* Two minima on the bound; the one that the start leads to. */
	assert_true(x[1] == 1.5);
	if (x[0] > 0) {
		assert_near(x[0], 2 * a * cos(acos(1 / b) / 3), 1e-7);
		assert_near(r.value, 0.0504261879, 1e-9);
	} else
		assert_near(r.value, 4.941229318, 1e-6);
	lo[1] = -1.5;
	x[0] = -2;
	x[1] = 1;
	lbfgs_minimize(&p, &tight, x);
	assert_near(x[0], 1, 1e-6);
	assert_near(x[1], 1, 1e-6);
	/* x <= 1/2: in the valley. */
	hi[0] = 0.5;
	r = lbfgs_minimize(&p, &tight, x);
	assert_true(x[0] == 0.5);
	assert_near(x[1], 0.25, 1e-8);
	assert_near(r.value, 0.25, 1e-12);
	/* And y >= 1: in the corner. */
	lo[1] = 1;
	r = lbfgs_minimize(&p, &tight, x);
	assert_int_equal(r.status, LBFGS_CONVERGED);
	assert_true(x[0] == 0.5 && x[1] == 1);
	assert_near(r.value, 100 * 0.75 * 0.75 + 0.25, 1e-12);
}

/* sin(x + y) + (x - y)^2 - 3x/2 + 5y/2 + 1. */
static double
mccormick(void *arg, const double *x, double *g)
{
	double c = cos(x[0] + x[1]), e = x[0] - x[1];

	(void)arg;
	g[0] = c + 2 * e - 1.5;
	g[1] = c - 2 * e + 2.5;
	return sin(x[0] + x[1]) + e * e - 1.5 * x[0] + 2.5 * x[1] + 1;
}

static void
mccormick_is_solved(void **state)
{
	const double lo[] = { -1.5, -3 }, hi[] = { 4, 3 };
	struct lbfgs_problem p = { 2, lo, hi, mccormick, NULL };
	double x[] = { 0, 0 }, pi = acos(-1);
	struct lbfgs_result r = lbfgs_minimize(&p, &tight, x);

	(void)state;
	assert_near(x[0], 0.5 - pi / 3, 1e-7);
	assert_near(x[1], -0.5 - pi / 3, 1e-7);
	assert_near(r.value, -sqrt(3) / 2 - pi / 3, 1e-12);
}

/* -log x + x, whose minimum is 1 and which ends at 0; beyond 3 the gradient
 * alone fails. */
static double
cliff(void *arg, const double *x, double *g)
{
	size_t i, d = *(size_t *)arg;
	double sum = 0;

	for (i = 0; i < d; i++) {
		g[i] = x[i] > 3 ? NAN : 1 - 1 / x[i];
		sum += x[i] > 0 ? x[i] - log(x[i]) :
		    i % 2 ? NAN : -HUGE_VAL;
	}
	return sum;
}

static void
what_is_not_finite_is_avoided(void **state)
{
	const double start[] = { 1e-6, 0.01, 0.3, 2.9, 3 };
	double x[4];
	struct lbfgs_result r;
	size_t d = 4, i, k;

	(void)state;
	for (k = 0; k < 5; k++) {
		for (i = 0; i < d; i++)
			x[i] = start[(k + i) % 5];
		r = minimize(d, -5, 100, cliff, &d, x);
		assert_true(r.status == LBFGS_CONVERGED ||
		    r.status == LBFGS_STUCK);
		for (i = 0; i < d; i++)
			assert_near(x[i], 1, 1e-7);
	}
	x[0] = -1;
	r = minimize(d, -5, 100, cliff, &d, x);
	assert_int_equal(r.status, LBFGS_UNDEFINED);
	assert_true(r.evaluations == 1 && x[0] == -1);
	x[0] = 4;
	r = minimize(d, -5, 100, cliff, &d, x);
	assert_int_equal(r.status, LBFGS_UNDEFINED);
}

static void
where_it_is_best_it_stays(void **state)
{
	struct bowl b = { 3, { 1, 2, 3 }, { 0.25, -4, 4 } };
	double x[] = { 0.25, -1, 1 };
	struct lbfgs_result r = minimize(3, -1, 1, bowl, &b, x);

	(void)state;
	assert_int_equal(r.status, LBFGS_CONVERGED);
	assert_true(r.iterations == 0 && r.evaluations == 1);
	assert_true(r.gradient == 0);
	assert_true(x[0] == 0.25 && x[1] == -1 && x[2] == 1);
}

static void
a_box_may_be_flat_or_a_point_or_nothing(void **state)
{
	const double lo[] = { 0.5, -1, 2 }, hi[] = { 0.5, 1, 2 };
	struct bowl b = { 3, { 1, 1, 1 }, { 0, 0.125, 9 } };
	struct lbfgs_problem p = { 3, lo, hi, bowl, &b };
	double x[] = { 7, 7, 7 };
	struct lbfgs_result r = lbfgs_minimize(&p, &tight, x);

	(void)state;
	assert_int_equal(r.status, LBFGS_CONVERGED);
	assert_true(x[0] == 0.5 && x[2] == 2);
	assert_near(x[1], 0.125, 1e-9);
	p.hi = lo;
	r = lbfgs_minimize(&p, &tight, x);
	assert_int_equal(r.status, LBFGS_CONVERGED);
	assert_true(r.evaluations == 1 && x[1] == -1);
	p.d = b.d = 0;
	r = lbfgs_minimize(&p, &tight, x);
	assert_int_equal(r.status, LBFGS_CONVERGED);
	assert_true(r.value == 0);
}

/* A factor of 1e8 between the curvatures, centres far apart, some of them
 * out of the box. */
static void
bad_scales_are_survived(void **state)
{
	struct bowl b = { 10, { 0 }, { 0 } };
	double x[MOST];
	struct lbfgs_result r;
	size_t i;

	(void)state;
	for (i = 0; i < b.d; i++) {
		b.w[i] = pow(10, 8.0 * (double)i / 9 - 4);
		b.c[i] = i % 3 ? 1000 * cos((double)i) : -1e5;
		x[i] = 0;
	}
	r = minimize(b.d, -2e3, 2e3, bowl, &b, x);
	assert_true(r.status == LBFGS_CONVERGED || r.status == LBFGS_STUCK);
	for (i = 0; i < b.d; i++)
		assert_near(x[i], fmax(-2e3, b.c[i]), 1e-3 / b.w[i]);
}

/* Tiny and huge values of the same function have the same minimum. */
static void
units_of_the_value_do_not_matter(void **state)
{
	const double unit[] = { 1e-100, 1e-9, 1e9, 1e100 };
	const struct lbfgs_limits all = { 500, 0, 0, -1 };
	double lo[] = { -1, -1, -1 }, hi[] = { 1, 1, 1 }, x[3];
	struct bowl b = { 3, { 0 }, { 0.5, -0.25, 7 } };
	struct lbfgs_problem p = { 3, lo, hi, bowl, &b };
	int i, k;

	(void)state;
	for (k = 0; k < 4; k++) {
		for (i = 0; i < 3; i++) {
			b.w[i] = unit[k] * (1 + 3 * i);
			x[i] = 0;
		}
		lbfgs_minimize(&p, &all, x);
		assert_near(x[0], 0.5, 1e-7);
		assert_near(x[1], -0.25, 1e-7);
		assert_true(x[2] == 1);
	}
}

/* A function that watches that it is asked within the box only. */
struct watch {
	size_t d, calls;
	double lowest;
};

static double
watched(void *arg, const double *x, double *g)
{
	struct watch *w = arg;
	double value = rosenbrock(&w->d, x, g);
	size_t i;

	for (i = 0; i < w->d; i++)
		assert_true(x[i] >= -0.5 && x[i] <= 0.75);
	w->calls++;
	w->lowest = fmin(w->lowest, value);
	return value;
}

static void
limits_hold_and_the_box_too(void **state)
{
	double lo[6], hi[6], x[6], again[6];
	struct watch w = { 6, 0, DBL_MAX };
	struct lbfgs_problem p = { 6, lo, hi, watched, &w };
	struct lbfgs_limits l = { 7, 0, 0, -1 };
	struct lbfgs_result r, s;
	int i;

	(void)state;
	for (i = 0; i < 6; i++) {
		lo[i] = -0.5;
		hi[i] = 0.75;
		x[i] = again[i] = i % 2 ? 9 : -9;
	}
	r = lbfgs_minimize(&p, &l, x);
	assert_int_equal(r.status, LBFGS_LIMIT);
	assert_true(r.iterations == 7 && r.evaluations == w.calls);
	assert_true(r.value == w.lowest);
	s = lbfgs_minimize(&p, &l, again);
	assert_true(s.value == r.value && s.evaluations == r.evaluations);
	assert_true(memcmp(x, again, sizeof(x)) == 0);
	l.iterations = 1000;
	l.evaluations = w.calls = 5;
	r = lbfgs_minimize(&p, &l, x);
	assert_true(r.status == LBFGS_LIMIT && r.evaluations == 5);
	l.evaluations = 0;
	l.decrease = 0.5;
	r = lbfgs_minimize(&p, &l, again);
	assert_int_equal(r.status, LBFGS_FLAT);
}

/* A gradient that points uphill leads nowhere and does no harm. */
static double
lie(void *arg, const double *x, double *g)
{
	(void)arg;
	g[0] = -2 * x[0];
	return x[0] * x[0];
}

static void
a_wrong_gradient_ends(void **state)
{
	double x[] = { 0.5 };
	struct lbfgs_result r = minimize(1, -1, 1, lie, NULL, x);

	(void)state;
	assert_int_equal(r.status, LBFGS_STUCK);
	assert_true(x[0] == 0.5 && r.value == 0.25);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_bowl_rests_on_its_bounds),
		cmocka_unit_test(a_string_hangs_over_its_obstacle),
		cmocka_unit_test(rosenbrock_is_solved),
		cmocka_unit_test(rosenbrock_keeps_to_its_bounds),
		cmocka_unit_test(mccormick_is_solved),
		cmocka_unit_test(what_is_not_finite_is_avoided),
		cmocka_unit_test(where_it_is_best_it_stays),
		cmocka_unit_test(a_box_may_be_flat_or_a_point_or_nothing),
		cmocka_unit_test(bad_scales_are_survived),
		cmocka_unit_test(units_of_the_value_do_not_matter),
		cmocka_unit_test(limits_hold_and_the_box_too),
		cmocka_unit_test(a_wrong_gradient_ends)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
