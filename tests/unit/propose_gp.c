/* propose_gp: what is promised of suggestions, kept by the model. */
#include <float.h>

#include "base/xmem.h"
#include "contract/count.h"
#include "model/rng.h"
#include "ops/propose_gp.h"
#include "ops/propose_rows.h"

#include "rig.h"

#define GP "'surrogate':{'type':'gp'},'acquisition':{'type':'auto'}"
#define BOWL(x, y) (((x) - 0.3) * ((x) - 0.3) + ((y) - 0.7) * ((y) - 0.7))

typedef double objective(const struct rig *, const double *);

static double
bowl(const struct rig *rig, const double *p)
{
	(void)rig;
	return BOWL(p[0], p[1]);
}

/* n trials; NaN fails. */
static void
trials(struct rig *rig, int n, objective *f)
{
	struct proposal p;

	for (; n > 0; n--) {
		p = ask(rig);
		assert_non_null(p.point);
		observe(rig, rig->last, p.point, f(rig, p.point));
		proposal_release(&p);
	}
}

static void
gp_trials_say_so(void **state)
{
	struct recipe r = { .space = MIXED, .config =
	    "{'initial_random_trials':4," GP "}" };
	struct rig rig = make_rig(&r);
	struct proposal p;
	jv scales;

	(void)state;
	trials(&rig, 12, hill);
	p = ask(&rig);
	assert_text(&p, "surrogate_backend", "gp");
	assert_text(&p, "acquisition_type", "ei");
	assert_text(&p, "constraint_status.phase", "candidate-pool");
	assert_text(&p, "fit", "new");
	assert_true(number(&p, "observations_used") == 12);
	assert_true(number(&p, "predicted_std") > 0);
	assert_true(number(&p, "noise_variance") > 0);
	assert_true(number(&p, "candidates_scored") > 100);
	scales = member(&p, "length_scales");
	assert_int_equal(jv_object_length(jv_copy(scales)), 5);
	jv_free(scales);
	assert_true(jv_is_valid(p.model));
	assert_text(&p, "search_phase", "global");
	assert_true(number(&p, "rows_used") == 12);
	assert_true(number(&p, "rows_known") == 12);
	assert_true(number(&p, "pending_conditioned") == 0);
	assert_true(number(&p, "jitter") >= 0);
	assert_true(jv_equal(jv_copy(p.model), member(&p, "model")));
	assert_account(&rig, &p);
	proposal_release(&p);
	free_rig(&rig);
}

/* The promise: far fewer trials than random search needs.  With 20 uniform
 * points the expected smallest value is 1 / (20 pi), about 0.016. */
static void
gp_finds_the_minimum_of_a_bowl(void **state)
{
	struct recipe r = { .space = PLANE, .config =
	    "{'initial_random_trials':5," GP "}" };
	struct rig rig;
	int seed;

	(void)state;
	for (seed = 1; seed <= 5; seed++) {
		rig = make_rig(&r);
		rig.c.c.config->seed = seed;
		trials(&rig, 20, bowl);
		assert_true(state_find_best(rig.c.state)->y[0] < 1e-4);
		free_rig(&rig);
	}
}

static double
hole(const struct rig *rig, const double *p)
{
	return -bowl(rig, p);
}

static void
gp_maximizes_alike(void **state)
{
	struct recipe r = { .space = PLANE, .maximize = true, .config =
	    "{'initial_random_trials':5," GP "}" };
	struct rig up = make_rig(&r), down;
	struct proposal p, q;
	size_t i;

	(void)state;
	r.maximize = false;
	down = make_rig(&r);
	trials(&up, 12, hole);
	trials(&down, 12, bowl);
	for (i = 0; i < 12; i++)
		assert_true(point_equal(up.c.c.space, up.c.state->obs[i].point,
		    down.c.state->obs[i].point));
	p = ask(&up);
	q = ask(&down);
	assert_true(number(&p, "threshold") == -number(&q, "threshold"));
	assert_true(number(&p, "threshold_warped") ==
	    number(&q, "threshold_warped"));
	proposal_release(&p);
	proposal_release(&q);
	free_rig(&up);
	free_rig(&down);
}

/* The caller frees. */
static char *
text_of(const struct proposal *p, const char *key)
{
	jv v = member(p, key);
	char *text;

	assert_int_equal(jv_get_kind(v), JV_KIND_STRING);
	text = xstrdup(jv_string_value(v));
	jv_free(v);
	return text;
}

static void
same_proposal(struct rig *a, struct rig *b)
{
	struct proposal p = ask(a), q = ask(b);

	assert_true(point_equal(a->c.c.space, p.point, q.point));
	assert_string_equal(p.decision.p, q.decision.p);
	proposal_release(&p);
	proposal_release(&q);
}

/* Neither the order of the rows in the file nor earlier calls count. */
static void
gp_is_a_function_of_the_state(void **state)
{
	struct recipe r = { .space = MIXED, .config =
	    "{'initial_random_trials':4," GP "}" };
	struct rig a = make_rig(&r), b = make_rig(&r);
	size_t i;

	(void)state;
	trials(&a, 15, hill);
	for (i = a.c.state->nobs; i-- > 0; )
		observe(&b, a.c.state->obs[i].id, a.c.state->obs[i].point,
		    a.c.state->obs[i].y[0]);
	b.last = a.last;
	same_proposal(&a, &b);
	a.last--;
	b.last--;
	same_proposal(&a, &b);
	free_rig(&a);
	free_rig(&b);
}

static void
gp_keeps_to_the_constraints(void **state)
{
	struct recipe r = { .space = MIXED, .config =
	    "{'initial_random_trials':4," GP "}", .constraints =
	    "{'linear_inequalities':[{'terms':[{'param':'x','coefficient':1},"
	    "{'param':'n','coefficient':-1}],'operator':'<=','rhs':-3}],"
	    "'forbidden_combinations':[{'when':{'opt':['a','b'],"
	    "'fast':true}}],'bound_tightening':[{'param':'rate','max':0.01}]}"
	};
	struct rig rig = make_rig(&r);
	struct err err;
	size_t i;

	(void)state;
	trials(&rig, 30, hill);
	for (i = 0; i < rig.c.state->nobs; i++)
		if (constraints_inside(rig.c.c.constraints,
		    rig.c.state->obs[i].point, &err) != 0)
			fail_msg("%s", err.text);
	free_rig(&rig);
}

/* Conditional, finite: every point once, then exhausted. */
static void
gp_uses_a_finite_space_up(void **state)
{
	struct recipe r = { .space = TREE, .config =
	    "{'initial_random_trials':3,'max_trials':100," GP "}" };
	struct rig rig = make_rig(&r);
	struct proposal p;
	size_t i, j;

	(void)state;
	trials(&rig, TREE_POINTS, hill);
	for (i = 0; i < TREE_POINTS; i++)
		for (j = 0; j < i; j++)
			assert_false(point_equal(rig.c.c.space,
			    rig.c.state->obs[i].point,
			    rig.c.state->obs[j].point));
	p = ask(&rig);
	assert_null(p.point);
	assert_true(p.exhausted);
	proposal_release(&p);
	free_rig(&rig);
}

/* The right half fails, though the objective falls to the right. */
static double
cliff(const struct rig *rig, const double *p)
{
	(void)rig;
	return p[0] > 0.5 ? NAN : 1 - p[0] + p[1] * p[1];
}

static void
gp_learns_where_trials_fail(void **state)
{
	struct recipe r = { .space = PLANE, .config =
	    "{'initial_random_trials':5," GP "}" };
	struct rig rig;
	size_t i, failed;
	int seed;

	(void)state;
	for (seed = 1; seed <= 3; seed++) {
		rig = make_rig(&r);
		rig.c.c.config->seed = seed;
		trials(&rig, 30, cliff);
		/* all that draws it is over the brink, where the optimum
		 * lies */
		for (failed = 0, i = 20; i < 30; i++)
			failed += rig.c.state->obs[i].status != TRIAL_OK;
		assert_true(failed <= 7);
		assert_true(state_find_best(rig.c.state)->y[0] < 0.505);
		free_rig(&rig);
	}
}

static void
gp_spreads_what_is_pending(void **state)
{
	struct recipe r = { .space = PLANE, .config =
	    "{'initial_random_trials':5," GP "}" };
	struct rig rig = make_rig(&r);
	double first = 0, dx, dy;
	struct proposal p;
	size_t i, j;

	(void)state;
	trials(&rig, 8, bowl);
	for (i = 0; i < 6; i++) {
		p = ask(&rig);
		assert_true(number(&p, "pending_used") == (double)i);
		/* the very first may be a descent, and score less */
		if (i == 1)
			first = number(&p, "acquisition_score");
		else if (i > 1 && i < 4)
			assert_true(number(&p, "acquisition_score") <= first +
			    1e-6);
		reserve(&rig, rig.last, p.point);
		proposal_release(&p);
	}
	for (i = 0; i < 6; i++)
		for (j = 0; j < i; j++) {
			dx = rig.c.state->pend[i].point[0] -
			    rig.c.state->pend[j].point[0];
			dy = rig.c.state->pend[i].point[1] -
			    rig.c.state->pend[j].point[1];
			assert_true(dx * dx + dy * dy > 1e-6);
		}
	free_rig(&rig);
}

static double
waves(const struct rig *rig, const double *p)
{
	return bowl(rig, p) + 0.1 * sin(12 * p[0]) * cos(9 * p[1]);
}

/* The model that the trial was chosen by says: there is hope, and where
 * there is any, nowhere is less known. */
static void
check_exploration(const struct rig *rig, int64_t id, const double *point)
{
	double row[2], mean, sd, most;
	size_t hopeful = 0;
	struct search s;
	struct teach t;
	struct gp_model m;
	struct err err;
	int i;

	search_init(&s, &rig->c, id);
	teach_init(&t, &s);
	assert_int_equal(gp_model_init(&m, &s, &t, &err), 0);
	rows_encode(s.space, point, row);
	gp_predict(m.gp, 1, row, &mean, &most);
	assert_true(mean - most / 2 < m.threshold + 1e-3);
	for (i = 0; i < 2 * 51 * 51; i++) {
		/* all of the plane, then what lies around the point */
		row[0] = i % 51 / 50.0;
		row[1] = i / 51 % 51 / 50.0;
		if (i >= 51 * 51) {
			row[0] = point[0] + (row[0] - 0.5) / 8;
			row[1] = point[1] + (row[1] - 0.5) / 8;
		}
		if (row[0] < 0 || row[0] > 1 || row[1] < 0 || row[1] > 1)
			continue;
		gp_predict(m.gp, 1, row, &mean, &sd);
		if (mean - sd / 2 > m.threshold)
			continue;
		hopeful++;
		assert_true(sd < 1.01 * most);
	}
	assert_true(hopeful > 0);
	gp_model_release(&m);
	teach_release(&t);
	search_release(&s);
}

/* Eight suggestions at once: how many explore? */
static size_t
explored(struct rig *rig)
{
	struct proposal p;
	size_t count = 0, i;
	jv v;

	for (i = 0; i < 8; i++) {
		p = ask(rig);
		v = member(&p, "exploration");
		if (jv_get_kind(v) == JV_KIND_TRUE) {
			count++;
			check_exploration(rig, rig->last, p.point);
		}
		jv_free(v);
		reserve(rig, rig->last, p.point);
		proposal_release(&p);
	}
	return count;
}

static void
gp_explores_with_many_pending(void **state)
{
	struct recipe r = { .space = PLANE, .config =
	    "{'initial_random_trials':5," GP "}" };
	struct rig rig;
	int seed;

	(void)state;
	for (seed = 1; seed <= 5; seed++) {
		rig = make_rig(&r);
		rig.c.c.config->seed = seed;
		trials(&rig, 10, waves);
		assert_int_equal(explored(&rig), 2);
		free_rig(&rig);
	}
}

static double
constant(const struct rig *rig, const double *p)
{
	(void)rig;
	(void)p;
	return 3;
}

static double
huge(const struct rig *rig, const double *p)
{
	return rig->last % 3 == 0 ? 1e300 : rig->last % 3 == 1 ? -1e300 :
	    bowl(rig, p);
}

static double
tiny(const struct rig *rig, const double *p)
{
	return bowl(rig, p) * 1e-300;
}

static double
outlier(const struct rig *rig, const double *p)
{
	return rig->last == 4 ? 1e12 : bowl(rig, p);
}

static void
gp_survives_any_objective(void **state)
{
	static objective *const f[] = { constant, huge, tiny, outlier };
	struct recipe r = { .space = PLANE, .config =
	    "{'initial_random_trials':2," GP "}" };
	struct proposal p;
	struct rig rig;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(f) / sizeof(f[0]); i++) {
		rig = make_rig(&r);
		trials(&rig, 12, f[i]);
		p = ask(&rig);
		assert_text(&p, "surrogate_backend", "gp");
		assert_true(isfinite(number(&p, "predicted_mean")));
		assert_true(number(&p, "predicted_std") >= 0);
		assert_true(isfinite(number(&p, "acquisition_score")));
		proposal_release(&p);
		free_rig(&rig);
	}
}

static void
gp_works_in_fifty_dimensions(void **state)
{
	struct buf text = BUF_INIT;
	struct recipe r = { .config = "{'initial_random_trials':5," GP "}" };
	struct rig rig;
	int i;

	(void)state;
	buf_adds(&text, "{'parameters':[");
	for (i = 0; i < 50; i++)
		buf_addf(&text, "%s{'name':'p%d','type':'float',"
		    "'bounds':[0,1]}", i > 0 ? "," : "", i);
	buf_adds(&text, "]}");
	r.space = text.p;
	rig = make_rig(&r);
	trials(&rig, 15, hill);
	free_rig(&rig);
	buf_release(&text);
}

/* What a fit found is where the next one begins. */
static void
gp_remembers_its_fit(void **state)
{
	struct recipe r = { .space = PLANE, .config =
	    "{'initial_random_trials':5," GP "}" };
	struct rig rig = make_rig(&r);
	struct proposal p, q;

	(void)state;
	trials(&rig, 10, bowl);
	p = ask(&rig);
	assert_text(&p, "fit", "new");
	rig.c.state->meta = jv_object_set(rig.c.state->meta,
	    jv_string("model"), jv_copy(p.model));
	q = ask(&rig);
	assert_text(&q, "fit", "kept");
	assert_true(number(&p, "signal_variance") ==
	    number(&q, "signal_variance"));
	proposal_release(&q);
	/* of another space it is of no use */
	rig.c.state->meta = jv_object_set(rig.c.state->meta,
	    jv_string("model"), jv_object_set(jv_copy(p.model),
	    jv_string("params"), jv_array()));
	q = ask(&rig);
	assert_text(&q, "fit", "new");
	proposal_release(&p);
	proposal_release(&q);
	free_rig(&rig);
}

/* The hash tells whatever the model was taught, and nothing else. */
static void
gp_hashes_what_it_was_taught(void **state)
{
	struct recipe r = { .space = PLANE, .config =
	    "{'initial_random_trials':5," GP "}" };
	struct rig rig = make_rig(&r);
	struct proposal p[6];
	double point[2] = { 0.25, 0.75 };
	char *hash[6];
	int i, j;

	(void)state;
	trials(&rig, 8, bowl);
	for (i = 0; i < 6; i++) {
		rig.last = 8;
		if (i == 2)
			reserve(&rig, 20, point);
		if (i == 3)
			observe(&rig, 19, point, 1);
		if (i == 4)
			observe(&rig, 19, point, 1 + DBL_EPSILON);
		if (i == 5)
			rig.c.state->meta = jv_object_set(rig.c.state->meta,
			    jv_string("model"), jv_copy(p[0].model));
		p[i] = ask(&rig);
		hash[i] = text_of(&p[i], "taught");
		for (j = 0; j < i; j++)
			assert_int_equal(strcmp(hash[i], hash[j]) == 0,
			    i == 1);
	}
	for (i = 0; i < 6; i++) {
		proposal_release(&p[i]);
		free(hash[i]);
	}
	free_rig(&rig);
}

/* More trials than the model takes rows: the best are among those used. */
static void
gp_works_with_many_trials(void **state)
{
	struct recipe r = { .space = PLANE, .config =
	    "{'initial_random_trials':5,'max_trials':9999," GP "}" };
	struct rig rig = make_rig(&r);
	double point[2];
	struct proposal p;
	struct rng rng;
	int i;

	(void)state;
	rng_init(&rng, 1, 1, RNG_RANDOM);
	for (i = 0; i < 620; i++) {
		point[0] = rng_uniform(&rng);
		point[1] = rng_uniform(&rng);
		observe(&rig, ++rig.last, point, bowl(&rig, point));
	}
	p = ask(&rig);
	assert_text(&p, "surrogate_backend", "gp");
	assert_true(number(&p, "rows_known") == 620);
	assert_true(number(&p, "rows_used") <= 500);
	assert_true(bowl(&rig, p.point) <
	    state_find_best(rig.c.state)->y[0]);
	proposal_release(&p);
	free_rig(&rig);
}

static void
gp_rows(void **state)
{
	struct space *s = make_space("{'parameters':["
	    "{'name':'f','type':'float','bounds':[-1,3]},"
	    "{'name':'l','type':'float','bounds':[0.01,100],'scale':'log'},"
	    "{'name':'n','type':'int','bounds':[1,4]},"
	    "{'name':'c','type':'categorical','choices':['a','b']},"
	    "{'name':'z','type':'float','bounds':[2,2]},"
	    "{'name':'w','type':'bool','when':{'c':'b'}}]}");
	double point[6] = { 1, 1, 2, 1, 2, NAN }, row[6];
	struct gp_dim dim[6];
	struct range box = { -1, 3 };

	(void)state;
	rows_encode(s, point, row);
	assert_true(fabs(row[0] - 0.5) < 1e-12);
	assert_true(fabs(row[1] - 0.5) < 1e-12);
	assert_true(fabs(row[2] - 0.375) < 1e-12);	/* second quarter */
	assert_true(row[3] == 1 && row[4] == 0.5 && isnan(row[5]));
	rows_dims(s, dim);
	assert_true(dim[3].categorical && !dim[3].conditional);
	assert_true(dim[5].categorical && dim[5].conditional);
	assert_true(!dim[2].categorical);
	assert_true(rows_value(&s->param[0], &box, 0.25) == 0);
	box.lo = 0.5;
	assert_true(rows_value(&s->param[0], &box, 0.25) == 0.5);
	space_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gp_trials_say_so),
		cmocka_unit_test(gp_finds_the_minimum_of_a_bowl),
		cmocka_unit_test(gp_maximizes_alike),
		cmocka_unit_test(gp_is_a_function_of_the_state),
		cmocka_unit_test(gp_keeps_to_the_constraints),
		cmocka_unit_test(gp_uses_a_finite_space_up),
		cmocka_unit_test(gp_learns_where_trials_fail),
		cmocka_unit_test(gp_spreads_what_is_pending),
		cmocka_unit_test(gp_explores_with_many_pending),
		cmocka_unit_test(gp_survives_any_objective),
		cmocka_unit_test(gp_works_in_fifty_dimensions),
		cmocka_unit_test(gp_remembers_its_fit),
		cmocka_unit_test(gp_hashes_what_it_was_taught),
		cmocka_unit_test(gp_works_with_many_trials),
		cmocka_unit_test(gp_rows),
	};

	return cmocka_run_group_tests_name("propose_gp", tests, NULL, NULL);
}
