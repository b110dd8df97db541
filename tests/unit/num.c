/* num: against Python's repr, and what is no number. */
#include <math.h>

#include "base/num.h"
#include "unit.h"

/* tests run from the top of the tree */
#define FIXTURE "tests/fixtures/num/repr.txt"

static void
test_real_is_pythons_repr(void **state)
{
	char hex[64], repr[64], text[NUM_TEXT];
	FILE *f = fopen(FIXTURE, "r");
	int n = 0;

	(void)state;
	assert_non_null(f);
	while (fscanf(f, "%63s %63s", hex, repr) == 2) {
		assert_string_equal(num_real(text, strtod(hex, NULL)), repr);
		n++;
	}
	fclose(f);
	assert_true(n > 1000);
}

static void
test_plain_drops_the_point_of_integers(void **state)
{
	char text[NUM_TEXT];

	(void)state;
	assert_string_equal(num_plain(text, 3.0), "3");
	assert_string_equal(num_plain(text, -40.0), "-40");
	assert_string_equal(num_plain(text, 9007199254740992.0),
	    "9007199254740992");
	assert_string_equal(num_plain(text, 0.25), "0.25");
	assert_string_equal(num_plain(text, 1e300), "1e+300");
}

/* In messages only, and they must not end the program. */
static void
test_what_is_not_finite_is_a_word(void **state)
{
	char text[NUM_TEXT];

	(void)state;
	assert_string_equal(num_real(text, HUGE_VAL), "inf");
	assert_string_equal(num_plain(text, -HUGE_VAL), "-inf");
	assert_string_equal(num_plain(text, NAN), "nan");
	assert_string_equal(num_real(text, -NAN), "nan");
}

static void
test_reads_decimals_only(void **state)
{
	static const char *const good[] = { "1", "-1", "+1", "1.", ".5",
	    "1e3", "1E-3", "0.1", "1e308", "00", NULL };
	static const char *const bad[] = { "", " 1", "1 ", "nan", "inf",
	    "Infinity", "0x10", "1e", "1e+", ".", "-", "1.2.3", "1e999",
	    "1,5", "1e5x", NULL };
	double x;
	int i;

	(void)state;
	for (i = 0; good[i] != NULL; i++) {
		assert_true(num_read(good[i], strlen(good[i]), &x));
		assert_true(x == strtod(good[i], NULL));
	}
	for (i = 0; bad[i] != NULL; i++)
		if (num_read(bad[i], strlen(bad[i]), &x))
			fail_msg("%s was read", bad[i]);
}

static void
test_reads_long_decimals(void **state)
{
	char text[400];
	double x;

	(void)state;
	memset(text, '0', sizeof(text));
	memcpy(text, "0.", 2);
	text[399] = '1';
	assert_true(num_read(text, 400, &x));
	assert_true(x == 0);
	memset(text, '9', sizeof(text));
	assert_false(num_read(text, 400, &x));
}

static void
test_integers_stay_exact(void **state)
{
	int64_t n;

	(void)state;
	assert_true(num_read_int("9007199254740992", 16, &n));
	assert_true(n == (int64_t)1 << 53);
	assert_false(num_read_int("9007199254740993", 16, &n));
	assert_false(num_read_int("-9007199254740993", 17, &n));
	assert_false(num_read_int("1.0", 3, &n));
	assert_false(num_read_int("1e2", 3, &n));
	assert_true(num_read_int("-7", 2, &n));
	assert_true(n == -7);
}

/* What strtod reads, however many digits and wherever the point. */
static void
test_reads_and_writes_as_the_library(void **state)
{
	uint64_t bits = 88172645463325252U;
	char text[64], number[NUM_TEXT];
	double x, y;
	int i, n, digits;

	(void)state;
	for (i = 0; i < 200000; i++) {
		bits ^= bits << 13;
		bits ^= bits >> 7;
		bits ^= bits << 17;
		memcpy(&x, &bits, sizeof(x));
		if (i % 2 == 0)
			x = (double)(bits >> 11) / 0x1p40;
		if (!isfinite(x))
			continue;
		digits = (int)(bits % 20);
		n = snprintf(text, sizeof(text), i % 4 == 0 ? "%.*f" :
		    "%.*e", digits, fmod(x, 1e20));
		assert_true(num_read(text, (size_t)n, &y));
		assert_true(y == strtod(text, NULL));
		num_real(number, x);
		assert_true(strtod(number, NULL) == x);
		assert_true(num_read(number, strlen(number), &y));
		assert_true(memcmp(&x, &y, sizeof(x)) == 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_real_is_pythons_repr),
		cmocka_unit_test(test_plain_drops_the_point_of_integers),
		cmocka_unit_test(test_what_is_not_finite_is_a_word),
		cmocka_unit_test(test_reads_decimals_only),
		cmocka_unit_test(test_reads_long_decimals),
		cmocka_unit_test(test_integers_stay_exact),
		cmocka_unit_test(test_reads_and_writes_as_the_library),
	};

	return cmocka_run_group_tests_name("num", tests, NULL, NULL);
}
