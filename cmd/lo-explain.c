#include <stdlib.h>

#include "cli/tool.h"
#include "ops/ops.h"

static const struct tool_spec spec = {
	.name = "lo-explain",
	.synopsis = "ID",
	.about = "say in words why a trial was suggested, and how it went",
	.example = "lo-explain 7",
	.common = TOOL_CAMPAIGN,
	.min_args = 1,
	.max_args = 1,
	.operand = "ID"
};

int
main(int argc, char **argv)
{
	struct buf out = BUF_INIT;
	struct tool t;
	struct op op = { .notice = tool_notice, .notice_arg = &t };
	struct err err, unwritten;
	int64_t *id;
	int failed, status = LO_DONE;

	tool_init(&t, &spec, NULL, argc, argv);
	id = tool_ids(&t);
	failed = op_locate(&op, t.campaign, &err) != 0 ||
	    op_explain(&op, *id, &out, &err) != 0;
	/* what could be read is shown even if something could not */
	if (tool_print_text(&t, &out, &unwritten) != 0)
		status = tool_fail(&t, &unwritten);
	else if (failed)
		status = tool_fail(&t, &err);
	op_release(&op);
	buf_release(&out);
	free(id);
	return tool_end(&t, status);
}
