/*
 * conditional: spaces in which some parameters exist only under others.
 * Inactive parameters are NaN in a point; no formula looks at them.
 */
#include <string.h>

#include "base/xmem.h"

#include "classic.h"

#define PARAMS 20

struct conditional {
	double at[PARAMS];	/* where the instance has the best value */
	int turn;		/* the instance's order of choices */
};

struct problem {
	const char *name;
	size_t budget;
	void (*space)(struct task *);
	/* Sets at, turn and the best point (NaN to begin with). */
	void (*draw)(struct conditional *, struct rng *, double *best);
	double (*f)(const struct conditional *, const double *);
	double optimum;
};

struct data {
	const struct problem *p;
	struct conditional c;
};

static double
between(struct rng *rng, double lo, double hi)
{
	return lo + (hi - lo) * rng_uniform(rng);
}

/*
 * Jenatton, Archambeau, Gonzalez and Seeger 2017, "Bayesian Optimization
 * with Tree-structured Dependencies": a binary tree of depth two with a
 * quadratic in each leaf and a variable shared by each half.
 */
enum tree { T1, T2, T3, T4, T5, T6, T7, T8, T9 };

static void
tree_space(struct task *t)
{
	task_bool(t, "x1", "");
	task_bool(t, "x2", ",\"when\":{\"x1\":false}");
	task_bool(t, "x3", ",\"when\":{\"x1\":true}");
	task_float(t, "x4", -1, 1, ",\"when\":{\"x2\":false}");
	task_float(t, "x5", -1, 1, ",\"when\":{\"x2\":true}");
	task_float(t, "x6", -1, 1, ",\"when\":{\"x3\":false}");
	task_float(t, "x7", -1, 1, ",\"when\":{\"x3\":true}");
	task_float(t, "r8", 0, 1, ",\"when\":{\"x1\":false}");
	task_float(t, "r9", 0, 1, ",\"when\":{\"x1\":true}");
}

/* The turn's bits swap the branches of the nodes. */
static void
tree_draw(struct conditional *c, struct rng *rng, double *best)
{
	size_t i;
	int second;

	c->turn = (int)rng_below(rng, 4);
	for (i = T4; i <= T7; i++)
		c->at[i] = between(rng, -0.6, 0.6);
	best[T1] = c->turn & 1;
	second = c->turn >> 1;
	best[c->turn & 1 ? T3 : T2] = second;
	i = T4 + 2 * (size_t)(c->turn & 1) + (size_t)second;
	best[i] = c->at[i];
	best[c->turn & 1 ? T9 : T8] = 0;
}

static double
tree(const struct conditional *c, const double *x)
{
	int first = x[T1] > 0.5, second = x[first ? T3 : T2] > 0.5;
	size_t leaf = T4 + 2 * (size_t)first + (size_t)second;
	int rank = 2 * (first ^ (c->turn & 1)) + (second ^ (c->turn >> 1));

	return square(x[leaf] - c->at[leaf]) + 0.1 * (rank + 1) +
	    x[first ? T9 : T8];
}

/*
 * Training a network, as a formula: each term is zero at its best value and
 * saturates where training would diverge.  The best learning rate grows with
 * the root of the batch, the best weight decay depends on dropout, the best
 * widths on the depth.
 */
enum net { OPTIMIZER, LR_SGD, MOMENTUM, NESTEROV, LR_ADAM, BETA1, BETA2,
	LR_RMS, ALPHA, BATCH, DECAY, LAYERS, WIDTH1, WIDTH2, WIDTH3, WIDTH4,
	DROPOUT, RATE, NET_PARAMS };

static void
net_space(struct task *t)
{
	static const char sgd[] = ",\"when\":{\"opt\":\"c0\"}";
	static const char adam[] = ",\"when\":{\"opt\":\"c1\"}";
	static const char log_sgd[] = ",\"scale\":\"log\","
	    "\"when\":{\"opt\":\"c0\"}";
	static const char log_adam[] = ",\"scale\":\"log\","
	    "\"when\":{\"opt\":\"c1\"}";
	static const char log_rms[] = ",\"scale\":\"log\","
	    "\"when\":{\"opt\":\"c2\"}";
	static const char log_only[] = ",\"scale\":\"log\"";

	task_categorical(t, "opt", 3, "");
	task_float(t, "lr_sgd", 1e-4, 1, log_sgd);
	task_float(t, "momentum", 0, 0.99, sgd);
	task_bool(t, "nesterov", sgd);
	task_float(t, "lr_adam", 1e-5, 0.1, log_adam);
	task_float(t, "beta1", 0.5, 0.99, adam);
	task_float(t, "beta2_off", 1e-4, 0.1, log_adam);
	task_float(t, "lr_rms", 1e-5, 0.1, log_rms);
	task_float(t, "alpha_off", 1e-3, 0.5, log_rms);
	task_int(t, "batch", 16, 512, log_only);
	task_float(t, "decay", 1e-6, 0.1, log_only);
	task_int(t, "layers", 1, 4, "");
	task_int(t, "width1", 8, 1024, log_only);
	task_int(t, "width2", 8, 1024,
	    ",\"scale\":\"log\",\"when\":{\"layers\":[2,3,4]}");
	task_int(t, "width3", 8, 1024,
	    ",\"scale\":\"log\",\"when\":{\"layers\":[3,4]}");
	task_int(t, "width4", 8, 1024,
	    ",\"scale\":\"log\",\"when\":{\"layers\":4}");
	task_bool(t, "dropout", "");
	task_float(t, "rate", 0.05, 0.8, ",\"when\":{\"dropout\":true}");
}

/* The best: Adam, three layers that halve, dropout. */
static void
net_draw(struct conditional *c, struct rng *rng, double *best)
{
	c->at[LR_SGD] = between(rng, -2.2, -1);
	c->at[LR_ADAM] = between(rng, -3.7, -2.5);
	c->at[LR_RMS] = between(rng, -3.9, -2.7);
	c->at[MOMENTUM] = between(rng, 0.8, 0.95);
	c->at[BETA1] = between(rng, 0.7, 0.95);
	c->at[BETA2] = between(rng, -3.5, -2);
	c->at[ALPHA] = between(rng, -2.5, -1);
	c->at[BATCH] = 5 + rng_below(rng, 3);
	c->at[DECAY] = between(rng, -5, -3);
	c->at[WIDTH1] = 7 + rng_below(rng, 3);
	c->at[RATE] = between(rng, 0.2, 0.5);
	best[OPTIMIZER] = 1;
	best[LR_ADAM] = pow(10, c->at[LR_ADAM] +
	    0.15 * (c->at[BATCH] - 6));
	best[BETA1] = c->at[BETA1];
	best[BETA2] = pow(10, c->at[BETA2]);
	best[BATCH] = rint(exp2(c->at[BATCH]));
	best[DECAY] = pow(10, c->at[DECAY]);
	best[LAYERS] = 3;
	best[WIDTH1] = rint(exp2(c->at[WIDTH1]));
	best[WIDTH2] = best[WIDTH1] / 2;
	best[WIDTH3] = best[WIDTH1] / 4;
	best[DROPOUT] = 1;
	best[RATE] = c->at[RATE];
}

/* How bad a learning rate is, in decades from the best. */
static double
rate_term(const struct conditional *c, const double *x, size_t which)
{
	double best = c->at[which] + 0.15 * (log2(x[BATCH]) - 6);

	return 1 - exp(-0.7 * square(log10(x[which]) - best));
}

static double
optimizer_term(const struct conditional *c, const double *x)
{
	switch ((int)x[OPTIMIZER]) {
	case 0:
		return 0.03 + rate_term(c, x, LR_SGD) +
		    0.5 * square(x[MOMENTUM] - c->at[MOMENTUM]) +
		    0.02 * (1 - x[NESTEROV]);
	case 1:
		return rate_term(c, x, LR_ADAM) +
		    0.6 * square(x[BETA1] - c->at[BETA1]) +
		    0.03 * square(log10(x[BETA2]) - c->at[BETA2]);
	default:
		return 0.05 + rate_term(c, x, LR_RMS) +
		    0.04 * square(log10(x[ALPHA]) - c->at[ALPHA]);
	}
}

static double
depth_term(const struct conditional *c, const double *x)
{
	static const double depth[5] = { 0, 0.09, 0.03, 0, 0.02 };
	size_t i, n = (size_t)x[LAYERS];
	double sum = 0;

	for (i = 0; i < n; i++)
		sum += square(log2(x[WIDTH1 + i]) - c->at[WIDTH1] +
		    (n == 4 ? 0.5 : 1) * (double)i);
	return depth[n] + 0.02 * sum / (double)n;
}

static double
net(const struct conditional *c, const double *x)
{
	bool dropout = x[DROPOUT] > 0.5;
	double decay = c->at[DECAY] + (dropout ? 0 : 1);
	double sum = 0.05 + optimizer_term(c, x) + depth_term(c, x);

	sum += 0.01 * square(log10(x[DECAY]) - decay);
	sum += 0.01 * square(log2(x[BATCH]) - c->at[BATCH]);
	sum += dropout ? 0.5 * square(x[RATE] - c->at[RATE]) : 0.04;
	return sum;
}

/*
 * Four branches of which the better ones look worse: a narrow valley at 0,
 * Ackley's cone at 1, a bowl at 2, and a plain at 3 that is nearly flat.
 * Values of a random point: about 70, 16, 9, and 3.1.
 */
enum branch { KIND, A1, A2, A3, A4, B1, B2, B3, C1, C2, D1, BRANCH_PARAMS };

static void
branch_space(struct task *t)
{
	static const char *const names[] = { "a1", "a2", "a3", "a4", "b1",
		"b2", "b3", "p1", "p2", "d1" };
	static const char when[4][4] = { "c0", "c1", "c2", "c3" };
	static const size_t owner[] = { 0, 0, 0, 0, 1, 1, 1, 2, 2, 3 };
	struct buf more = BUF_INIT;
	size_t i;

	task_categorical(t, "kind", 4, "");
	for (i = 0; i < BRANCH_PARAMS - 1; i++) {
		buf_cut(&more, 0);
		buf_addf(&more, ",\"when\":{\"kind\":\"%s\"}",
		    when[owner[i]]);
		task_float(t, names[i], -2, 2, buf_str(&more));
	}
	buf_release(&more);
}

static void
branch_draw(struct conditional *c, struct rng *rng, double *best)
{
	size_t i;

	for (i = A1; i < BRANCH_PARAMS; i++)
		c->at[i] = between(rng, -1.4, 1.4);
	best[KIND] = 0;
	memcpy(best + A1, c->at + A1, 4 * sizeof(*best));
}

static double
branch(const struct conditional *c, const double *x)
{
	double z[4];
	size_t i;

	switch ((int)x[KIND]) {
	case 0:
		for (i = 0; i < 4; i++)
			z[i] = x[A1 + i] - c->at[A1 + i] + 1;
		return sqrt(classic_rosenbrock.f(4, z));
	case 1:
		for (i = 0; i < 3; i++)
			z[i] = 4 * (x[B1 + i] - c->at[B1 + i]);
		return 1 + classic_ackley.f(3, z);
	case 2:
		return 2 + square(x[C1] - c->at[C1]) +
		    3 * square(x[C2] - c->at[C2]);
	default:
		return 3 + 0.1 * square(x[D1] - c->at[D1]);
	}
}

static const struct problem problems[] = {
	{ "cond-jenatton", 60, tree_space, tree_draw, tree, 0.1 },
	{ "cond-network", 120, net_space, net_draw, net, 0.05 },
	{ "cond-branches", 100, branch_space, branch_draw, branch, 0 }
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
	const struct data *d = t->data;

	(void)n;
	result_set(r, d->p->f(&d->c, point));
}

static void
open_problem(struct task *t, size_t i, uint64_t instance)
{
	struct data *d = task_data(t, sizeof(*d));
	struct rng rng;
	size_t k;

	d->p = &problems[i];
	t->name = xstrdup(d->p->name);
	t->budget = d->p->budget;
	t->evaluate = evaluate;
	t->optimum = d->p->optimum;
	t->best_point = xcalloc(PARAMS, sizeof(*t->best_point));
	for (k = 0; k < PARAMS; k++)
		t->best_point[k] = NAN;
	task_rng(&rng, t->name, instance, 0);
	d->p->draw(&d->c, &rng, t->best_point);
	d->p->space(t);
	task_end_space(t);
}

const struct family conditional_family = { "conditional", count,
    open_problem };
