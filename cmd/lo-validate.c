#include <string.h>
#include <unistd.h>

#include "cli/tool.h"
#include "ops/ops.h"
#include "store/file.h"

static const struct tool_spec spec = {
	.name = "lo-validate",
	.synopsis = "[--strict]\n--rebuild [--place [-y]]\n",
	.about = "check the files of a campaign against each other",
	.example = "lo-validate --strict >/dev/null && echo sound",
	.common = TOOL_CAMPAIGN | TOOL_OUTPUT | TOOL_MUTATES
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

struct work {
	struct tool t;
	struct op op;
	struct validate_request check;
	bool rebuild, place, yes;
	struct buf out;
};

/* The question, asked before anything is locked. */
static int
confirm(const struct work *w, struct err *err)
{
	struct err question;

	err_set(&question, 0, "%s: the state will be made anew of manifests, "
	    "payload copies and logs; what stands there is kept beside it",
	    w->op.root);
	return tool_confirm(&w->t, question.text, "REBUILD", err);
}

static int
work(struct work *w, struct err *err)
{
	if (op_locate(&w->op, w->t.campaign, err) != 0)
		return -1;
	if (!w->rebuild)
		return op_validate(&w->op, &w->check, &w->out, err);
	if (w->place && !w->yes && confirm(w, err) != 0)
		return -1;
	return op_rebuild(&w->op, w->place, &w->out, err);
}

static void
check_usage(const struct work *w)
{
	if (w->place && !w->rebuild)
		tool_usage(&w->t, "--place belongs to --rebuild");
	if (w->yes && !w->place)
		tool_usage(&w->t, "-y belongs to --rebuild --place");
	if (w->rebuild && w->check.strict)
		tool_usage(&w->t, "--rebuild and --strict: expected one");
}

int
main(int argc, char **argv)
{
	struct work w = { .check = { .finding = say_finding } };
	const struct opt options[] = {
		{ 0, "strict", NULL, OPT_FLAG, &w.check.strict,
		    "warnings fail, too", 0 },
		{ 0, "rebuild", NULL, OPT_FLAG, &w.rebuild,
		    "make a lost state anew, in a file beside it", 0 },
		{ 0, "place", NULL, OPT_FLAG, &w.place,
		    "... and put it in its place", 0 },
		{ 'y', "yes", NULL, OPT_FLAG, &w.yes,
		    "--place: do not ask", 0 },
		OPT_END
	};
	struct err err;
	int status = LO_DONE, printed;

	tool_init(&w.t, &spec, options, argc, argv);
	check_usage(&w);
	if (!w.rebuild)
		tool_only_reads(&w.t);
	w.op.notice = tool_notice;
	w.op.notice_arg = &w.t;
	w.op.lock_timeout = w.t.lock_timeout;
	if (work(&w, &err) != 0)
		status = tool_fail(&w.t, &err);
	printed = tool_put(&w.t, &w.out);
	if (printed != LO_DONE)
		status = printed;
	op_release(&w.op);
	buf_release(&w.out);
	return tool_end(&w.t, status);
}
