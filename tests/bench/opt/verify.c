/* verify: tasks against their optima.  See opt_bench.h. */
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"

#include "opt_bench.h"
#include "task.h"

#define DRAWS 2000
#define TOLERANCE 1e-6	/* of the way from a random point to the optimum */

/* Is anything below the optimum, or the optimum not where it should be? */
static int
verify_values(const struct task *t)
{
	double *point = xcalloc(t->space->n, sizeof(*point));
	double least = INFINITY, slack = TOLERANCE * (t->typical -
	    t->optimum);
	struct result r;
	struct rng rng;
	int i, bad = 0;

	task_rng(&rng, t->name, t->instance, 1234);
	for (i = 0; i < DRAWS; i++) {
		task_random_point(t, &rng, point);
		t->evaluate(t, point, (uint64_t)i, &r);
		if (!r.failed && r.truth[0] < least)
			least = r.truth[0];
	}
	free(point);
	if (least < t->optimum - slack) {
		printf("%s/%d: %.9g at a random point is below the optimum "
		    "%.9g\n", t->name, (int)t->instance, least, t->optimum);
		bad = 1;
	}
	if (t->best_point == NULL)
		return bad;
	t->evaluate(t, t->best_point, 0, &r);
	if (r.failed || !(fabs(r.truth[0] - t->optimum) <= slack)) {
		printf("%s/%d: %.12g at the best point, expected %.12g\n",
		    t->name, (int)t->instance, r.truth[0], t->optimum);
		bad = 1;
	}
	return bad;
}

static int
verify_task(size_t number, const regex_t *re, int *checked)
{
	struct task *t;
	uint64_t instance;
	int bad = 0;

	for (instance = 0; instance < 3; instance++) {
		t = task_open(number, instance);
		if (regexec(re, t->name, 0, NULL, 0) == 0) {
			task_ready(t);
			if (t->nobjective == 1 && !isnan(t->optimum)) {
				bad += verify_values(t);
				++*checked;
			}
		}
		task_free(t);
	}
	return bad;
}

int
bench_verify(int argc, char **argv)
{
	regex_t re;
	size_t i, n = task_count();
	int bad = 0, checked = 0;

	if (regcomp(&re, argc > 1 ? argv[1] : ".", REG_EXTENDED |
	    REG_NOSUB) != 0) {
		fprintf(stderr, "opt-bench: bad expression %s\n", argv[1]);
		return 2;
	}
	for (i = 0; i < n; i++)
		bad += verify_task(i, &re, &checked);
	regfree(&re);
	printf("%d checked, %d wrong\n", checked, bad);
	return bad == 0 && checked > 0 ? 0 : 1;
}
