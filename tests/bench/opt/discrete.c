/*
 * discrete: problems whose parameters are mostly choices.  The instance
 * turns the choices of each parameter and shifts ints and Ackley's floats.
 */
#include <stdio.h>

#include "base/xmem.h"

#include "classic.h"
#include "stages.h"

#define CHOICES 50
#define NUMBERS 8

/* A point as the formulas have it. */
struct values {
	int c[CHOICES];
	double x[NUMBERS];
};

struct problem {
	const char *name;
	size_t budget;
	size_t nchoice;
	const int *levels;		/* of each choice; NULL: level */
	int level;
	size_t nnumber;
	bool integer;
	double lo, hi;
	double shift;			/* x moves by up to this */
	double (*f)(const struct values *);
	double optimum;
	const struct values *best;
};

struct discrete {
	const struct problem *p;
	int turn[CHOICES];
	double shift[NUMBERS];
};

/*
 * Func2C and Func3C: Ru, Alvi, Nguyen, Osborne and Roberts 2020, "Bayesian
 * Optimisation over Multiple Continuous and Categorical Inputs".  The
 * choices say which functions of two variables are summed.
 */
static double
one_of(int which, const double *x)
{
	double a = 2 * x[0], b = 2 * x[1], p, q, r;

	switch (which) {
	case 0:				/* Rosenbrock */
		return (100 * (b - a * a) * (b - a * a) +
		    (a - 1) * (a - 1)) / 300;
	case 1:				/* six-hump camel */
		return ((4 - 2.1 * a * a + a * a * a * a / 3) * a * a +
		    a * b + (-4 + 4 * b * b) * b * b) / 10;
	default:			/* Beale */
		p = 1.5 - a + a * b;
		q = 2.25 - a + a * b * b;
		r = 2.625 - a + a * b * b * b;
		return (p * p + q * q + r * r) / 50;
	}
}

static double
func2c(const struct values *v)
{
	return one_of(v->c[0], v->x) + one_of(v->c[1], v->x);
}

static double
func3c(const struct values *v)
{
	static const int which[4] = { 1, 0, 2, 2 };
	static const double weight[4] = { 5, 2, 2, 3 };

	return func2c(v) + weight[v->c[2]] * one_of(which[v->c[2]], v->x);
}

static double
pest(const struct values *v)
{
	return stages_pest(v->c);
}

static double
contamination(const struct values *v)
{
	return stages_contamination(v->c);
}

/* Ackley-53: Wan, Nguyen, Ha, Ru, Lu and Osborne 2021, "Think Global and
 * Act Local". */
static double
ackley(const struct values *v)
{
	double x[53];
	size_t i;

	for (i = 0; i < 50; i++)
		x[i] = v->c[i];
	for (i = 0; i < 3; i++)
		x[50 + i] = v->x[i];
	return classic_ackley.f(53, x);
}

/* Rosenbrock over integers: Bliek, Verwer and de Weerdt 2021, "Black-box
 * Combinatorial Optimization using Models with Integer-valued Minima". */
static double
rosenbrock(const struct values *v)
{
	return classic_rosenbrock.f(8, v->x);
}

static const int func_levels[3] = { 3, 5, 4 };
static const struct values best_func = { { 1, 1, 0 },
    { 0.044921006630149774, -0.35632820168509346 } };
static const struct values best_pest = { { 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3,
    3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 0 }, { 0 } };
static const struct values best_contamination = { { 0, 1, 1, 0, 1, 0, 1, 1, 1,
    0, 1, 1, 0, 1, 1, 1, 0, 1, 1, 0, 0 }, { 0 } };
static const struct values best_ackley = { { 0 }, { 0 } };
static const struct values best_rosenbrock = { { 0 },
    { 1, 1, 1, 1, 1, 1, 1, 1 } };

static const struct problem problems[] = {
	{ "cat-func2c", 60, 2, func_levels, 0, 2, false, -1, 1, 0, func2c,
	    -0.20632569069797548, &best_func },
	{ "cat-func3c", 75, 3, func_levels, 0, 2, false, -1, 1, 0, func3c,
	    -0.72213991744291418, &best_func },
	/* The least value that 15 of 16 long searches found. */
	{ "cat-pest-control", 120, PEST_STAGES, NULL, 5, 0, false, 0, 0, 0,
	    pest, 12.0016, &best_pest },
	/* The least of all 2^21. */
	{ "cat-contamination", 120, CONTAMINATION_STAGES, NULL, 2, 0, false,
	    0, 0, 0, contamination, 17.97,
	    &best_contamination },
	{ "cat-ackley-d53", 120, 50, NULL, 2, 3, false, -1, 1, 0.5, ackley,
	    0, &best_ackley },
	{ "int-rosenbrock-d8", 120, 0, NULL, 0, 8, true, -5, 10, 3,
	    rosenbrock, 0, &best_rosenbrock }
};

static size_t
count(void)
{
	return sizeof(problems) / sizeof(problems[0]);
}

static int
levels(const struct problem *p, size_t i)
{
	return p->levels != NULL ? p->levels[i] : p->level;
}

static void
evaluate(const struct task *t, const double *point, uint64_t n,
    struct result *r)
{
	const struct discrete *d = t->data;
	const struct problem *p = d->p;
	struct values v;
	size_t i;

	(void)n;
	for (i = 0; i < p->nchoice; i++)
		v.c[i] = ((int)point[i] + d->turn[i]) % levels(p, i);
	for (i = 0; i < p->nnumber; i++)
		v.x[i] = point[p->nchoice + i] - d->shift[i];
	result_set(r, p->f(&v));
}

static void
draw(struct discrete *d, const struct task *t)
{
	struct rng rng;
	size_t i;

	task_rng(&rng, t->name, t->instance, 0);
	for (i = 0; i < d->p->nchoice; i++)
		d->turn[i] = (int)rng_below(&rng,
		    (uint32_t)levels(d->p, i));
	for (i = 0; i < d->p->nnumber; i++) {
		d->shift[i] = d->p->shift * (2 * rng_uniform(&rng) - 1);
		if (d->p->integer)
			d->shift[i] = rint(d->shift[i]);
	}
}

static void
write_choice(struct task *t, size_t i, int n)
{
	char name[32];

	snprintf(name, sizeof(name), "c%zu", i);
	if (n == 2)
		task_bool(t, name, "");
	else
		task_categorical(t, name, n, "");
}

static void
write_space(struct task *t, const struct problem *p)
{
	char name[32];
	size_t i;

	for (i = 0; i < p->nchoice; i++)
		write_choice(t, i, levels(p, i));
	for (i = 0; i < p->nnumber; i++) {
		snprintf(name, sizeof(name), "x%zu", i);
		if (p->integer)
			task_int(t, name, (int)p->lo, (int)p->hi, "");
		else
			task_float(t, name, p->lo, p->hi, "");
	}
	task_end_space(t);
}

static void
set_best(struct task *t, const struct discrete *d)
{
	const struct problem *p = d->p;
	double *best = xcalloc(p->nchoice + p->nnumber, sizeof(*best));
	size_t i;

	for (i = 0; i < p->nchoice; i++)
		best[i] = (p->best->c[i] - d->turn[i] + levels(p, i)) %
		    levels(p, i);
	for (i = 0; i < p->nnumber; i++)
		best[p->nchoice + i] = p->best->x[i] + d->shift[i];
	t->best_point = best;
	t->optimum = p->optimum;
}

static void
open_problem(struct task *t, size_t i, uint64_t instance)
{
	struct discrete *d = task_data(t, sizeof(*d));

	(void)instance;
	d->p = &problems[i];
	t->name = xstrdup(d->p->name);
	t->budget = d->p->budget;
	t->evaluate = evaluate;
	draw(d, t);
	write_space(t, d->p);
	set_best(t, d);
}

const struct family discrete_family = { "categorical", count, open_problem };
