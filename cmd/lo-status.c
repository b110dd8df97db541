#include "cli/tool.h"
#include "ops/ops.h"

static const struct tool_spec spec = {
	.name = "lo-status",
	.synopsis = "[-H]",
	.about = "print how far a campaign is",
	.example = "lo-status -f '.budget.remaining'",
	.common = TOOL_CAMPAIGN | TOOL_OUTPUT
};

int
main(int argc, char **argv)
{
	bool human = false;
	const struct opt options[] = {
		{ 'H', "human", NULL, OPT_FLAG, &human,
		    "a table for people", 0 },
		OPT_END
	};
	struct buf out = BUF_INIT;
	struct tool t;
	struct op op = { .notice = tool_notice, .notice_arg = &t };
	struct err err;
	int failed, status = LO_DONE;

	tool_init(&t, &spec, options, argc, argv);
	if (human && t.filter != NULL)
		tool_usage(&t, "-f filters the document, not the table of -H");
	failed = op_locate(&op, t.campaign, &err);
	if (failed == 0 && human)
		failed = op_status_table(&op, &out, &err) != 0 ||
		    tool_print_text(&t, &out, &err) != 0;
	else if (failed == 0)
		failed = op_status(&op, &out, &err) != 0 ||
		    tool_print(&t, &out, &err) != 0;
	if (failed)
		status = tool_fail(&t, &err);
	op_release(&op);
	buf_release(&out);
	return tool_end(&t, status);
}
