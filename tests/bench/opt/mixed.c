/*
 * The block "mixed": BBOB's functions with most variables integer.
 *
 * After T. Tusar, D. Brockhoff and N. Hansen, "Mixed-integer benchmark
 * problems for single- and bi-objective optimization", GECCO 2019, and the
 * suite bbob-mixint of its authors: the first fifth of the variables has 2
 * levels, the next ones 4, 8 and 16, the last fifth stays continuous.  L
 * levels are equidistant inside [-4, 4], where x_opt is drawn: 8 / (L + 1)
 * from each other and from the bounds.  Then they are moved so that the one
 * nearest to x_opt hits it.  None leaves the domain by that, and the linear
 * slope keeps its corner: there an outermost level is moved to the bound.
 * Values are not scaled as that suite does for its own ends.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"

#include "bbob.h"
#include "task.h"

static const size_t dimensions[] = { 5, 10, 20 };
static const int levels[] = { 2, 4, 8, 16 };

#define GRID 4.0	/* the bound of what is divided into levels */
#define KINDS (sizeof(levels) / sizeof(levels[0]))

struct mixed {
	struct bbob *bbob;
	size_t nint;		/* the first ones */
	double best[BBOB_MAX];	/* the level that is x_opt */
	double step[BBOB_MAX];	/* between levels */
};

static size_t
count(void)
{
	return BBOB_FUNCTIONS * sizeof(dimensions) / sizeof(dimensions[0]);
}

static void
evaluate(const struct task *t, const double *point, uint64_t n,
    struct result *r)
{
	const struct mixed *m = t->data;
	const struct bbob *b = m->bbob;
	double x[BBOB_MAX];
	size_t i;

	(void)n;
	memcpy(x, point, b->d * sizeof(*x));
	for (i = 0; i < m->nint; i++)
		x[i] = b->xopt[i] + (point[i] - m->best[i]) * m->step[i];
	result_set(r, bbob_eval(b, x));
}

static void
free_mixed(void *data)
{
	struct mixed *m = data;

	free(m->bbob);
	free(m);
}

static void
add_int(struct task *t, size_t i, int n)
{
	struct mixed *m = t->data;
	char *name = xasprintf("x%zu", i);
	double place;

	m->step[i] = 2 * GRID / (n + 1);
	place = (m->bbob->xopt[i] + GRID) / m->step[i] - 1;
	m->best[i] = fmin(fmax(floor(place + 0.5), 0), n - 1);
	t->best_point[i] = m->best[i];
	task_int(t, name, 0, n - 1, "");
	free(name);
}

static void
add_float(struct task *t, size_t i)
{
	const struct mixed *m = t->data;
	char *name = xasprintf("x%zu", i);

	t->best_point[i] = m->bbob->xopt[i];
	task_float(t, name, -BBOB_BOUND, BBOB_BOUND, "");
	free(name);
}

static void
open_task(struct task *t, size_t i, uint64_t instance)
{
	int function = 1 + (int)(i % BBOB_FUNCTIONS);
	size_t d = dimensions[i / BBOB_FUNCTIONS], each = d / (KINDS + 1), k;
	struct mixed *m = xcalloc(1, sizeof(*m));

	m->bbob = bbob_make(function, d, instance);
	m->nint = KINDS * each;
	t->name = xasprintf("mixed-f%02d-d%02zu", function, d);
	t->budget = bbob_budget(d);
	t->optimum = 0;
	t->best_point = xcalloc(d, sizeof(*t->best_point));
	t->evaluate = evaluate;
	t->data = m;
	t->free_data = free_mixed;
	for (k = 0; k < m->nint; k++)
		add_int(t, k, levels[k / each]);
	for (; k < d; k++)
		add_float(t, k);
	task_end_space(t);
}

const struct family mixed_family = { "mixed", count, open_task };
