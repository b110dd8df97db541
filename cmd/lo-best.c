#include "cli/tool.h"
#include "ops/ops.h"

static const struct tool_spec spec = {
	.name = "lo-best",
	.synopsis = "[--args|--env]",
	.about = "print the best trial and its parameters",
	.example = "./train $(lo-best --args)",
	.common = TOOL_CAMPAIGN | TOOL_OUTPUT
};

int
main(int argc, char **argv)
{
	bool args = false, env = false;
	const struct opt options[] = {
		{ 0, "args", NULL, OPT_FLAG, &args,
		    "parameters as options of a command: --NAME=VALUE", 0 },
		{ 0, "env", NULL, OPT_FLAG, &env,
		    "parameters as lines LO_PARAM_NAME=VALUE", 0 },
		OPT_END
	};
	struct buf out = BUF_INIT;
	struct tool t;
	struct op op = { .notice = tool_notice, .notice_arg = &t };
	struct err err;
	int failed, status = LO_DONE;

	tool_init(&t, &spec, options, argc, argv);
	if (args + env + (t.filter != NULL) > 1)
		tool_usage(&t, "--args, --env and -f exclude each other");
	failed = op_locate(&op, t.campaign, &err);
	if (failed == 0 && (args || env))
		failed = op_best_text(&op, args ? BEST_ARGS : BEST_ENV, &out,
		    &err) != 0 || tool_print_text(&t, &out, &err) != 0;
	else if (failed == 0)
		failed = op_best(&op, &out, &err) != 0 ||
		    tool_print(&t, &out, &err) != 0;
	if (failed)
		status = tool_fail(&t, &err);
	op_release(&op);
	buf_release(&out);
	return tool_end(&t, status);
}
