/* propose_limits: gp in finite spaces and within constraints. */
#include <string.h>

#include "ops/propose_boundary.h"
#include "ops/propose_feasible.h"

#include "rig.h"

#define GP "'surrogate':{'type':'gp'},'acquisition':{'type':'auto'}"
#define GRID "{'parameters':[" \
	"{'name':'i','type':'int','bounds':[1,40]}," \
	"{'name':'j','type':'int','bounds':[1,40]}]}"

typedef double objective(const struct rig *, const double *);

/* n trials; NaN fails. */
static void
trials(struct rig *rig, int n, objective *f)
{
	struct proposal p;
	struct err err;

	for (; n > 0; n--) {
		p = ask(rig);
		assert_non_null(p.point);
		if (constraints_inside(rig->c.c.constraints, p.point, &err)
		    != 0)
			fail_msg("%s", err.text);
		observe(rig, rig->last, p.point, f(rig, p.point));
		proposal_release(&p);
	}
}

/* ------------------------------------------------------- finite spaces */

/* All that is left is scored, and the account is of what was drawn. */
static void
finite_spaces_are_looked_through(void **state)
{
	struct recipe r = { .space = GRID, .config =
	    "{'initial_random_trials':4,'candidate_pool_size':50," GP "}" };
	struct rig rig = make_rig(&r);
	struct proposal p;

	(void)state;
	trials(&rig, 9, hill);
	p = ask(&rig);
	assert_true(number(&p, "candidates_scored") == 1600 - 9);
	assert_text(&p, "sampler", "enumeration");
	assert_true(number(&p, "constraint_status.requested") == 50);
	assert_account(&rig, &p);
	proposal_release(&p);
	free_rig(&rig);
}

static void
finite_spaces_keep_to_the_rules(void **state)
{
	struct recipe r = { .space = GRID, .config =
	    "{'initial_random_trials':4,'candidate_pool_size':50," GP "}",
	    .constraints = "{'linear_inequalities':[{'terms':["
	    "{'param':'i','coefficient':1},{'param':'j','coefficient':1}],"
	    "'operator':'<=','rhs':40}]}" };
	struct rig rig = make_rig(&r);
	struct proposal p;

	(void)state;
	trials(&rig, 9, hill);
	p = ask(&rig);
	assert_true(number(&p, "candidates_scored") == 780 - 9);
	assert_true(number(&p, "constraint_status.accepted") == 50);
	assert_true(number(&p, "constraint_status.attempted") > 50);
	assert_account(&rig, &p);
	proposal_release(&p);
	free_rig(&rig);
}

/* rbf_proxy scores its pool and no more. */
static void
finite_spaces_of_the_proxy(void **state)
{
	struct recipe r = { .space = GRID, .config =
	    "{'initial_random_trials':4,'candidate_pool_size':50}" };
	struct rig rig = make_rig(&r);
	struct proposal p;

	(void)state;
	trials(&rig, 5, hill);
	p = ask(&rig);
	assert_true(number(&p, "candidates_scored") <= 50);
	proposal_release(&p);
	free_rig(&rig);
}

/* ------------------------------------------------- scarce feasible points */

#define SUM(sign, limit) "{'terms':[" \
	"{'param':'x','coefficient':1},{'param':'y','coefficient':1}," \
	"{'param':'z','coefficient':1}],'operator':'" sign "'," \
	"'rhs':" #limit "}"
#define CUBE "{'parameters':[" \
	"{'name':'x','type':'float','bounds':[0,1]}," \
	"{'name':'y','type':'float','bounds':[0,1]}," \
	"{'name':'z','type':'float','bounds':[0,1]}]}"
#define PLAN "{'parameters':[" \
	"{'name':'x','type':'float','bounds':[0.0001,1],'scale':'log'}," \
	"{'name':'y','type':'int','bounds':[0,999]}," \
	"{'name':'z','type':'int','bounds':[0,999]}," \
	"{'name':'b','type':'bool'}," \
	"{'name':'c','type':'float','bounds':[0,9],'when':{'b':true}}]}"

static double
bowl(const struct rig *rig, const double *p)
{
	(void)rig;
	return (p[0] - 0.2) * (p[0] - 0.2) + (p[1] - 0.3) * (p[1] - 0.3);
}

/* A slice of 0.02 % of the cube: nearly nothing drawn is in it. */
static void
scarce_points_are_walked_to(void **state)
{
	static const double known[3][3] = { { 0.2, 0.5, 0.30003 },
	    { 0.8, 0.1, 0.10004 }, { 0.3, 0.3, 0.40001 } };
	struct recipe r = { .space = CUBE, .config =
	    "{'initial_random_trials':3," GP "}", .constraints =
	    "{'linear_inequalities':[" SUM("<=", 1.0001) "," SUM(">=", 1)
	    "]}" };
	struct rig rig = make_rig(&r), again;
	struct proposal p, q;
	size_t i;

	(void)state;
	again = make_rig(&r);
	for (i = 0; i < 3; i++) {
		observe(&rig, ++rig.last, known[i], bowl(&rig, known[i]));
		observe(&again, 3 - (int64_t)i, known[2 - i],
		    bowl(&rig, known[2 - i]));
	}
	again.last = rig.last;
	p = ask(&rig);
	q = ask(&again);
	assert_text(&p, "sampler", "hit_and_run");
	assert_true(number(&p, "candidates_scored") >= 600);
	assert_true(number(&p, "constraint_status.accepted") < 5);
	assert_account(&rig, &p);
	assert_string_equal(p.decision.p, q.decision.p);
	proposal_release(&p);
	proposal_release(&q);
	free_rig(&again);
	trials(&rig, 20, bowl);
	assert_true(state_find_best(rig.c.state)->y[0] < 1e-6);
	free_rig(&rig);
}

/* Ints that must add up to a number, and what hangs on a bool. */
static void
scarce_points_of_mixed_spaces(void **state)
{
	static const double known[2][5] = { { 0.1, 500, 500, 0, NAN },
	    { 0.2, 900, 100, 1, 2.5 } };
	struct recipe r = { .space = PLAN, .config =
	    "{'initial_random_trials':2," GP "}", .constraints =
	    "{'linear_inequalities':[{'terms':["
	    "{'param':'y','coefficient':1},{'param':'z','coefficient':1}],"
	    "'operator':'<=','rhs':1000},{'terms':["
	    "{'param':'y','coefficient':1},{'param':'z','coefficient':1}],"
	    "'operator':'>=','rhs':1000},{'terms':["
	    "{'param':'x','coefficient':10},{'param':'c','coefficient':1}],"
	    "'operator':'<=','rhs':5}]}" };
	struct rig rig = make_rig(&r);
	struct proposal p;
	size_t i, woken = 0;

	(void)state;
	for (i = 0; i < 2; i++)
		observe(&rig, ++rig.last, known[i], hill(&rig, known[i]));
	p = ask(&rig);
	assert_text(&p, "sampler", "hit_and_run");
	assert_true(number(&p, "candidates_scored") > 300);
	proposal_release(&p);
	trials(&rig, 30, hill);
	for (i = 2; i < 32; i++)
		woken += isnan(rig.c.state->obs[i].point[4]) ? 0 : 1;
	assert_true(woken > 0 && woken < 30);
	free_rig(&rig);
}

/* Nothing known, nothing drawn: it is said as ever. */
static void
scarce_points_unknown(void **state)
{
	static const double out[2] = { 0.9, 0.9 };
	struct recipe r = { .space = PLANE, .config =
	    "{'initial_random_trials':0," GP "}", .constraints =
	    "{'linear_inequalities':[{'terms':[{'param':'x','coefficient':1}],"
	    "'operator':'<=','rhs':-1}]}" };
	struct rig rig = make_rig(&r);
	struct proposal p;

	(void)state;
	observe(&rig, ++rig.last, out, 1);
	observe(&rig, ++rig.last, (const double[]){ 0.8, 0.9 }, 2);
	p = ask(&rig);
	assert_null(p.point);
	assert_non_null(p.infeasible);
	assert_non_null(strstr(p.infeasible, "all 4800 candidate-pool"));
	proposal_release(&p);
	free_rig(&rig);
}

/* ----------------------------------------------- optima on the boundary */

static double
outside(const struct rig *rig, const double *p)
{
	(void)rig;
	return (p[0] - 0.8) * (p[0] - 0.8) + 2 * (p[1] - 0.9) * (p[1] - 0.9);
}

static double
outside_slopes(void *arg, const double *u, double *gradient)
{
	(void)arg;
	gradient[0] = 2 * (u[0] - 0.8);
	gradient[1] = 4 * (u[1] - 0.9);
	return outside(NULL, u);
}

#define BELOW_ONE "{'linear_inequalities':[{'terms':[" \
	"{'param':'x','coefficient':1},{'param':'y','coefficient':1}]," \
	"'operator':'<=','rhs':1}]}"

/* The smallest value on x + y = 1 is 0.98 / 3, at x = 1/3. */
static void
boundary_holds_a_descent(void **state)
{
	static const double lo[2] = { 0, 0 }, hi[2] = { 1, 1 };
	struct recipe r = { .space = PLANE, .constraints = BELOW_ONE };
	struct rig rig = make_rig(&r);
	struct lbfgs_problem problem = { .d = 2, .lo = lo, .hi = hi,
	    .value = outside_slopes };
	double from[2] = { 0.9, 0.05 }, u[2] = { 0.9, 0.05 }, point[2];
	struct boundary_problem within = { .f = &problem, .from = from };
	struct search s;

	(void)state;
	search_init(&s, &rig.c, 1);
	assert_true(boundary_minimize(&s, &within, u, point));
	assert_true(constraints_broken(rig.c.c.constraints, point) < 0);
	assert_true(fabs(point[0] - 1.0 / 3) < 1e-5);
	assert_true(fabs(point[1] - 2.0 / 3) < 1e-5);
	search_release(&s);
	free_rig(&rig);
}

static void
boundary_optima_are_found(void **state)
{
	struct recipe r = { .space = PLANE, .config =
	    "{'initial_random_trials':5," GP "}", .constraints = BELOW_ONE };
	struct rig rig;
	double sum = 0;
	int seed;

	(void)state;
	for (seed = 1; seed <= 4; seed++) {
		rig = make_rig(&r);
		rig.c.c.config->seed = seed;
		trials(&rig, 20, outside);
		sum += state_find_best(rig.c.state)->y[0] - 0.98 / 3;
		free_rig(&rig);
	}
	assert_true(sum / 4 < 1e-6);
}

/* Points are put back by the shortest way, where there is one. */
static void
repair_of_a_point(void **state)
{
	struct recipe r = { .space = PLANE, .constraints = BELOW_ONE };
	struct rig rig = make_rig(&r);
	double point[2] = { 0.9, 0.5 }, in[2] = { 0.25, 0.5 };
	struct range t = { -9, 9 };
	struct search s;

	(void)state;
	search_init(&s, &rig.c, 1);
	assert_true(feasible_repair(&s, point));
	assert_true(fabs(point[0] - 0.7) < 1e-12);
	assert_true(fabs(point[1] - 0.3) < 1e-12);
	assert_true(feasible_repair(&s, in) && in[0] == 0.25);
	assert_true(feasible_segment(&s, in, (const double[]){ 1, 0 }, &t));
	assert_true(t.lo == -9 && fabs(t.hi - 0.25) < 1e-11);
	search_release(&s);
	free_rig(&rig);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finite_spaces_are_looked_through),
		cmocka_unit_test(finite_spaces_keep_to_the_rules),
		cmocka_unit_test(finite_spaces_of_the_proxy),
		cmocka_unit_test(scarce_points_are_walked_to),
		cmocka_unit_test(scarce_points_of_mixed_spaces),
		cmocka_unit_test(scarce_points_unknown),
		cmocka_unit_test(boundary_holds_a_descent),
		cmocka_unit_test(boundary_optima_are_found),
		cmocka_unit_test(repair_of_a_point),
	};

	return cmocka_run_group_tests_name("propose_limits", tests, NULL,
	    NULL);
}
