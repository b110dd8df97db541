#include "cli/tool.h"
#include "ops/ops.h"

static const struct tool_spec spec = {
	.name = "lo-health",
	.synopsis = "[--strict]",
	.about = "tell whether a campaign is well",
	.example = "lo-health -f .health_state",
	.common = TOOL_CAMPAIGN | TOOL_OUTPUT
};

int
main(int argc, char **argv)
{
	struct health_request r = { false };
	const struct opt options[] = {
		{ 0, "strict", NULL, OPT_FLAG, &r.strict,
		    "warnings and violations fail, too", 0 },
		OPT_END
	};
	struct buf out = BUF_INIT;
	struct tool t;
	struct op op = { .notice = tool_notice, .notice_arg = &t };
	struct err err;
	int status = LO_DONE, printed;

	tool_init(&t, &spec, options, argc, argv);
	if (op_locate(&op, t.campaign, &err) != 0 ||
	    op_health(&op, &r, &out, &err) != 0)
		status = tool_fail(&t, &err);
	printed = tool_put(&t, &out);
	if (printed != LO_DONE)
		status = printed;
	op_release(&op);
	buf_release(&out);
	return tool_end(&t, status);
}
