/* propose_narrow: spaces of which hardly anything is feasible. */
#include <string.h>

#include "rig.h"

#define CONFIG "{'initial_random_trials':10,'candidate_pool_size':60," \
	"'surrogate':{'type':'gp'},'acquisition':{'type':'auto'}}"
#define PROXY "{'initial_random_trials':4,'candidate_pool_size':60," \
	"'surrogate':{'type':'rbf_proxy'}}"
#define FIVE "{'parameters':[" \
	"{'name':'a','type':'float','bounds':[0,1]}," \
	"{'name':'b','type':'float','bounds':[0,1]}," \
	"{'name':'c','type':'float','bounds':[0,1]}," \
	"{'name':'d','type':'float','bounds':[0,1]}," \
	"{'name':'e','type':'float','bounds':[0,1]}]}"
#define ONE(name, coefficient) "{'param':'" name "','coefficient':" \
	#coefficient "}"
#define ALL_FIVE ONE("a", 1) "," ONE("b", 1) "," ONE("c", 1) "," \
	ONE("d", 1) "," ONE("e", 1)
#define RULE(terms, sign, limit) "{'terms':[" terms "],'operator':'" \
	sign "','rhs':" #limit "}"
#define LINEAR(rules) "{'linear_inequalities':[" rules "]}"

/* n trials; each proposal is feasible, new, and the same when asked for
 * again.  What the last one said is left in *last. */
static void
trials(struct rig *rig, int n, struct proposal *last)
{
	struct proposal p, again;
	struct err err;
	int64_t i, k;

	memset(last, 0, sizeof(*last));
	for (; n > 0; n--) {
		p = ask(rig);
		if (p.point == NULL)
			fail_msg("%s; %s", p.infeasible, p.advice);
		if (constraints_inside(rig->c.c.constraints, p.point, &err)
		    != 0)
			fail_msg("%s", err.text);
		rig->last--;
		again = ask(rig);
		assert_true(point_equal(rig->c.c.space, p.point,
		    again.point));
		k = (int64_t)rig->c.state->nobs;
		for (i = 0; i < k; i++)
			assert_false(point_equal(rig->c.c.space, p.point,
			    rig->c.state->obs[i].point));
		assert_account(rig, &p);
		observe(rig, rig->last, p.point, hill(rig, p.point));
		proposal_release(&again);
		proposal_release(last);
		*last = p;
	}
}

static void
run_trials(struct recipe r, int n)
{
	struct rig rig = make_rig(&r);
	struct proposal p;

	trials(&rig, n, &p);
	proposal_release(&p);
	free_rig(&rig);
}

/* The least distance between two trials, in each coordinate's unit. */
static double
least_distance(const struct rig *rig)
{
	const struct state *s = rig->c.state;
	double least = INFINITY, sum;
	size_t i, j, k;

	for (i = 0; i < s->nobs; i++)
		for (j = 0; j < i; j++) {
			for (sum = 0, k = 0; k < rig->c.c.space->n; k++)
				sum += pow(s->obs[i].point[k] -
				    s->obs[j].point[k], 2);
			least = fmin(least, sqrt(sum));
		}
	return least;
}

/* Corners of the cube of a share of limit^5 / 120. */
static void
corners(void **state)
{
	struct recipe million = { .config = CONFIG, .space = FIVE,
	    .constraints = LINEAR(RULE(ALL_FIVE, "<=", 0.164)) };
	struct recipe milliard = { .config = CONFIG, .space = FIVE,
	    .constraints = LINEAR(RULE(ALL_FIVE, "<=", 0.0412)) };
	struct rig rig = make_rig(&milliard);
	struct proposal p;

	(void)state;
	trials(&rig, 10, &p);
	assert_text(&p, "sampler", "hit_and_run");
	assert_true(number(&p, "constraint_status.attempted") == 60);
	assert_true(number(&p, "constraint_status.accepted") == 0);
	assert_null(p.warning);
	/* ten points spread out, none of them next to another */
	assert_true(least_distance(&rig) > 0.0412 / 10);
	proposal_release(&p);
	/* the model goes on from there */
	trials(&rig, 5, &p);
	assert_text(&p, "strategy", "surrogate_acquisition");
	proposal_release(&p);
	free_rig(&rig);
	run_trials(million, 14);
}

/* An equation between floats holds to 1e-12. */
static void
slabs(void **state)
{
	struct recipe r = { .config = CONFIG, .space = FIVE, .constraints =
	    LINEAR(RULE(ALL_FIVE, "<=", 1) "," RULE(ALL_FIVE, ">=", 1)) };
	struct recipe two = { .config = CONFIG, .space = FIVE, .constraints =
	    LINEAR(RULE(ALL_FIVE, "<=", 1) "," RULE(ALL_FIVE, ">=", 1) ","
	    RULE(ONE("a", 1) "," ONE("b", -2), "<=", 0.1) ","
	    RULE(ONE("a", 1) "," ONE("b", -2), ">=", 0.1)) };
	struct rig rig = make_rig(&r);
	struct proposal p;

	(void)state;
	trials(&rig, 10, &p);
	assert_true(least_distance(&rig) > 0.05);
	proposal_release(&p);
	free_rig(&rig);
	run_trials(two, 14);
}

/* A wedge between planes nearly parallel: 1 <= a + b, a + 1.01 b <= 1.0005,
 * so that b <= 0.05. */
static void
wedges(void **state)
{
	struct recipe r = { .config = CONFIG, .space = FIVE, .constraints =
	    LINEAR(RULE(ONE("a", 1) "," ONE("b", 1), ">=", 1) ","
	    RULE(ONE("a", 1) "," ONE("b", 1.01), "<=", 1.0005) ","
	    RULE(ONE("c", 1) "," ONE("d", -1), "<=", -0.999)) };

	(void)state;
	run_trials(r, 14);
}

/* 3 i + 5 j + 7 k = 4001, and logarithmic floats in a corner. */
static void
integers(void **state)
{
	struct recipe r = { .config = CONFIG, .space = "{'parameters':["
	    "{'name':'i','type':'int','bounds':[0,1000]},"
	    "{'name':'j','type':'int','bounds':[0,1000]},"
	    "{'name':'k','type':'int','bounds':[1,1000],'scale':'log'},"
	    "{'name':'x','type':'float','bounds':[0.000001,1],"
	    "'scale':'log'}]}", .constraints = LINEAR(
	    RULE(ONE("i", 3) "," ONE("j", 5) "," ONE("k", 7), "<=", 4001) ","
	    RULE(ONE("i", 3) "," ONE("j", 5) "," ONE("k", 7), ">=", 4001) ","
	    RULE(ONE("x", 1000) "," ONE("i", -1), ">=", 0) ","
	    RULE(ONE("x", 1), "<=", 0.5)) };

	(void)state;
	run_trials(r, 14);
}

/* Neighbours must be equal: 6 of 6^8 points are left. */
static void
deserts(void **state)
{
	struct buf space = BUF_INIT, rules = BUF_INIT;
	struct recipe r = { .config = CONFIG };
	int i, v, w;

	(void)state;
	buf_adds(&space, "{'parameters':[");
	buf_adds(&rules, "{'forbidden_combinations':[");
	for (i = 0; i < 8; i++)
		buf_addf(&space, "%s{'name':'p%d','type':'categorical',"
		    "'choices':['0','1','2','3','4','5']}", i > 0 ? "," : "",
		    i);
	for (i = 0; i < 7; i++)
		for (v = 0; v < 6; v++) {
			buf_addf(&rules, "%s{'when':{'p%d':'%d','p%d':[",
			    i + v > 0 ? "," : "", i, v, i + 1);
			for (w = 0; w < 6; w++)
				if (w != v)
					buf_addf(&rules, "%s'%d'", w > (v ==
					    0) ? "," : "", w);
			buf_adds(&rules, "]}}");
		}
	buf_adds(&space, "]}");
	buf_adds(&rules, "]}");
	r.space = space.p;
	r.constraints = rules.p;
	run_trials(r, 4);
	buf_release(&space);
	buf_release(&rules);
}

/* Only in one branch of the tree the numbers can be kept apart. */
static void
branches(void **state)
{
	struct recipe r = { .config = CONFIG, .space = "{'parameters':["
	    "{'name':'mode','type':'categorical','choices':['a','b','c']},"
	    "{'name':'k','type':'int','bounds':[1,5000],"
	    "'when':{'mode':['a','b']}},"
	    "{'name':'deep','type':'bool','when':{'mode':['b']}},"
	    "{'name':'m','type':'int','bounds':[0,5000],"
	    "'when':{'deep':true}},"
	    "{'name':'x','type':'float','bounds':[0,1]}]}", .constraints =
	    "{'linear_inequalities':["
	    RULE(ONE("k", 1) "," ONE("m", 1), "<=", 12) ","
	    RULE(ONE("k", 1) "," ONE("x", 1), ">=", 5) "],"
	    "'forbidden_combinations':[{'when':{'mode':['a','c']}},"
	    "{'when':{'deep':false}}]}" };

	(void)state;
	run_trials(r, 14);
}

/* One point of 1600, 50 attempts. */
static void
small_spaces(void **state)
{
	struct recipe r = { .config = CONFIG, .space = "{'parameters':["
	    "{'name':'i','type':'int','bounds':[1,40]},"
	    "{'name':'j','type':'int','bounds':[1,40]}]}", .constraints =
	    LINEAR(RULE(ONE("i", 41) "," ONE("j", 1), "<=", 760) ","
	    RULE(ONE("i", 41) "," ONE("j", 1), ">=", 760)) };
	struct rig rig = make_rig(&r);
	struct proposal p;

	(void)state;
	trials(&rig, 1, &p);
	assert_text(&p, "sampler", "enumeration");
	assert_true(p.point[0] == 18 && p.point[1] == 22);
	proposal_release(&p);
	p = ask(&rig);
	assert_null(p.point);
	assert_true(p.exhausted);
	proposal_release(&p);
	free_rig(&rig);
}

static void
proxies(void **state)
{
	struct recipe r = { .config = PROXY, .space = FIVE,
	    .constraints = LINEAR(RULE(ALL_FIVE, "<=", 0.0412)) };

	(void)state;
	run_trials(r, 8);
}

/* A point that is given, far out, is no start. */
static void
starts_are_sought_with_a_model_too(void **state)
{
	struct recipe r = { .config = "{'initial_random_trials':0,"
	    "'candidate_pool_size':60,'surrogate':{'type':'gp'}}",
	    .space = FIVE,
	    .constraints = LINEAR(RULE(ALL_FIVE, "<=", 0.0412)) };
	struct rig rig = make_rig(&r);
	struct proposal p;

	(void)state;
	observe(&rig, ++rig.last, (double[]){ 1, 1, 1, 1, 1 }, 1);
	observe(&rig, ++rig.last, (double[]){ 1, 1, 1, 1, 0 }, 2);
	trials(&rig, 2, &p);
	assert_text(&p, "strategy", "surrogate_acquisition");
	proposal_release(&p);
	free_rig(&rig);
}

/* What cannot be is said as ever, and how near one can come. */
static void
nothing_at_all(void **state)
{
	struct recipe r = { .config = CONFIG, .space = FIVE, .constraints =
	    LINEAR(RULE(ALL_FIVE, ">=", 1) "," RULE(ALL_FIVE, "<=", 0.5)) };
	struct recipe small = { .config = CONFIG, .space = MIXED,
	    .constraints = "{'bound_tightening':["
	    "{'param':'x','min':1,'max':1},"
	    "{'param':'rate','min':0.01,'max':0.01}],"
	    "'forbidden_combinations':[{'when':{'fast':true}},"
	    "{'when':{'fast':false}}]}" };
	struct rig rig = make_rig(&r);
	struct proposal p = ask(&rig);

	(void)state;
	assert_null(p.point);
	assert_non_null(strstr(p.infeasible, "all 60 initial-random "
	    "attempts"));
	assert_text(&p, "constraint_error_reason", p.infeasible);
	assert_non_null(p.advice);
	assert_non_null(strstr(p.advice, "still breaks linear_inequal"));
	proposal_release(&p);
	free_rig(&rig);
	rig = make_rig(&small);
	p = ask(&rig);
	assert_null(p.point);
	assert_non_null(p.infeasible);
	assert_non_null(strstr(p.advice, "each point of the space"));
	proposal_release(&p);
	free_rig(&rig);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(corners),
		cmocka_unit_test(slabs),
		cmocka_unit_test(wedges),
		cmocka_unit_test(integers),
		cmocka_unit_test(deserts),
		cmocka_unit_test(branches),
		cmocka_unit_test(small_spaces),
		cmocka_unit_test(proxies),
		cmocka_unit_test(starts_are_sought_with_a_model_too),
		cmocka_unit_test(nothing_at_all)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
