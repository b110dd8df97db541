/* The block "bbob": BBOB's functions in 3 to 20 dimensions.  See bbob.h. */
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"

#include "bbob.h"
#include "task.h"

static const size_t dimensions[] = { 3, 5, 10, 20 };

static size_t
count(void)
{
	return BBOB_FUNCTIONS * sizeof(dimensions) / sizeof(dimensions[0]);
}

static void
evaluate(const struct task *t, const double *point, uint64_t n,
    struct result *r)
{
	(void)n;
	result_set(r, bbob_eval(t->data, point));
}

static void
open_task(struct task *t, size_t i, uint64_t instance)
{
	int function = 1 + (int)(i % BBOB_FUNCTIONS);
	size_t d = dimensions[i / BBOB_FUNCTIONS];
	struct bbob *b = bbob_make(function, d, instance);

	t->name = xasprintf("bbob-f%02d-d%02zu", function, d);
	task_box(t, d, -BBOB_BOUND, BBOB_BOUND);
	t->budget = bbob_budget(d);
	t->optimum = 0;
	t->best_point = xcalloc(d, sizeof(*t->best_point));
	memcpy(t->best_point, b->xopt, d * sizeof(*b->xopt));
	t->evaluate = evaluate;
	t->data = b;
	t->free_data = free;
}

const struct family bbob_family = { "bbob", count, open_task };
