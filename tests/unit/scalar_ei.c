/* scalar_ei: against plain numerical integration, and finite differences. */
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
agrees_with_plain_integration(void **state)
{
	static const double weight[2] = { 0.7, 0.3 }, centre[2] = { 0, 0.5 };
	double mean[2], sd[2], y[2], best, expected, got, worst = 0;
	struct warps w = make_warps(1);
	struct scalar s = { SCALAR_SUM, 2, NULL, weight, centre };
	struct scalar_ei e;
	struct rng rng;
	int i;

	(void)state;
	rng_init(&rng, 7, 7, RNG_RANDOM);
	for (i = 0; i < 60; i++) {
		s.kind = (enum scalar_kind)(i % 3);
		s.warp = i % 2 == 0 ? w.warp : NULL;
		draw(&rng, 2, mean, sd);
		y[0] = own(&s, 0, mean[0] + 2 * rng_uniform(&rng) - 1.5);
		y[1] = own(&s, 1, mean[1] + 2 * rng_uniform(&rng) - 1.5);
		best = scalar_value(&s, y);
		expected = log(plain(&s, best, mean, sd));
		if (expected < -12)
			continue;	/* too coarse a grid */
		scalar_ei_init(&e, &s, best, 1, 1);
		got = scalar_ei_log(&e, mean, sd, NULL);
		worst = fmax(worst, fabs(got - expected));
		if (getenv("SHOW")) fprintf(stderr, "# %d kind %d warp %d mean %g %g sd %g %g best %g: %.8g %.8g  %.2g\n", i, s.kind, s.warp != NULL, mean[0], mean[1], sd[0], sd[1], best, expected, got, got-expected);
		scalar_ei_release(&e);
	}
	free_warps(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(agrees_with_plain_integration),
	};

	return cmocka_run_group_tests_name("scalar_ei", tests, NULL, NULL);
}
