#include <math.h>
#include <stdlib.h>

#include "cli/tool.h"
#include "ops/ops.h"

static const struct tool_spec spec = {
	.name = "lo-heartbeat",
	.synopsis = "[--note T] [--meta JSON] [--at T] [--lease-token T] ID",
	.about = "say that a pending trial is still at work",
	.example = "lo-heartbeat --note 'epoch 3' 7",
	.common = TOOL_CAMPAIGN | TOOL_OUTPUT | TOOL_MUTATES,
	.min_args = 1,
	.max_args = 1,
	.operand = "ID"
};

int
main(int argc, char **argv)
{
	struct heartbeat_request r = { 0 };
	const char *token;
	double at = NAN;
	const struct opt options[] = {
		{ 0, "note", "T", OPT_TEXT, &r.note,
		    "what it is doing", 0 },
		{ 0, "meta", "JSON", OPT_TEXT, &r.meta,
		    "an object of your own", 0 },
		{ 0, "at", "T", OPT_REAL, &at,
		    "when, in seconds since the epoch (default now)", 0 },
		{ 0, "lease-token", "T", OPT_TEXT, &r.lease_token,
		    "of a leased trial (default: $LO_LEASE_TOKEN, which\n"
		    "others on this machine cannot read)", 0 },
		OPT_END
	};
	struct buf out = BUF_INIT;
	struct tool t;
	struct op op = { .notice = tool_notice, .notice_arg = &t };
	struct err err;
	int64_t *id;
	int status;

	tool_init(&t, &spec, options, argc, argv);
	if (r.lease_token == NULL && (token = getenv("LO_LEASE_TOKEN")) != NULL
	    && *token != '\0')
		r.lease_token = token;
	if (!isnan(at) && !(at > 0))
		tool_usage(&t, "--at: expected a number > 0");
	id = tool_ids(&t);
	r.trial = *id;
	r.at = isnan(at) ? 0 : at;
	op.lock_timeout = t.lock_timeout;
	if (op_locate(&op, t.campaign, &err) != 0 ||
	    op_heartbeat(&op, &r, &out, &err) != 0)
		status = tool_fail(&t, &err);
	else
		status = tool_put(&t, &out);
	op_release(&op);
	buf_release(&out);
	free(id);
	return tool_end(&t, status);
}
