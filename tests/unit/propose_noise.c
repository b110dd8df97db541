/* propose_noise: what gp does about results that scatter. */
#include <string.h>

#include "model/rng.h"
#include "ops/propose_recommend.h"

#include "rig.h"

#define GP "'surrogate':{'type':'gp'},'acquisition':{'type':'auto'}"
#define FIVE "{'parameters':[{'name':'n','type':'int','bounds':[1,5]}]}"

static double
bowl(const double *p)
{
	return (p[0] - 0.3) * (p[0] - 0.3) + (p[1] - 0.7) * (p[1] - 0.7);
}

/* About normal, a function of the trial. */
static double
noise(int64_t trial)
{
	struct rng rng;
	double sum = -6;
	int i;

	rng_init(&rng, 99, (uint64_t)trial, RNG_RANDOM);
	for (i = 0; i < 12; i++)
		sum += rng_uniform(&rng);
	return sum;
}

/* n trials; how many of them repeat a point. */
static int
trials(struct rig *rig, int n, double scale)
{
	const struct state *s = rig->c.state;
	struct proposal p;
	int again = 0;
	size_t i;

	for (; n > 0; n--) {
		p = ask(rig);
		assert_non_null(p.point);
		for (i = 0; i < s->nobs; i++)
			if (point_equal(rig->c.c.space, s->obs[i].point,
			    p.point))
				break;
		again += i < s->nobs;
		observe(rig, rig->last, p.point, bowl(p.point) + scale *
		    noise(rig->last));
		if (jv_is_valid(p.model))
			rig->c.state->meta = jv_object_set(
			    rig->c.state->meta, jv_string("model"),
			    jv_copy(p.model));
		proposal_release(&p);
	}
	return again;
}

static struct rig
plane_rig(const char *noisy)
{
	struct recipe r = { .space = PLANE };
	char config[200];

	snprintf(config, sizeof(config), "{'initial_random_trials':5,"
	    "'noise':%s," GP "}", noisy);
	r.config = config;
	return make_rig(&r);
}

static void
noisy_points_are_tried_again(void **state)
{
	struct rig rig = plane_rig("true");

	(void)state;
	assert_true(trials(&rig, 40, 0.1) >= 3);
	free_rig(&rig);
}

static void
other_points_are_not(void **state)
{
	struct rig rig = plane_rig("false");

	(void)state;
	assert_int_equal(trials(&rig, 30, 0.1), 0);
	free_rig(&rig);
	rig = plane_rig("null");
	assert_int_equal(trials(&rig, 30, 0.1), 0);
	free_rig(&rig);
}

/* Without a word in the configuration, values that differ are the word. */
static void
scatter_is_seen(void **state)
{
	static const double at[2] = { 0.31, 0.69 };
	struct rig rig = plane_rig("null");
	struct recommendation r;

	(void)state;
	trials(&rig, 10, 0.1);
	assert_false(recommend(&rig.c, &r));
	observe(&rig, ++rig.last, at, -0.1);
	observe(&rig, ++rig.last, at, -0.1);
	assert_false(recommend(&rig.c, &r));
	observe(&rig, ++rig.last, at, 0.1);
	assert_true(recommend(&rig.c, &r));
	assert_true(trials(&rig, 20, 0.1) >= 1);
	free_rig(&rig);
}

/* Two levels, and more trials than that: no end, and the better one is
 * tried more often. */
static void
noisy_spaces_are_never_used_up(void **state)
{
	struct recipe r = { .space = FIVE, .config =
	    "{'initial_random_trials':8,'noise':true,'max_trials':999," GP
	    "}" };
	struct rig rig = make_rig(&r);
	struct proposal p;
	int i, count[6] = { 0 };

	(void)state;
	for (i = 0; i < 60; i++) {
		p = ask(&rig);
		assert_non_null(p.point);
		assert_account(&rig, &p);
		count[(int)p.point[0]]++;
		observe(&rig, rig.last, p.point, fabs(p.point[0] - 4) +
		    noise(rig.last));
		proposal_release(&p);
	}
	assert_true(count[4] > count[1] && count[4] >= 12);
	free_rig(&rig);
}

static void
deterministic_spaces_are(void **state)
{
	struct recipe r = { .space = FIVE, .config =
	    "{'initial_random_trials':8,'max_trials':999," GP "}" };
	struct rig rig = make_rig(&r);
	struct proposal p;
	int i;

	(void)state;
	for (i = 0; i < 5; i++) {
		p = ask(&rig);
		observe(&rig, rig.last, p.point, p.point[0]);
		proposal_release(&p);
	}
	p = ask(&rig);
	assert_null(p.point);
	assert_true(p.exhausted);
	proposal_release(&p);
	free_rig(&rig);
}

/* The lucky value is not the one to recommend. */
static void
recommended_is_no_lucky_one(void **state)
{
	static const double lucky[2] = { 0.9, 0.1 };
	struct rig rig = plane_rig("true");
	struct recommendation r;
	const struct observation *o;
	struct proposal p;

	(void)state;
	assert_false(recommend(&rig.c, &r));
	trials(&rig, 30, 0.05);
	observe(&rig, ++rig.last, lucky, -0.3);
	observe(&rig, ++rig.last, lucky, 1);
	observe(&rig, ++rig.last, lucky, 0.9);
	assert_int_equal(state_find_best(rig.c.state)->id, rig.last - 2);
	p = ask(&rig);
	rig.c.state->meta = jv_object_set(rig.c.state->meta,
	    jv_string("model"), jv_copy(p.model));
	proposal_release(&p);
	assert_true(recommend(&rig.c, &r));
	o = state_observation(rig.c.state, r.trial_id);
	assert_true(bowl(o->point) < 0.03);
	assert_true(fabs(r.mean - bowl(o->point)) < 0.1);
	assert_true(r.sd > 0 && r.sd < 0.2);
	free_rig(&rig);
	/* no model on record, no recommendation */
	rig = plane_rig("true");
	observe(&rig, ++rig.last, lucky, -0.3);
	assert_false(recommend(&rig.c, &r));
	free_rig(&rig);
}

/* True regret of what is recommended, with and without the word. */
static void
noise_is_averaged_out(void **state)
{
	struct recommendation r;
	struct rig rig;
	double sum = 0;
	int seed;

	(void)state;
	for (seed = 1; seed <= 5; seed++) {
		rig = plane_rig("true");
		rig.c.c.config->seed = seed;
		trials(&rig, 40, 0.1);
		assert_true(recommend(&rig.c, &r));
		sum += bowl(state_observation(rig.c.state,
		    r.trial_id)->point);
		free_rig(&rig);
	}
	assert_true(sum / 5 < 0.01);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(noisy_points_are_tried_again),
		cmocka_unit_test(other_points_are_not),
		cmocka_unit_test(scatter_is_seen),
		cmocka_unit_test(noisy_spaces_are_never_used_up),
		cmocka_unit_test(deterministic_spaces_are),
		cmocka_unit_test(recommended_is_no_lucky_one),
		cmocka_unit_test(noise_is_averaged_out),
	};

	return cmocka_run_group_tests_name("propose_noise", tests, NULL,
	    NULL);
}
