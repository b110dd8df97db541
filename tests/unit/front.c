/* front: sets whose volume is known, and boxes that must add up. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/front.h"
#include "model/rng.h"

#define MOST 32

static void
assert_near(double got, double expected)
{
	if (!(fabs(got - expected) <= 1e-12 * (1 + fabs(expected))))
		fail_msg("expected %.17g, got %.17g", expected, got);
}

static void
the_front_is_what_nothing_dominates(void **state)
{
	double y[] = { 3, 1, 1, 3, 2, 2, 2, 2, 2, 3, 3, 3, 0.5, 4 };
	static const double front[] = { 0.5, 4, 1, 3, 2, 2, 3, 1 };

	(void)state;
	assert_int_equal(front_filter(7, 2, y), 4);
	assert_memory_equal(y, front, sizeof(front));
	assert_int_equal(front_filter(0, 2, y), 0);
}

static void
known_volumes(void **state)
{
	static const double stairs[] = { 1, 3, 2, 2, 3, 1 };
	static const double corners[] = { 0, 0, 1, 0, 1, 0, 1, 0, 0 };
	static const double outside[] = { 0, 4, 5, 0 };
	static const double four[] = { 0, 0, 0, 0 };
	static const double r2[] = { 4, 4 }, r3[] = { 2, 2, 2 };
	static const double r4[] = { 1, 2, 3, 4 };

	(void)state;
	assert_near(front_hypervolume(3, 2, stairs, r2), 6);
	/* three of 4 each, pairs of which share 2 and all of which share 1 */
	assert_near(front_hypervolume(3, 3, corners, r3), 7);
	assert_near(front_hypervolume(2, 2, outside, r2), 0);
	assert_near(front_hypervolume(0, 2, stairs, r2), 0);
	assert_near(front_hypervolume(1, 4, four, r4), 24);
}

/* What v gains, by the boxes. */
static double
gain(const struct boxes *b, const double *v)
{
	double sum = 0, part;
	size_t i, j;

	for (i = 0; i < b->n; i++) {
		part = 1;
		for (j = 0; j < b->k; j++)
			part *= fmax(0, boxes_hi(b, i)[j] - fmax(v[j],
			    boxes_lo(b, i)[j]));
		sum += part;
	}
	return sum;
}

static void
assert_boxes_add_up(struct rng *rng, size_t n, size_t k)
{
	static const double reference[] = { 0.8, 0.9, 1 };
	double y[(MOST + 1) * 3], before;
	struct boxes b;
	size_t i, size;

	/* of few levels, so that many are equal */
	for (i = 0; i < n * k; i++)
		y[i] = n % 2 == 0 ? rng_below(rng, 8) / 8.0 :
		    rng_uniform(rng);
	before = front_hypervolume(n, k, y, reference);
	boxes_init(&b, n, k, y, reference);
	for (i = 0; i < 20; i++) {
		y[n * k] = rng_uniform(rng);
		y[n * k + 1] = rng_uniform(rng) - 0.2;
		y[n * k + k - 1] = rng_uniform(rng) * 1.1;
		assert_near(gain(&b, y + n * k), front_hypervolume(n + 1, k,
		    y, reference) - before);
	}
	size = front_filter(n, k, y);
	assert_true(b.n <= 2 * size + 1);
	boxes_release(&b);
}

static void
boxes_add_up(void **state)
{
	struct rng rng;
	size_t k, n, i;

	(void)state;
	rng_init(&rng, 1, 1, RNG_RANDOM);
	for (k = 2; k <= 3; k++)
		for (n = 0; n <= MOST; n++)
			for (i = 0; i < 3; i++)
				assert_boxes_add_up(&rng, n, k);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_front_is_what_nothing_dominates),
		cmocka_unit_test(known_volumes),
		cmocka_unit_test(boxes_add_up),
	};

	return cmocka_run_group_tests_name("front", tests, NULL, NULL);
}
