#include "cli/tool.h"
#include "ops/ops.h"

static const struct tool_spec spec = {
	.name = "lo-reset",
	.synopsis = "[-y] [--no-archive]",
	.about = "begin a campaign anew, keeping what it made in an archive",
	.example = "lo-reset -y -f .archive_id",
	.common = TOOL_CAMPAIGN | TOOL_OUTPUT | TOOL_MUTATES
};

/* The question, asked before anything is locked. */
static int
confirm(const struct tool *t, const struct op *op, bool no_archive,
    struct err *err)
{
	struct err question;

	err_set(&question, 0, "%s: state, logs, trials and reports %s",
	    op->root, no_archive ? "will be removed for good" :
	    "will go into an archive");
	return tool_confirm(t, question.text, "RESET", err);
}

int
main(int argc, char **argv)
{
	struct reset_request r = { false };
	bool yes = false;
	const struct opt options[] = {
		{ 'y', "yes", NULL, OPT_FLAG, &yes, "do not ask", 0 },
		{ 0, "no-archive", NULL, OPT_FLAG, &r.no_archive,
		    "keep nothing of what is there", 0 },
		OPT_END
	};
	struct buf out = BUF_INIT;
	struct tool t;
	struct op op = { .notice = tool_notice, .notice_arg = &t };
	struct err err;
	int status;

	tool_init(&t, &spec, options, argc, argv);
	op.lock_timeout = t.lock_timeout;
	if (op_locate(&op, t.campaign, &err) != 0 ||
	    (!yes && confirm(&t, &op, r.no_archive, &err) != 0) ||
	    op_reset(&op, &r, &out, &err) != 0)
		status = tool_fail(&t, &err);
	else
		status = tool_put(&t, &out);
	op_release(&op);
	buf_release(&out);
	return tool_end(&t, status);
}
