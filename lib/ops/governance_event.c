#include <string.h>

#include "campaign/trail.h"
#include "ops/governance.h"

#define ALL_STATUSES ((1u << TRIAL_STATUS_COUNT) - 1)
/* The event makes the log longer, which may be a finding of its own, and
 * the text of that is longer again, by some digits at most. */
#define ROUNDS 5

void
governance_event(const struct governance *g, const char *command, double now,
    struct buf *line)
{
	struct jw w;
	size_t i;

	if (g->nviolation == 0)
		return;
	trail_event(&w, line, "governance_violations_detected", now);
	JW_KEY(&w, "command", text, command);
	JW_KEY(&w, "violation_count", int, (int64_t)g->nviolation);
	jw_key(&w, "policy_ids");
	jw_array(&w);
	for (i = 0; i < g->nviolation; i++)
		jw_text(&w, g->violation[i].policy_id);
	jw_end(&w);
	jw_key(&w, "violations");
	governance_write_findings(g->violation, g->nviolation, &w);
	trail_end(&w);
}

/* Is there anything to be held against? */
static bool
any_policy(const struct config *config)
{
	return config->allowed_statuses != ALL_STATUSES ||
	    config->archives_max_count > 0 ||
	    config->archives_max_bytes > 0 || config->archives_max_age > 0 ||
	    config->event_log_max_bytes > 0 ||
	    config->acquisition_log_max_bytes > 0;
}

/* What the change leaves, with an event of that length in it. */
static int
foresee(struct governance *g, struct campaign *c, struct txn *t,
    size_t event, struct err *err)
{
	if (txn_log_size(t, PATH_ACQUISITION, &g->log[0].size, err) != 0 ||
	    txn_log_size(t, PATH_EVENTS, &g->log[1].size, err) != 0)
		return -1;
	g->log[1].size += (int64_t)event;
	governance_judge(g, c);
	return 0;
}

static int
log_violations(struct governance *g, struct campaign *c, struct txn *t,
    struct err *err)
{
	struct buf line = BUF_INIT;
	size_t before;
	int i, status = 0;

	for (i = 0; i < ROUNDS && status == 0; i++) {
		before = line.len;
		status = foresee(g, c, t, before, err);
		buf_cut(&line, 0);
		if (status == 0)
			governance_event(g, c->command, txn_now(t), &line);
		if (line.len == before)
			break;
	}
	if (status == 0)
		txn_event(t, &line);
	buf_release(&line);
	return status;
}

int
governance_commit(struct campaign *c, struct txn *t, struct err *err)
{
	const struct governance_change none = { NULL, NULL };

	return governance_commit_as(c, t, &none, err);
}

int
governance_commit_as(struct campaign *c, struct txn *t,
    const struct governance_change *change, struct err *err)
{
	struct governance g;
	struct err unread;
	int status = 0;

	if (any_policy(c->c.config)) {
		/* an archive that cannot be read is no reason to refuse a
		 * result */
		governance_look(&g, c, txn_now(t), &unread);
		if (change->foretell != NULL)
			change->foretell(change->arg, &g);
		status = log_violations(&g, c, t, err);
		governance_release(&g);
	}
	return status == 0 ? txn_commit(t, err) : -1;
}

int
governance_tell(struct campaign *c, struct txn *t, struct err *err)
{
	struct governance g;
	struct err unread;
	int status;

	if (!any_policy(c->c.config))
		return 0;
	governance_look(&g, c, txn_now(t), &unread);
	status = log_violations(&g, c, t, err);
	if (status == 0 && g.nviolation > 0)
		status = txn_commit(t, err);
	governance_release(&g);
	return status;
}

void
governance_override(const struct campaign *c, struct txn *t,
    const struct governance_override *o)
{
	struct buf line = BUF_INIT;
	struct jw w;

	if ((c->c.config->allowed_statuses & 1u << o->status) != 0)
		return;
	trail_event(&w, &line, "governance_override_used", txn_now(t));
	JW_KEY(&w, "command", text, c->command);
	JW_KEY(&w, "policy_id", text, "governance.allowed_statuses");
	JW_KEY(&w, "trial_id", int, o->trial);
	JW_KEY(&w, "status", text, trial_status_name[o->status]);
	JW_KEY(&w, "source", text, o->source);
	jw_key(&w, "allowed_statuses");
	governance_write_statuses(c->c.config, &w);
	if (o->reason != NULL)
		JW_KEY(&w, "terminal_reason", text, o->reason);
	trail_end(&w);
	txn_event(t, &line);
	buf_release(&line);
}
