#include <unistd.h>

#include "cli/tool.h"
#include "ops/ops.h"

static const struct tool_spec spec = {
	.name = "lo-events",
	.synopsis = "[--follow] [--topic TOPIC]... [--cursor FILE]",
	.about = "print what happens to a campaign, for other programs",
	.example = "lo-events --follow --cursor seen.json --topic failed",
	.common = TOOL_CAMPAIGN | TOOL_OUTPUT
};

static int
emit(void *tool, const struct buf *lines, struct err *err)
{
	return tool_print(tool, lines, err);
}

static void
read_topics(const struct tool *t, const struct opt_list *names,
    unsigned *topics)
{
	struct err err;
	size_t i;

	for (i = 0; i < names->n; i++)
		if (op_events_topic(names->item[i], topics, &err) != 0)
			tool_usage(t, "%s", err.text);
}

int
main(int argc, char **argv)
{
	struct tool t;
	struct events_request r = { .emit = emit, .emit_arg = &t,
	    .watch = STDOUT_FILENO };
	struct opt_list topics = { 0 };
	const struct opt options[] = {
		{ 0, "follow", NULL, OPT_FLAG, &r.follow,
		    "wait for more, until a signal comes", 0 },
		{ 0, "topic", "TOPIC", OPT_LIST, &topics,
		    "suggested, ingested, failed, reset or restore\n"
		    "(default: all)", 0 },
		{ 0, "cursor", "FILE", OPT_TEXT, &r.cursor,
		    "begin where FILE says, and keep it up to date", 0 },
		OPT_END
	};
	struct op op = { .notice = tool_notice, .notice_arg = &t };
	struct err err;
	int status = LO_DONE;

	tool_init(&t, &spec, options, argc, argv);
	read_topics(&t, &topics, &r.topics);
	if (op_locate(&op, t.campaign, &err) != 0 ||
	    op_events(&op, &r, &err) != 0)
		status = tool_fail(&t, &err);
	op_release(&op);
	opt_list_release(&topics);
	return tool_end(&t, status);
}
