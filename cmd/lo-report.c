#include <string.h>

#include "cli/tool.h"
#include "ops/ops.h"

static const struct tool_spec spec = {
	.name = "lo-report",
	.synopsis = "[-n TOP] [--html]\n"
	    "[-n TOP] --stdout json|md|html\n",
	.about = "write a report of the campaign, or print it",
	.example = "lo-report --html",
	.common = TOOL_CAMPAIGN | TOOL_OUTPUT | TOOL_MUTATES
};

/* -1 if it names no form. */
static int
form_of(const char *name)
{
	static const char *const form[] = { "json", "md", "html" };
	int i;

	for (i = 0; i < 3; i++)
		if (strcmp(name, form[i]) == 0)
			return i;
	return -1;
}

static void
check(const struct tool *t, const struct report_request *r,
    const char *form)
{
	if (form == NULL)
		return;
	if (form_of(form) < 0)
		tool_usage(t, "--stdout: expected json, md or html, got "
		    "'%s'", form);
	if (r->html)
		tool_usage(t, "--html is for files; --stdout html prints "
		    "the page");
	if (t->filter != NULL && form_of(form) != REPORT_JSON)
		tool_usage(t, "-f filters JSON, not what --stdout %s "
		    "prints", form);
}

int
main(int argc, char **argv)
{
	struct report_request r = { 0 };
	const char *form = NULL;
	const struct opt options[] = {
		{ 'n', "top", "TOP", OPT_COUNT, &r.top,
		    "how many of the best trials (default: 5)", 0 },
		{ 0, "html", NULL, OPT_FLAG, &r.html,
		    "write a page with pictures, too", 0 },
		{ 0, "stdout", "FORM", OPT_TEXT, &form,
		    "write nothing, print it: json, md or html", 0 },
		OPT_END
	};
	struct buf out = BUF_INIT;
	struct tool t;
	struct op op = { .notice = tool_notice, .notice_arg = &t };
	struct err err;
	int failed, status = LO_DONE;

	tool_init(&t, &spec, options, argc, argv);
	check(&t, &r, form);
	if (form != NULL)
		tool_only_reads(&t);
	op.lock_timeout = t.lock_timeout;
	failed = op_locate(&op, t.campaign, &err) != 0 || (form == NULL ?
	    op_report(&op, &r, &out, &err) : op_report_print(&op, &r,
	    (enum report_form)form_of(form), &out, &err)) != 0;
	if (!failed && (form == NULL || form_of(form) == REPORT_JSON))
		failed = tool_print(&t, &out, &err) != 0;
	else if (!failed)
		failed = tool_print_text(&t, &out, &err) != 0;
	if (failed)
		status = tool_fail(&t, &err);
	op_release(&op);
	buf_release(&out);
	return tool_end(&t, status);
}
