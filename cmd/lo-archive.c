#include <string.h>

#include "cli/tool.h"
#include "ops/ops.h"

static const struct tool_spec spec = {
	.name = "lo-archive",
	.synopsis = "list\n"
	    "verify [ID]\n"
	    "restore [-y] [--damaged] ID\n"
	    "prune [-y] [--keep-last N] [--older-than SECONDS]\n",
	.about = "list, check, restore and remove what resets put away",
	.example = "lo-archive restore \"$(lo-archive list -r -f .archive_id "
	    "| head -n 1)\"",
	.common = TOOL_CAMPAIGN | TOOL_OUTPUT | TOOL_MUTATES,
	.min_args = 1,
	.max_args = -1,
	.operand = "a command (list, verify, restore or prune)"
};

struct work {
	struct tool t;
	struct op op;
	struct prune_request prune;
	bool yes, damaged;
	const char *id;		/* NULL: none was given */
	struct buf out;
};

static int
list(struct work *w, struct err *err)
{
	return op_archive_list(&w->op, &w->out, err);
}

static int
verify(struct work *w, struct err *err)
{
	return op_archive_verify(&w->op, w->id, &w->out, err);
}

static int
restore(struct work *w, struct err *err)
{
	struct err question;

	err_set(&question, 0, "%s: what is there now will be replaced for "
	    "good by archive %s", w->op.root, w->id);
	if (!w->yes && tool_confirm(&w->t, question.text, "RESTORE",
	    err) != 0)
		return -1;
	return op_archive_restore(&w->op, w->id, w->damaged, &w->out,
	    err);
}

/* How many would go is looked at before anything is locked. */
static int
confirm_prune(struct work *w, struct err *err)
{
	struct prune_request look = w->prune;
	struct buf lines = BUF_INIT;
	struct err question;
	size_t i, n = 0;
	int status;

	look.look = true;
	status = op_archive_prune(&w->op, &look, &lines, err);
	for (i = 0; i < lines.len; i++)
		n += lines.p[i] == '\n';
	buf_release(&lines);
	err_set(&question, 0, "%s: %zu archive%s will be removed for good",
	    w->op.root, n, n == 1 ? "" : "s");
	if (status == 0 && n > 0)
		status = tool_confirm(&w->t, question.text, "PRUNE", err);
	return status;
}

static int
prune(struct work *w, struct err *err)
{
	if (!w->yes && confirm_prune(w, err) != 0)
		return -1;
	return op_archive_prune(&w->op, &w->prune, &w->out, err);
}

static const struct command {
	const char *name;
	int (*run)(struct work *, struct err *);
	int least, most;	/* operands */
	bool asks, prunes;	/* options it has */
} commands[] = {
	{ "list", list, 0, 0, false, false },
	{ "verify", verify, 0, 1, false, false },
	{ "restore", restore, 1, 1, true, false },
	{ "prune", prune, 0, 0, true, true }
};

/* The command, with operands and options that it has; or the tool ends. */
static const struct command *
choose(struct work *w)
{
	const struct tool *t = &w->t;
	const struct command *c = commands;
	size_t i, n = sizeof(commands) / sizeof(commands[0]);
	bool ruled = w->prune.keep_last >= 0 || w->prune.older_than >= 0;

	for (i = 0; i < n && strcmp(t->argv[0], c->name) != 0; i++)
		c++;
	if (i == n)
		tool_usage(t, "unknown command '%s', expected list, verify, "
		    "restore or prune", t->argv[0]);
	if (t->argc - 1 < c->least)
		tool_usage(t, "%s: the archive's ID is missing", c->name);
	if (t->argc - 1 > c->most)
		tool_usage(t, "unexpected operand '%s'",
		    t->argv[c->most + 1]);
	if (w->yes && !c->asks)
		tool_usage(t, "%s: has no option -y", c->name);
	if (w->damaged && c->run != restore)
		tool_usage(t, "%s: has no option --damaged", c->name);
	if (ruled && !c->prunes)
		tool_usage(t, "%s: --keep-last and --older-than belong to "
		    "prune", c->name);
	if (!ruled && c->prunes)
		tool_usage(t, "prune: which archives? give --keep-last N, "
		    "--older-than SECONDS, or both");
	if (!c->asks)
		tool_only_reads(&w->t);
	w->id = t->argc > 1 ? t->argv[1] : NULL;
	return c;
}

int
main(int argc, char **argv)
{
	struct work w = { .prune = { -1, -1, false } };
	const struct opt options[] = {
		{ 'y', "yes", NULL, OPT_FLAG, &w.yes,
		    "restore, prune: do not ask", 0 },
		{ 0, "damaged", NULL, OPT_FLAG, &w.damaged,
		    "restore: even what cannot be read any more", 0 },
		{ 0, "keep-last", "N", OPT_INT, &w.prune.keep_last,
		    "prune: all but the newest N", 0 },
		{ 0, "older-than", "SECONDS", OPT_SECONDS,
		    &w.prune.older_than, "prune: older ones only", 0 },
		OPT_END
	};
	const struct command *command;
	struct err err;
	int failed, status = LO_DONE, printed;

	tool_init(&w.t, &spec, options, argc, argv);
	command = choose(&w);
	w.op.notice = tool_notice;
	w.op.notice_arg = &w.t;
	w.op.lock_timeout = w.t.lock_timeout;
	failed = op_locate(&w.op, w.t.campaign, &err) != 0 ||
	    command->run(&w, &err) != 0;
	if (failed)
		status = tool_fail(&w.t, &err);
	printed = tool_put(&w.t, &w.out);
	if (printed != LO_DONE)
		status = printed;
	op_release(&w.op);
	buf_release(&w.out);
	return tool_end(&w.t, status);
}
