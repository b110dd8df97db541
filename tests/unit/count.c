/* count: numbers of points by hand, and each point met exactly once. */
#include "documents.h"

#include "contract/count.h"
#include "contract/point.h"

#define INT(name, hi, more) "{'name':'" name "','type':'int','bounds':[1," \
	hi "]" more "}"
#define BOOL(name, more) "{'name':'" name "','type':'bool'" more "}"
#define CAT3 "{'name':'c','type':'categorical','choices':['u','v',1]}"
#define FLOAT(name, lo, hi, more) "{'name':'" name "','type':'float'," \
	"'bounds':[" lo "," hi "]" more "}"

static const struct {
	const char *params;
	size_t count;
} finite[] = {
	{ BOOL("a", ""), 2 },
	{ INT("i", "7", "") "," CAT3 "," BOOL("a", ""), 42 },
	{ FLOAT("x", "2", "2", "") "," BOOL("a", ""), 2 },
	/* u, and v or 1 with two values each */
	{ CAT3 "," BOOL("a", ",'when':{'c':['v',1]}"), 1 + 2 + 2 },
	/* a=0, and a=1 with 5 */
	{ INT("i", "5", ",'when':{'a':true}") "," BOOL("a", ""), 6 },
	/* chain: a=0 | a=1,b=0 | a=1,b=1,c in 3 */
	{ BOOL("a", "") "," BOOL("b", ",'when':{'a':true}") ","
	    INT("c", "3", ",'when':{'b':true}"), 5 },
	/* two branches of a, times 2 that hang on nothing, times b's */
	{ BOOL("f", "") "," BOOL("a", "") "," BOOL("b", "") ","
	    INT("p", "4", ",'when':{'a':false}") ","
	    INT("q", "3", ",'when':{'a':true,'b':true}"),
	    2 * (2 * 4 + (1 + 3)) },
	/* a float that can never be active: j is not 1 and 2 at once */
	{ INT("j", "2", "") "," BOOL("a", ",'when':{'j':1}") ","
	    FLOAT("x", "0", "1", ",'when':{'j':2,'a':true}"), 2 + 1 },
};

static struct space *
space_of(const char *params)
{
	char *text = xasprintf("{'parameters':[%s]}", params);
	struct space *s = make_space(text);

	free(text);
	return s;
}

static void
test_counts(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < LENGTH(finite); i++) {
		struct space *s = space_of(finite[i].params);

		assert_int_equal(space_count(s, 1000), finite[i].count);
		assert_int_equal(space_count(s, finite[i].count),
		    finite[i].count);
		assert_int_equal(space_count(s, finite[i].count - 1), 0);
		space_free(s);
	}
}

static void
test_infinite_or_too_many(void **state)
{
	static const char *const params[] = {
		FLOAT("x", "0", "1", ""),
		BOOL("a", "") "," FLOAT("x", "0", "1", ",'when':{'a':true}"),
		INT("i", "9007199254740992", ""),
		INT("i", "1000000000", "") "," INT("j", "1000000000", "") ","
		    INT("k", "1000000000", ""),
		INT("i", "1000000000", "") "," BOOL("a", ",'when':{'i':3}"),
	};
	size_t i;

	(void)state;
	for (i = 0; i < LENGTH(params); i++) {
		struct space *s = space_of(params[i]);

		assert_int_equal(space_count(s, 100000), 0);
		space_free(s);
	}
}

/* All points of a space, and whether each is one that could be read. */
static void
check_points(const struct space *s, size_t n)
{
	double *points = xcalloc(n * s->n, sizeof(*points));
	double *again = xcalloc(s->n, sizeof(*again));
	size_t i, k, p;

	space_first(s, again);
	for (k = 0; k < n; k++) {
		memcpy(points + k * s->n, again, s->n * sizeof(*again));
		for (i = 0; i < k; i++)
			assert_false(point_equal(s, points + i * s->n,
			    points + k * s->n));
		for (p = 0; p < s->n; p++) {
			double x = points[k * s->n + p];

			again[p] = x == x ? x : s->param[p].lo;
			assert_true(again[p] >= s->param[p].lo &&
			    again[p] <= s->param[p].hi);
		}
		point_deactivate(s, again);
		assert_true(point_equal(s, again, points + k * s->n));
		assert_int_equal(space_next(s, again), k + 1 < n);
	}
	free(points);
	free(again);
}

static void
test_every_point_once(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < LENGTH(finite); i++) {
		struct space *s = space_of(finite[i].params);

		check_points(s, finite[i].count);
		space_free(s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_infinite_or_too_many),
		cmocka_unit_test(test_every_point_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
