#include <stdlib.h>

#include "cli/tool.h"
#include "ops/ops.h"

static const struct tool_spec spec = {
	.name = "lo-retry",
	.synopsis = "[--jsonl] [--status S,...] [ID...]",
	.about = "reserve the parameters of failed trials once more",
	.example = "lo-retry --jsonl | lo-eval -- ./evaluate | lo-ingest",
	.common = TOOL_CAMPAIGN | TOOL_OUTPUT | TOOL_MUTATES,
	.min_args = 0,
	.max_args = -1,
	.operand = "ID"
};

int
main(int argc, char **argv)
{
	struct retry_request r = { 0 };
	const char *statuses = "failed,killed,timeout";
	bool jsonl = false;
	const struct opt options[] = {
		{ 0, "jsonl", NULL, OPT_FLAG, &jsonl,
		    "one object a line, however many there are", 0 },
		{ 0, "status", "S,...", OPT_TEXT, &statuses,
		    "which ends (default failed,killed,timeout)", 0 },
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
	op.lock_timeout = t.lock_timeout;
	if (op_retry_statuses(statuses, &r.statuses, &err) != 0 ||
	    op_locate(&op, t.campaign, &err) != 0 ||
	    op_retry(&op, &r, &out, &err) != 0)
		status = tool_fail(&t, &err);
	else
		status = tool_put_suggestions(&t, &out, jsonl);
	op_release(&op);
	buf_release(&out);
	free(id);
	return tool_end(&t, status);
}
