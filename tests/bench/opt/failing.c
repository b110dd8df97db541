/*
 * failing: functions that crash in a part of their space, as a simulation
 * or a build does.  The best point never fails, but it may lie near the edge.
 */

#include "base/xmem.h"

#include "classic.h"

struct problem {
	const char *name;
	const struct classic *c;
	size_t d;
	size_t budget;
	bool (*crash)(const struct moved *, const double *x);
};

struct failing {
	struct moved m;
	const struct problem *p;
};

static double
distance(size_t d, const double *a, const double *b)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < d; i++)
		sum += (a[i] - b[i]) * (a[i] - b[i]);
	return sqrt(sum);
}

/* Around the second best basin (-3.2032), and where x2 is far above x4. */
static bool
disc(const struct moved *m, const double *x)
{
	static const double basin[6] = { 0.4047, 0.8824, 0.8461, 0.5740,
	    0.1389, 0.0385 };

	return distance(m->d, x, basin) < 0.6 || x[2] - x[4] > 0.5;
}

/* Two of the three best points are lost, and 0.3 to the right of the third
 * (one fiftieth of the range) it crashes, too. */
static bool
edge(const struct moved *m, const double *x)
{
	static const double left[2] = { -PI, 12.275 }, right[2] = { 9, 3 };

	return distance(m->d, x, left) < 3 || distance(m->d, x, right) < 5.6;
}

/* What is turned about the middle of the box changes sign: just half of the
 * space is below zero.  The half with the best point is the one that works. */
static double
side(const struct moved *m, const double *x)
{
	static const double w[5] = { 1, -0.6, 0.8, -0.4, 0.5 };
	double sum = 0, u;
	size_t i;

	for (i = 0; i < m->d; i++) {
		u = (x[i] - m->offset[i] - m->c->lo[1]) /
		    (m->c->hi[1] - m->c->lo[1]);
		sum += w[i] * (u - 0.5) - 0.1 * sin(2 * PI * u);
	}
	return sum;
}

static bool
half(const struct moved *m, const double *x)
{
	double best = side(m, m->c->best), here = side(m, x);

	return best < 0 ? here > 0 : here < 0;
}

static const struct problem problems[] = {
	{ "fail-hartmann6-disc", &classic_hartmann6, 6, 90, disc },
	{ "fail-branin-edge", &classic_branin, 2, 40, edge },
	{ "fail-rosenbrock-d5-half", &classic_rosenbrock, 5, 75, half }
};

static size_t
count(void)
{
	return sizeof(problems) / sizeof(problems[0]);
}

static void
evaluate(const struct task *t, const double *point, uint64_t n,
    struct result *r)
{
	const struct failing *d = t->data;
	double x[CLASSIC_DIM];

	(void)n;
	classic_x(&d->m, point, x);
	result_set(r, d->p->c->f(d->p->d, x));
	r->failed = d->p->crash(&d->m, x);
}

static void
open_problem(struct task *t, size_t i, uint64_t instance)
{
	struct failing *d = task_data(t, sizeof(*d));

	(void)instance;
	d->p = &problems[i];
	t->name = xstrdup(d->p->name);
	t->budget = d->p->budget;
	t->evaluate = evaluate;
	classic_move(&d->m, d->p->c, d->p->d, t);
	classic_space(t, &d->m);
}

const struct family failing_family = { "failures", count, open_problem };
