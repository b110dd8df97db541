/*
 * tiny: the quadratic on which Looptimum 0.4 measures itself, 20 trials of
 * (x - 0.3)^2 + (y - 0.7)^2 on the unit square.  The score is the value
 * itself.  20 uniform points come to 1 / 20 pi = 0.016 on average.
 */
#include "base/xmem.h"

#include "task.h"

static size_t
count(void)
{
	return 1;
}

static void
evaluate(const struct task *t, const double *point, uint64_t unused,
    struct result *r)
{
	double x = point[0] - 0.3, y = point[1] - 0.7;

	(void)t;
	(void)unused;
	result_set(r, x * x + y * y);
}

static void
open_tiny(struct task *t, size_t i, uint64_t instance)
{
	(void)i;
	(void)instance;
	t->name = xstrdup("tiny-quadratic");
	task_box(t, 2, 0, 1);
	t->budget = 20;
	t->typical = 1;	/* the value itself is reported */
	t->evaluate = evaluate;
}

const struct family tiny_family = { "tiny", count, open_tiny };
