/* propose_promises: what users of optimizers complain of, promised not to
 * happen here. */
#include <float.h>
#include <string.h>

#include "contract/when.h"
#include "model/rng.h"

#include "rig.h"

#define GP "'surrogate':{'type':'gp'},'acquisition':{'type':'auto'}"
#define SMALL "{'parameters':[" \
	"{'name':'a','type':'int','bounds':[1,4]}," \
	"{'name':'b','type':'int','bounds':[10,1000],'scale':'log'}," \
	"{'name':'c','type':'categorical','choices':['x','y',3]}," \
	"{'name':'d','type':'bool','when':{'c':['x',3]}}]}"
#define POINT "{'parameters':[{'name':'a','type':'float'," \
	"'bounds':[2,2]},{'name':'b','type':'int','bounds':[7,7]}]}"

typedef double objective(struct rng *, const struct rig *, const double *);

/* A decision of numbers: nothing that is none. */
static void
assert_sound(const struct rig *rig, const struct proposal *p)
{
	static const char *const key[] = { "predicted_mean",
	    "predicted_std", "acquisition_score" };
	const struct space *s = rig->c.c.space;
	struct err err;
	jv v = member(p, "surrogate_backend");
	size_t i;

	/* what is no number would be null */
	for (i = 0; i < 3 && jv_get_kind(v) == JV_KIND_STRING; i++)
		assert_true(isfinite(number(p, key[i])));
	jv_free(v);
	assert_non_null(p->point);
	for (i = 0; i < s->n; i++) {
		const struct param *q = &s->param[i];

		assert_true((when_holds(q, p->point) ? 0 : 1) ==
		    (isnan(p->point[i]) ? 1 : 0));
		if (isnan(p->point[i]))
			continue;
		assert_true(p->point[i] >= q->lo && p->point[i] <= q->hi);
		if (q->type != PARAM_FLOAT)
			assert_true(p->point[i] == floor(p->point[i]));
	}
	if (constraints_inside(rig->c.c.constraints, p->point, &err) != 0)
		fail_msg("%s", err.text);
}

static void
trials(struct rig *rig, int n, objective *f)
{
	struct proposal p;
	struct rng rng;

	rng_init(&rng, 3, 3, RNG_RANDOM);
	for (; n > 0; n--) {
		p = ask(rig);
		assert_sound(rig, &p);
		observe(rig, rig->last, p.point, f(&rng, rig, p.point));
		if (jv_is_valid(p.model))
			rig->c.state->meta = jv_object_set(
			    rig->c.state->meta, jv_string("model"),
			    jv_copy(p.model));
		proposal_release(&p);
	}
}

static double
smooth(struct rng *rng, const struct rig *rig, const double *p)
{
	(void)rng;
	return hill(rig, p);
}

/* ------------------------------------------------------ never twice */

static void
use_up(const char *space, const char *constraints, int size)
{
	struct recipe r = { .space = space, .constraints = constraints,
	    .config = "{'initial_random_trials':4,'max_trials':9999,"
	    "'candidate_pool_size':50," GP "}" };
	struct rig rig = make_rig(&r);
	const struct state *s = rig.c.state;
	struct proposal p;
	size_t i, j;

	trials(&rig, size, smooth);
	for (i = 0; i < s->nobs; i++)
		for (j = 0; j < i; j++)
			assert_false(point_equal(rig.c.c.space,
			    s->obs[i].point, s->obs[j].point));
	p = ask(&rig);
	assert_null(p.point);
	assert_true(p.exhausted);
	proposal_release(&p);
	free_rig(&rig);
}

static void
no_point_comes_twice(void **state)
{
	(void)state;
	use_up("{'parameters':[{'name':'a','type':'int','bounds':[1,6]},"
	    "{'name':'c','type':'categorical','choices':['x','y',3]},"
	    "{'name':'d','type':'bool','when':{'c':['x',3]}}]}", NULL, 30);
	use_up("{'parameters':[{'name':'i','type':'int','bounds':[1,12]},"
	    "{'name':'j','type':'int','bounds':[1,12]}]}",
	    "{'linear_inequalities':[{'terms':["
	    "{'param':'i','coefficient':1},{'param':'j','coefficient':1}],"
	    "'operator':'<=','rhs':10}]}", 45);
	use_up(POINT, NULL, 1);
	use_up("{'parameters':[{'name':'b','type':'bool'}]}", NULL, 2);
}

/* ----------------------------------------------------- constraints */

/* A space of floats and ints, and rules that leave some of it. */
static void
random_contract(struct rng *rng, struct buf *space, struct buf *rules)
{
	uint32_t n = 2 + rng_below(rng, 4), i, k;
	double c, sum;

	buf_adds(space, "{'parameters':[");
	for (i = 0; i < n; i++)
		buf_addf(space, "{'name':'p%u','type':'%s','bounds':[1,%u]%s"
		    "},", i, rng_below(rng, 2) ? "int" : "float",
		    3 + rng_below(rng, 30), rng_below(rng, 3) ? "" :
		    ",'scale':'log'");
	buf_adds(space, "{'name':'c','type':'categorical','choices':"
	    "['a','b','c']},{'name':'w','type':'float','bounds':[0,1],"
	    "'when':{'c':'b'}}]}");
	buf_adds(rules, "{'linear_inequalities':[");
	for (k = 0; k < 2; k++) {
		buf_addf(rules, "%s{'terms':[", k > 0 ? "," : "");
		for (sum = 0, i = 0; i < n; i++) {
			c = floor(1 + 5 * rng_uniform(rng));
			sum += c;
			buf_addf(rules, "%s{'param':'p%u','coefficient':%g}",
			    i > 0 ? "," : "", i, c);
		}
		buf_addf(rules, "],'operator':'<=','rhs':%g}", 4 * sum);
	}
	buf_adds(rules, ",{'terms':[{'param':'p0','coefficient':-1},"
	    "{'param':'w','coefficient':3}],'operator':'<=','rhs':-1}],"
	    "'forbidden_combinations':[{'when':{'c':'a','p1':[1,2]}}],"
	    "'bound_tightening':[{'param':'p1','max':2.5}]}");
}

/* n proposals from one state, for one trial after the other. */
static void
proposals(struct rig *rig, int n)
{
	struct proposal p;

	for (; n > 0; n--) {
		p = ask(rig);
		assert_sound(rig, &p);
		proposal_release(&p);
	}
}

/* Two hundred proposals in each of five spaces, on final values. */
static void
no_rule_is_broken(void **state)
{
	struct buf space = BUF_INIT, rules = BUF_INIT;
	struct recipe r = { .config = "{'initial_random_trials':8,"
	    "'max_trials':9999,'candidate_pool_size':900," GP "}" };
	struct rng rng;
	struct rig rig;
	int k;

	(void)state;
	rng_init(&rng, 4, 4, RNG_RANDOM);
	for (k = 0; k < 5; k++) {
		buf_release(&space);
		buf_release(&rules);
		random_contract(&rng, &space, &rules);
		r.space = space.p;
		r.constraints = rules.p;
		rig = make_rig(&r);
		trials(&rig, 40, smooth);
		proposals(&rig, 160);
		free_rig(&rig);
	}
	buf_release(&space);
	buf_release(&rules);
}

/* --------------------------------------------------- any objective */

static double
constant(struct rng *rng, const struct rig *rig, const double *p)
{
	(void)rng, (void)rig, (void)p;
	return 3;
}

static double
zero(struct rng *rng, const struct rig *rig, const double *p)
{
	(void)rng, (void)rig, (void)p;
	return 0;
}

static double
largest(struct rng *rng, const struct rig *rig, const double *p)
{
	(void)rig, (void)p;
	return rng_below(rng, 2) ? DBL_MAX : -DBL_MAX;
}

static double
huge(struct rng *rng, const struct rig *rig, const double *p)
{
	return rng_below(rng, 3) == 0 ? 1e300 : rng_below(rng, 2) ? -1e300 :
	    hill(rig, p);
}

static double
tiny(struct rng *rng, const struct rig *rig, const double *p)
{
	(void)rng;
	return hill(rig, p) * 1e-300;
}

static double
outliers(struct rng *rng, const struct rig *rig, const double *p)
{
	return hill(rig, p) * (rng_below(rng, 5) == 0 ? 1e12 : 1);
}

static double
pure_noise(struct rng *rng, const struct rig *rig, const double *p)
{
	(void)rig, (void)p;
	return rng_uniform(rng);
}

static double
failing(struct rng *rng, const struct rig *rig, const double *p)
{
	(void)rng, (void)rig, (void)p;
	return NAN;
}

static double
mostly_failing(struct rng *rng, const struct rig *rig, const double *p)
{
	return rng_below(rng, 5) > 0 ? NAN : hill(rig, p);
}

/* Two values that differ in the last digit. */
static double
nearly(struct rng *rng, const struct rig *rig, const double *p)
{
	(void)rig, (void)p;
	return rng_below(rng, 2) ? 1 : 1 + DBL_EPSILON;
}

static objective *const any[] = { constant, zero, largest, huge, tiny,
	outliers, pure_noise, failing, mostly_failing, nearly };

static void
no_objective_is_too_much(void **state)
{
	static const char *const noisy[] = { "null", "true", "false" };
	static const char *const space[] = { PLANE, MIXED, SMALL };
	struct recipe r = { .config = NULL };
	char config[200];
	struct rig rig;
	size_t i, k;

	(void)state;
	for (k = 0; k < 3; k++) {
		snprintf(config, sizeof(config), "{'initial_random_trials':3,"
		    "'noise':%s," GP "}", noisy[k]);
		r.config = config;
		r.space = space[k];
		for (i = 0; i < sizeof(any) / sizeof(any[0]); i++) {
			rig = make_rig(&r);
			trials(&rig, 20, any[i]);
			free_rig(&rig);
		}
	}
}

static void
one_observation_will_do(void **state)
{
	struct recipe r = { .space = MIXED, .config =
	    "{'initial_random_trials':0," GP "}" };
	struct rig rig = make_rig(&r);
	struct proposal p;

	(void)state;
	trials(&rig, 1, smooth);
	p = ask(&rig);
	assert_sound(&rig, &p);
	assert_random(&p, "fallback-random",
	    "insufficient_usable_observations_for_gp(1/2)");
	proposal_release(&p);
	free_rig(&rig);
}

/* A space of one point under noise: that point, as often as one likes. */
static void
one_point_will_do(void **state)
{
	struct recipe r = { .space = POINT, .config =
	    "{'initial_random_trials':2,'noise':true," GP "}" };
	struct rig rig = make_rig(&r);

	(void)state;
	trials(&rig, 10, pure_noise);
	free_rig(&rig);
}

static void
fifty_parameters_will_do(void **state)
{
	struct buf text = BUF_INIT;
	struct recipe r = { .config = "{'initial_random_trials':5," GP "}" };
	struct rig rig;
	int i;

	(void)state;
	buf_adds(&text, "{'parameters':[");
	for (i = 0; i < 50; i++)
		buf_addf(&text, "%s{'name':'p%d','type':'%s','bounds':[0,%d]"
		    "}", i > 0 ? "," : "", i, i % 2 ? "float" : "int",
		    1 + i);
	buf_adds(&text, "]}");
	r.space = text.p;
	rig = make_rig(&r);
	trials(&rig, 20, mostly_failing);
	trials(&rig, 10, smooth);
	free_rig(&rig);
	buf_release(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_point_comes_twice),
		cmocka_unit_test(no_rule_is_broken),
		cmocka_unit_test(no_objective_is_too_much),
		cmocka_unit_test(one_observation_will_do),
		cmocka_unit_test(one_point_will_do),
		cmocka_unit_test(fifty_parameters_will_do),
	};

	return cmocka_run_group_tests_name("propose_promises", tests, NULL,
	    NULL);
}
