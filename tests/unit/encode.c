/* encode: the two cubes against their definitions. */
#include "documents.h"

#include <float.h>
#include <math.h>

#include "contract/encode.h"

#define BELOW_1 0.99999999999999989	/* the largest double below 1 */

static void
assert_near(double a, double b)
{
	if (!(fabs(a - b) <= 1e-12 * fmax(1, fabs(b))))
		fail_msg("%.17g is not %.17g", a, b);
}

static struct space *
one(const char *rest)
{
	char *text = xasprintf("{'parameters':[{'name':'x',%s}]}", rest);
	struct space *s = make_space(text);

	free(text);
	return s;
}

static double
sample(const struct space *s, double u)
{
	double x;

	encode_sample(s, NULL, &u, &x);
	return x;
}

static double
encode(const struct space *s, double x)
{
	double u;

	assert_int_equal(encode_dim(s), 1);
	encode_point(s, &x, &u);
	return u;
}

static void
test_float(void **state)
{
	struct space *s = one("'type':'float','bounds':[-2,6]");

	(void)state;
	assert_true(sample(s, 0) == -2);
	assert_true(sample(s, 0.25) == 0);
	assert_true(sample(s, 0.5) == 2);
	assert_true(sample(s, BELOW_1) <= 6);
	assert_near(sample(s, BELOW_1), 6);
	assert_true(encode(s, -2) == 0);
	assert_true(encode(s, 0) == 0.25);
	assert_true(encode(s, 6) == 1);
	assert_true(encode(s, 14) == 2);	/* imported, out of bounds */
	space_free(s);
}

static void
test_log_float(void **state)
{
	struct space *s = one("'type':'float','bounds':[1e-4,1e-2],"
	    "'scale':'log'");

	(void)state;
	assert_near(sample(s, 0), 1e-4);
	assert_true(sample(s, 0) >= 1e-4);
	assert_true(sample(s, 0.5) == 1e-3);	/* round, as the bounds */
	assert_near(sample(s, 0.75), 1e-2 / sqrt(10));
	assert_true(sample(s, BELOW_1) <= 1e-2);
	assert_near(encode(s, 1e-4), 0);
	assert_near(encode(s, 1e-3), 0.5);
	assert_near(encode(s, 1e-2), 1);
	assert_near(encode(s, 1e-6), -1);
	/* no logarithm: still a number, and further out than any other */
	assert_true(isfinite(encode(s, 0)));
	assert_true(encode(s, -3) <= encode(s, DBL_MIN));
	space_free(s);
}

static void
test_zero_width(void **state)
{
	struct space *s = one("'type':'float','bounds':[3,3],'scale':'log'");

	(void)state;
	assert_true(sample(s, 0) == 3 && sample(s, 0.7) == 3);
	assert_true(encode(s, 3) == 0);
	assert_true(encode(s, 5) == 0);
	space_free(s);
}

/* The width of these bounds is more than a double holds. */
static void
test_widest_bounds(void **state)
{
	struct space *s = one("'type':'float',"
	    "'bounds':[-1.7e308,1.7e308]");

	(void)state;
	assert_true(sample(s, 0) == -1.7e308);
	assert_true(sample(s, 0.5) == 0);
	assert_near(sample(s, 0.75), 0.85e308);
	assert_near(encode(s, -1.7e308), 0);
	assert_near(encode(s, 0), 0.5);
	assert_near(encode(s, 1.7e308), 1);
	space_free(s);
}

/* Every value has the same share of the coordinate. */
static void
check_shares(const char *rest, int first, int values)
{
	struct space *s = one(rest);
	int k;

	for (k = 0; k < values; k++) {
		double begin = (double)k / values, end = (k + 1.0) / values;

		assert_true(sample(s, begin + 1e-9) == first + k);
		assert_true(sample(s, end - 1e-9) == first + k);
	}
	assert_true(sample(s, 0) == first);
	assert_true(sample(s, BELOW_1) == first + values - 1);
	space_free(s);
}

static void
test_equal_shares(void **state)
{
	(void)state;
	check_shares("'type':'int','bounds':[-1,3]", -1, 5);
	check_shares("'type':'bool'", 0, 2);
	check_shares("'type':'categorical','choices':['a',1,'1']", 0, 3);
}

/* Rounded to nearest in log space: 10 is halfway between 1 and 100, and
 * half of the way from 2 to 3 is told apart at 2.5. */
static void
test_log_int(void **state)
{
	struct space *s = one("'type':'int','bounds':[1,100],'scale':'log'");

	(void)state;
	assert_true(sample(s, 0) == 1);
	assert_true(sample(s, 0.5) == 10);
	assert_true(sample(s, log(2.499) / log(100)) == 2);
	assert_true(sample(s, log(2.501) / log(100)) == 3);
	assert_true(sample(s, BELOW_1) == 100);
	assert_near(encode(s, 10), 0.5);
	space_free(s);
}

static void
test_box(void **state)
{
	struct space *s = make_space("{'parameters':["
	    "{'name':'x','type':'float','bounds':[0,10]},"
	    "{'name':'i','type':'int','bounds':[1,8]},"
	    "{'name':'n','type':'int','bounds':[1,1000],'scale':'log'}]}");
	struct range box[3] = { { 2, 4 }, { 3, 4 }, { 5, 6 } };
	double lo[3] = { 0, 0, 0 }, hi[3] = { 0.5, 0.5, BELOW_1 };
	double x[3];

	(void)state;
	encode_sample(s, box, lo, x);
	assert_true(x[0] == 2 && x[1] == 3 && x[2] == 5);
	encode_sample(s, box, hi, x);
	assert_true(x[0] == 3 && x[1] == 4 && x[2] == 6);
	/* the encoding knows the space's bounds only */
	encode_point(s, x, lo);
	assert_near(lo[0], 0.3);
	space_free(s);
}

/* One coordinate a choice, zeros where nothing is active. */
static void
test_mixed_and_inactive(void **state)
{
	struct space *s = make_space("{'parameters':["
	    "{'name':'m','type':'float','bounds':[1,2],'when':{'c':'b'}},"
	    "{'name':'c','type':'categorical','choices':['a','b',3]},"
	    "{'name':'d','type':'categorical','choices':['p','q'],"
	    "'when':{'b':true}},{'name':'b','type':'bool'},"
	    "{'name':'i','type':'int','bounds':[0,4]}]}");
	static const double with[] = { 0.5, 0, 1, 0, 0, 1, 1, 0.25 };
	static const double without[] = { 0, 0, 0, 1, 0, 0, 0, 1 };
	double u[5] = { 0.5, 0.4, 0.9, 0.5, 0.25 }, point[5], x[8];
	size_t i;

	(void)state;
	assert_int_equal(encode_dim(s), 8);
	encode_sample(s, NULL, u, point);
	encode_point(s, point, x);
	for (i = 0; i < 8; i++)
		assert_true(x[i] == with[i]);
	u[1] = 0.9;
	u[3] = 0.1;
	u[4] = 0.9;
	encode_sample(s, NULL, u, point);
	assert_true(isnan(point[0]) && isnan(point[2]));
	encode_point(s, point, x);
	for (i = 0; i < 8; i++)
		assert_true(x[i] == without[i]);
	space_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_float),
		cmocka_unit_test(test_log_float),
		cmocka_unit_test(test_zero_width),
		cmocka_unit_test(test_widest_bounds),
		cmocka_unit_test(test_equal_shares),
		cmocka_unit_test(test_log_int),
		cmocka_unit_test(test_box),
		cmocka_unit_test(test_mixed_and_inactive),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
