#include <stdlib.h>

#include "base/xmem.h"
#include "cli/tool.h"
#include "ops/ops.h"

static const struct tool_spec spec = {
	.name = "lo-init",
	.synopsis = "[-t demo|client|full] [--param SPEC]... "
	    "[--minimize|--maximize NAME]... [--trials N] [--seed N] "
	    "[--eval-time SECONDS] [--compat] DIR",
	.about = "make a campaign",
	.example = "lo-init --param lr=float:1e-4..1e-1:log "
	    "--param depth=int:1..8 \\\n      --minimize loss tuning",
	.common = TOOL_OUTPUT,
	.min_args = 1,
	.max_args = 1,
	.operand = "the campaign's DIR"
};

/* Options of one list, told apart by 'which': is it --maximize? */
static struct init_objective *
objectives(const struct opt_list *list)
{
	struct init_objective *o = xcalloc(list->n, sizeof(*o));
	size_t i;

	for (i = 0; i < list->n; i++) {
		o[i].name = list->item[i];
		o[i].maximize = list->which[i] != 0;
	}
	return o;
}

int
main(int argc, char **argv)
{
	struct init_request r = { .seed = -1 };
	struct opt_list param = { 0 }, goal = { 0 };
	const struct opt options[] = {
		{ 't', "template", "NAME", OPT_TEXT, &r.template,
		    "begin with demo, client or full", 0 },
		{ 0, "param", "SPEC", OPT_LIST, &param,
		    "NAME=float:LO..HI[:log], NAME=int:LO..HI[:log],\n"
		    "NAME=cat:A,B,... or NAME=bool; each may end in\n"
		    ":when=NAME=VALUE[,VALUE...]; repeatable", 0 },
		{ 0, "minimize", "NAME", OPT_LIST, &goal,
		    "an objective; the first named is the primary one", 0 },
		{ 0, "maximize", "NAME", OPT_LIST, &goal,
		    "an objective to be made large", 1 },
		{ 0, "trials", "N", OPT_COUNT, &r.trials,
		    "the budget (max_trials)", 0 },
		{ 0, "seed", "N", OPT_INT, &r.seed,
		    "of all random numbers", 0 },
		{ 0, "eval-time", "SECONDS", OPT_SECONDS, &r.eval_time,
		    "how long an evaluation takes: sets when a pending\n"
		    "trial counts as lost", 0 },
		{ 0, "compat", NULL, OPT_FLAG, &r.compat,
		    "only settings that Looptimum 0.4 accepts", 0 },
		OPT_END
	};
	struct init_objective *objective;
	struct buf out = BUF_INIT;
	char *share = tool_share();
	struct tool t;
	struct op op = { .notice = tool_notice, .notice_arg = &t };
	struct err err;
	int status;

	tool_init(&t, &spec, options, argc, argv);
	r.objective = objective = objectives(&goal);
	r.nobjective = goal.n;
	r.param = param.item;
	r.nparam = param.n;
	r.has_seed = r.seed >= 0;
	r.share = share;
	r.dir = t.argv[0];
	status = op_init(&op, &r, &out, &err) != 0 ? tool_fail(&t, &err) :
	    tool_put(&t, &out);
	free(objective);
	free(share);
	buf_release(&out);
	opt_list_release(&param);
	opt_list_release(&goal);
	return tool_end(&t, status);
}
