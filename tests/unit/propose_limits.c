/* propose_limits: gp in finite spaces and within constraints. */
#include <string.h>

#include "model/rng.h"

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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finite_spaces_are_looked_through),
		cmocka_unit_test(finite_spaces_keep_to_the_rules),
		cmocka_unit_test(finite_spaces_of_the_proxy),
	};

	return cmocka_run_group_tests_name("propose_limits", tests, NULL,
	    NULL);
}
