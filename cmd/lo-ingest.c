#include <string.h>
#include <unistd.h>

#include "cli/tool.h"
#include "ops/ops.h"

static const struct tool_spec spec = {
	.name = "lo-ingest",
	.synopsis = "[--lease-token T] [--batch] [FILE...]\n"
	    "--trial ID [--lease-token T] [--status S] [--reason R] "
	    "[NAME=VALUE]...\n",
	.about = "take in results of evaluations",
	.example = "lo-suggest | lo-eval -- ./evaluate | lo-ingest",
	.common = TOOL_CAMPAIGN | TOOL_OUTPUT | TOOL_MUTATES,
	.max_args = -1
};

struct work {
	struct tool *t;
	struct op *op;
	struct ingest_request *r;
	struct buf all;		/* of --batch: every value read so far */
	struct buf where;	/* file and line of each */
	bool any;		/* a value came */
	int status;
};

/* One call, and its lines printed.  A rejection is remembered and the rest
 * still handled; non-zero: there is no use in going on. */
static int
ingest(struct work *w)
{
	struct buf out = BUF_INIT;
	struct err err = { .status = LO_DONE };
	int failed, printed;

	failed = op_ingest(w->op, w->r, &out, &err) != 0;
	if (failed)
		w->status = tool_fail(w->t, &err);
	printed = tool_put(w->t, &out);
	if (printed != LO_DONE) {
		w->status = printed;
		tool_warn(w->t, "what was taken is stored; ingesting it "
		    "again is harmless");
	}
	buf_release(&out);
	return printed != LO_DONE || (failed &&
	    (err.status != LO_REFUSED || err.text[0] != '\0'));
}

static int
take(void *arg, struct span value, const char *where)
{
	struct work *w = arg;

	w->any = true;
	if (w->r->batch) {
		buf_add(&w->all, value.p, value.len);
		buf_addc(&w->all, '\n');
		buf_add(&w->where, where, strlen(where) + 1);
		return 0;
	}
	w->r->text = value.p;
	w->r->len = value.len;
	w->r->file = where;
	return ingest(w);
}

static void
ingest_values(struct work *w)
{
	struct err err;

	if (tool_values(w->t, take, w, &err) != 0) {
		w->status = tool_fail(w->t, &err);
		return;
	}
	if (!w->any)
		tool_warn(w->t, "no payload came, nothing was recorded");
	w->r->text = w->all.p;
	w->r->len = w->all.len;
	w->r->where = w->where.p;
	if (w->all.len > 0)
		ingest(w);
}

/* Results are not operands without --trial, and seldom names of files. */
static void
check_files(const struct tool *t)
{
	int i;

	for (i = 0; i < t->argc; i++)
		if (strchr(t->argv[i], '=') != NULL &&
		    access(t->argv[i], F_OK) != 0)
			tool_usage(t, "%s: no such file; if it is a result, "
			    "say of which trial: --trial ID %s", t->argv[i],
			    t->argv[i]);
}

int
main(int argc, char **argv)
{
	struct ingest_request r = { 0 };
	const struct opt options[] = {
		{ 0, "batch", NULL, OPT_FLAG, &r.batch,
		    "all values in one commit, all or nothing", 0 },
		{ 0, "lease-token", "T", OPT_TEXT, &r.lease_token,
		    "for results that carry none", 0 },
		{ 0, "trial", "ID", OPT_COUNT, &r.trial,
		    "the result of this trial is given here:\n"
		    "an objective's NAME=VALUE as operands", 0 },
		{ 0, "status", "S", OPT_TEXT, &r.status,
		    "ok (default), failed, killed or timeout", 0 },
		{ 0, "reason", "R", OPT_TEXT, &r.reason,
		    "why it is not ok", 0 },
		OPT_END
	};
	struct tool t;
	struct op op = { .notice = tool_notice, .notice_arg = &t };
	struct work w = { .t = &t, .op = &op, .r = &r };
	struct err err;

	tool_init(&t, &spec, options, argc, argv);
	if (r.trial == 0 && (r.status != NULL || r.reason != NULL))
		tool_usage(&t, "--status and --reason need --trial ID");
	if (r.trial != 0 && r.batch)
		tool_usage(&t, "--batch and --trial exclude each other");
	if (r.trial == 0)
		check_files(&t);
	op.lock_timeout = t.lock_timeout;
	r.value = (const char *const *)t.argv;
	r.nvalue = (size_t)t.argc;
	if (op_locate(&op, t.campaign, &err) != 0)
		w.status = tool_fail(&t, &err);
	else if (r.trial != 0)
		ingest(&w);
	else
		ingest_values(&w);
	op_release(&op);
	buf_release(&w.all);
	buf_release(&w.where);
	return tool_end(&t, w.status);
}
