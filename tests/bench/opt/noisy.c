/*
 * noisy: smooth functions seen through normal noise.  Its standard deviation
 * is about 5 % of the distance between a random point and the best one.
 */

#include "base/xmem.h"

#include "classic.h"

#define NOISE_STREAM 1000	/* + how many evaluations came before */

struct noisy {
	struct moved m;
	double sd;
};

static const struct problem {
	const char *name;
	const struct classic *c;
	size_t d;
	double sd;
	size_t budget;
} problems[] = {
	{ "noise-branin", &classic_branin, 2, 2.0, 60 },
	{ "noise-hartmann6", &classic_hartmann6, 6, 0.15, 100 },
	{ "noise-quadratic-d5", &classic_quadratic, 5, 25, 80 }
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
	const struct noisy *d = t->data;
	struct rng rng;

	task_rng(&rng, t->name, t->instance, NOISE_STREAM + (uint32_t)n);
	r->failed = false;
	r->truth[0] = classic_value(&d->m, point);
	r->y[0] = r->truth[0] + d->sd * task_normal(&rng);
}

static void
open_problem(struct task *t, size_t i, uint64_t instance)
{
	const struct problem *p = &problems[i];
	struct noisy *d = task_data(t, sizeof(*d));

	(void)instance;
	t->name = xstrdup(p->name);
	t->budget = p->budget;
	t->noisy = true;
	t->evaluate = evaluate;
	d->sd = p->sd;
	classic_move(&d->m, p->c, p->d, t);
	classic_space(t, &d->m);
}

const struct family noisy_family = { "noise", count, open_problem };
