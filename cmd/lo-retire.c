#include <stdlib.h>

#include "cli/tool.h"
#include "ops/ops.h"

static const struct tool_spec spec = {
	.name = "lo-retire",
	.synopsis = "[--reason R] [--stale [--max-age S]] [ID...]",
	.about = "give pending trials up, but take late results",
	.example = "lo-retire --stale --max-age 3600",
	.common = TOOL_CAMPAIGN | TOOL_OUTPUT | TOOL_MUTATES,
	.min_args = 0,
	.max_args = -1,
	.operand = "ID"
};

int
main(int argc, char **argv)
{
	struct retire_request r = { 0 };
	double max_age = -1;
	const struct opt options[] = {
		{ 0, "reason", "R", OPT_TEXT, &r.reason,
		    "why (default retired_manual, retired_stale)", 0 },
		{ 0, "stale", NULL, OPT_FLAG, &r.stale,
		    "all that are pending for too long", 0 },
		{ 0, "max-age", "S", OPT_SECONDS, &max_age,
		    "more seconds than these are too long\n"
		    "(default max_pending_age_seconds)", 0 },
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
	if (max_age >= 0 && !r.stale)
		tool_usage(&t, "--max-age needs --stale");
	if (max_age == 0)
		tool_usage(&t, "--max-age: expected a number > 0, got 0");
	if (r.n == 0 && !r.stale)
		tool_usage(&t, "expected ids of trials, --stale or both");
	r.max_age = max_age > 0 ? max_age : 0;
	op.lock_timeout = t.lock_timeout;
	if (op_locate(&op, t.campaign, &err) != 0 ||
	    op_retire(&op, &r, &out, &err) != 0)
		status = tool_fail(&t, &err);
	else
		status = tool_put(&t, &out);
	op_release(&op);
	buf_release(&out);
	free(id);
	return tool_end(&t, status);
}
