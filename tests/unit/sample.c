/* sample: published points, stratification of nets and hypercubes. */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "model/sample.h"

/* The first points of Bratley and Fox's sequence (ACM Algorithm 659) in
 * three dimensions, the origin before them. */
static const double published[][3] = {
	{ 0, 0, 0 },
	{ 0.5, 0.5, 0.5 },
	{ 0.75, 0.25, 0.75 },
	{ 0.25, 0.75, 0.25 },
	{ 0.375, 0.375, 0.625 },
	{ 0.875, 0.875, 0.125 },
	{ 0.625, 0.125, 0.375 },
	{ 0.125, 0.625, 0.875 },
	{ 0.1875, 0.3125, 0.3125 },
	{ 0.6875, 0.8125, 0.8125 }
};

static void
sobol_points_are_the_published_ones(void **state)
{
	double x[3];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(published) / sizeof(published[0]); i++) {
		sample_sobol(3, i, x);
		assert_memory_equal(x, published[i], sizeof(x));
	}
}

/* The first 64 points of the pair lie one in each cell of every grid of
 * 2^a times 2^b cells, a + b = 6: a (0,6,2)-net in base 2. */
static void
assert_net(double points[64][2])
{
	unsigned char seen[64];
	size_t a, i, cell;

	for (a = 0; a <= 6; a++) {
		memset(seen, 0, sizeof(seen));
		for (i = 0; i < 64; i++) {
			cell = (size_t)(points[i][0] *
			    (double)(1 << a)) << (6 - a);
			cell += (size_t)(points[i][1] *
			    (double)(1 << (6 - a)));
			assert_false(seen[cell]);
			seen[cell] = 1;
		}
	}
}

static void
owen_scrambling_keeps_the_net(void **state)
{
	double points[64][2];
	struct sample_stream *s;
	uint64_t seed;
	size_t i, block;

	(void)state;
	for (i = 0; i < 64; i++)
		sample_sobol(2, i, points[i]);
	assert_net(points);
	for (seed = 0; seed < 20; seed++) {
		s = sample_open(seed, 3, RNG_POOL, 2);
		for (block = 0; block < 3; block++) {
			for (i = 0; i < 64; i++)
				sample_next(s, points[i]);
			assert_net(points);
		}
		sample_close(s);
	}
}

/* Each dimension by itself: one of 64 points in each 64th. */
static void
every_dimension_is_stratified(void **state)
{
	struct sample_stream *s;
	double x[SAMPLE_SOBOL_MAX];
	uint64_t seen[SAMPLE_SOBOL_MAX] = { 0 };
	size_t i, k;

	(void)state;
	s = sample_open(99, 1, RNG_REJECT, SAMPLE_SOBOL_MAX);
	for (i = 0; i < 64; i++) {
		sample_next(s, x);
		for (k = 0; k < SAMPLE_SOBOL_MAX; k++) {
			assert_true(x[k] >= 0 && x[k] < 1);
			seen[k] |= UINT64_C(1) << (unsigned)(x[k] * 64);
		}
	}
	for (k = 0; k < SAMPLE_SOBOL_MAX; k++)
		assert_true(seen[k] == UINT64_MAX);
	sample_close(s);
}

/* Nested: numbers that agree in their first k bits and differ in the next
 * still do so afterwards. */
static void
owen_scrambling_is_nested(void **state)
{
	struct rng r;
	uint32_t a, b, seed, low;
	unsigned k;
	int i;

	(void)state;
	rng_init(&r, 8, 0, RNG_RANDOM);
	for (i = 0; i < 20000; i++) {
		a = rng_u32(&r);
		seed = rng_u32(&r);
		k = rng_below(&r, 32);
		low = UINT32_MAX >> k;
		/* Differs from a in bit k and anyhow below. */
		b = a ^ (UINT32_C(0x80000000) >> k) ^
		    (rng_u32(&r) & (low >> 1));
		a = sample_owen(a, seed);
		b = sample_owen(b, seed);
		if (k > 0)
			assert_true(a >> (32 - k) == b >> (32 - k));
		assert_true(((a ^ b) & (UINT32_C(0x80000000) >> k)) != 0);
	}
}

/* ... and random: over seeds each bit goes either way half of the time
 * (five standard deviations of 4000 coins). */
static void
owen_scrambling_is_random(void **state)
{
	struct rng r;
	unsigned ones[32] = { 0 };
	uint32_t x;
	int i, k;

	(void)state;
	rng_init(&r, 9, 0, RNG_RANDOM);
	for (i = 0; i < 4000; i++) {
		x = sample_owen(0x5a5a0f0f, rng_u32(&r));
		for (k = 0; k < 32; k++)
			ones[k] += x >> k & 1;
	}
	for (k = 0; k < 32; k++)
		assert_in_range(ones[k], 2000 - 158, 2000 + 158);
}

static void
the_warmup_begins_at_the_centre(void **state)
{
	double x[60];
	size_t i;

	(void)state;
	sample_warmup(17, 3, 6, 0, x);
	for (i = 0; i < 3; i++)
		assert_true(x[i] == 0.5);
	sample_warmup(17, 60, 6, 0, x);
	for (i = 0; i < 60; i++)
		assert_true(x[i] == 0.5);
}

static void
the_warmup_goes_on_with_scrambled_sobol(void **state)
{
	double points[64][2], other[2];
	uint64_t i;

	(void)state;
	for (i = 0; i < 64; i++)
		sample_warmup(17, 2, 6, i + 1, points[i]);
	assert_net(points);
	sample_warmup(17, 2, 1000, 7, other);
	assert_memory_equal(other, points[6], sizeof(other));
	sample_warmup(18, 2, 6, 7, other);
	assert_memory_not_equal(other, points[6], sizeof(other));
}

/* What a second implementation says: fixtures/sample/generate.py. */
static void
the_warmup_does_not_move(void **state)
{
	FILE *f = fopen("tests/fixtures/sample/warmup.txt", "r");
	double want[3], x[SAMPLE_SOBOL_MAX + 1];
	uint64_t seed, index;
	size_t d, rows;
	int lines = 0, k;

	(void)state;
	assert_non_null(f);
	while (fscanf(f, "%" SCNu64 " %zu %zu %" SCNu64 " %lf %lf %lf",
	    &seed, &d, &rows, &index, &want[0], &want[1], &want[2]) == 7) {
		assert_true(d <= SAMPLE_SOBOL_MAX + 1);
		sample_warmup(seed, d, rows, index, x);
		for (k = 0; k < 3; k++)
			assert_true(x[k] == want[k]);
		lines++;
	}
	fclose(f);
	assert_int_equal(lines, 60);
}

/* In each dimension each tenth holds one of ten rows, in every block. */
static void
beyond_sobol_comes_a_latin_hypercube(void **state)
{
	double x[50], first = 0;
	unsigned seen[50];
	uint64_t block, row;
	size_t k;

	(void)state;
	for (block = 0; block < 3; block++) {
		memset(seen, 0, sizeof(seen));
		for (row = 0; row < 10; row++) {
			sample_warmup(4, 50, 10, 1 + block * 10 + row, x);
			for (k = 0; k < 50; k++) {
				assert_true(x[k] >= 0 && x[k] < 1);
				seen[k] |= 1u << (unsigned)(x[k] * 10);
			}
			if (row == 0)
				assert_true(x[0] != first);
			if (row == 0)
				first = x[0];
		}
		for (k = 0; k < 50; k++)
			assert_int_equal(seen[k], 0x3ff);
	}
}

static void
streams_are_functions_of_their_key(void **state)
{
	static const size_t dims[] = { 1, 5, 40, 41, 300 };
	struct sample_stream *a, *b, *c;
	double x[300], y[300], z[300];
	size_t i, k;

	(void)state;
	for (k = 0; k < sizeof(dims) / sizeof(dims[0]); k++) {
		a = sample_open(1, 2, RNG_POOL, dims[k]);
		b = sample_open(1, 2, RNG_POOL, dims[k]);
		c = sample_open(1, 3, RNG_POOL, dims[k]);
		for (i = 0; i < 20; i++) {
			sample_next(a, x);
			sample_next(b, y);
			sample_next(c, z);
			assert_memory_equal(x, y, dims[k] * sizeof(*x));
			assert_memory_not_equal(x, z,
			    dims[k] * sizeof(*x));
		}
		sample_close(a);
		sample_close(b);
		sample_close(c);
	}
	sample_close(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sobol_points_are_the_published_ones),
		cmocka_unit_test(owen_scrambling_keeps_the_net),
		cmocka_unit_test(every_dimension_is_stratified),
		cmocka_unit_test(owen_scrambling_is_nested),
		cmocka_unit_test(owen_scrambling_is_random),
		cmocka_unit_test(the_warmup_begins_at_the_centre),
		cmocka_unit_test(the_warmup_goes_on_with_scrambled_sobol),
		cmocka_unit_test(the_warmup_does_not_move),
		cmocka_unit_test(beyond_sobol_comes_a_latin_hypercube),
		cmocka_unit_test(streams_are_functions_of_their_key)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
