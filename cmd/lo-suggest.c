#include "cli/tool.h"
#include "ops/ops.h"

static const struct tool_spec spec = {
	.name = "lo-suggest",
	.synopsis = "[-n N] [--jsonl] [--resume] [--params JSON] "
	    "[--replicate ID|best] [--surrogate TYPE]",
	.about = "propose the next trials and reserve them",
	.example = "lo-suggest | lo-eval -- ./evaluate | lo-ingest",
	.common = TOOL_CAMPAIGN | TOOL_OUTPUT | TOOL_MUTATES
};

int
main(int argc, char **argv)
{
	struct suggest_request r = { 0 };
	bool jsonl = false;
	const struct opt options[] = {
		{ 'n', "count", "N", OPT_COUNT, &r.count,
		    "how many (default: batch_size of the campaign)", 0 },
		{ 0, "jsonl", NULL, OPT_FLAG, &jsonl,
		    "one object a line, not one object of all", 0 },
		{ 0, "resume", NULL, OPT_FLAG, &r.resume,
		    "reserve nothing, print pending trials that\n"
		    "nobody works on", 0 },
		{ 0, "params", "JSON", OPT_TEXT, &r.params,
		    "reserve this point of your own", 0 },
		{ 0, "replicate", "ID|best", OPT_TEXT, &r.replicate,
		    "reserve the point of that trial once more", 0 },
		{ 0, "surrogate", "TYPE", OPT_TEXT, &r.surrogate,
		    "for this call: auto, gp, rbf_proxy or random", 0 },
		OPT_END
	};
	struct buf out = BUF_INIT;
	struct tool t;
	struct op op = { .notice = tool_notice, .notice_arg = &t };
	struct err err;
	int status;

	tool_init(&t, &spec, options, argc, argv);
	if (r.resume + (r.params != NULL) + (r.replicate != NULL) > 1)
		tool_usage(&t, "--resume, --params and --replicate "
		    "exclude each other");
	op.lock_timeout = t.lock_timeout;
	if (op_locate(&op, t.campaign, &err) != 0 ||
	    op_suggest(&op, &r, &out, &err) != 0)
		status = tool_fail(&t, &err);
	else
		status = tool_put_suggestions(&t, &out, jsonl);
	op_release(&op);
	buf_release(&out);
	return tool_end(&t, status);
}
