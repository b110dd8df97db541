/* opt_bench: the benchmark's commands. */
#ifndef TESTS_BENCH_OPT_OPT_BENCH_H
#define TESTS_BENCH_OPT_OPT_BENCH_H

#include "task.h"

/* bo_config.json of a task. */
void	bench_config(const struct task *, uint64_t seed, char *text,
	    size_t size);

/* Each takes the arguments behind its name and returns an exit status. */
int	bench_run(int argc, char **argv);
int	bench_serve(void);
int	bench_verify(int argc, char **argv);
int	bench_campaign(int argc, char **argv);
int	bench_eval(int argc, char **argv);

#endif
