/* gp: closed forms, scikit-learn's posterior, finite differences, the
 * conditional embedding. */
#include <math.h>

#include "model/gp.h"
#include "model/rng.h"
#include "unit.h"

#define FIXTURE "tests/fixtures/gp/posterior.txt"
#define FLOOR 1e-6

static const struct gp_dim numeric[10] = { { false, false } };

static void
near(double a, double b, double tolerance)
{
	if (!(fabs(a - b) <= tolerance * (1 + fabs(b))))
		fail_msg("%.17g is not %.17g", a, b);
}

/* A model with these hyper-parameters, nothing fitted. */
static struct gp *
fixed(const struct gp_data *data, const double *w, double scale,
    double noise)
{
	struct gp_options o = { .noise_floor = FLOOR };
	double theta[20];
	struct err err;
	struct gp *g;
	size_t j;

	for (j = 0; j < data->d; j++)
		theta[j] = log(w[j]);
	theta[data->d] = log(scale);
	theta[data->d + 1] = log(noise - FLOOR);
	o.start = theta;
	g = gp_fit(data, &o, &err);
	assert_non_null(g);
	return g;
}

/* Two points, one unit apart, w = 5 / 9 so that sqrt(5 w) = 5 / 3. */
static void
test_two_points(void **state)
{
	static const double x[] = { 0, 1 }, y[] = { -1, 1 }, w[] = { 5.0 / 9 };
	struct gp_data data = { .n = 2, .d = 1, .dim = numeric,
	    .x = x, .y = y };
	double a = 5.0 / 3, k = (1 + a + a * a / 3) * exp(-a), mean, sd;
	double noise = 0.25, b = 5.0 / 6, h = (1 + b + b * b / 3) * exp(-b);
	double at = 0.5, zero = 0, v;
	struct gp *g = fixed(&data, w, 2, noise);

	(void)state;
	near(gp_mean(g), 0, 1e-12);
	/* half-way: mean 0 by symmetry, k* = (2h, 2h) */
	gp_predict(g, 1, &at, &mean, &sd);
	near(mean, 0, 1e-12);
	v = 2 - 2 * (2 * h) * (2 * h) / (2 + noise + 2 * k);
	near(sd, sqrt(v), 1e-12);
	/* at x = 0: alpha = (-1, 1) / (2 + noise - 2k) */
	gp_predict(g, 1, &zero, &mean, &sd);
	near(mean, -(2 - 2 * k) / (2 + noise - 2 * k), 1e-12);
	gp_free(g);
}

static double
next(FILE *f)
{
	double x;

	if (fscanf(f, "%lf", &x) != 1)
		fail_msg("%s ends early", FIXTURE);
	return x;
}

static void
check_case(FILE *f, size_t n, size_t d, size_t m)
{
	double x[300], y[50], w[10], at[10], scale, noise, mean, sd, theta[12];
	double v;
	struct gp_data data = { .n = n, .d = d, .dim = numeric,
	    .x = x, .y = y };
	struct gp *g;
	size_t i, j;

	for (j = 0; j < d; j++)
		theta[j] = log(w[j] = next(f));
	scale = next(f);
	noise = next(f);
	for (i = 0; i < n; i++) {
		for (j = 0; j < d; j++)
			x[i * d + j] = next(f);
		y[i] = next(f);
	}
	g = fixed(&data, w, scale, noise);
	for (i = 0; i < m; i++) {
		for (j = 0; j < d; j++)
			at[j] = next(f);
		gp_predict(g, 1, at, &mean, &sd);
		gp_predict_mean(g, 1, at, &v);
		near(v, mean, 1e-12);
		near(mean, next(f), 1e-8);
		near(sd, next(f), 1e-8);
	}
	/* what is minimised is minus likelihood and prior, n/2 log 2 pi
	 * left out */
	theta[d] = log(scale);
	theta[d + 1] = log(noise - FLOOR);
	{
		double prior = log(scale) - scale + 0.1 * log(noise) -
		    30 * noise, a = 0.1 * pow(0.2, fmin(1, fmax(0, ((double)n
		    - 5.0 * (double)d) / (10.0 * (double)d))));

		for (j = 0; j < d; j++)
			prior -= a * (1 / w[j] + w[j]);
		v = next(f);
		near(-gp_objective(&data, FLOOR, theta, NULL) - prior -
		    (double)n / 2 * log(2 * acos(-1)), v, 1e-8);
		near(gp_log_posterior(g), v + prior, 1e-8);
		assert_true(gp_jitter(g) == 0);
	}
	gp_free(g);
}

static void
test_posterior_is_scikit_learns(void **state)
{
	FILE *f = fopen(FIXTURE, "r");
	unsigned n, d, m;
	int cases = 0;

	(void)state;
	assert_non_null(f);
	for (; fscanf(f, "%u %u %u", &n, &d, &m) == 3; cases++)
		check_case(f, n, d, m);
	fclose(f);
	assert_int_equal(cases, 3);
}

/* Rows of a mixed space: numeric, conditional numeric, categorical,
 * conditional categorical. */
static const struct gp_dim mixed[4] = {
	{ false, false }, { false, true }, { true, false }, { true, true }
};

static void
random_row(struct rng *r, double *x)
{
	bool active = rng_uniform(r) < 0.6;

	x[0] = rng_uniform(r);
	x[1] = active ? rng_uniform(r) : NAN;
	x[2] = (double)rng_below(r, 3);
	x[3] = active ? (double)rng_below(r, 4) : NAN;
}

static void
mixed_data(size_t n, double *x, double *y)
{
	struct rng r;
	size_t i;

	rng_init(&r, 3, n, RNG_RANDOM);
	for (i = 0; i < n; i++) {
		random_row(&r, x + 4 * i);
		y[i] = 2 * rng_uniform(&r) - 1;
	}
}

static void
test_gradient_of_the_fit(void **state)
{
	double x[4 * 25], y[25], g[6], theta[6] = { 0.3, -0.7, 1.1, -0.2, 0.4,
	    -3 }, step = 1e-5, up, down, keep;
	struct gp_data data = { .n = 25, .d = 4, .dim = mixed,
	    .x = x, .y = y };
	int j;

	(void)state;
	mixed_data(25, x, y);
	gp_objective(&data, FLOOR, theta, g);
	for (j = 0; j < 6; j++) {
		keep = theta[j];
		theta[j] = keep + step;
		up = gp_objective(&data, FLOOR, theta, NULL);
		theta[j] = keep - step;
		down = gp_objective(&data, FLOOR, theta, NULL);
		theta[j] = keep;
		near(g[j], (up - down) / (2 * step), 1e-6);
	}
}

/* Rows of identical points, merged, are the same model: likelihood,
 * gradient and predictions, but for a constant of the likelihood. */
static void
test_repeated_rows(void **state)
{
	double x[4 * 12], y[12], mx[4 * 8], my[8] = { 0 }, count[8];
	double theta[6] = { 0.3, -0.7, 1.1, -0.2, 0.4, -2 }, g[6], mg[6];
	double w[] = { 2, 0.5, 1, 3 }, mean, sd, mmean, msd, off[2];
	struct gp_data data = { .n = 12, .d = 4, .dim = mixed, .x = x,
	    .y = y };
	struct gp_data merged = { .n = 8, .d = 4, .dim = mixed, .x = mx,
	    .y = my, .count = count };
	struct gp *a, *b;
	size_t i;

	(void)state;
	mixed_data(12, x, y);
	/* rows 8 to 10 are row 0 again, 11 is row 3 */
	for (i = 8; i < 12; i++)
		memcpy(x + 4 * i, i < 11 ? x : x + 12, 4 * sizeof(*x));
	memcpy(mx, x, sizeof(mx));
	for (i = 0; i < 8; i++) {
		my[i] = y[i];
		count[i] = i == 0 ? 4 : i == 3 ? 2 : 1;
	}
	my[0] = (y[0] + y[8] + y[9] + y[10]) / 4;
	my[3] = (y[3] + y[11]) / 2;
	merged.repeats = 4;
	for (i = 0; i < 12; i++) {
		mean = i < 8 ? my[i] : i < 11 ? my[0] : my[3];
		merged.scatter += (y[i] - mean) * (y[i] - mean);
	}
	off[0] = gp_objective(&data, FLOOR, theta, g) -
	    gp_objective(&merged, FLOOR, theta, mg);
	for (i = 0; i < 4; i++)		/* the weights' prior is of n */
		g[i] = mg[i];
	for (; i < 6; i++)
		near(g[i], mg[i], 1e-9);
	theta[5] = -4;
	off[1] = gp_objective(&data, FLOOR, theta, NULL) -
	    gp_objective(&merged, FLOOR, theta, NULL);
	near(off[0], off[1], 1e-9);
	a = fixed(&data, w, 1.5, 0.1);
	b = fixed(&merged, w, 1.5, 0.1);
	gp_predict(a, 1, x + 20, &mean, &sd);
	gp_predict(b, 1, x + 20, &mmean, &msd);
	near(mean, mmean, 1e-10);
	near(sd, msd, 1e-10);
	gp_free(a);
	gp_free(b);
}

static void
test_gradient_of_the_prediction(void **state)
{
	double x[4 * 25], y[25], w[] = { 2, 0.5, 1, 3 }, at[4], dm[4], ds[4];
	double mean, sd, m1, s1, m0, s0, step = 1e-6, keep;
	struct gp_data data = { .n = 25, .d = 4, .dim = mixed,
	    .x = x, .y = y };
	struct gp *g;
	struct rng r;
	int i, j;

	(void)state;
	mixed_data(25, x, y);
	g = fixed(&data, w, 1.5, 0.01);
	rng_init(&r, 5, 5, RNG_RANDOM);
	for (i = 0; i < 20; i++) {
		random_row(&r, at);
		if (i == 10) {
			assert_int_equal(gp_condition(g, at), 0);
			random_row(&r, at);
		}
		gp_predict_gradient(g, at, &mean, &sd, dm, ds);
		gp_predict(g, 1, at, &m1, &s1);
		near(mean, m1, 1e-10);
		near(sd, s1, 1e-9);
		for (j = 0; j < 4; j++) {
			if (mixed[j].categorical || isnan(at[j])) {
				assert_true(dm[j] == 0 && ds[j] == 0);
				continue;
			}
			keep = at[j];
			at[j] = keep + step;
			gp_predict(g, 1, at, &m1, &s1);
			at[j] = keep - step;
			gp_predict(g, 1, at, &m0, &s0);
			at[j] = keep;
			near(dm[j], (m1 - m0) / (2 * step), 1e-5);
			near(ds[j], (s1 - s0) / (2 * step), 1e-5);
		}
	}
	gp_free(g);
}

/* An observation at the posterior mean: the same mean everywhere, and the
 * deviations of a model that has the point. */
static void
test_conditioning(void **state)
{
	double x[4 * 26], y[26], w[] = { 2, 0.5, 1, 3 }, at[4], a, b, sa, sb;
	struct gp_data data = { .n = 25, .d = 4, .dim = mixed,
	    .x = x, .y = y }, more = { .n = 26, .d = 4,
	    .dim = mixed, .x = x, .y = y };
	struct gp *g, *h;
	struct rng r;
	int i;

	(void)state;
	mixed_data(25, x, y);
	g = fixed(&data, w, 1.5, 0.01);
	rng_init(&r, 9, 9, RNG_RANDOM);
	random_row(&r, x + 100);
	y[25] = 0;
	h = fixed(&more, w, 1.5, 0.01);
	assert_int_equal(gp_condition(g, x + 100), 0);
	for (i = 0; i < 20; i++) {
		random_row(&r, at);
		gp_predict(h, 1, at, &a, &sa);
		gp_predict(g, 1, at, &b, &sb);
		near(sb, sa, 1e-9);
	}
	gp_free(h);
	h = fixed(&data, w, 1.5, 0.01);
	gp_predict(h, 1, at, &a, &sa);
	near(b, a, 1e-12);
	assert_true(sb <= sa);
	gp_free(h);
	gp_free(g);
}

/* A point at a hundred places: more than there was room for. */
static void
test_many_conditioned_points(void **state)
{
	double x[4 * 5], y[5], w[] = { 2, 0.5, 1, 3 }, at[4], mean, sd;
	struct gp_data data = { .n = 5, .d = 4, .dim = mixed,
	    .x = x, .y = y };
	struct gp *g;
	struct rng r;
	int i;

	(void)state;
	mixed_data(5, x, y);
	g = fixed(&data, w, 1.5, 0.01);
	rng_init(&r, 2, 2, RNG_RANDOM);
	for (i = 0; i < 100; i++) {
		random_row(&r, at);
		assert_int_equal(gp_condition(g, at), 0);
	}
	gp_predict(g, 1, at, &mean, &sd);
	assert_true(sd < 0.1 && isfinite(mean));
	gp_free(g);
}

/* Squared distances of the embedding, from its definition. */
static void
test_conditional_distance(void **state)
{
	const struct gp_dim *n = &mixed[1], *c = &mixed[3];

	(void)state;
	near(gp_distance(n, 0.2, 0.9), 0.49, 1e-12);
	near(gp_distance(n, NAN, 0.9), 0.16 + 0.5, 1e-12);
	near(gp_distance(n, 0.9, NAN), 0.16 + 0.5, 1e-12);
	assert_true(gp_distance(n, NAN, NAN) == 0);
	assert_true(gp_distance(c, 1, 2) == 1 && gp_distance(c, 2, 2) == 0);
	assert_true(gp_distance(c, NAN, 2) == 1);
	assert_true(gp_distance(c, NAN, NAN) == 0);
}

/* A fit finds what the data were made with, roughly: the first coordinate
 * matters, the second does not, and the noise is small. */
static void
test_fit_finds_what_matters(void **state)
{
	struct gp_options o = { .noise_floor = FLOOR, .default_start = true,
	    .random_starts = 2, .seed = 1, .trial = 1, .iterations = 30 };
	double x[80], y[40];
	struct gp_data data = { .n = 40, .d = 2, .dim = numeric,
	    .x = x, .y = y };
	struct err err;
	struct gp *g;
	struct rng r;
	int i;

	(void)state;
	rng_init(&r, 1, 1, RNG_RANDOM);
	for (i = 0; i < 40; i++) {
		x[2 * i] = rng_uniform(&r);
		x[2 * i + 1] = rng_uniform(&r);
		y[i] = sin(6 * x[2 * i]) * 1.4;
	}
	g = gp_fit(&data, &o, &err);
	assert_non_null(g);
	assert_true(gp_weight(g, 0) > 30 * gp_weight(g, 1));
	assert_true(gp_noise(g) < 1e-3);
	gp_free(g);
}

/* n values of a sine at random points, with noise of that deviation. */
static double
noise_found(enum gp_noise_rule rule, size_t n, double deviation)
{
	struct gp_options o = { .noise_floor = FLOOR, .default_start = true,
	    .noise_rule = rule, .random_starts = 2, .iterations = 30 };
	double x[100], y[100], found;
	struct gp_data data = { .n = n, .d = 1, .dim = numeric,
	    .x = x, .y = y };
	struct err err;
	struct gp *g;
	struct rng r;
	size_t i;

	rng_init(&r, 2, 1, RNG_RANDOM);
	for (i = 0; i < n; i++) {
		x[i] = rng_uniform(&r);
		/* a sum of 12 uniform numbers is nearly normal */
		y[i] = -6;
		for (size_t k = 0; k < 12; k++)
			y[i] += rng_uniform(&r);
		y[i] = 1.4 * sin(6 * x[i]) + deviation * y[i];
	}
	g = gp_fit(&data, &o, &err);
	assert_non_null(g);
	found = gp_noise(g);
	gp_free(g);
	return found;
}

static void
test_noise_must_be_the_better_explanation(void **state)
{
	(void)state;
	/* 100 scattered values leave no doubt, 4 leave much */
	assert_true(noise_found(GP_NOISE_JUDGED, 100, 0.3) > 0.04);
	assert_true(noise_found(GP_NOISE_JUDGED, 100, 0.3) < 0.2);
	assert_true(noise_found(GP_NOISE_JUDGED, 4, 0.3) < 2e-5);
	assert_true(noise_found(GP_NOISE_JUDGED, 100, 0) < 2e-5);
	assert_true(noise_found(GP_NOISE_NONE, 100, 0.3) < 2e-5);
	assert_true(noise_found(GP_NOISE_FREE, 100, 0.3) > 0.04);
}

static void
test_hard_data(void **state)
{
	struct gp_options o = { .noise_floor = FLOOR, .default_start = true,
	    .random_starts = 1, .iterations = 30 };
	double x[12] = { 0.5, 0.5, 0.5, 0.5, 0.1, 0.1, 0, 1 };
	double y[6] = { 0 }, mean, sd;
	struct gp_data data = { .n = 1, .d = 2, .dim = numeric,
	    .x = x, .y = y };
	struct err err;
	struct gp *g;

	(void)state;
	for (; data.n <= 6; data.n++) {		/* constant, with repeats */
		g = gp_fit(&data, &o, &err);
		assert_non_null(g);
		gp_predict(g, 1, x + 2, &mean, &sd);
		assert_true(isfinite(mean) && isfinite(sd) && sd > 0);
		gp_free(g);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_two_points),
		cmocka_unit_test(test_posterior_is_scikit_learns),
		cmocka_unit_test(test_gradient_of_the_fit),
		cmocka_unit_test(test_repeated_rows),
		cmocka_unit_test(test_gradient_of_the_prediction),
		cmocka_unit_test(test_conditioning),
		cmocka_unit_test(test_many_conditioned_points),
		cmocka_unit_test(test_conditional_distance),
		cmocka_unit_test(test_fit_finds_what_matters),
		cmocka_unit_test(test_noise_must_be_the_better_explanation),
		cmocka_unit_test(test_hard_data),
	};

	return cmocka_run_group_tests_name("gp", tests, NULL, NULL);
}
