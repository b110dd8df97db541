/* front: two or three objectives.  See front.h. */
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"

#include "front.h"
#include "task.h"

/* --------------------------------------------------------- hypervolume */

/* The lower left border of a set: x ascends, y descends. */
struct stairs {
	double (*step)[2];
	size_t n;
	double area;	/* between it and the reference */
};

/* The area grows by what the point alone covers: strips between the stairs
 * from its x to the first step that is at most as high. */
static void
add_step(struct stairs *s, double x, double y)
{
	size_t first = 0, last;
	double from, to, top = FRONT_REFERENCE;

	while (first < s->n && s->step[first][0] <= x)
		top = s->step[first++][1];
	if (top <= y)
		return;
	from = x;
	for (last = first; ; last++) {
		to = last < s->n ? s->step[last][0] : FRONT_REFERENCE;
		s->area += (to - from) * (top - y);
		if (last == s->n || s->step[last][1] < y)
			break;
		from = to;
		top = s->step[last][1];
	}
	memmove(s->step + first + 1, s->step + last,
	    (s->n - last) * sizeof(*s->step));
	s->step[first][0] = x;
	s->step[first][1] = y;
	s->n = s->n - (last - first) + 1;
}

/* By the third objective, then by the others: no two orders are possible. */
static int
by_height(const void *a, const void *b)
{
	const double *p = a, *q = b;
	int i;

	for (i = 2; i >= 0; i--)
		if (p[i] < q[i] || p[i] > q[i])
			return p[i] < q[i] ? -1 : 1;
	return 0;
}

static size_t
take_inside(double (*out)[3], size_t nobj, size_t n, const double *y)
{
	size_t i, j, k = 0;

	for (i = 0; i < n; i++) {
		/* Two objectives are a slab of height 1. */
		out[k][2] = FRONT_REFERENCE - 1;
		for (j = 0; j < nobj && y[nobj * i + j] < FRONT_REFERENCE; j++)
			out[k][j] = y[nobj * i + j];
		k += j == nobj;
	}
	return k;
}

double
front_dominated(size_t nobj, size_t n, const double *y)
{
	double (*p)[3] = xcalloc(n + 1, sizeof(*p)), volume = 0, z;
	struct stairs s = { xcalloc(n + 2, sizeof(*s.step)), 0, 0 };
	size_t i;

	n = take_inside(p, nobj, n, y);
	qsort(p, n, sizeof(*p), by_height);
	for (i = 0; i < n; i++) {
		add_step(&s, p[i][0], p[i][1]);
		z = i + 1 < n ? p[i + 1][2] : FRONT_REFERENCE;
		volume += s.area * (z - p[i][2]);
	}
	free(p);
	free(s.step);
	return volume;
}

/* ------------------------------------------------------------ problems */

struct problem {
	const char *name;
	size_t nobj, d, budget;
	double lo, hi;
	void (*f)(size_t d, const double *x, double *y);
	double optimum;
	double ideal[TASK_OBJECTIVES], nadir[TASK_OBJECTIVES];
};

/* Zitzler, Deb and Thiele 2000, "Comparison of Multiobjective Evolutionary
 * Algorithms". */
static double
zdt_g(size_t d, const double *x)
{
	double sum = 0;
	size_t i;

	for (i = 1; i < d; i++)
		sum += x[i];
	return 1 + 9 * sum / (double)(d - 1);
}

static void
zdt1(size_t d, const double *x, double *y)
{
	double g = zdt_g(d, x);

	y[0] = x[0];
	y[1] = g * (1 - sqrt(x[0] / g));
}

static void
zdt2(size_t d, const double *x, double *y)
{
	double g = zdt_g(d, x);

	y[0] = x[0];
	y[1] = g * (1 - x[0] / g * (x[0] / g));
}

static void
zdt3(size_t d, const double *x, double *y)
{
	double g = zdt_g(d, x);

	y[0] = x[0];
	y[1] = g * (1 - sqrt(x[0] / g) - x[0] / g * sin(10 * PI * x[0]));
}

/* Deb, Thiele, Laumanns and Zitzler 2002, "Scalable Multi-Objective
 * Optimization Test Problems": the front is the unit sphere's. */
static double
dtlz2_radius(size_t d, const double *x, size_t first)
{
	double r = 1;
	size_t i;

	for (i = first; i < d; i++)
		r += (x[i] - 0.5) * (x[i] - 0.5);
	return r;
}

static void
dtlz2_two(size_t d, const double *x, double *y)
{
	double r = dtlz2_radius(d, x, 1), a = PI / 2 * x[0];

	y[0] = r * cos(a);
	y[1] = r * sin(a);
}

static void
dtlz2_three(size_t d, const double *x, double *y)
{
	double r = dtlz2_radius(d, x, 2), a = PI / 2 * x[0];
	double b = PI / 2 * x[1];

	y[0] = r * cos(a) * cos(b);
	y[1] = r * cos(a) * sin(b);
	y[2] = r * sin(a);
}

/* RE3-5-4, vehicle crash safety (mass, acceleration, intrusion): Liao, Li,
 * Yang, Zhang and Li 2008, as in Tanabe and Ishibuchi 2020, "An easy-to-use
 * real-world multi-objective optimization problem suite". */
static void
vehicle(size_t d, const double *x, double *y)
{
	double a = x[0], b = x[1], c = x[2], e = x[3], f = x[4];

	(void)d;
	y[0] = 1640.2823 + 2.3573285 * a + 2.3220035 * b + 4.5688768 * c +
	    7.7213633 * e + 4.4559504 * f;
	y[1] = 6.5856 + 1.15 * a - 1.0427 * b + 0.9738 * c + 0.8364 * e -
	    0.3695 * a * e + 0.0861 * a * f + 0.3628 * b * e -
	    0.1106 * a * a - 0.3437 * c * c + 0.1764 * e * e;
	y[2] = -0.0551 + 0.0181 * a + 0.1024 * b + 0.0421 * c -
	    0.0073 * a * b + 0.024 * b * c - 0.0118 * b * e -
	    0.0204 * c * e - 0.008 * c * f - 0.0241 * b * b +
	    0.0109 * e * e;
}

/*
 * The fronts' hypervolumes: ZDT1 0.21 + 2/3, ZDT2 0.21 + 1/3, DTLZ2
 * 1.21 - pi/4 and 1.331 - pi/6; ZDT3 by quadrature over its front.  The
 * vehicle's was searched for: cells of width 0.001 of the first two
 * objectives keep the least third that they saw; 3e7 points, random ones
 * and changes of kept ones (steps of 0.001 to 1), bring the sum between
 * 1.0528 (from the cells' upper corners: reached) and 1.0550 (lower ones).
 */
static const struct problem problems[] = {
	{ "front-zdt1-d8", 2, 8, 100, 0, 1, zdt1, 0.87666666666666667,
	    { 0, 0 }, { 1, 1 } },
	{ "front-zdt2-d8", 2, 8, 100, 0, 1, zdt2, 0.54333333333333333,
	    { 0, 0 }, { 1, 1 } },
	{ "front-zdt3-d6", 2, 6, 90, 0, 1, zdt3, 0.7274525085,
	    { 0, -0.77336901 }, { 0.85183287, 1 } },
	{ "front-dtlz2-d6", 2, 6, 80, 0, 1, dtlz2_two, 0.42460183660255172,
	    { 0, 0 }, { 1, 1 } },
	{ "front-dtlz2-d7-three", 3, 7, 100, 0, 1, dtlz2_three,
	    0.80740122440170115, { 0, 0, 0 }, { 1, 1, 1 } },
	{ "front-vehicle", 3, 5, 75, 1, 3, vehicle, 1.054,
	    { 1661.7078, 6.1428, 0.0394 }, { 1695.2002, 10.7454, 0.2640 } }
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
	const struct problem *p = t->data;

	(void)n;
	r->failed = false;
	p->f(p->d, point, r->y);
	memcpy(r->truth, r->y, sizeof(r->truth));
}

/* Fronts stand where they were published: the instance moves nothing. */
static void
open_problem(struct task *t, size_t i, uint64_t instance)
{
	const struct problem *p = &problems[i];
	struct problem *copy = task_data(t, sizeof(*copy));

	(void)instance;
	*copy = *p;
	t->name = xstrdup(p->name);
	t->nobjective = p->nobj;
	t->budget = p->budget;
	t->evaluate = evaluate;
	t->optimum = p->optimum;
	memcpy(t->ideal, p->ideal, sizeof(t->ideal));
	memcpy(t->nadir, p->nadir, sizeof(t->nadir));
	task_box(t, p->d, p->lo, p->hi);
}

const struct family front_family = { "pareto", count, open_problem };
