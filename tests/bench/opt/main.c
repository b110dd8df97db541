/*
 * opt-bench: the optimizer's benchmark.
 *
 *	opt-bench list
 *	opt-bench run [-o OPTIMIZER] [-t REGEX|@FILE] [-s SEEDS] [-j JOBS]
 *	    [-c CONFIG]
 *	opt-bench serve
 *	opt-bench verify [REGEX]
 *	opt-bench campaign TASK SEED DIR
 *	opt-bench eval TASK SEED
 *
 * list prints the tasks: name, block, budget, batch.  run prints a row of
 * CSV for each task and seed.  serve evaluates for programs in other
 * languages.  verify checks the tasks against their published optima.
 * campaign writes the files of a campaign, and eval evaluates a suggestion on
 * standard input, so that the tools themselves can be measured.
 * See README.md.
 */
#include <stdio.h>
#include <string.h>

#include <gsl/gsl_errno.h>

#include "opt_bench.h"
#include "task.h"

static int
list(void)
{
	struct task *t;
	size_t i, n = task_count();

	for (i = 0; i < n; i++) {
		t = task_open(i, 0);
		printf("%s %s %zu %zu\n", t->name, t->block, t->budget,
		    t->batch);
		task_free(t);
	}
	return 0;
}

int
main(int argc, char **argv)
{
	gsl_set_error_handler_off();
	if (argc == 2 && strcmp(argv[1], "list") == 0)
		return list();
	if (argc >= 2 && strcmp(argv[1], "run") == 0)
		return bench_run(argc - 1, argv + 1);
	if (argc == 2 && strcmp(argv[1], "serve") == 0)
		return bench_serve();
	if (argc >= 2 && strcmp(argv[1], "verify") == 0)
		return bench_verify(argc - 1, argv + 1);
	if (argc == 5 && strcmp(argv[1], "campaign") == 0)
		return bench_campaign(argc - 1, argv + 1);
	if (argc == 4 && strcmp(argv[1], "eval") == 0)
		return bench_eval(argc - 1, argv + 1);
	fprintf(stderr, "usage: opt-bench list | run [OPTION...] | serve | "
	    "verify [REGEX]\n    | campaign TASK SEED DIR | "
	    "eval TASK SEED\n");
	return 2;
}
