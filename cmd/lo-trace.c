#include <stdlib.h>

#include "cli/tool.h"
#include "ops/ops.h"

static const struct tool_spec spec = {
	.name = "lo-trace",
	.synopsis = "[ID...]",
	.about = "print why each trial was suggested and what became of it",
	.example = "lo-trace -f '[.trial_id, .status, .decision.strategy]'",
	.common = TOOL_CAMPAIGN | TOOL_OUTPUT,
	.max_args = -1
};

int
main(int argc, char **argv)
{
	struct trace_request r = { 0 };
	struct buf out = BUF_INIT;
	struct tool t;
	struct op op = { .notice = tool_notice, .notice_arg = &t };
	struct err err;
	int64_t *id;
	int failed, printed;

	tool_init(&t, &spec, NULL, argc, argv);
	id = tool_ids(&t);
	r.id = id;
	r.n = (size_t)t.argc;
	failed = op_locate(&op, t.campaign, &err) != 0 ||
	    op_trace(&op, &r, &out, &err) != 0;
	/* what could be read is shown even if something could not */
	printed = tool_put(&t, &out);
	if (failed && printed == LO_DONE)
		printed = tool_fail(&t, &err);
	op_release(&op);
	buf_release(&out);
	free(id);
	return tool_end(&t, printed);
}
