#include "cli/tool.h"
#include "ops/ops.h"

static const struct tool_spec spec = {
	.name = "lo-doctor",
	.synopsis = "",
	.about = "tell what a campaign stands on: libraries, files, locks",
	.example = "lo-doctor -f .filesystem",
	.common = TOOL_CAMPAIGN | TOOL_OUTPUT
};

int
main(int argc, char **argv)
{
	struct buf out = BUF_INIT;
	struct tool t;
	struct op op = { .notice = tool_notice, .notice_arg = &t };
	struct err err;
	int status = LO_DONE, printed;

	tool_init(&t, &spec, NULL, argc, argv);
	if (op_locate(&op, t.campaign, &err) != 0 ||
	    op_doctor(&op, &out, &err) != 0)
		status = tool_fail(&t, &err);
	printed = tool_put(&t, &out);
	if (printed != LO_DONE)
		status = printed;
	op_release(&op);
	buf_release(&out);
	return tool_end(&t, status);
}
