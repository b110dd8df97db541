/* propose: phases, accounts, constraints, distinctness, determinism. */
#include <math.h>
#include <stdio.h>

#include "contract/count.h"
#include "model/acquire.h"
#include "model/sample.h"
#include "model/surrogate.h"
#include "ops/propose_model.h"

#include "rig.h"

/* -------------------------------------------------------- tests */

static void
the_centre_comes_first(void **state)
{
	struct recipe r = { .space = MIXED };
	struct rig rig = make_rig(&r);
	struct proposal p = ask(&rig);

	(void)state;
	assert_random(&p, "initial-random", NULL);
	assert_text(&p, "sampler", "centre");
	assert_true(p.point[0] == 1);
	assert_true(fabs(p.point[1] - 0.01) < 1e-15);
	assert_true(p.point[2] == 5);
	assert_true(p.point[3] == 1);
	assert_true(p.point[4] == 2);
	assert_account(&rig, &p);
	proposal_release(&p);
	free_rig(&rig);
}

/* Observed or pending, ours or imported: each trial moves on by one. */
static void
the_warmup_is_the_sequence(void **state)
{
	struct recipe r = { .space = PLANE, .config =
	    "{'seed':5,'initial_random_trials':9}" };
	struct rig rig = make_rig(&r);
	const double mine[2] = { 0.123, 0.456 };
	struct proposal p;
	double x[2];
	uint64_t i;

	(void)state;
	for (i = 0; i < 9; i++) {
		if (i == 4) {
			observe(&rig, ++rig.last, mine, 1);
			continue;
		}
		p = ask(&rig);
		assert_random(&p, "initial-random", NULL);
		sample_warmup(5, 2, 8, i, x);
		assert_memory_equal(p.point, x, sizeof(x));
		if (i % 2 == 0)
			reserve(&rig, rig.last, p.point);
		else
			observe(&rig, rig.last, p.point, NAN);
		proposal_release(&p);
	}
	free_rig(&rig);
}

static void
phases_follow_the_observations(void **state)
{
	struct recipe r = { .space = PLANE, .config =
	    "{'initial_random_trials':3,'surrogate':{'type':'rbf_proxy'}}" };
	struct rig rig = make_rig(&r);
	double point[2] = { 0, 0 };
	struct proposal p;
	int i;

	(void)state;
	/* Pending trials do not end the warm-up. */
	for (i = 0; i < 5; i++) {
		p = ask(&rig);
		assert_random(&p, "initial-random", NULL);
		reserve(&rig, rig.last, p.point);
		proposal_release(&p);
	}
	for (i = 0; i < 3; i++) {
		point[0] = 0.1 * i;
		observe(&rig, ++rig.last, point, NAN);
	}
	p = ask(&rig);
	assert_random(&p, "fallback-random", "no_usable_observations");
	proposal_release(&p);
	p = ask_as(&rig, SURROGATE_RANDOM);
	assert_random(&p, "fallback-random", NULL);
	proposal_release(&p);
	point[0] = 0.9;
	observe(&rig, ++rig.last, point, 1.5);
	p = ask(&rig);
	assert_modelled(&p, NULL);
	assert_true(number(&p, "observations_used") == 1);
	assert_true(number(&p, "pending_used") == 5);
	assert_true(number(&p, "incumbent_value") == 1.5);
	assert_account(&rig, &p);
	proposal_release(&p);
	free_rig(&rig);
}

static void
gp_wants_rows_enough(void **state)
{
	struct recipe r = { .space = PLANE, .config =
	    "{'initial_random_trials':1,'surrogate':{'type':'gp',"
	    "'gp_min_fit_observations':3}}" };
	struct rig rig = make_rig(&r);
	double point[2] = { 0, 0 };
	struct proposal p;

	(void)state;
	observe(&rig, ++rig.last, point, 1);
	point[0] = 0.5;
	observe(&rig, ++rig.last, point, 2);
	p = ask(&rig);
	assert_random(&p, "fallback-random",
	    "insufficient_usable_observations_for_gp(2/3)");
	proposal_release(&p);
	point[1] = 0.5;
	observe(&rig, ++rig.last, point, 3);
	p = ask(&rig);
	assert_text(&p, "surrogate_backend", "gp");
	assert_text(&p, "fallback_reason", NULL);
	proposal_release(&p);
	free_rig(&rig);
}

/* Where a model could not be fitted, the proxy stands in and says why. */
static void
a_missing_model_falls_back(void **state)
{
	struct recipe r = { .space = PLANE };
	struct rig rig = make_rig(&r);
	double point[2] = { 0, 0 };
	struct search s;
	struct teach t;
	struct fitted f;

	(void)state;
	observe(&rig, ++rig.last, point, 1);
	search_init(&s, &rig.c, 2);
	teach_init(&t, &s);
	fitted_init(&f, &t, s.config, SURROGATE_GP, strdup("because"));
	assert_string_equal(f.surrogate->name, "rbf_proxy");
	assert_string_equal(f.fallback_reason, "because");
	fitted_release(&f);
	rig.c.c.config->fallback_to_proxy = false;
	fitted_init(&f, &t, s.config, SURROGATE_GP, strdup("because"));
	assert_null(f.surrogate);
	assert_string_equal(f.fallback_reason, "because");
	fitted_release(&f);
	teach_release(&t);
	search_release(&s);
	free_rig(&rig);
}

static void
random_draws_points_of_its_own(void **state)
{
	struct recipe r = { .space = PLANE, .config =
	    "{'initial_random_trials':0,'surrogate':{'type':'random'}}" };
	struct rig rig = make_rig(&r);
	double sum = 0;
	struct proposal p;
	int i;

	(void)state;
	for (i = 0; i < 400; i++) {
		p = ask(&rig);
		assert_random(&p, "fallback-random", NULL);
		assert_text(&p, "sampler", "random");
		sum += p.point[0];
		if (i < 20)
			observe(&rig, rig.last, p.point, 1);
		proposal_release(&p);
	}
	/* five standard deviations of a mean of 400 */
	assert_true(fabs(sum / 400 - 0.5) < 5 * 0.2887 / 20);
	free_rig(&rig);
}

static void
mark_levels(unsigned *seen, const double *point)
{
	seen[0] |= 1u << (unsigned)point[3];
	seen[1] |= 1u << (unsigned)point[4];
}

static void
each_level_once_within_the_budget(void **state)
{
	struct recipe r = { .space = MIXED, .config =
	    "{'initial_random_trials':5}" };
	unsigned seen[2];
	struct proposal p;
	struct rig rig;
	int64_t seed;
	int i;

	(void)state;
	for (seed = 0; seed < 30; seed++) {
		rig = make_rig(&r);
		rig.c.c.config->seed = seed;
		memset(seen, 0, sizeof(seen));
		for (i = 0; i < 5; i++) {
			p = ask(&rig);
			mark_levels(seen, p.point);
			if (i % 2 == 0)
				reserve(&rig, rig.last, p.point);
			else
				observe(&rig, rig.last, p.point, NAN);
			proposal_release(&p);
		}
		assert_int_equal(seen[0], 3);
		assert_int_equal(seen[1], 31);
		free_rig(&rig);
	}
}

static void
imported_points_count_as_tried(void **state)
{
	struct recipe r = { .space = MIXED, .config =
	    "{'initial_random_trials':5}" };
	const double mine[3][5] = {
		{ 0, 0.1, 1, 0, 0 }, { 0, 0.1, 2, 0, 3 }, { 0, 0.1, 3, 0, 4 }
	};
	unsigned seen[2] = { 0, 0 };
	struct rig rig = make_rig(&r);
	struct proposal p;
	int i;

	(void)state;
	for (i = 0; i < 3; i++)
		observe(&rig, ++rig.last, mine[i], 1);
	for (i = 0; i < 2; i++) {
		p = ask(&rig);
		assert_random(&p, "initial-random", NULL);
		mark_levels(seen, p.point);
		observe(&rig, rig.last, p.point, 1);
		proposal_release(&p);
	}
	assert_true((seen[0] & 2) != 0);
	assert_int_equal(seen[1], 2 | 4);
	p = ask(&rig);
	assert_modelled(&p, NULL);
	proposal_release(&p);
	free_rig(&rig);
}

/* A level that is forbidden altogether is no reason to give up. */
static void
a_forbidden_level_does_not_block_the_rest(void **state)
{
	struct recipe r = { .space = MIXED, .config =
	    "{'initial_random_trials':12}", .constraints =
	    "{'forbidden_combinations':[{'when':{'opt':['b','e']}},"
	    "{'when':{'fast':false}}]}" };
	struct rig rig = make_rig(&r);
	unsigned seen[2] = { 0, 0 };
	struct proposal p;
	int i;

	(void)state;
	for (i = 0; i < 12; i++) {
		p = ask(&rig);
		assert_random(&p, "initial-random", NULL);
		assert_account(&rig, &p);
		mark_levels(seen, p.point);
		observe(&rig, rig.last, p.point, NAN);
		proposal_release(&p);
	}
	assert_int_equal(seen[0], 2);
	assert_int_equal(seen[1], 1 | 4 | 8);
	free_rig(&rig);
}

static void
constraints_are_never_violated(void **state)
{
	struct recipe r = { .space = MIXED, .config =
	    "{'initial_random_trials':10,'candidate_pool_size':80,"
	    "'surrogate':{'type':'rbf_proxy'}}", .constraints =
	    "{'bound_tightening':[{'param':'n','min':3},"
	    "{'param':'x','min':0,'max':2}],"
	    "'linear_inequalities':[{'terms':[{'param':'x',"
	    "'coefficient':1},{'param':'n','coefficient':0.5}],"
	    "'operator':'<=','rhs':3},{'terms':[{'param':'rate',"
	    "'coefficient':1}],'operator':'>=','rhs':0.001}],"
	    "'forbidden_combinations':[{'when':{'fast':true,"
	    "'opt':['a','b']}}]}" };
	struct rig rig = make_rig(&r);
	struct proposal p;
	struct err err;
	int i;

	(void)state;
	for (i = 0; i < 60; i++) {
		p = ask_as(&rig, i % 4 == 3 ? SURROGATE_RANDOM :
		    SURROGATE_RBF_PROXY);
		assert_non_null(p.point);
		if (constraints_inside(rig.c.c.constraints, p.point,
		    &err) != 0)
			fail_msg("%s", err.text);
		assert_account(&rig, &p);
		observe(&rig, rig.last, p.point, hill(&rig, p.point));
		proposal_release(&p);
	}
	free_rig(&rig);
}

/* Until there is nothing left; returns how many there were. */
static int
exhaust(struct rig *rig)
{
	struct given { double *point; } *given = NULL;
	size_t n = 0, cap = 0, i;
	struct proposal p = { 0 };

	for (;;) {
		p = ask_as(rig, n % 3 == 2 ? SURROGATE_RANDOM :
		    SURROGATE_RBF_PROXY);
		if (p.point == NULL)
			break;
		assert_int_equal(constraints_broken(rig->c.c.constraints,
		    p.point), -1);
		for (i = 0; i < n; i++)
			assert_false(point_equal(rig->c.c.space, p.point,
			    given[i].point));
		if (n % 4 == 1)
			reserve(rig, rig->last, p.point);
		else
			observe(rig, rig->last, p.point, n % 7 == 0 ? NAN :
			    hill(rig, p.point));
		given = xgrow(given, n, &cap, sizeof(*given));
		given[n++].point = p.point;
		p.point = NULL;
		proposal_release(&p);
		assert_true(n < 2000);
	}
	assert_true(p.exhausted);
	assert_null(p.infeasible);
	proposal_release(&p);
	for (i = 0; i < n; i++)
		free(given[i].point);
	free(given);
	return (int)n;
}

static void
a_finite_space_is_used_up_to_the_last_point(void **state)
{
	struct recipe r = { .space = TREE, .constraints = "{}" };
	struct rig rig = make_rig(&r);

	(void)state;
	assert_int_equal(space_count(rig.c.c.space, 100), TREE_POINTS);
	assert_int_equal(exhaust(&rig), TREE_POINTS);
	free_rig(&rig);

	/* A pool smaller than the space. */
	r.config = "{'candidate_pool_size':2,'initial_random_trials':0}";
	rig = make_rig(&r);
	assert_int_equal(exhaust(&rig), TREE_POINTS);
	free_rig(&rig);

	/* mode b with deep and m >= 2 (4 points), and mode c (2) gone */
	r.constraints = "{'linear_inequalities':[{'terms':[{'param':'m',"
	    "'coefficient':1}],'operator':'<=','rhs':1.5}],"
	    "'forbidden_combinations':[{'when':{'mode':'c'}},"
	    "{'when':{'deep':true}}]}";
	r.config = NULL;
	rig = make_rig(&r);
	assert_int_equal(exhaust(&rig), 6 + 4);
	free_rig(&rig);
}

/* What tightening leaves may be finite where the space is not. */
static void
tightened_spaces_are_used_up_too(void **state)
{
	struct recipe r = { .space = "{'parameters':["
	    "{'name':'n','type':'int','bounds':[1,1000000]},"
	    "{'name':'x','type':'float','bounds':[0,1]}]}",
	    .constraints = "{'bound_tightening':[{'param':'n','min':7,"
	    "'max':40},{'param':'x','min':0.5,'max':0.5}]}" };
	struct rig rig = make_rig(&r);

	(void)state;
	assert_int_equal(exhaust(&rig), 34);
	free_rig(&rig);
}

/* Forbidden for good, in both kinds of phase; the texts are public. */
static void
nothing_feasible_says_why(void **state)
{
	struct recipe r = { .space = MIXED, .config =
	    "{'candidate_pool_size':50,'initial_random_trials':1,"
	    "'surrogate':{'type':'rbf_proxy'}}", .constraints =
	    "{'forbidden_combinations':[{'when':{'fast':[true,false]}}]}" };
	const double old[5] = { 0, 0.1, 1, 0, 0 };
	struct rig rig = make_rig(&r);
	struct proposal p = ask(&rig);

	(void)state;
	assert_null(p.point);
	assert_false(p.exhausted);
	assert_string_equal(p.infeasible, "constraints eliminated all 50 "
	    "initial-random attempts (dominant rejects: "
	    "forbidden_combinations[0]=50)");
	assert_text(&p, "constraint_error_reason", p.infeasible);
	assert_text(&p, "strategy", "initial_random");
	assert_account(&rig, &p);
	proposal_release(&p);
	observe(&rig, ++rig.last, old, 1);
	p = ask(&rig);
	assert_null(p.point);
	assert_string_equal(p.infeasible, "constraints eliminated all 400 "
	    "candidate-pool attempts (dominant rejects: "
	    "forbidden_combinations[0]=400)");
	assert_text(&p, "strategy", "surrogate_acquisition");
	assert_text(&p, "surrogate_backend", "rbf_proxy");
	assert_text(&p, "acquisition_type", "ucb");
	assert_account(&rig, &p);
	proposal_release(&p);
	free_rig(&rig);
}

static int
count_of(const struct proposal *p, const char *rule)
{
	jv v = jv_object_get(member(p, "constraint_status.reject_counts"),
	    jv_string(rule));
	int n = jv_is_valid(v) ? (int)jv_number_value(v) : 0;

	jv_free(v);
	return n;
}

/* Every choice is forbidden by one rule or the other. */
static void
dominant_rules_are_named_in_order(void **state)
{
	struct recipe r = { .space = MIXED, .config =
	    "{'candidate_pool_size':40}", .constraints =
	    "{'linear_inequalities':[{'terms':[{'param':'n',"
	    "'coefficient':1}],'operator':'>=','rhs':9}],"
	    "'forbidden_combinations':[{'when':{'opt':'a'}},"
	    "{'when':{'opt':['b','c','d','e']}},{'when':{'opt':'a'}}]}" };
	struct rig rig = make_rig(&r);
	struct proposal p = ask(&rig);
	char want[200];
	int n, a, b;

	(void)state;
	assert_null(p.point);
	n = count_of(&p, "linear_inequalities[0]");
	a = count_of(&p, "forbidden_combinations[0]");
	b = count_of(&p, "forbidden_combinations[1]");
	/* The first broken rule counts: the last one never is. */
	assert_int_equal(count_of(&p, "forbidden_combinations[2]"), 0);
	assert_int_equal(n + a + b, 40);
	assert_true(n > a && n > b && a != b && a > 0 && b > 0);
	snprintf(want, sizeof(want), "constraints eliminated all 40 "
	    "initial-random attempts (dominant rejects: "
	    "linear_inequalities[0]=%d, forbidden_combinations[%d]=%d, "
	    "forbidden_combinations[%d]=%d)", n, a > b ? 0 : 1,
	    a > b ? a : b, a > b ? 1 : 0, a > b ? b : a);
	assert_string_equal(p.infeasible, want);
	proposal_release(&p);
	free_rig(&rig);
}

/* A quarter passes each rule.  480 = 256 + 128 + 64 + 32 Sobol points are
 * nets, so that the counts are exact: 120 pass the first, 30 both. */
static void
few_feasible_candidates_give_a_warning(void **state)
{
	struct recipe r = { .space = PLANE, .config =
	    "{'candidate_pool_size':60,'initial_random_trials':1}",
	    .constraints = "{'linear_inequalities':[{'terms':[{'param':'x',"
	    "'coefficient':1}],'operator':'<=','rhs':0.25},"
	    "{'terms':[{'param':'y','coefficient':1}],'operator':'<=',"
	    "'rhs':0.25}]}" };
	const double old[2] = { 0.1, 0.1 };
	struct rig rig = make_rig(&r);
	struct proposal p;

	(void)state;
	observe(&rig, ++rig.last, old, 1);
	p = ask(&rig);
	assert_modelled(&p, NULL);
	assert_account(&rig, &p);
	assert_true(number(&p, "constraint_status.attempted") == 480);
	assert_string_equal(p.warning, "constraints reduced candidate-pool "
	    "feasible candidates to 30/60 (dominant rejects: "
	    "linear_inequalities[0]=360, linear_inequalities[1]=90)");
	proposal_release(&p);
	free_rig(&rig);
}

static void
assert_same(const struct rig *rig, const struct proposal *a,
    const struct proposal *b)
{
	assert_true(point_equal(rig->c.c.space, a->point, b->point));
	assert_string_equal(buf_str(&a->decision), buf_str(&b->decision));
}

/* Neither what was asked before nor the order of the file matters. */
static void
the_same_state_gives_the_same_point(void **state)
{
	struct recipe r = { .space = MIXED, .config =
	    "{'initial_random_trials':4,'surrogate':{'type':'rbf_proxy'}}" };
	struct rig rig = make_rig(&r), other = make_rig(&r);
	const struct observation *o;
	struct proposal p, q;
	size_t i;

	(void)state;
	run(&rig, 30);
	reserve(&rig, 40, (double[]){ 0, 0.1, 2, 1, 3 });
	reserve(&rig, 41, (double[]){ 1, 0.2, 3, 0, 2 });
	for (i = rig.c.state->nobs; i-- > 0; ) {
		o = &rig.c.state->obs[i];
		observe(&other, o->id, o->point,
		    o->status == TRIAL_OK ? o->y[0] : NAN);
	}
	reserve(&other, 41, (double[]){ 1, 0.2, 3, 0, 2 });
	reserve(&other, 40, (double[]){ 0, 0.1, 2, 1, 3 });
	rig.last = other.last = 50;
	p = ask(&rig);
	q = ask(&other);
	assert_modelled(&p, NULL);
	assert_same(&rig, &p, &q);
	proposal_release(&q);
	other.last = 50;
	other.c.c.config->seed = 18;
	q = ask(&other);
	assert_false(point_equal(rig.c.c.space, p.point, q.point));
	proposal_release(&p);
	proposal_release(&q);
	free_rig(&rig);
	free_rig(&other);
}

/* f to be maximised is -f to be minimised, with the same choice. */
static void
maximizing_is_minimizing_the_negative(void **state)
{
	struct recipe r = { .space = MIXED, .config =
	    "{'initial_random_trials':1,'acquisition':{'type':'ei'}}" };
	struct rig down = make_rig(&r), up;
	struct proposal p, q;
	int i;

	(void)state;
	r.maximize = true;
	up = make_rig(&r);
	for (i = 0; i < 12; i++) {
		p = ask(&down);
		q = ask(&up);
		assert_true(point_equal(down.c.c.space, p.point, q.point));
		if (i > 0) {
			assert_true(number(&p, "predicted_mean") ==
			    -number(&q, "predicted_mean"));
			assert_true(number(&p, "predicted_std") ==
			    number(&q, "predicted_std"));
			assert_true(number(&p, "acquisition_score") ==
			    number(&q, "acquisition_score"));
			assert_true(number(&p, "incumbent_value") ==
			    -number(&q, "incumbent_value"));
		}
		observe(&down, down.last, p.point, hill(&down, p.point));
		observe(&up, up.last, q.point, -hill(&down, p.point));
		proposal_release(&p);
		proposal_release(&q);
	}
	free_rig(&down);
	free_rig(&up);
}

/* The score of a decision follows from its prediction and incumbent. */
static void
decisions_add_up(void **state)
{
	static const struct {
		const char *config, *name;
		double (*score)(const struct acquire *, double, double);
	} kind[] = {
		{ "{'initial_random_trials':2,'acquisition':{'type':'ei',"
		  "'xi':0.02}}", "ei", acquire_ei },
		{ "{'initial_random_trials':2,'acquisition':{'type':'auto',"
		  "'xi':0.02}}", "ei", acquire_ei },
		{ "{'initial_random_trials':2,'acquisition':"
		  "{'type':'ei_proxy','xi':0.02}}", "ei_proxy",
		  acquire_ei_proxy },
		{ "{'initial_random_trials':2,'acquisition':{'type':'ucb',"
		  "'kappa':2.5}}", "ucb", acquire_ucb }
	};
	struct recipe r = { .space = MIXED };
	struct acquire a = { .xi = 0.02, .kappa = 2.5 };
	struct proposal p;
	struct rig rig;
	size_t i;

	(void)state;
	for (i = 0; i < LENGTH(kind); i++) {
		r.config = kind[i].config;
		rig = make_rig(&r);
		run(&rig, 9);
		p = ask(&rig);
		assert_text(&p, "acquisition_type", kind[i].name);
		a.best = number(&p, "incumbent_value");
		assert_true(kind[i].score(&a, number(&p, "predicted_mean"),
		    number(&p, "predicted_std")) ==
		    number(&p, "acquisition_score"));
		/* trial 5 failed */
		assert_true(number(&p, "observations_used") == 8);
		proposal_release(&p);
		free_rig(&rig);
	}
}

/* One observation says nothing but "elsewhere", and so does each point
 * that is on its way. */
static void
pending_points_push_away(void **state)
{
	struct recipe r = { .space = PLANE, .config =
	    "{'initial_random_trials':1,'acquisition':{'type':'ei'}}" };
	struct rig rig = make_rig(&r);
	const double old[2] = { 0.5, 0.5 };
	double given[4][2];
	struct proposal p;
	int i, k;

	(void)state;
	observe(&rig, ++rig.last, old, 1);
	for (i = 0; i < 4; i++) {
		p = ask(&rig);
		memcpy(given[i], p.point, sizeof(given[i]));
		for (k = 0; k < i; k++)
			assert_true(hypot(given[i][0] - given[k][0],
			    given[i][1] - given[k][1]) > 0.2);
		reserve(&rig, rig.last, p.point);
		proposal_release(&p);
	}
	free_rig(&rig);
}

/* Beyond Sobol's dimensions. */
static void
fifty_dimensions_work(void **state)
{
	struct recipe r = { .config = "{'initial_random_trials':5,"
	    "'candidate_pool_size':30}" };
	struct buf space = BUF_INIT;
	struct proposal p;
	struct rig rig;
	int i;

	(void)state;
	buf_adds(&space, "{'parameters':[");
	for (i = 0; i < 50; i++)
		buf_addf(&space, "%s{'name':'p%d','type':'float',"
		    "'bounds':[0,1]}", i > 0 ? "," : "", i);
	buf_adds(&space, "]}");
	r.space = buf_str(&space);
	rig = make_rig(&r);
	p = ask(&rig);
	assert_text(&p, "sampler", "centre");
	observe(&rig, rig.last, p.point, 1);
	proposal_release(&p);
	p = ask(&rig);
	assert_text(&p, "sampler", "latin_hypercube");
	proposal_release(&p);
	run(&rig, 8);
	free_rig(&rig);
	buf_release(&space);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_centre_comes_first),
		cmocka_unit_test(the_warmup_is_the_sequence),
		cmocka_unit_test(phases_follow_the_observations),
		cmocka_unit_test(gp_wants_rows_enough),
		cmocka_unit_test(a_missing_model_falls_back),
		cmocka_unit_test(random_draws_points_of_its_own),
		cmocka_unit_test(each_level_once_within_the_budget),
		cmocka_unit_test(imported_points_count_as_tried),
		cmocka_unit_test(a_forbidden_level_does_not_block_the_rest),
		cmocka_unit_test(constraints_are_never_violated),
		cmocka_unit_test(a_finite_space_is_used_up_to_the_last_point),
		cmocka_unit_test(tightened_spaces_are_used_up_too),
		cmocka_unit_test(nothing_feasible_says_why),
		cmocka_unit_test(dominant_rules_are_named_in_order),
		cmocka_unit_test(few_feasible_candidates_give_a_warning),
		cmocka_unit_test(the_same_state_gives_the_same_point),
		cmocka_unit_test(maximizing_is_minimizing_the_negative),
		cmocka_unit_test(decisions_add_up),
		cmocka_unit_test(pending_points_push_away),
		cmocka_unit_test(fifty_dimensions_work)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
