#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/tool.h"
#include "ops/ops.h"

static const struct tool_spec spec = {
	.name = "lo-import",
	.synopsis = "[--format csv|jsonl] [--permissive] FILE",
	.about = "take in observations made elsewhere",
	.example = "lo-import -f .imported results.csv",
	.common = TOOL_CAMPAIGN | TOOL_OUTPUT | TOOL_MUTATES,
	.min_args = 1, .max_args = 1, .operand = "FILE"
};

/* One line that is written over, then wiped. */
static void
show_progress(void *arg, const char *what, size_t done, size_t all)
{
	const struct tool *t = arg;

	fprintf(stderr, "\r%s: %zu of %zu rows %s\033[K", t->spec->name,
	    done, all, what);
	if (done == all)
		fputs("\r\033[K", stderr);
}

static int
run(struct tool *t, struct op *op, struct import_request *r)
{
	struct buf out = BUF_INIT;
	struct err err;
	int status;

	op->lock_timeout = t->lock_timeout;
	if (isatty(STDERR_FILENO)) {
		r->progress = show_progress;
		r->progress_arg = t;
	}
	r->file = t->argv[0];
	if (op_locate(op, t->campaign, &err) != 0 ||
	    op_import(op, r, &out, &err) != 0)
		status = tool_fail(t, &err);
	else
		status = tool_put(t, &out);
	op_release(op);
	buf_release(&out);
	return status;
}

int
main(int argc, char **argv)
{
	const char *format = NULL;
	struct import_request r = { 0 };
	const struct opt options[] = {
		{ 0, "format", "csv|jsonl", OPT_TEXT, &format,
		    "how FILE is written, if its name does not tell", 0 },
		{ 0, "permissive", NULL, OPT_FLAG, &r.permissive,
		    "take the good rows and report the others", 0 },
		OPT_END
	};
	struct tool t;
	struct op op = { .notice = tool_notice, .notice_arg = &t };

	tool_init(&t, &spec, options, argc, argv);
	if (format != NULL && op_format(format, &r.format) != 0)
		tool_usage(&t, "--format: expected csv or jsonl, got %s",
		    format);
	return tool_end(&t, run(&t, &op, &r));
}
