#include <stdlib.h>

#include "cli/tool.h"
#include "ops/ops.h"

static const struct tool_spec spec = {
	.name = "lo-void",
	.synopsis = "[--undo] [--reason R] ID...",
	.about = "take wrong results out of ranking and model",
	.example = "lo-void --reason 'wrong data set' 7",
	.common = TOOL_CAMPAIGN | TOOL_OUTPUT | TOOL_MUTATES,
	.min_args = 1,
	.max_args = -1,
	.operand = "ID"
};

int
main(int argc, char **argv)
{
	struct void_request r = { 0 };
	const struct opt options[] = {
		{ 0, "reason", "R", OPT_TEXT, &r.reason,
		    "why; needed, but not to undo", 0 },
		{ 0, "undo", NULL, OPT_FLAG, &r.undo,
		    "give the results back", 0 },
		OPT_END
	};
	struct buf out = BUF_INIT;
	struct tool t;
	struct op op = { .notice = tool_notice, .notice_arg = &t };
	struct err err;
	int64_t *id;
	int status;

	tool_init(&t, &spec, options, argc, argv);
	id = tool_ids(&t);
	r.id = id;
	r.n = (size_t)t.argc;
	if (!r.undo && r.reason == NULL)
		tool_usage(&t, "expected --reason R: why is the result wrong?");
	op.lock_timeout = t.lock_timeout;
	if (op_locate(&op, t.campaign, &err) != 0 ||
	    op_void(&op, &r, &out, &err) != 0)
		status = tool_fail(&t, &err);
	else
		status = tool_put(&t, &out);
	op_release(&op);
	buf_release(&out);
	free(id);
	return tool_end(&t, status);
}
