/* propose_descent: whose turn it is, how far it goes, and where. */
#include "ops/propose_descent.h"
#include "ops/propose_gp.h"

#include "rig.h"

#define GP "'surrogate':{'type':'gp'},'acquisition':{'type':'auto'}"

static struct rig
plane(void)
{
	struct recipe r = { .space = PLANE, .config =
	    "{'initial_random_trials':5," GP "}" };

	return make_rig(&r);
}

static void
put(struct rig *rig, double x, double y, double value)
{
	double p[2] = { x, y };

	observe(rig, ++rig->last, p, value);
}

/* Minimum 0 at (0.45, 0.55); the principal axes are not the coordinates'. */
static double
bowl(double x, double y)
{
	double u = x - 0.45, v = y - 0.55;

	return 3 * u * u + 2 * u * v + v * v;
}

/* Trials that all fail but for the first: a descent is next after the 5th,
 * and so after every odd one. */
static void
put_bowl(struct rig *rig, int n)
{
	double x = 0.4, y = 0.5;
	int i;

	for (i = 0; i < n; i++) {
		put(rig, x, y, bowl(x, y));
		x = 0.4 + 0.2 * cos(2.4 * i);
		y = 0.5 + 0.3 * sin(2.4 * i);
	}
}

static void
the_way_that_improves_goes_on(void **state)
{
	struct rig rig = plane();
	struct search s;
	struct descent d;

	(void)state;
	search_init(&s, &rig.c, 1);
	descent_init(&d);
	assert_false(d.turn);
	descent_advance(&d, &s, 4, 0.1, false);	/* the warm-up: 5 */
	assert_false(d.turn);
	descent_advance(&d, &s, 5, 0.1, true);
	assert_false(d.turn);
	descent_advance(&d, &s, 6, 0.1, false);
	assert_true(d.turn);
	descent_advance(&d, &s, 7, 0.1, true);
	assert_true(d.turn);
	descent_advance(&d, &s, 8, 0.1, false);
	assert_false(d.turn);
	descent_advance(&d, &s, 9, 0.1, false);
	assert_true(d.turn);
	search_release(&s);
	free_rig(&rig);
}

/* One of its own trials. */
static double
radius_after(struct descent *d, const struct search *s, double far,
    bool better)
{
	d->turn = true;
	descent_advance(d, s, 9, far, better);
	return d->radius;
}

static void
the_radius_follows_success(void **state)
{
	struct rig rig = plane();
	struct search s;
	struct descent d;
	int i;

	(void)state;
	search_init(&s, &rig.c, 1);
	descent_init(&d);
	assert_true(radius_after(&d, &s, 0.09, true) == 0.2);
	assert_true(radius_after(&d, &s, 0.13, true) == 0.2);
	assert_true(radius_after(&d, &s, 0.15, true) == 0.4);
	assert_true(radius_after(&d, &s, 0.4, true) == 0.4);
	assert_true(radius_after(&d, &s, 0.4, false) == 0.2);
	/* what others did is none of its business */
	d.turn = false;
	descent_advance(&d, &s, 10, 0.2, false);
	assert_true(d.radius == 0.2);
	for (i = 0; i < 30; i++)
		radius_after(&d, &s, 0, false);
	assert_true(d.radius == 1e-4);
	search_release(&s);
	free_rig(&rig);
}

static void
choices_have_no_slope(void **state)
{
	struct recipe r = { .space = TREE, .config =
	    "{'initial_random_trials':3," GP "}" };
	struct rig rig = make_rig(&r);
	struct search s;
	struct descent d;

	(void)state;
	search_init(&s, &rig.c, 1);
	descent_init(&d);
	descent_advance(&d, &s, 20, 0, false);
	assert_false(d.turn);
	search_release(&s);
	free_rig(&rig);
}

/* Failures at 6 and 8 leave a radius of 0.025. */
static void
it_goes_down_within_the_radius(void **state)
{
	struct rig rig = plane();
	struct proposal p;

	(void)state;
	put_bowl(&rig, 5);
	p = ask(&rig);
	assert_text(&p, "search_phase", "descent");
	assert_true(number(&p, "trust_radius") == 0.1);
	assert_true(fabs(p.point[0] - 0.4) <= 0.1 + 1e-12);
	assert_true(fabs(p.point[1] - 0.5) <= 0.1 + 1e-12);
	proposal_release(&p);
	rig.last--;
	put_bowl(&rig, 4);
	p = ask(&rig);
	assert_true(number(&p, "trust_radius") == 0.025);
	assert_true(fabs(fabs(p.point[0] - 0.4) - 0.025) < 1e-12 ||
	    fabs(fabs(p.point[1] - 0.5) - 0.025) < 1e-12);
	proposal_release(&p);
	free_rig(&rig);
}

/* Five coefficients, ten points: the minimum itself. */
static void
the_minimum_of_a_quadratic_is_hit(void **state)
{
	struct rig rig = plane();
	struct search s;
	struct teach t;
	struct gp_model m;
	struct err err;
	double point[2];

	(void)state;
	put_bowl(&rig, 11);
	search_init(&s, &rig.c, rig.last + 1);
	teach_init(&t, &s);
	assert_int_equal(gp_model_init(&m, &s, &t, &err), 0);
	s.descent = &rig.c.state->obs[0];
	s.radius = 0.1;
	assert_true(descent_step(&s, &t, m.gp, point));
	assert_true(fabs(point[0] - 0.45) < 1e-4);
	assert_true(fabs(point[1] - 0.55) < 1e-4);
	s.box[0].hi = 0.42;
	assert_true(descent_step(&s, &t, m.gp, point));
	assert_true(point[0] == 0.42);
	gp_model_release(&m);
	teach_release(&t);
	search_release(&s);
	free_rig(&rig);
}

static bool
scatters_now(struct rig *rig, double sd)
{
	struct search s;
	struct teach t;
	struct warp warp;
	bool does;

	search_init(&s, &rig->c, rig->last + 1);
	s.descent = &rig->c.state->obs[0];
	teach_init(&t, &s);
	warp_init(&warp, t.data.n, t.y);
	does = descent_scatters(&s, &t, &warp, sd);
	teach_release(&t);
	warp_release(&warp);
	search_release(&s);
	return does;
}

/* Two trials 1e-4 beside the first one, worse by so much; of all the values
 * the warp makes a deviation of 1. */
static bool
scatters(double difference, double sd)
{
	struct rig rig = plane();
	bool does;

	put_bowl(&rig, 9);
	put(&rig, 0.4001, 0.5, bowl(0.4, 0.5) + difference);
	assert_false(scatters_now(&rig, sd));	/* one says nothing */
	put(&rig, 0.4, 0.4999, bowl(0.4, 0.5) + difference);
	does = scatters_now(&rig, sd);
	free_rig(&rig);
	return does;
}

static void
noise_shows_beside_the_best(void **state)
{
	(void)state;
	assert_true(scatters(0.1, 0.5));
	assert_false(scatters(1e-5, 0.5));
}

static void
none_while_something_is_pending(void **state)
{
	struct rig rig = plane();
	struct proposal p;

	(void)state;
	put_bowl(&rig, 5);
	p = ask(&rig);
	assert_text(&p, "search_phase", "descent");
	reserve(&rig, rig.last, p.point);
	proposal_release(&p);
	p = ask(&rig);
	assert_text(&p, "search_phase", "global");
	proposal_release(&p);
	free_rig(&rig);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_way_that_improves_goes_on),
		cmocka_unit_test(the_radius_follows_success),
		cmocka_unit_test(choices_have_no_slope),
		cmocka_unit_test(it_goes_down_within_the_radius),
		cmocka_unit_test(the_minimum_of_a_quadratic_is_hit),
		cmocka_unit_test(noise_shows_beside_the_best),
		cmocka_unit_test(none_while_something_is_pending),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
