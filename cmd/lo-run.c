#include <limits.h>
#include <math.h>
#include <unistd.h>

#include "cli/progress.h"
#include "cli/tool.h"
#include "ops/ops.h"
#include "ops/run.h"
#include "ops/wake.h"
#include "store/file.h"

static const struct tool_spec spec = {
	.name = "lo-run",
	.synopsis = "[-j N] [-n TRIALS] [--timeout S] [--kill-after S] "
	    "[--max-failures N] [--stop-on-plateau] "
	    "[--objective NAME=JQ]... [--retry N] [--penalty X] "
	    "-- CMD [ARG...]",
	.about = "run the whole loop: suggest, evaluate, ingest",
	.example = "lo-run -j 4 -- ./evaluate --lr={lr}",
	.common = TOOL_CAMPAIGN | TOOL_OUTPUT | TOOL_COMMAND,
	.min_args = 1,
	.max_args = -1,
	.operand = "the evaluator's CMD"
};

#define JOBS_MAX 4096

struct terminal {
	struct tool t;
	struct progress line;
	struct buf last;	/* of its texts */
	int by_signal;		/* ended it, or 0 */
};

static void
show(void *terminal, const char *text)
{
	struct terminal *x = terminal;

	progress_show(&x->line, text);
	buf_cut(&x->last, 0);
	buf_adds(&x->last, text);
}

static void
notice(void *terminal, const char *text)
{
	struct terminal *x = terminal;

	progress_hide(&x->line);
	tool_notice(&x->t, text);
}

static void
say(void *terminal, const char *text, size_t len)
{
	progress_hide(&((struct terminal *)terminal)->line);
	file_write_all(STDERR_FILENO, text, len);
}

static int
run(struct terminal *x, const struct run_request *r)
{
	struct op op = { .notice = notice, .notice_arg = x };
	struct buf status = BUF_INIT;
	struct err err;
	int failed = LO_DONE, printed;

	if (op_locate(&op, x->t.campaign, &err) != 0)
		return tool_fail(&x->t, &err);
	if (op_run(&op, r, &status, &x->by_signal, &err) != 0)
		failed = -1;
	progress_release(&x->line);
	if (failed != LO_DONE)
		failed = tool_fail(&x->t, &err);
	printed = tool_put(&x->t, &status);
	/* below a status that may fill the screen */
	if (x->last.len > 0)
		tool_notice(&x->t, x->last.p);
	buf_release(&x->last);
	op_release(&op);
	buf_release(&status);
	return printed != LO_DONE ? printed : failed;
}

int
main(int argc, char **argv)
{
	struct terminal x = { .last = BUF_INIT };
	struct run_request r = { .evaluate = {
	    .kill_after = EVALUATE_KILL_AFTER,
	    .heartbeat = EVALUATE_HEARTBEAT, .notice = notice, .say = say,
	    .notice_arg = &x, .penalty = NAN }, .progress_arg = &x };
	struct evaluate_request *e = &r.evaluate;
	int64_t jobs = 1, retries = 0;
	struct opt_list names = { 0 };
	const struct opt options[] = {
		{ 'j', "jobs", "N", OPT_COUNT, &jobs,
		    "keep so many evaluators busy", 0 },
		{ 'n', "trials", "TRIALS", OPT_COUNT, &r.trials,
		    "evaluate so many, then end", 0 },
		{ 0, "timeout", "S", OPT_SECONDS, &e->timeout,
		    "give each evaluation so many seconds", 0 },
		{ 0, "kill-after", "S", OPT_SECONDS, &e->kill_after,
		    "from SIGTERM to SIGKILL (default: 10)", 0 },
		{ 0, "max-failures", "N", OPT_COUNT, &r.max_failures,
		    "stop when so many were not ok", 0 },
		{ 0, "stop-on-plateau", NULL, OPT_FLAG, &r.stop_on_plateau,
		    "stop when best no longer improves", 0 },
		{ 0, "objective", "NAME=JQ", OPT_LIST, &names,
		    "an objective, picked from stdout by a jq program", 0 },
		{ 0, "retry", "N", OPT_INT, &retries,
		    "run what failed up to N times again", 0 },
		{ 0, "penalty", "X", OPT_REAL, &e->penalty,
		    "penalty_objective of what is not ok", 0 },
		OPT_END
	};
	int status;

	tool_init(&x.t, &spec, options, argc, argv);
	progress_init(&x.line);
	if (jobs > JOBS_MAX)
		tool_usage(&x.t, "-j: expected at most %d", JOBS_MAX);
	e->jobs = (int)jobs;
	e->retries = retries > INT_MAX ? INT_MAX : (int)retries;
	e->command = x.t.argv;
	e->objective = names.item;
	e->nobjective = names.n;
	r.progress = x.line.on ? show : NULL;
	status = run(&x, &r);
	opt_list_release(&names);
	status = tool_end(&x.t, status);
	if (x.by_signal != 0)
		wake_die(x.by_signal);
	return status;
}
