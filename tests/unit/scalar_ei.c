/* scalar_ei: against plain numerical integration, and finite differences. */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "model/acquire.h"
#include "model/rng.h"
#include "model/scalar_ei.h"

#define K 3

/* Warps of values of different sizes and shapes. */
struct warps {
	struct warp warp[K];
};

static struct warps
make_warps(uint64_t seed)
{
	struct warps w;
	double y[40];
	struct rng rng;
	int i, j;

	rng_init(&rng, seed, 1, RNG_RANDOM);
	for (j = 0; j < K; j++) {
		for (i = 0; i < 40; i++)
			y[i] = pow(10, j) * pow(rng_uniform(&rng), 1 + j) +
			    0.1;
		warp_init(&w.warp[j], 40, y);
	}
	return w;
}

static void
free_warps(struct warps *w)
{
	int j;

	for (j = 0; j < K; j++)
		warp_release(&w->warp[j]);
}

static double
own(const struct scalar *s, size_t j, double v)
{
	return s->warp != NULL ? warp_inverse(&s->warp[j], v) : v;
}

/* By the midpoint rule on a grid of normal deviates: 2 objectives. */
static double
plain(const struct scalar *s, double best, const double *mean,
    const double *sd)
{
	double sum = 0, h = 0.01, a, b, y[2], gain;
	int i, j;

	for (i = -1000; i < 1000; i++)
		for (j = -1000; j < 1000; j++) {
			a = (i + 0.5) * h;
			b = (j + 0.5) * h;
			y[0] = own(s, 0, mean[0] + sd[0] * a);
			y[1] = own(s, 1, mean[1] + sd[1] * b);
			gain = best - scalar_value(s, y);
			if (gain > 0)
				sum += gain * exp(-(a * a + b * b) / 2);
		}
	return sum * h * h / (2 * 3.14159265358979323846);
}

/* Deviations down to a thousandth, means to both sides of the incumbent. */
static void
draw(struct rng *rng, size_t k, double *mean, double *sd)
{
	size_t j;

	for (j = 0; j < k; j++) {
		mean[j] = 3 * rng_uniform(rng) - 2;
		sd[j] = pow(10, -2.5 * rng_uniform(rng));
	}
}

static void
assert_near(double got, double expected, double tolerance)
{
	if (!(fabs(got - expected) <= tolerance))
		fail_msg("expected %.17g, got %.17g", expected, got);
}

static const double weight[K] = { 0.6, 0.3, 0.1 };
static const double centre[K] = { 0, 0.5, 0.2 };

/* An incumbent somewhere near what is predicted. */
static double
draw_best(const struct scalar *s, struct rng *rng, const double *mean)
{
	double y[K];
	size_t j;

	for (j = 0; j < s->k; j++)
		y[j] = own(s, j, mean[j] + 2 * rng_uniform(rng) - 1.5);
	return scalar_value(s, y);
}

static double
log_ei(const struct scalar *s, double best, const double *at, double *slope)
{
	struct scalar_ei e;
	double value;

	scalar_ei_init(&e, s, best, 1, 1);
	value = scalar_ei_log(&e, at, at + s->k, slope);
	scalar_ei_release(&e);
	return value;
}

static void
agrees_with_plain_integration(void **state)
{
	struct scalar s = { SCALAR_SUM, 2, NULL, weight, centre };
	struct warps w = make_warps(1);
	double at[4], best, expected;
	struct rng rng;
	int i, checked = 0;

	(void)state;
	rng_init(&rng, 7, 7, RNG_RANDOM);
	for (i = 0; i < 36; i++) {
		s.kind = (enum scalar_kind)(i % 3);
		s.warp = i % 2 == 0 ? w.warp : NULL;
		draw(&rng, 2, at, at + 2);
		best = draw_best(&s, &rng, at);
		expected = log(plain(&s, best, at, at + 2));
		if (expected < -12)
			continue;	/* too coarse a grid */
		/* knots of the warp are corners of the integrand */
		assert_near(log_ei(&s, best, at, NULL), expected,
		    s.warp != NULL ? 0.06 : 1e-4);
		checked++;
	}
	assert_true(checked > 15);
	free_warps(&w);
}

/* Drawn instead: 400,000 vectors. */
static double
sampled(const struct scalar *s, double best, const double *at,
    double *error)
{
	double y[K], sum = 0, squares = 0, gain, u;
	struct rng rng;
	int i, n = 400000;
	size_t j;

	rng_init(&rng, 3, 3, RNG_RANDOM);
	for (i = 0; i < n; i++) {
		for (j = 0; j < s->k; j++) {
			u = sqrt(-2 * log(1 - rng_uniform(&rng)));
			y[j] = own(s, j, at[j] + at[s->k + j] * u *
			    cos(6.28318530717958647693 * rng_uniform(&rng)));
		}
		gain = fmax(0, best - scalar_value(s, y));
		sum += gain;
		squares += gain * gain;
	}
	sum /= n;
	*error = sqrt((squares / n - sum * sum) / n) / sum;
	return log(sum);
}

static void
agrees_with_draws_of_three(void **state)
{
	static const double at[] = { -0.5, 0, 0.5, 0.5, 0.8, 0.3 };
	struct scalar s = { SCALAR_SUM, K, NULL, weight, centre };
	struct warps w = make_warps(2);
	double y[K], best, expected, error;
	int i, j;

	(void)state;
	for (i = 0; i < 6; i++) {
		s.kind = (enum scalar_kind)(i % 3);
		s.warp = i < 3 ? NULL : w.warp;
		for (j = 0; j < K; j++)
			y[j] = own(&s, (size_t)j, at[j] - 0.3);
		best = scalar_value(&s, y);
		expected = sampled(&s, best, at, &error);
		/* 32 nodes for the sum of three */
		assert_near(log_ei(&s, best, at, NULL), expected, 4 * error +
		    (s.kind == SCALAR_SUM ? 0.05 : s.warp != NULL ? 0.02 :
		    1e-4));
	}
	free_warps(&w);
}

static void
assert_slopes(const struct scalar *s, double best, const double *at,
    double tolerance)
{
	double slope[2 * K], moved[2 * K], h, up, down, expected;
	size_t i;

	log_ei(s, best, at, slope);
	memcpy(moved, at, 2 * s->k * sizeof(*moved));
	for (i = 0; i < 2 * s->k; i++) {
		h = 1e-4 * at[s->k + i % s->k];
		moved[i] = at[i] + h;
		up = log_ei(s, best, moved, NULL);
		moved[i] = at[i] - h;
		down = log_ei(s, best, moved, NULL);
		moved[i] = at[i];
		expected = (up - down) / (2 * h);
		assert_near(slope[i], expected, tolerance * (fabs(expected) +
		    1 / at[s->k + i % s->k]));
	}
}

/* Near and far; without a warp, whose knots the nodes jump over. */
static void
slopes_are_derivatives(void **state)
{
	struct scalar s = { SCALAR_SUM, 2, NULL, weight, centre };
	double at[2 * K], best;
	struct rng rng;
	int i;

	(void)state;
	rng_init(&rng, 5, 5, RNG_RANDOM);
	for (i = 0; i < 60; i++) {
		s.kind = (enum scalar_kind)(i % 3);
		s.k = 2 + (size_t)(i / 3 % 2);
		draw(&rng, s.k, at, at + s.k);
		best = draw_best(&s, &rng, at);
		if (log_ei(&s, best, at, NULL) > -1e4)
			assert_slopes(&s, best, at, 2e-3);
	}
}

/* An improvement of 1e-200 and less has a logarithm, and a slope towards
 * the incumbent, with warps as without. */
static void
nothing_vanishes_far_out(void **state)
{
	static const double sd[] = { 0.3, 0.1, 0.03 };
	struct scalar s = { SCALAR_SUM, 2, NULL, weight, centre };
	struct warps w = make_warps(3);
	double at[4], slope[4], y[2], before, v;
	int i, step;

	(void)state;
	for (i = 0; i < 18; i++) {
		s.kind = (enum scalar_kind)(i % 3);
		s.warp = i < 9 ? NULL : w.warp;
		y[0] = own(&s, 0, -0.8);
		y[1] = own(&s, 1, -0.5);
		at[2] = at[3] = sd[i / 3 % 3];
		before = DBL_MAX;
		for (step = 0; step < 8; step++) {
			at[0] = at[1] = 2 + 2 * step;
			v = log_ei(&s, scalar_value(&s, y), at, slope);
			assert_true(v < before && v > -1e7);
			assert_true(slope[0] + slope[1] < 0);
			assert_true(slope[2] + slope[3] > 0);
			before = v;
		}
		assert_true(v < -460);
	}
	free_warps(&w);
}

/* A single objective is the classical improvement. */
static void
one_is_plain_improvement(void **state)
{
	static const double one = 1;
	struct scalar s = { SCALAR_SUM, 1, NULL, &one, &one };
	double at[2] = { 0, 1 }, slope[2];
	int z;

	(void)state;
	for (z = -20; z <= 5; z++) {
		at[0] = -z;
		s.kind = SCALAR_SUM;
		assert_near(log_ei(&s, 0, at, slope), acquire_log_ei(-z, 1, 0,
		    NULL), 1e-4);
		s.kind = SCALAR_MAX;
		assert_near(log_ei(&s, -1, at, slope), acquire_log_ei(-z, 1, 0,
		    NULL), 1e-4);
	}
}

/* Nothing is better than no distance at all. */
static void
nothing_is_below_no_distance(void **state)
{
	struct scalar s = { SCALAR_DISTANCE, 2, NULL, weight, centre };
	double at[] = { 0, 0, 1, 1 }, slope[4];

	(void)state;
	assert_true(log_ei(&s, 0, at, slope) == -DBL_MAX);
	assert_true(slope[0] == 0 && slope[3] == 0);
	assert_true(isfinite(log_ei(&s, 1e-12, at, slope)));
	assert_true(isfinite(log_ei(&s, 1e300, at, slope)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(agrees_with_plain_integration),
		cmocka_unit_test(agrees_with_draws_of_three),
		cmocka_unit_test(slopes_are_derivatives),
		cmocka_unit_test(nothing_vanishes_far_out),
		cmocka_unit_test(one_is_plain_improvement),
		cmocka_unit_test(nothing_is_below_no_distance),
	};

	return cmocka_run_group_tests_name("scalar_ei", tests, NULL, NULL);
}
