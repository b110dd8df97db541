/* propose_refine: what comes out is a local optimum of what the model says,
 * within the rules. */
#include "ops/propose_gp.h"
#include "ops/propose_rows.h"

#include "rig.h"

#define GP "{'initial_random_trials':14," \
	"'surrogate':{'type':'gp'},'acquisition':{'type':'auto'}}"
#define STEP 1e-5

/* A model of 14 trials and what it takes to ask it. */
struct setting {
	struct rig rig;
	struct search search;
	struct teach teach;
	struct gp_model m;
	struct worth w;
	struct rng rng;
};

static void
setting_init(struct setting *t, const struct recipe *r)
{
	struct err err;

	t->rig = make_rig(r);
	run(&t->rig, 14);
	search_init(&t->search, &t->rig.c, 15);
	teach_init(&t->teach, &t->search);
	if (gp_model_init(&t->m, &t->search, &t->teach, &err) != 0)
		fail_msg("%s", err.text);
	assert_non_null(t->m.ok);	/* two failed */
	t->w = (struct worth){ .search = &t->search, .gp = t->m.gp,
	    .ok = t->m.ok, .caution = t->m.caution,
	    .best = t->m.threshold, .spare = t->m.spare };
	rng_init(&t->rng, 1, 1, RNG_LOCAL);
}

static void
setting_release(struct setting *t)
{
	gp_model_release(&t->m);
	teach_release(&t->teach);
	search_release(&t->search);
	free_rig(&t->rig);
}

/* A point that may be proposed, any, and its worth. */
static double
start(struct setting *t, double *point)
{
	double u[8], value;
	size_t i;

	do {
		for (i = 0; i < t->search.space->n; i++)
			u[i] = rng_uniform(&t->rng);
		encode_sample(t->search.space, t->search.box, u, point);
	} while (!worth_allowed(&t->w, point));
	worth_points(&t->w, 1, point, &value);
	return value;
}

static double
worth_at(const struct setting *t, const double *point, size_t i, double v)
{
	double moved[8], value;

	memcpy(moved, point, t->search.space->n * sizeof(*moved));
	moved[i] = v;
	worth_points(&t->w, 1, moved, &value);
	return value;
}

/* Along a float, in shares of its range: flat, or up against a bound. */
static void
assert_flat(const struct setting *t, const double *point, size_t i)
{
	const struct param *p = &t->search.space->param[i];
	const struct range *box = &t->search.box[i];
	double u = rows_coordinate(p, point[i]), slope;
	double up = rows_value(p, box, u + STEP);
	double down = rows_value(p, box, u - STEP);

	slope = (worth_at(t, point, i, up) - worth_at(t, point, i, down)) /
	    (rows_coordinate(p, up) - rows_coordinate(p, down));
	if (fabs(slope) > 0.01 && !(slope > 0 && point[i] > box->hi -
	    1e-6 * (box->hi - box->lo)) && !(slope < 0 && u < 1e-6))
		fail_msg("%s: slope %g at %g", p->name, slope, u);
}

static void
assert_optimal(const struct setting *t, const double *point)
{
	const struct space *s = t->search.space;
	double here, v;
	size_t i;

	worth_points(&t->w, 1, point, &here);
	for (i = 0; i < s->n; i++) {
		if (s->param[i].type == PARAM_FLOAT) {
			assert_flat(t, point, i);
			continue;
		}
		for (v = t->search.box[i].lo; v <= t->search.box[i].hi; v++)
			assert_true(worth_at(t, point, i, v) <= here + 1e-6);
	}
}

/* From 20 starts each; what is found is worth what is said. */
static void
refined_points_are_local_optima(void **state)
{
	static const char *const space[] = { PLANE, MIXED };
	struct recipe r = { .config = GP };
	struct setting t;
	double point[8], before, value, again;
	int i, k;

	(void)state;
	for (k = 0; k < 2; k++) {
		r.space = space[k];
		setting_init(&t, &r);
		for (i = 0; i < 20; i++) {
			before = value = start(&t, point);
			refine(&t.w, &t.rng, point, &value);
			assert_true(value >= before);
			worth_points(&t.w, 1, point, &again);
			assert_true(value == again);
			assert_true(worth_allowed(&t.w, point));
			assert_optimal(&t, point);
		}
		setting_release(&t);
	}
}

/* Where rules cut the way off, it ends within them. */
static void
refined_points_keep_the_rules(void **state)
{
	struct recipe r = { .space = MIXED, .config = GP, .constraints =
	    "{'linear_inequalities':[{'terms':[{'param':'x','coefficient':1},"
	    "{'param':'n','coefficient':-1}],'operator':'<=','rhs':-3}],"
	    "'forbidden_combinations':[{'when':{'opt':['a','b'],"
	    "'fast':true}}],'bound_tightening':[{'param':'rate','max':0.01}]}"
	};
	struct setting t;
	double point[8], before, value;
	int i;

	(void)state;
	setting_init(&t, &r);
	for (i = 0; i < 40; i++) {
		before = value = start(&t, point);
		refine(&t.w, &t.rng, point, &value);
		assert_true(value >= before);
		assert_true(worth_allowed(&t.w, point));
		assert_true(point[1] <= 0.01);
	}
	setting_release(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refined_points_are_local_optima),
		cmocka_unit_test(refined_points_keep_the_rules),
	};

	return cmocka_run_group_tests_name("propose_refine", tests, NULL, NULL);
}
