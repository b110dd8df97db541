#include <string.h>

#include "cli/save.h"
#include "cli/screen.h"
#include "cli/tool.h"
#include "ops/ops.h"

static const struct tool_spec spec = {
	.name = "lo-plot",
	.synopsis = "[-o FILE] KIND [NAME]",
	.about = "draw a campaign, in the terminal or as SVG\n\n"
	    "KIND: history, trials, parallel, slice NAME, importance, "
	    "pareto,\n      timeline, failures, calibration",
	.example = "lo-plot history",
	.common = TOOL_CAMPAIGN,
	.min_args = 1, .max_args = 2, .operand = "the KIND of picture"
};

static void
check(const struct tool *t, const struct plot_request *r)
{
	int operands = op_plot_operands(r->kind);
	struct buf kinds = BUF_INIT;

	op_plot_kinds(&kinds);
	if (operands < 0)
		tool_usage(t, "KIND: expected %s, got '%s'",
		    buf_str(&kinds), r->kind);
	buf_release(&kinds);
	if (t->argc - 1 < operands)
		tool_usage(t, "%s: the NAME of a parameter is missing",
		    r->kind);
	if (t->argc - 1 > operands)
		tool_usage(t, "unexpected operand '%s'", t->argv[1]);
}

static bool
ends_in(const char *name, const char *end)
{
	size_t n = strlen(name), m = strlen(end);

	return n > m && strcmp(name + n - m, end) == 0;
}

/* As text?  Else as SVG, or the tool ends: a picture of another kind is not
 * what its name says. */
static bool
is_text(const struct tool *t, const char *file)
{
	if (file == NULL || ends_in(file, ".txt"))
		return true;
	if (strcmp(file, "-") != 0 && !ends_in(file, ".svg") &&
	    strncmp(file, "/dev/", 5) != 0)
		tool_usage(t, "-o: expected a name that ends in .svg or .txt, "
		    "got %s; what draws SVG, as rsvg-convert(1) does, makes "
		    "other pictures of it", file);
	return false;
}

int
main(int argc, char **argv)
{
	struct plot_request r = { 0 };
	const char *file = NULL;
	const struct opt options[] = {
		{ 'o', "output", "FILE", OPT_TEXT, &file,
		    "draw into this file: .svg, or .txt as for a terminal\n"
		    "(-: SVG on standard output)", 0 },
		OPT_END
	};
	struct buf out = BUF_INIT;
	struct tool t;
	struct op op = { .notice = tool_notice, .notice_arg = &t };
	struct err err;
	int failed, status = LO_DONE;

	tool_init(&t, &spec, options, argc, argv);
	r.kind = t.argv[0];
	check(&t, &r);
	r.param = t.argc > 1 ? t.argv[1] : NULL;
	r.svg = !is_text(&t, file);
	r.width = screen_width();
	r.braille = screen_utf8();
	failed = op_locate(&op, t.campaign, &err) != 0 ||
	    op_plot(&op, &r, &out, &err) != 0;
	if (!failed && file != NULL && strcmp(file, "-") != 0)
		failed = save_file(file, &out, &err) != 0;
	else if (!failed)
		failed = tool_print_text(&t, &out, &err) != 0;
	if (failed)
		status = tool_fail(&t, &err);
	op_release(&op);
	buf_release(&out);
	return tool_end(&t, status);
}
