/* propose_local: when and where a search goes on around the incumbent. */
#include "ops/propose_local.h"
#include "ops/propose_rows.h"

#include "rig.h"

#define GP "'surrogate':{'type':'gp'},'acquisition':{'type':'auto'}"

/* Observe a point of the plane. */
static void
put(struct rig *rig, double x, double y, double value)
{
	double p[2] = { x, y };

	observe(rig, ++rig->last, p, value);
}

/* n trials on a ring about (0.5, 0.5), none better than 5. */
static void
put_ring(struct rig *rig, int n)
{
	int i;

	for (i = 0; i < n; i++)
		put(rig, 0.5 + 0.4 * cos(2.4 * i), 0.5 + 0.4 * sin(2.4 * i),
		    5 + i % 3);
}

static struct rig
plane(void)
{
	/* without it the ring would look like noise, where no one descends */
	struct recipe r = { .space = PLANE, .config =
	    "{'initial_random_trials':5,'noise':false," GP "}" };

	return make_rig(&r);
}

/* Ask, and tell that it is not as good as 1. */
static void
ask_in_vain(struct rig *rig, const char *phase)
{
	struct proposal p = ask(rig);

	assert_text(&p, "search_phase", phase);
	observe(rig, rig->last, p.point, 4);
	proposal_release(&p);
}

/* 17 trials are more than 8 d; 4 without improvement are 2 d.  Trials 6, 8,
 * 10, 12, 15, 17 are descents: the 13th, better, is not. */
static void
stagnation_looks_around_the_best(void **state)
{
	struct rig rig = plane();
	struct proposal p;

	(void)state;
	put_ring(&rig, 12);
	put(&rig, 0.3, 0.6, 1);
	put_ring(&rig, 3);
	p = ask(&rig);
	assert_text(&p, "search_phase", "descent");
	proposal_release(&p);
	rig.last--;
	put_ring(&rig, 1);
	p = ask(&rig);
	assert_text(&p, "search_phase", "local");
	assert_true(fabs(p.point[0] - 0.3) <= 0.1 + 1e-12);
	assert_true(fabs(p.point[1] - 0.6) <= 0.1 + 1e-12);
	/* What the next global fit starts from is none of its business. */
	assert_false(jv_is_valid(p.model));
	/* It brought nothing: a global one follows, then a local one, with
	 * a descent before each. */
	observe(&rig, rig.last, p.point, 4);
	proposal_release(&p);
	ask_in_vain(&rig, "descent");
	ask_in_vain(&rig, "global");
	ask_in_vain(&rig, "descent");
	ask_in_vain(&rig, "local");
	free_rig(&rig);
}

static void
few_trials_search_everywhere(void **state)
{
	struct rig rig = plane();
	struct proposal p;

	(void)state;
	put(&rig, 0.3, 0.6, 1);
	put_ring(&rig, 14);
	p = ask(&rig);
	assert_text(&p, "search_phase", "descent");
	proposal_release(&p);
	rig.last--;
	put_ring(&rig, 1);
	p = ask(&rig);
	assert_text(&p, "search_phase", "global");
	proposal_release(&p);
	free_rig(&rig);
}

/* The box of the step after so many local failures and successes.  A
 * descent follows what failed. */
static double
side_after(struct rig *rig, double value, int locals)
{
	struct search s;
	struct teach t;
	struct range kept[2];
	double side;
	int i;

	for (i = 0; i < locals; i++) {
		put(rig, 0.5 + 0.001 * i, 0.4, value);	/* local */
		if (value > 1)
			put(rig, 0.8, 0.1 + 0.001 * i, 9);
		put(rig, 0.1, 0.1 + 0.001 * i, 9);	/* global */
		put(rig, 0.9, 0.1 + 0.001 * i, 9);
		value -= 0.001;
	}
	search_init(&s, &rig->c, rig->last + 1);
	teach_init(&t, &s);
	local_begin(&s, &t, kept);
	assert_non_null(s.local);
	side = s.box[0].hi - s.box[0].lo;
	local_end(&s, kept);
	assert_null(s.local);
	assert_true(s.box[0].lo == 0 && s.box[0].hi == 1);
	teach_release(&t);
	search_release(&s);
	return side;
}

static void
the_box_halves_after_three_failures_and_doubles(void **state)
{
	struct rig rig = plane();

	(void)state;
	put_ring(&rig, 12);
	put(&rig, 0.5, 0.5, 1);
	put_ring(&rig, 4);
	assert_true(fabs(side_after(&rig, 3, 0) - 0.2) < 1e-12);
	assert_true(fabs(side_after(&rig, 3, 2) - 0.2) < 1e-12);
	assert_true(fabs(side_after(&rig, 3, 1) - 0.1) < 1e-12);
	assert_true(fabs(side_after(&rig, 0.5, 2) - 0.4) < 1e-12);
	assert_true(fabs(side_after(&rig, 0.4, 1) - 0.8) < 1e-12);
	assert_true(fabs(side_after(&rig, 0.3, 3) - 0.8) < 1e-12);
	free_rig(&rig);
}

/* A campaign of d floats; free the space's text. */
static struct rig
box_of(int d, struct buf *space)
{
	struct recipe r = { .config = "{'initial_random_trials':5," GP "}" };
	int i;

	for (i = 0; i < d; i++)
		buf_addf(space, "%s{'name':'x%d','type':'float','bounds':"
		    "[0,1]}", i > 0 ? "," : "{'parameters':[", i);
	buf_adds(space, "]}");
	r.space = space->p;
	return make_rig(&r);
}

/* Within the first box, a fifth of each range around the best? */
static bool
beside_the_best(const struct rig *rig, const double *point)
{
	const double *best = state_find_best(rig->c.state)->point;
	size_t i;

	for (i = 0; i < rig->c.c.space->n; i++)
		if (fabs(point[i] - best[i]) > 0.1 + 1e-12)
			return false;
	return true;
}

/* Beyond 30 dimensions every second trial from the end of the warm-up on,
 * without waiting for more trials or for a standstill. */
static void
many_dimensions_begin_at_once(void **state)
{
	static const int many[] = { 31, 50 };
	struct proposal p;
	struct rig rig;
	size_t i;
	int k;

	(void)state;
	for (i = 0; i < sizeof(many) / sizeof(*many); i++) {
		struct buf space = BUF_INIT;

		rig = box_of(many[i], &space);
		run(&rig, 5);
		for (k = 0; k < 4; k++) {
			p = ask(&rig);
			assert_text(&p, "search_phase", k % 2 == 0 ? "local" :
			    "global");
			if (k == 0)
				assert_true(beside_the_best(&rig, p.point));
			observe(&rig, rig.last, p.point, hill(&rig, p.point));
			proposal_release(&p);
		}
		free_rig(&rig);
		buf_release(&space);
	}
}

static void
thirty_dimensions_do_not(void **state)
{
	struct buf space = BUF_INIT;
	struct rig rig = box_of(30, &space);
	struct proposal p;
	int k;

	(void)state;
	run(&rig, 5);
	for (k = 0; k < 4; k++) {
		p = ask(&rig);
		assert_text(&p, "search_phase", "global");
		observe(&rig, rig.last, p.point, hill(&rig, p.point));
		proposal_release(&p);
	}
	free_rig(&rig);
	buf_release(&space);
}

/* Of 50 parameters, 60 trials take away a third and more of what the first
 * 5, among them the centre, leave; random ones take away nothing. */
static void
fifty_dimensions_are_descended(void **state)
{
	struct buf space = BUF_INIT;
	struct rig rig = box_of(50, &space);
	struct proposal p;
	double first;
	int k;

	(void)state;
	run(&rig, 5);
	first = state_find_best(rig.c.state)->y[0];
	for (k = 0; k < 60; k++) {
		p = ask(&rig);
		observe(&rig, rig.last, p.point, hill(&rig, p.point));
		proposal_release(&p);
	}
	assert_true(state_find_best(rig.c.state)->y[0] < 2 * first / 3);
	free_rig(&rig);
	buf_release(&space);
}

/* Nothing to narrow down to among choices. */
static void
without_floats_never(void **state)
{
	struct recipe r = { .space = TREE, .config =
	    "{'initial_random_trials':3," GP "}" };
	struct rig rig = make_rig(&r);
	struct search s;
	struct teach t;
	struct range kept[5];

	(void)state;
	run(&rig, 20);
	search_init(&s, &rig.c, 21);
	teach_init(&t, &s);
	local_begin(&s, &t, kept);
	assert_null(s.local);
	teach_release(&t);
	search_release(&s);
	free_rig(&rig);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stagnation_looks_around_the_best),
		cmocka_unit_test(few_trials_search_everywhere),
		cmocka_unit_test(
		    the_box_halves_after_three_failures_and_doubles),
		cmocka_unit_test(many_dimensions_begin_at_once),
		cmocka_unit_test(thirty_dimensions_do_not),
		cmocka_unit_test(fifty_dimensions_are_descended),
		cmocka_unit_test(without_floats_never),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
