#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/tool.h"
#include "ops/evaluate.h"
#include "ops/ops.h"
#include "ops/wake.h"
#include "store/file.h"

static const struct tool_spec spec = {
	.name = "lo-eval",
	.synopsis = "[-j N] [--timeout S] [--kill-after S] [--retry N] "
	    "[--objective NAME[=JQ]]... [--penalty X] -- CMD [ARG...]",
	.about = "run an evaluator for each suggestion",
	.example = "lo-suggest | lo-eval -- ./evaluate --lr={lr} | lo-ingest",
	.common = TOOL_CAMPAIGN | TOOL_OUTPUT | TOOL_COMMAND,
	.min_args = 1,
	.max_args = -1,
	.operand = "the evaluator's CMD"
};

#define JOBS_MAX 4096

static int
print(void *tool, const char *payload, struct err *err)
{
	struct buf line = BUF_INIT;
	int status;

	buf_adds(&line, payload);
	status = tool_print(tool, &line, err);
	buf_release(&line);
	return status;
}

static void
say(void *tool, const char *text, size_t len)
{
	(void)tool;
	file_write_all(STDERR_FILENO, text, len);
}

/* Without a campaign all is well if the objectives were named and nobody
 * asked for one. */
static int
locate(struct op *op, const struct tool *t, size_t nobjective,
    struct err *err)
{
	const char *env = getenv("LO_CAMPAIGN");

	if (op_locate(op, t->campaign, err) == 0)
		return 0;
	if (t->campaign == NULL && (env == NULL || *env == '\0')) {
		if (nobjective > 0)
			return 0;
		err_prefix(err, "expected a campaign or --objective NAME: ");
	}
	return -1;
}

static int
run(struct evaluate_request *r, struct tool *t, int *by_signal)
{
	struct op op = { 0 };
	struct err err;
	int status = LO_DONE;

	if (locate(&op, t, r->nobjective, &err) != 0)
		return tool_fail(t, &err);
	r->root = op.root;
	if (evaluate(r, by_signal, &err) != 0)
		status = tool_fail(t, &err);
	op_release(&op);
	return status;
}

int
main(int argc, char **argv)
{
	struct evaluate_request r = { .kill_after = EVALUATE_KILL_AFTER,
	    .heartbeat = EVALUATE_HEARTBEAT, .input = STDIN_FILENO,
	    .input_name = "<stdin>", .emit = print, .notice = tool_notice,
	    .say = say, .penalty = NAN };
	int64_t jobs = 1, retries = 0;
	struct opt_list names = { 0 };
	const struct opt options[] = {
		{ 'j', "jobs", "N", OPT_COUNT, &jobs,
		    "run so many evaluators at a time", 0 },
		{ 0, "timeout", "S", OPT_SECONDS, &r.timeout,
		    "give each evaluation so many seconds", 0 },
		{ 0, "kill-after", "S", OPT_SECONDS, &r.kill_after,
		    "from SIGTERM to SIGKILL (default: 10)", 0 },
		{ 0, "retry", "N", OPT_INT, &retries,
		    "run what failed up to N times again", 0 },
		{ 0, "objective", "NAME[=JQ]", OPT_LIST, &names,
		    "an objective, picked from stdout by a jq program", 0 },
		{ 0, "penalty", "X", OPT_REAL, &r.penalty,
		    "penalty_objective of what is not ok", 0 },
		OPT_END
	};
	struct tool t;
	int status, by_signal = 0;

	tool_init(&t, &spec, options, argc, argv);
	if (jobs > JOBS_MAX)
		tool_usage(&t, "-j: expected at most %d", JOBS_MAX);
	r.jobs = (int)jobs;
	r.retries = retries > INT_MAX ? INT_MAX : (int)retries;
	r.command = t.argv;
	r.emit_arg = r.notice_arg = &t;
	r.objective = names.item;
	r.nobjective = names.n;
	status = run(&r, &t, &by_signal);
	opt_list_release(&names);
	status = tool_end(&t, status);
	if (by_signal != 0)
		wake_die(by_signal);
	return status;
}
