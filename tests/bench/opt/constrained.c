/*
 * constrained: designs with limits.  A limit costs a static penalty: y = f +
 * weight * the sum of violations, each a share of its limit; the weight is
 * several times what the optimum costs and above all its multipliers, so
 * that the optimum stays the constrained one.  Limits that are linear in the
 * raw parameters are declared, too, for optimizers that can keep to them.
 */
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/xmem.h"

#include "classic.h"

#define DIM 7

/* sum of coefficient * parameter <= rhs; by the order of the parameters. */
struct linear {
	double coefficient[DIM];
	double rhs;
};

struct problem {
	const char *name;
	size_t d, budget;
	const char *param[DIM];
	double lo[DIM], hi[DIM];
	bool integer[DIM];
	/* f and, in *broken, the sum of what no linear rule says. */
	double (*f)(const double *x, double *broken);
	double weight;
	double optimum, best[DIM];
	size_t nlinear;
	struct linear linear[4];
};

/* How far value is above its limit, as a share of it. */
static double
above(double value, double limit)
{
	return value > limit ? (value - limit) / fabs(limit) : 0;
}

/*
 * Pressure vessel: Kannan and Kramer 1994.  Shell and head are rolled in
 * sixteenths of an inch.  The volume is the only limit that is not linear
 * (a length of at most 240 is within the bounds).
 */
static double
vessel(const double *x, double *broken)
{
	double ts = 0.0625 * x[0], th = 0.0625 * x[1], r = x[2], l = x[3];
	double volume = PI * r * r * (l + 4.0 / 3 * r);

	*broken = volume < 1296000 ? (1296000 - volume) / 1296000 : 0;
	return 0.6224 * ts * r * l + 1.7781 * th * r * r +
	    3.1661 * ts * ts * l + 19.84 * ts * ts * r;
}

/*
 * Welded beam: Ragsdell and Phillips 1976, in the form of Coello 2000.
 * h, l, t, b.
 */
static double
beam(const double *x, double *broken)
{
	double h = x[0], l = x[1], t = x[2], b = x[3];
	double p = 6000, len = 14, e = 30e6, g = 12e6, tau1, tau2, r, j, pc;
	double bar = 0.04811 * t * b * (14 + l);

	tau1 = p / (sqrt(2) * h * l);
	r = sqrt(l * l / 4 + (h + t) * (h + t) / 4);
	j = 2 * (sqrt(2) * h * l * (l * l / 12 + (h + t) * (h + t) / 4));
	tau2 = p * (len + l / 2) * r / j;
	pc = 4.013 * e * sqrt(t * t * b * b * b * b * b * b / 36) /
	    (len * len) * (1 - t / (2 * len) * sqrt(e / (4 * g)));
	*broken = above(sqrt(tau1 * tau1 + tau1 * tau2 * l / r +
	    tau2 * tau2), 13600);
	*broken += above(6 * p * len / (b * t * t), 30000);
	*broken += above(4 * p * len * len * len / (e * t * t * t * b), 0.25);
	*broken += above(0.10471 * h * h + bar, 5);
	*broken += pc < p ? (p - pc) / p : 0;
	return 1.10471 * h * h * l + bar;
}

/*
 * Spring: Belegundu 1982, Arora 1989.  Wire d, coil D, N turns.  The wire is
 * at most 0.2 here, not 2: there the formula has a pole, at d = D.
 */
static double
spring(const double *x, double *broken)
{
	double d = x[0], c = x[1], n = x[2], d3 = d * d * d;

	*broken = above(-c * c * c * n / (71785 * d3 * d), -1);
	*broken += above((4 * c * c - d * c) / (12566 * (c * d3 - d3 * d)) +
	    1 / (5108 * d * d), 1);
	*broken += above(-140.45 * d / (c * c * n), -1);
	return (n + 2) * c * d * d;
}

/*
 * Speed reducer: Golinski 1970, in the form of Mezura-Montes and Coello
 * 2005.  The teeth are whole.
 */
static double
reducer(const double *x, double *broken)
{
	double b = x[0], m = x[1], z = x[2], l1 = x[3], l2 = x[4];
	double d1 = x[5], d2 = x[6], a = 745 / (m * z);

	*broken = above(27 / (b * m * m * z), 1);
	*broken += above(397.5 / (b * m * m * z * z), 1);
	*broken += above(1.93 * l1 * l1 * l1 / (m * z * d1 * d1 * d1 * d1),
	    1);
	*broken += above(1.93 * l2 * l2 * l2 / (m * z * d2 * d2 * d2 * d2),
	    1);
	*broken += above(sqrt(a * l1 * a * l1 + 16.9e6) /
	    (110 * d1 * d1 * d1), 1);
	*broken += above(sqrt(a * l2 * a * l2 + 157.5e6) /
	    (85 * d2 * d2 * d2), 1);
	*broken += above(m * z, 40);
	return 0.7854 * b * m * m * (3.3333 * z * z + 14.9334 * z - 43.0934) -
	    1.508 * b * (d1 * d1 + d2 * d2) + 7.4777 * (d1 * d1 * d1 +
	    d2 * d2 * d2) + 0.7854 * (l1 * d1 * d1 + l2 * d2 * d2);
}

/* Hartmann's function; most of its best basin is cut off. */
static double
hartmann(const double *x, double *broken)
{
	*broken = 0;
	return classic_hartmann6.f(6, x);
}

/*
 * A quadratic on a corner of the cube.  With the multipliers 2 and 1 of its
 * two rules, both active at the best point, it is least there by the
 * conditions of Karush, Kuhn and Tucker.
 */
static const double corner[5] = { 0.3, 0.15, 0.05, 0.2, 0.3 };

static double
quadratic(const double *x, double *broken)
{
	double sum = 0, f = 0;
	size_t i;

	for (i = 0; i < 5; i++) {
		sum += x[i];
		f += (double)(1 + 4 * i) * (x[i] - corner[i]) *
		    (x[i] - corner[i]);
	}
	*broken = 0;
	return f + 2 * (1 - sum) + 1 * (x[0] - x[1] - 0.15);
}

static const struct problem problems[] = {
	{ "con-pressure-vessel", 4, 60, { "shell", "head", "radius",
	    "length" }, { 1, 1, 10, 10 }, { 99, 99, 200, 200 },
	    { true, true }, vessel, 60000,
	    6059.7143350484436, { 13, 7, 42.098445595854922,
	    176.63659584243938 }, 2,
	    { { { -0.0625, 0, 0.0193 }, 0 },
	    { { 0, -0.0625, 0.00954 }, 0 } } },
	{ "con-welded-beam", 4, 60, { "h", "l", "t", "b" },
	    { 0.125, 0.1, 0.1, 0.1 }, { 2, 10, 10, 2 }, { 0 }, beam, 10,
	    1.7248523085973650, { 0.20572963978607946,
	    3.4704886656280020, 9.0366239103576337,
	    0.20572963978607946 }, 1, { { { 1, 0, 0, -1 }, 0 } } },
	{ "con-spring", 3, 45, { "wire", "coil", "turns" },
	    { 0.05, 0.25, 2 }, { 0.2, 1.3, 15 }, { 0 }, spring, 0.1,
	    0.012665232788319417, { 0.051689061082763453,
	    0.35671773979944078, 11.288965751613344 }, 1,
	    { { { 1, 1 }, 1.5 } } },
	{ "con-speed-reducer", 7, 105, { "width", "module", "teeth",
	    "l1", "l2", "d1", "d2" }, { 2.6, 0.7, 17, 7.3, 7.3, 2.9, 5 },
	    { 3.6, 0.8, 28, 8.3, 8.3, 3.9, 5.5 }, { false, false, true },
	    reducer, 30000, 2994.4710661468200, { 3.5, 0.7, 17, 7.3,
	    7.7153199115082441, 3.3502146660964473, 5.2866544649802219 }, 4,
	    { { { -1, 5 }, 0 }, { { 1, -12 }, 0 },
	    { { 0, 0, 0, -1, 0, 1.5 }, -1.9 },
	    { { 0, 0, 0, 0, -1, 0, 1.1 }, -1.9 } } },
	{ "con-hartmann6-simplex", 6, 90, { "x0", "x1", "x2", "x3", "x4",
	    "x5" }, { 0 }, { 1, 1, 1, 1, 1, 1 }, { 0 }, hartmann, 100,
	    -2.5951082936985171, { 0.10851374683985422,
	    0.037957272584255234, 0.20577105017171368,
	    0.24803683223608201, 0.28334212207998737,
	    0.61637897608810749 }, 2, { { { 1, 1, 1, 1, 1, 1 }, 1.5 },
	    { { 1, 0, 0, 1, 0, -1 }, 0 } } },
	{ "con-quadratic-d5", 5, 75, { "x0", "x1", "x2", "x3", "x4" },
	    { 0 }, { 1, 1, 1, 1, 1 }, { 0 }, quadratic, 10, 0,
	    { 0.3, 0.15, 0.05, 0.2, 0.3 }, 2,
	    { { { 1, 1, 1, 1, 1 }, 1 }, { { -1, 1 }, -0.15 } } }
};

static size_t
count(void)
{
	return sizeof(problems) / sizeof(problems[0]);
}

/* What a linear rule counts: its excess as a share of its limit, or of 1. */
static double
excess(const struct problem *p, const struct linear *rule, const double *x)
{
	double sum = -rule->rhs, scale = fabs(rule->rhs);
	size_t i;

	for (i = 0; i < p->d; i++)
		sum += rule->coefficient[i] * x[i];
	/* Sums within 1e-12 of the limit are equal: see constraints(5). */
	return sum > 1e-12 ? sum / (scale > 0 ? scale : 1) : 0;
}

static void
evaluate(const struct task *t, const double *point, uint64_t n,
    struct result *r)
{
	const struct problem *p = t->data;
	double broken, f = p->f(point, &broken);
	size_t i;

	(void)n;
	for (i = 0; i < p->nlinear; i++)
		broken += excess(p, &p->linear[i], point);
	result_set(r, f + p->weight * broken);
}

static void
write_rule(struct buf *out, const struct problem *p,
    const struct linear *rule)
{
	char text[NUM_TEXT];
	const char *comma = "";
	size_t i;

	buf_adds(out, "{\"terms\":[");
	for (i = 0; i < p->d; i++) {
		if (!(fabs(rule->coefficient[i]) > 0))
			continue;
		buf_addf(out, "%s{\"param\":\"%s\",\"coefficient\":%s}",
		    comma, p->param[i], num_real(text, rule->coefficient[i]));
		comma = ",";
	}
	buf_addf(out, "],\"operator\":\"<=\",\"rhs\":%s}",
	    num_real(text, rule->rhs));
}

static void
write_rules(struct task *t, const struct problem *p)
{
	size_t i;

	buf_adds(&t->constraints_text, "{\"linear_inequalities\":[");
	for (i = 0; i < p->nlinear; i++) {
		if (i > 0)
			buf_addc(&t->constraints_text, ',');
		write_rule(&t->constraints_text, p, &p->linear[i]);
	}
	buf_adds(&t->constraints_text, "]}");
}

/* Published designs stand where they stand: the instance moves nothing. */
static void
open_problem(struct task *t, size_t i, uint64_t instance)
{
	const struct problem *p = &problems[i];
	struct problem *copy = task_data(t, sizeof(*copy));

	(void)instance;
	*copy = *p;
	t->name = xstrdup(p->name);
	t->budget = p->budget;
	t->evaluate = evaluate;
	t->optimum = p->optimum;
	for (i = 0; i < p->d; i++) {
		if (p->integer[i])
			task_int(t, p->param[i], (int)p->lo[i], (int)p->hi[i],
			    "");
		else
			task_float(t, p->param[i], p->lo[i], p->hi[i], "");
	}
	task_end_space(t);
	write_rules(t, p);
	t->best_point = xcalloc(p->d, sizeof(*t->best_point));
	memcpy(t->best_point, p->best, p->d * sizeof(*t->best_point));
}

const struct family constrained_family = { "constrained", count,
    open_problem };
