/* propose_branch: when other branches have their turn, which, and what is
 * sought there. */
#include "ops/propose_branch.h"
#include "ops/propose_local.h"

#include "rig.h"

#define GP "'surrogate':{'type':'gp'},'acquisition':{'type':'auto'}"
/* Three branches of one number each, and nothing shared. */
#define FORK "{'parameters':[" \
	"{'name':'way','type':'categorical','choices':['a','b','c']}," \
	"{'name':'x','type':'float','bounds':[0,1],'when':{'way':'a'}}," \
	"{'name':'y','type':'float','bounds':[0,1],'when':{'way':'b'}}," \
	"{'name':'z','type':'float','bounds':[0,1],'when':{'way':'c'}}]}"

enum way { A, B, C };

static struct rig
fork_with(const char *config)
{
	struct recipe r = { .space = FORK, .config = config };

	return make_rig(&r);
}

static struct rig
fork_of_three(void)
{
	return fork_with("{'initial_random_trials':3,'noise':false," GP "}");
}

static void
put(struct rig *rig, enum way way, double at, double value)
{
	double p[4] = { (double)way, NAN, NAN, NAN };

	p[1 + way] = at;
	observe(rig, ++rig->last, p, value);
}

/* The best, 1, is 0.4 away from the median of these three: less than
 * 0.00004 is no improvement. */
static void
put_begin(struct rig *rig)
{
	put(rig, B, 0.1, 1.4);
	put(rig, C, 0.9, 1.6);
	put(rig, A, 0.5, 1);
}

struct asked {
	struct search s;
	struct teach t;
	struct range kept[4];
};

static int64_t
branch_asked_for(struct rig *rig)
{
	struct asked a;
	int64_t id;

	search_init(&a.s, &rig->c, rig->last + 1);
	teach_init(&a.t, &a.s);
	local_begin(&a.s, &a.t, a.kept);
	id = a.s.branch != NULL ? a.s.branch->id : 0;
	teach_release(&a.t);
	search_release(&a.s);
	return id;
}

static void
same_where_the_same_is_active(void **state)
{
	struct rig rig = fork_of_three();
	double a[4] = { A, 0.1, NAN, NAN }, other[4] = { A, 0.9, NAN, NAN };
	double b[4] = { B, NAN, 0.1, NAN };

	(void)state;
	assert_true(branch_same(rig.c.c.space, a, other));
	assert_false(branch_same(rig.c.c.space, a, b));
	free_rig(&rig);
}

/* One number is active at the best point, so patience ends with the third
 * trial in vain; then it is every second one's turn. */
static void
stagnation_gives_others_a_turn(void **state)
{
	struct rig rig = fork_of_three();

	(void)state;
	put_begin(&rig);
	assert_int_equal(branch_asked_for(&rig), 0);
	put(&rig, A, 0.51, 1.001);
	put(&rig, A, 0.52, 1.002);
	assert_int_equal(branch_asked_for(&rig), 0);
	put(&rig, A, 0.53, 1.003);
	assert_int_equal(branch_asked_for(&rig), 1);
	put(&rig, B, 0.2, 1.5);
	assert_int_equal(branch_asked_for(&rig), 0);
	put(&rig, A, 0.54, 1.004);
	assert_true(branch_asked_for(&rig) > 0);
	free_rig(&rig);
}

static void
small_improvements_are_none(void **state)
{
	double step[2] = { 0.000013, 0.000014 };	/* in three steps */
	int64_t asked[2];
	int i, k;

	(void)state;
	for (k = 0; k < 2; k++) {
		struct rig rig = fork_of_three();

		put_begin(&rig);
		for (i = 1; i <= 3; i++)
			put(&rig, A, 0.5 + 0.01 * i, 1 - step[k] * i);
		asked[k] = branch_asked_for(&rig);
		free_rig(&rig);
	}
	assert_int_equal(asked[0], 1);
	assert_int_equal(asked[1], 0);
}

/* b ranks first with 1.4, c second: (n + 1) sqrt(rank) is 2 and 2.8, with
 * another trial in b 3 and 2.8. */
static void
trials_are_shared_by_rank(void **state)
{
	struct rig rig = fork_of_three();
	double pending[4] = { B, NAN, 0.3, NAN };

	(void)state;
	put_begin(&rig);
	put(&rig, A, 0.51, 1.001);
	put(&rig, A, 0.52, 1.002);
	put(&rig, A, 0.53, 1.003);
	assert_int_equal(branch_asked_for(&rig), 1);
	/* One pending is a turn more, two are a turn again. */
	reserve(&rig, ++rig.last, pending);
	assert_int_equal(branch_asked_for(&rig), 0);
	pending[2] = 0.31;
	reserve(&rig, ++rig.last, pending);
	assert_int_equal(branch_asked_for(&rig), 2);
	free_rig(&rig);
}

/* A branch where all failed has no best to improve on. */
static void
branches_without_a_value_are_left_out(void **state)
{
	struct rig rig = fork_of_three();
	int i;

	(void)state;
	put(&rig, B, 0.1, NAN);
	for (i = 0; i < 4; i++)
		put(&rig, A, 0.5 + 0.01 * i, 1 + 0.01 * i);
	assert_int_equal(branch_asked_for(&rig), 0);
	free_rig(&rig);
}

static void
not_where_values_scatter_or_nothing_is_conditional(void **state)
{
	struct recipe plane = { .space = PLANE, .config =
	    "{'initial_random_trials':2," GP "}" };
	struct rig rig = fork_with("{'initial_random_trials':2,"
	    "'noise':true," GP "}");
	double p[2] = { 0.5, 0.5 };
	int i;

	(void)state;
	put_begin(&rig);
	for (i = 1; i <= 3; i++)
		put(&rig, A, 0.5 + 0.01 * i, 1.1);
	assert_int_equal(branch_asked_for(&rig), 0);
	free_rig(&rig);
	rig = make_rig(&plane);
	for (i = 0; i < 12; i++) {
		p[0] = 0.05 * i;
		observe(&rig, ++rig.last, p, 1 + i);
		assert_int_equal(branch_asked_for(&rig), 0);
	}
	free_rig(&rig);
}

/* The point is of that branch, and the value to improve on is its best. */
static void
the_step_improves_on_the_branch(void **state)
{
	struct rig rig = fork_of_three();
	struct proposal p;
	jv v;

	(void)state;
	put_begin(&rig);
	put(&rig, A, 0.51, 1.001);
	put(&rig, A, 0.52, 1.002);
	put(&rig, A, 0.53, 1.003);
	p = ask(&rig);
	assert_text(&p, "search_phase", "branch");
	v = member(&p, "branch_best_trial_id");
	assert_true(jv_number_value(v) == 1);
	jv_free(v);
	v = member(&p, "threshold");
	assert_true(fabs(jv_number_value(v) - 1.4) < 1e-3);
	jv_free(v);
	assert_true(p.point[0] == B);
	assert_true(isnan(p.point[1]) && !isnan(p.point[2]));
	/* what was learnt is the whole space's */
	assert_true(jv_is_valid(p.model));
	proposal_release(&p);
	free_rig(&rig);
}

/* Ints of few values: when a branch is used up the search is for all. */
static void
a_branch_used_up_is_none(void **state)
{
	struct recipe r = { .space = "{'parameters':["
	    "{'name':'deep','type':'bool'},"
	    "{'name':'x','type':'float','bounds':[0,1],"
	    "'when':{'deep':false}},"
	    "{'name':'n','type':'int','bounds':[1,2],"
	    "'when':{'deep':true}}]}", .config =
	    "{'initial_random_trials':2,'noise':false," GP "}" };
	double shallow[3] = { 0, 0.5, NAN }, deep[3] = { 1, NAN, 1 };
	struct rig rig = make_rig(&r);
	struct proposal p;
	int i;

	(void)state;
	observe(&rig, ++rig.last, deep, 3);
	deep[2] = 2;
	observe(&rig, ++rig.last, deep, 2);
	for (i = 0; i < 4; i++) {
		shallow[1] = 0.5 + 0.01 * i;
		observe(&rig, ++rig.last, shallow, 1 + 0.1 * i);
	}
	assert_int_equal(branch_asked_for(&rig), 2);
	p = ask(&rig);
	assert_text(&p, "search_phase", "global");
	assert_true(p.point[0] == 0);
	proposal_release(&p);
	free_rig(&rig);
}

/* Values: the valley of a, where the trials are, ends at 1; b's best value,
 * 0, was missed by its first trials. */
static double
deceptive(const double *p)
{
	if (p[0] == A)
		return 1 + (p[1] - 0.5) * (p[1] - 0.5);
	if (p[0] == B)
		return 9 * fabs(p[2] - 0.7);
	return 4 + p[3];
}

static void
a_branch_that_began_badly_is_found(void **state)
{
	struct rig rig = fork_of_three();
	struct proposal p;
	double best = INFINITY, y;
	int i;

	(void)state;
	put(&rig, B, 0.1, 5.4);
	put(&rig, B, 0.2, 4.5);
	put(&rig, C, 0.5, 4.5);
	put(&rig, A, 0.5, 1);
	for (i = 0; i < 24; i++) {
		p = ask(&rig);
		y = deceptive(p.point);
		best = fmin(best, y);
		observe(&rig, rig.last, p.point, y);
		proposal_release(&p);
	}
	assert_true(best < 0.5);
	free_rig(&rig);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_where_the_same_is_active),
		cmocka_unit_test(stagnation_gives_others_a_turn),
		cmocka_unit_test(small_improvements_are_none),
		cmocka_unit_test(trials_are_shared_by_rank),
		cmocka_unit_test(branches_without_a_value_are_left_out),
		cmocka_unit_test(
		    not_where_values_scatter_or_nothing_is_conditional),
		cmocka_unit_test(the_step_improves_on_the_branch),
		cmocka_unit_test(a_branch_used_up_is_none),
		cmocka_unit_test(a_branch_that_began_badly_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
