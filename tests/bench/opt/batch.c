/*
 * batch: four evaluations at the same time.  The budget counts evaluations.
 */

#include "base/xmem.h"

#include "classic.h"

#define BATCH 4

static const struct problem {
	const char *name;
	const struct classic *c;
	size_t d;
	size_t budget;
} problems[] = {
	{ "batch-branin", &classic_branin, 2, 40 },
	{ "batch-hartmann6", &classic_hartmann6, 6, 88 },
	{ "batch-rosenbrock-d4", &classic_rosenbrock, 4, 60 },
	{ "batch-ackley-d5", &classic_ackley, 5, 76 },
	{ "batch-levy-d8", &classic_levy, 8, 120 }
};
#define PROBLEMS (sizeof(problems) / sizeof(problems[0]))

static size_t
count(void)
{
	return PROBLEMS + 1;
}

static void
evaluate(const struct task *t, const double *point, uint64_t n,
    struct result *r)
{
	(void)n;
	result_set(r, classic_value(t->data, point));
}

/*
 * Levy's function of two floats and two ints.  The choice of c0 to c3 moves
 * the floats' best values and costs what it costs.
 */
#define MIXED_LEVELS 4

struct mixed {
	double at[4];		/* best values under the best choice */
	int best;
};

static void
evaluate_mixed(const struct task *t, const double *point, uint64_t n,
    struct result *r)
{
	static const double cost[MIXED_LEVELS] = { 0, 0.4, 1, 2 };
	const struct mixed *d = t->data;
	int rank = ((int)point[4] - d->best + MIXED_LEVELS) % MIXED_LEVELS;
	double x[4];
	size_t i;

	(void)n;
	for (i = 0; i < 4; i++) {
		x[i] = point[i] - d->at[i] + 1;
		if (i < 2)
			x[i] += 1.5 * rank;
	}
	result_set(r, classic_levy.f(4, x) + cost[rank]);
}

static void
open_mixed(struct task *t, struct mixed *d)
{
	struct rng rng;
	size_t i;

	task_rng(&rng, t->name, t->instance, 0);
	t->best_point = xcalloc(5, sizeof(*t->best_point));
	for (i = 0; i < 4; i++) {
		d->at[i] = -6 + 12 * rng_uniform(&rng);
		if (i >= 2)
			d->at[i] = rint(d->at[i]);
		t->best_point[i] = d->at[i];
	}
	d->best = (int)rng_below(&rng, MIXED_LEVELS);
	t->best_point[4] = d->best;
	task_float(t, "a", -10, 10, "");
	task_float(t, "b", -10, 10, "");
	task_int(t, "m", -10, 10, "");
	task_int(t, "n", -10, 10, "");
	task_categorical(t, "kind", MIXED_LEVELS, "");
	task_end_space(t);
	t->optimum = 0;
}

static void
open_problem(struct task *t, size_t i, uint64_t instance)
{
	bool mixed = i == PROBLEMS;
	struct moved *m;

	(void)instance;
	t->name = xstrdup(mixed ? "batch-mixed-d5" : problems[i].name);
	t->budget = mixed ? 76 : problems[i].budget;
	t->batch = BATCH;
	t->evaluate = mixed ? evaluate_mixed : evaluate;
	if (mixed) {
		open_mixed(t, task_data(t, sizeof(struct mixed)));
		return;
	}
	m = task_data(t, sizeof(*m));
	classic_move(m, problems[i].c, problems[i].d, t);
	classic_space(t, m);
}

const struct family batch_family = { "batch", count, open_problem };
