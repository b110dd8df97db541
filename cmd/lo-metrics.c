#include "cli/tool.h"
#include "ops/ops.h"

static const struct tool_spec spec = {
	.name = "lo-metrics",
	.synopsis = "[--strict] [--prometheus]",
	.about = "print the figures of a campaign for monitoring",
	.example = "lo-metrics --prometheus >looptimum.prom",
	.common = TOOL_CAMPAIGN | TOOL_OUTPUT
};

static int
print(struct tool *t, bool text, const struct buf *out)
{
	struct err err;

	if (!text)
		return tool_put(t, out);
	return tool_print_text(t, out, &err) == 0 ? LO_DONE :
	    tool_fail(t, &err);
}

int
main(int argc, char **argv)
{
	struct metrics_request r = { false, false };
	const struct opt options[] = {
		{ 0, "strict", NULL, OPT_FLAG, &r.strict,
		    "warnings and violations fail, too", 0 },
		{ 0, "prometheus", NULL, OPT_FLAG, &r.prometheus,
		    "text for Prometheus instead of JSON", 0 },
		OPT_END
	};
	struct buf out = BUF_INIT;
	struct tool t;
	struct op op = { .notice = tool_notice, .notice_arg = &t };
	struct err err;
	int status = LO_DONE, printed;

	tool_init(&t, &spec, options, argc, argv);
	if (r.prometheus && t.filter != NULL)
		tool_usage(&t, "-f filters the document, not the text of "
		    "--prometheus");
	if (op_locate(&op, t.campaign, &err) != 0 ||
	    op_metrics(&op, &r, &out, &err) != 0)
		status = tool_fail(&t, &err);
	printed = print(&t, r.prometheus, &out);
	if (printed != LO_DONE)
		status = printed;
	op_release(&op);
	buf_release(&out);
	return tool_end(&t, status);
}
