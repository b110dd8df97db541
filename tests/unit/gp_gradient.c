/* gp: values and slopes against a program that works in 40 digits, embeds
 * every point as a vector and differentiates by an imaginary step
 * (fixtures/gp/gradient.py). */
#include <math.h>
#include <string.h>

#include "model/acquire.h"
#include "model/gp.h"
#include "unit.h"

#define FIXTURE "tests/fixtures/gp/gradient.txt"
#define FLOOR 1e-6
#define MOST 16			/* rows and coordinates */

struct trial_case {
	size_t n, p, m, d;
	char kinds[MOST];
	double best;
	struct gp_dim dim[MOST];
	double theta[MOST], x[MOST * MOST], y[MOST];
	struct gp_data data;
	FILE *f;
};

static void
near(double got, double want, double tolerance)
{
	if (!(fabs(got - want) <= tolerance * (1 + fabs(want))))
		fail_msg("%.17g is not %.17g", got, want);
}

static void
take(FILE *f, size_t n, double *v)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (fscanf(f, "%lf", &v[i]) != 1)
			fail_msg("%s ends early", FIXTURE);
}

static bool
begin_case(struct trial_case *c)
{
	size_t i;

	if (fscanf(c->f, "%zu %zu %zu %zu %15s", &c->n, &c->p, &c->m, &c->d,
	    c->kinds) != 5)
		return false;
	take(c->f, 1, &c->best);
	take(c->f, c->d + 2, c->theta);
	for (i = 0; i < c->d; i++) {
		c->dim[i].categorical = strchr("cC", c->kinds[i]) != NULL;
		c->dim[i].conditional = strchr("NC", c->kinds[i]) != NULL;
	}
	c->data = (struct gp_data){ .n = c->n, .d = c->d, .dim = c->dim,
	    .x = c->x, .y = c->y };
	return true;
}

/* The fit's objective, which stands before the rows it is of. */
static double
check_objective(struct trial_case *c)
{
	double want[MOST + 4], got[MOST + 2];
	size_t i;

	take(c->f, c->d + 4, want);
	for (i = 0; i < c->n; i++) {
		take(c->f, c->d, c->x + i * c->d);
		take(c->f, 1, &c->y[i]);
	}
	near(gp_objective(&c->data, FLOOR, c->theta, got), want[0], 1e-11);
	for (i = 0; i < c->d + 2; i++)
		near(got[i], want[i + 1], 1e-10);
	return want[c->d + 3];
}

static void
check_prediction(const struct trial_case *c, const struct gp *g)
{
	double at[MOST], want[3 + 3 * MOST], mean, sd, dm[MOST], ds[MOST];
	double slope[2], value;
	const double *w = want + 3;
	size_t j, d = c->d;

	take(c->f, d, at);
	take(c->f, 3 + 3 * d, want);
	gp_predict(g, 1, at, &mean, &sd);
	near(mean, want[0], 1e-11);
	near(sd, want[1], 1e-11);
	gp_predict_gradient(g, at, &mean, &sd, dm, ds);
	value = acquire_log_ei(mean, sd, c->best, slope);
	near(mean, want[0], 1e-11);
	near(sd, want[1], 1e-11);
	near(value, want[2], 1e-10);
	for (j = 0; j < d; j++) {
		near(dm[j], w[j], 1e-10);
		near(ds[j], w[d + j], 1e-10);
		near(slope[0] * dm[j] + slope[1] * ds[j], w[2 * d + j],
		    1e-9);
	}
}

static void
check_case(struct trial_case *c)
{
	struct gp_options o = { .noise_floor = FLOOR, .start = c->theta };
	double at[MOST], mean = check_objective(c);
	struct err err;
	struct gp *g = gp_fit(&c->data, &o, &err);
	size_t i;

	assert_non_null(g);
	near(gp_mean(g), mean, 1e-11);
	near(-gp_log_posterior(g), gp_objective(&c->data, FLOOR, c->theta,
	    NULL) + (double)c->n / 2 * log(2 * acos(-1)), 1e-12);
	for (i = 0; i < c->p; i++) {
		take(c->f, c->d, at);
		assert_int_equal(gp_condition(g, at), 0);
	}
	for (i = 0; i < c->m; i++)
		check_prediction(c, g);
	gp_free(g);
}

static void
slopes_agree_with_imaginary_steps(void **state)
{
	struct trial_case c = { .f = fopen(FIXTURE, "r") };
	int cases = 0;

	(void)state;
	assert_non_null(c.f);
	for (; begin_case(&c); cases++)
		check_case(&c);
	fclose(c.f);
	assert_int_equal(cases, 4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slopes_agree_with_imaginary_steps),
	};

	return cmocka_run_group_tests_name("gp_gradient", tests, NULL, NULL);
}
