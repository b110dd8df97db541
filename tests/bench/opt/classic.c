/* classic: smooth functions with a known least value.  See classic.h. */
#include <stdio.h>

#include "base/xmem.h"

#include "classic.h"

/* Branin 1972 in the form of Dixon and Szego 1978. */
static double
branin(size_t d, const double *x)
{
	double a = x[1] - 5.1 / (4 * PI * PI) * x[0] * x[0] +
	    5 / PI * x[0] - 6;

	(void)d;
	return a * a + 10 * (1 - 1 / (8 * PI)) * cos(x[0]) + 10;
}

/* Hartman 1973, with the constants of Dixon and Szego 1978. */
static double
hartmann6(size_t d, const double *x)
{
	static const double c[4] = { 1, 1.2, 3, 3.2 };
	static const double a[4][6] = {
		{ 10, 3, 17, 3.5, 1.7, 8 }, { 0.05, 10, 17, 0.1, 8, 14 },
		{ 3, 3.5, 1.7, 10, 17, 8 }, { 17, 8, 0.05, 10, 0.1, 14 }
	};
	static const double p[4][6] = {
		{ 0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886 },
		{ 0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991 },
		{ 0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650 },
		{ 0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381 }
	};
	double sum = 0, e;
	size_t i, j;

	(void)d;
	for (i = 0; i < 4; i++) {
		e = 0;
		for (j = 0; j < 6; j++)
			e += a[i][j] * (x[j] - p[i][j]) * (x[j] - p[i][j]);
		sum += c[i] * exp(-e);
	}
	return -sum;
}

/* Rosenbrock 1960. */
static double
rosenbrock(size_t d, const double *x)
{
	double sum = 0, a, b;
	size_t i;

	for (i = 0; i + 1 < d; i++) {
		a = x[i + 1] - x[i] * x[i];
		b = 1 - x[i];
		sum += 100 * a * a + b * b;
	}
	return sum;
}

/* Ackley 1987. */
static double
ackley(size_t d, const double *x)
{
	double squares = 0, waves = 0, n = (double)d;
	size_t i;

	for (i = 0; i < d; i++) {
		squares += x[i] * x[i];
		waves += cos(2 * PI * x[i]);
	}
	return 20 * (1 - exp(-0.2 * sqrt(squares / n))) + exp(1) -
	    exp(waves / n);
}

/* Levy and Montalvo 1985, as in Laguna and Marti 2005. */
static double
levy(size_t d, const double *x)
{
	double w = 1 + (x[0] - 1) / 4, sum = square(sin(PI * w));
	size_t i;

	for (i = 0; i < d; i++) {
		w = 1 + (x[i] - 1) / 4;
		if (i + 1 < d)
			sum += square(w - 1) *
			    (1 + 10 * square(sin(PI * w + 1)));
		else
			sum += square(w - 1) *
			    (1 + square(sin(2 * PI * w)));
	}
	return sum;
}

/* The ellipsoid with condition number 30. */
static double
quadratic(size_t d, const double *x)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < d; i++)
		sum += pow(30, (double)i / (double)(d - 1)) * x[i] * x[i];
	return sum;
}

const struct classic classic_branin = {
	branin, { -5, 0 }, { 10, 15 }, false, 0.39788735772973816,
	{ PI, 2.275 }
};
const struct classic classic_hartmann6 = {
	hartmann6, { 0, 0 }, { 1, 1 }, false, -3.3223680114155147,
	{ 0.20168951, 0.15001069, 0.47687398, 0.27533243, 0.31165162,
	    0.65730053 }
};
const struct classic classic_rosenbrock = {
	rosenbrock, { -2.048, -2.048 }, { 2.048, 2.048 }, true, 0,
	{ 1, 1, 1, 1, 1, 1, 1, 1 }
};
const struct classic classic_ackley = {
	ackley, { -32.768, -32.768 }, { 32.768, 32.768 }, true, 0, { 0 }
};
const struct classic classic_levy = {
	levy, { -10, -10 }, { 10, 10 }, true, 0, { 1, 1, 1, 1, 1, 1, 1, 1 }
};
const struct classic classic_quadratic = {
	quadratic, { -5, -5 }, { 5, 5 }, true, 0, { 0 }
};

static void
move_axis(struct moved *m, size_t i, double u)
{
	double lo = m->c->lo[i > 0], hi = m->c->hi[i > 0], at;

	m->sign[i] = 1;
	m->offset[i] = 0;
	if (m->c->shift) {
		/* The best value lies in the inner 70 % of the range. */
		at = lo + (hi - lo) * (0.15 + 0.7 * u);
		m->offset[i] = m->c->best[i] - at;
	} else if (u < 0.5) {
		m->sign[i] = -1;
		m->offset[i] = lo + hi;
	}
}

void
classic_move(struct moved *m, const struct classic *c, size_t d,
    const struct task *t)
{
	struct rng rng;
	size_t i;

	m->c = c;
	m->d = d;
	task_rng(&rng, t->name, t->instance, 0);
	for (i = 0; i < d; i++)
		move_axis(m, i, rng_uniform(&rng));
}

void
classic_x(const struct moved *m, const double *point, double *x)
{
	size_t i;

	for (i = 0; i < m->d; i++)
		x[i] = m->sign[i] * point[i] + m->offset[i];
}

double
classic_value(const struct moved *m, const double *point)
{
	double x[CLASSIC_DIM];

	classic_x(m, point, x);
	return m->c->f(m->d, x);
}

void
classic_space(struct task *t, const struct moved *m)
{
	char name[32];
	size_t i;

	t->optimum = m->c->optimum;
	t->best_point = xcalloc(m->d, sizeof(*t->best_point));
	for (i = 0; i < m->d; i++) {
		snprintf(name, sizeof(name), "x%zu", i);
		task_float(t, name, m->c->lo[i > 0], m->c->hi[i > 0], "");
		t->best_point[i] = m->sign[i] *
		    (m->c->best[i] - m->offset[i]);
	}
	task_end_space(t);
}
