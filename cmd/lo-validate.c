#include <string.h>
#include <unistd.h>

#include "cli/tool.h"
#include "ops/ops.h"
#include "store/file.h"

static const struct tool_spec spec = {
	.name = "lo-validate",
	.synopsis = "[--strict]",
	.about = "check the files of a campaign against each other",
	.example = "lo-validate --strict >/dev/null && echo sound",
	.common = TOOL_CAMPAIGN | TOOL_OUTPUT
};

/* "FILE: path: error: message", as compilers write it: no program name. */
static void
say_finding(void *arg, const char *text)
{
	struct buf line = BUF_INIT;

	(void)arg;
	buf_addf(&line, "%s\n", text);
	file_write_all(STDERR_FILENO, line.p, line.len);
	buf_release(&line);
}

int
main(int argc, char **argv)
{
	struct validate_request r = { .finding = say_finding };
	const struct opt options[] = {
		{ 0, "strict", NULL, OPT_FLAG, &r.strict,
		    "warnings fail, too", 0 },
		OPT_END
	};
	struct buf out = BUF_INIT;
	struct tool t;
	struct op op = { .notice = tool_notice, .notice_arg = &t };
	struct err err;
	int status = LO_DONE, printed;

	tool_init(&t, &spec, options, argc, argv);
	if (op_locate(&op, t.campaign, &err) != 0 ||
	    op_validate(&op, &r, &out, &err) != 0)
		status = tool_fail(&t, &err);
	printed = tool_put(&t, &out);
	if (printed != LO_DONE)
		status = printed;
	op_release(&op);
	buf_release(&out);
	return tool_end(&t, status);
}
