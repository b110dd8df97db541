/* rng: against published vectors; streams are functions of their key. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/rng.h"

struct vector {
	uint32_t counter[4], key[2], out[4];
};

/* Known answers that the generator's authors publish with it
 * (Random123, kat_vectors, philox4x32 10). */
static const struct vector known[] = {
	{ { 0, 0, 0, 0 }, { 0, 0 },
	  { 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8 } },
	{ { 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff },
	  { 0xffffffff, 0xffffffff },
	  { 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd } },
	{ { 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344 },
	  { 0xa4093822, 0x299f31d0 },
	  { 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1 } }
};

static void
philox_gives_the_published_numbers(void **state)
{
	uint32_t out[4];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		rng_philox(known[i].counter, known[i].key, out);
		assert_memory_equal(out, known[i].out, sizeof(out));
	}
}

/* The counter runs in its lowest word; purpose and trial name the rest. */
static void
a_stream_is_philox_of_its_key(void **state)
{
	const uint32_t key[2] = { 0x89abcdef, 0x01234567 };
	uint32_t counter[4] = { 0, RNG_POOL, 0x77665544, 0x33221100 };
	uint32_t out[4];
	struct rng r;
	int i, k;

	(void)state;
	rng_init(&r, 0x0123456789abcdef, 0x3322110077665544, RNG_POOL);
	for (i = 0; i < 3; i++) {
		counter[0] = (uint32_t)i;
		rng_philox(counter, key, out);
		for (k = 0; k < 4; k++)
			assert_int_equal(rng_u32(&r), out[k]);
	}
}

static void
each_part_of_the_key_matters(void **state)
{
	struct rng a, b[3];
	uint32_t x;
	int i;

	(void)state;
	rng_init(&a, 17, 3, RNG_POOL);
	rng_init(&b[0], 18, 3, RNG_POOL);
	rng_init(&b[1], 17, 4, RNG_POOL);
	rng_init(&b[2], 17, 3, RNG_REJECT);
	x = rng_u32(&a);
	for (i = 0; i < 3; i++)
		assert_int_not_equal(rng_u32(&b[i]), x);
}

static void
uniform_takes_53_bits(void **state)
{
	struct rng r, words;
	double u;
	uint64_t n;
	int i;

	(void)state;
	rng_init(&r, 1, 2, RNG_RANDOM);
	rng_init(&words, 1, 2, RNG_RANDOM);
	for (i = 0; i < 1000; i++) {
		n = (uint64_t)(rng_u32(&words) >> 5) << 26;
		n |= rng_u32(&words) >> 6;
		u = rng_uniform(&r);
		assert_true(u == (double)n / 9007199254740992.0);
		assert_true(u >= 0 && u < 1);
	}
}

/* Five standard deviations of a mean of 60000, and of a cell's count. */
static void
numbers_are_spread_evenly(void **state)
{
	int count[6] = { 0 }, i;
	double sum = 0;
	struct rng r;

	(void)state;
	rng_init(&r, 5, 0, RNG_RANDOM);
	for (i = 0; i < 60000; i++)
		sum += rng_uniform(&r);
	assert_true(sum > 60000 * (0.5 - 5 * 0.2887 / 245));
	assert_true(sum < 60000 * (0.5 + 5 * 0.2887 / 245));
	for (i = 0; i < 60000; i++)
		count[rng_below(&r, 6)]++;
	for (i = 0; i < 6; i++)
		assert_in_range(count[i], 10000 - 457, 10000 + 457);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(philox_gives_the_published_numbers),
		cmocka_unit_test(a_stream_is_philox_of_its_key),
		cmocka_unit_test(each_part_of_the_key_matters),
		cmocka_unit_test(uniform_takes_53_bits),
		cmocka_unit_test(numbers_are_spread_evenly)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
