/*
 * run: our optimizer on one task.
 *
 * The instance of the task is the seed, too.  optimizer is "looptimum" or a
 * type of surrogate, config a JSON object whose members win over those of
 * bench_config, or NULL.  Prints the row of CSV.
 */
#ifndef TESTS_BENCH_OPT_RUN_H
#define TESTS_BENCH_OPT_RUN_H

#include "task.h"

void	run_task(struct task *, const char *optimizer, const char *config);

#endif
