#include <string.h>

#include "cli/tool.h"
#include "ops/ops.h"

static const struct tool_spec spec = {
	.name = "lo-export",
	.synopsis = "[--format csv|jsonl] [-o FILE]",
	.about = "write all observations",
	.example = "lo-export --format csv >results.csv",
	.common = TOOL_CAMPAIGN | TOOL_OUTPUT | TOOL_MUTATES
};

static int
run(struct tool *t, struct op *op, const struct export_request *r)
{
	bool text = r->file == NULL && r->format == FORMAT_CSV;
	struct buf out = BUF_INIT;
	struct err err;
	int status = LO_DONE;

	op->lock_timeout = t->lock_timeout;
	if (op_locate(op, t->campaign, &err) != 0 ||
	    op_export(op, r, &out, &err) != 0 || (text ?
	    tool_print_text(t, &out, &err) : tool_print(t, &out, &err)) != 0)
		status = tool_fail(t, &err);
	op_release(op);
	buf_release(&out);
	return status;
}

int
main(int argc, char **argv)
{
	const char *format = NULL;
	struct export_request r = { 0 };
	const struct opt options[] = {
		{ 0, "format", "csv|jsonl", OPT_TEXT, &format,
		    "how to write them; without it FILE's name\n"
		    "tells, and standard output gets jsonl", 0 },
		{ 'o', "output", "FILE", OPT_TEXT, &r.file,
		    "replace FILE and log that", 0 },
		OPT_END
	};
	struct tool t;
	struct op op = { .notice = tool_notice, .notice_arg = &t };

	tool_init(&t, &spec, options, argc, argv);
	if (format != NULL && op_format(format, &r.format) != 0)
		tool_usage(&t, "--format: expected csv or jsonl, got %s",
		    format);
	if (r.file != NULL && strcmp(r.file, "-") == 0)
		r.file = NULL;
	if (r.file == NULL && r.format == FORMAT_CSV && t.filter != NULL)
		tool_usage(&t, "-f filters JSON, not CSV");
	if (r.file == NULL)
		tool_only_reads(&t);
	return tool_end(&t, run(&t, &op, &r));
}
