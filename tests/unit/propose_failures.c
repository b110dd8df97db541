/* propose_failures: what is learned from trials that were not ok. */
#include <string.h>

#include "model/rng.h"
#include "ops/propose_caution.h"
#include "ops/propose_cluster.h"

#include "rig.h"

#define GP "'surrogate':{'type':'gp'},'acquisition':{'type':'auto'}"

/* Put a trial without a value into the state. */
static void
end_as(struct rig *rig, const double *point, const char *status)
{
	struct buf text = BUF_INIT;
	struct err err;

	buf_adds(&text, "{\"params\":");
	write_trial(rig, ++rig->last, point, &text);
	buf_addf(&text, ",\"objectives\":{\"f\":null},\"status\":\"%s\","
	    "\"completed_at\":1001.5}", status);
	if (state_put_observation(rig->c.state, &text, &err) != 0)
		fail_msg("%s", err.text);
}

static double
bowl(const double *p)
{
	return (p[0] - 0.3) * (p[0] - 0.3) + (p[1] - 0.7) * (p[1] - 0.7);
}

/* n ok trials anywhere. */
static void
scatter(struct rig *rig, int n)
{
	double point[2];
	struct rng rng;

	rng_init(&rng, 1, 1, RNG_RANDOM);
	for (; n > 0; n--) {
		point[0] = rng_uniform(&rng);
		point[1] = rng_uniform(&rng);
		observe(rig, ++rig->last, point, bowl(point));
	}
}

static double
distance(const double *a, const double *b)
{
	return hypot(a[0] - b[0], a[1] - b[1]);
}

static void
failures_of(struct rig *rig, bool failure[TRIAL_STATUS_COUNT])
{
	struct search s;

	search_init(&s, &rig->c, rig->last + 1);
	cluster_failures(&s, failure);
	search_release(&s);
}

static void
together_they_count(void **state)
{
	static const double at[4][2] = { { 0.8, 0.2 }, { 0.82, 0.21 },
	    { 0.81, 0.17 }, { 0.79, 0.22 } };
	struct recipe r = { .space = PLANE, .config =
	    "{'initial_random_trials':2," GP "}" };
	struct rig rig = make_rig(&r);
	bool failure[TRIAL_STATUS_COUNT];
	struct proposal p;
	size_t i;

	(void)state;
	scatter(&rig, 25);
	for (i = 0; i < 4; i++) {
		failures_of(&rig, failure);
		if (i < 3)
			assert_false(failure[TRIAL_TIMEOUT]);
		end_as(&rig, at[i], "timeout");
	}
	failures_of(&rig, failure);
	assert_true(failure[TRIAL_TIMEOUT] && failure[TRIAL_FAILED]);
	assert_false(failure[TRIAL_KILLED] || failure[TRIAL_OK]);
	p = ask(&rig);
	assert_true(number(&p, "failures_used") == 4);
	assert_true(number(&p, "probability_ok") > 0.5);
	proposal_release(&p);
	free_rig(&rig);
}

static void
scattered_they_do_not(void **state)
{
	static const double at[5][2] = { { 0.1, 0.1 }, { 0.9, 0.9 },
	    { 0.1, 0.9 }, { 0.9, 0.1 }, { 0.5, 0.5 } };
	struct recipe r = { .space = PLANE, .config =
	    "{'initial_random_trials':2," GP "}" };
	struct rig rig = make_rig(&r), bare = make_rig(&r);
	bool failure[TRIAL_STATUS_COUNT];
	struct proposal p, q;
	size_t i;

	(void)state;
	scatter(&rig, 25);
	scatter(&bare, 25);
	for (i = 0; i < 5; i++)
		end_as(&rig, at[i], i % 2 == 0 ? "killed" : "timeout");
	end_as(&rig, at[0], "killed");
	failures_of(&rig, failure);
	assert_false(failure[TRIAL_TIMEOUT] || failure[TRIAL_KILLED]);
	/* as if they had never been */
	bare.last = rig.last;
	p = ask(&rig);
	q = ask(&bare);
	assert_true(number(&p, "failures_used") == 0);
	assert_true(point_equal(rig.c.c.space, p.point, q.point));
	proposal_release(&p);
	proposal_release(&q);
	free_rig(&rig);
	free_rig(&bare);
}

/* Chance finds clusters in one of twenty cases or fewer. */
static void
by_chance_they_rarely_count(void **state)
{
	struct recipe r = { .space = PLANE };
	bool failure[TRIAL_STATUS_COUNT];
	double point[2];
	struct rig rig;
	struct rng rng;
	int k, i, found = 0;

	(void)state;
	rng_init(&rng, 2, 2, RNG_RANDOM);
	for (k = 0; k < 100; k++) {
		rig = make_rig(&r);
		for (i = 0; i < 30; i++) {
			point[0] = rng_uniform(&rng);
			point[1] = rng_uniform(&rng);
			if (i % 5 == 0)
				end_as(&rig, point, "killed");
			else
				observe(&rig, ++rig.last, point, 1);
		}
		failures_of(&rig, failure);
		found += failure[TRIAL_KILLED];
		free_rig(&rig);
	}
	assert_true(found <= 10);
}

/* A region that is too slow is left but for its brink, where the optimum
 * is. */
static void
slow_regions_are_left(void **state)
{
	struct recipe r = { .space = PLANE, .config =
	    "{'initial_random_trials':8," GP "}" };
	struct rig rig = make_rig(&r);
	struct proposal p;
	int i, slow = 0;

	(void)state;
	for (i = 0; i < 50; i++) {
		p = ask(&rig);
		if (p.point[0] < 0.5) {
			end_as(&rig, p.point, "timeout");
			rig.last--;
			slow += i >= 30 && p.point[0] < 0.45;
		} else {
			observe(&rig, rig.last, p.point, bowl(p.point));
		}
		proposal_release(&p);
	}
	assert_true(slow <= 10);
	assert_true(state_find_best(rig.c.state)->y[0] < 0.045);
	free_rig(&rig);
}

/* All but a quarter disc in a corner fails. */
static double
island(const double *p)
{
	return distance(p, (const double[]){ 1, 1 }) > 0.3 ? NAN : bowl(p);
}

/* Nothing but failures at first: places far from them come next, and the
 * model takes over with the second success. */
static void
failures_first(void **state)
{
	struct recipe r = { .space = PLANE, .config =
	    "{'initial_random_trials':6," GP "}" };
	struct rig rig = make_rig(&r);
	struct proposal p;
	size_t i, j;

	(void)state;
	for (i = 0; i < 16; i++) {
		p = ask(&rig);
		assert_random(&p, i < 6 ? "initial-random" :
		    "fallback-random", i < 6 ? NULL :
		    "no_usable_observations");
		for (j = 0; j < i; j++)
			assert_true(distance(p.point,
			    rig.c.state->obs[j].point) > 0.05);
		observe(&rig, rig.last, p.point, NAN);
		proposal_release(&p);
	}
	observe(&rig, ++rig.last, (const double[]){ 0.9, 0.9 }, 0.4);
	observe(&rig, ++rig.last, (const double[]){ 0.95, 0.85 }, 0.445);
	for (i = 0; i < 15; i++) {
		p = ask(&rig);
		assert_text(&p, "surrogate_backend", "gp");
		observe(&rig, rig.last, p.point, island(p.point));
		proposal_release(&p);
	}
	assert_true(state_count_status(rig.c.state, TRIAL_OK) >= 6);
	free_rig(&rig);
}

static double
caution_of(struct rig *rig)
{
	struct search s;
	double weight;

	search_init(&s, &rig->c, rig->last + 1);
	weight = caution(&s);
	search_release(&s);
	return weight;
}

/* Failures of late raise the weight, ok trials lower it, and what tells
 * nothing of its point does neither. */
static void
failures_make_cautious(void **state)
{
	static const double at[2] = { 0.5, 0.5 };
	struct recipe r = { .space = PLANE };
	struct rig rig = make_rig(&r);
	int i;

	(void)state;
	scatter(&rig, 5);
	assert_true(caution_of(&rig) == 1);
	end_as(&rig, at, "failed");
	assert_true(fabs(caution_of(&rig) - (1 + 6 * 0.2 / 0.8)) < 1e-12);
	end_as(&rig, at, "killed");
	assert_true(fabs(caution_of(&rig) - (1 + 6 * 0.2 / 0.8)) < 1e-12);
	observe(&rig, ++rig.last, at, 1);
	assert_true(fabs(caution_of(&rig) - (1 + 6 * 0.16 / 0.84)) < 1e-12);
	end_as(&rig, at, "failed");
	assert_true(fabs(caution_of(&rig) - (1 + 6 * 0.328 / 0.672)) <
	    1e-12);
	for (i = 0; i < 500; i++)
		end_as(&rig, at, "failed");
	assert_true(fabs(caution_of(&rig) - 55) < 1e-12);
	free_rig(&rig);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(together_they_count),
		cmocka_unit_test(scattered_they_do_not),
		cmocka_unit_test(by_chance_they_rarely_count),
		cmocka_unit_test(slow_regions_are_left),
		cmocka_unit_test(failures_first),
		cmocka_unit_test(failures_make_cautious),
	};

	return cmocka_run_group_tests_name("propose_failures", tests, NULL,
	    NULL);
}
