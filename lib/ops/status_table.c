#include <string.h>

#include "base/clock.h"
#include "base/num.h"
#include "contract/point.h"
#include "ops/claim.h"
#include "ops/common.h"
#include "ops/governance.h"
#include "ops/status.h"
#include "ops/suggest.h"

/* So many trials that did not end ok are listed. */
#define FAILURES 5

static void
row(struct buf *out, const char *name)
{
	buf_addf(out, "%-13s", name);
}

static void
put_params(const struct space *s, const double *point, struct buf *out)
{
	size_t i;
	const char *gap = "";

	for (i = 0; i < s->n; i++) {
		if (point[i] != point[i])	/* inactive */
			continue;
		buf_addf(out, "%s%s=", gap, s->param[i].name);
		point_value_text(&s->param[i], point[i], false, out);
		gap = "  ";
	}
}

static void
put_trials(const struct campaign *c, struct buf *out)
{
	const struct state *s = c->state;
	int i;

	row(out, "trials");
	buf_addf(out, "%zu of %lld observed", s->nobs,
	    (long long)c->c.config->max_trials);
	for (i = 0; i < TRIAL_STATUS_COUNT && s->nobs > 0; i++) {
		size_t n = state_count_status(s, (enum trial_status)i);

		if (n > 0)
			buf_addf(out, "%s%zu %s", i == 0 ? ": " : ", ", n,
			    trial_status_name[i]);
	}
	buf_addf(out, "\n%-13s%lld to suggest\n", "left",
	    (long long)status_remaining(c));
}

/* Who works on it, as far as it can be told from here. */
static void
put_worker(const struct pending *p, struct buf *out)
{
	struct process_id who;

	if (nobody_works_on(p))
		buf_adds(out, "waits for an evaluator");
	else if (claim_read(p->doc, &who))
		buf_addf(out, "with process %ld on %s", who.pid, who.host);
	else
		buf_adds(out, "with who sends its heartbeats");
}

static void
put_pending(const struct campaign *c, struct buf *out)
{
	const struct state *s = c->state;
	double now = clock_now(), limit = c->c.config->max_pending_age;
	size_t i;

	row(out, "pending");
	buf_addf(out, "%zu\n", s->npend);
	for (i = 0; i < s->npend; i++) {
		const struct pending *p = &s->pend[i];
		double age = now - pending_since(p);

		buf_addf(out, "%-13strial %lld, %s ", "", (long long)p->id,
		    p->last_heartbeat_at > p->suggested_at ? "heartbeat" :
		    "suggested");
		clock_words(age > 0 ? age : 0, out);
		buf_adds(out, limit > 0 && age > limit ? " ago, stale, " :
		    " ago, ");
		put_worker(p, out);
		buf_adds(out, ":  ");
		if (p->usable)
			put_params(c->c.space, p->point, out);
		buf_addc(out, '\n');
	}
}

/* Why a trial did not end ok. */
static void
put_reason(const struct observation *o, struct buf *out)
{
	struct err ignored;
	jv doc = json_parse_scanned(o->raw, &ignored);
	struct json root = json_root(doc, "observation");
	const char *reason = trial_text(&root, "terminal_reason");

	buf_addf(out, "trial %lld %s: %s\n", (long long)o->id,
	    trial_status_name[o->status],
	    reason != NULL ? reason : "no reason given");
	jv_free(doc);
}

/* Trials that did not end well: the last few, with their reasons. */
static void
put_failures(const struct campaign *c, struct buf *out)
{
	const struct state *s = c->state;
	const char *name = "not ok";
	size_t i, shown = 0;

	for (i = s->nobs; i-- > 0 && shown < FAILURES; ) {
		if (s->obs[i].status == TRIAL_OK)
			continue;
		row(out, name);
		put_reason(&s->obs[i], out);
		name = "";
		shown++;
	}
}

/* Of several objectives, each. */
static void
put_objectives(const struct objectives *o, const double *y, struct buf *out)
{
	char text[NUM_TEXT];
	size_t i;

	if (o->n < 2)
		return;
	row(out, "");
	for (i = 0; i < o->n; i++)
		buf_addf(out, "%s%s = %s", i > 0 ? ", " : "",
		    o->objective[i].name, num_plain(text, y[i]));
	buf_addc(out, '\n');
}

static void
put_best(const struct campaign *c, struct buf *out)
{
	const struct state *s = c->state;
	const struct observation *o = state_find_best(s);
	char text[NUM_TEXT];

	row(out, "best");
	if (o == NULL) {
		buf_adds(out, "none yet\n");
		return;
	}
	buf_addf(out, "%s = %s, trial %lld\n",
	    objectives_scalar_name(s->objectives),
	    num_plain(text, objectives_scalar(s->objectives, o->y)),
	    (long long)o->id);
	put_objectives(s->objectives, o->y, out);
	if (o->usable) {
		row(out, "");
		put_params(c->c.space, o->point, out);
		buf_addc(out, '\n');
	}
}

/* What is not as bo_config.json wants it; nothing where all is. */
static void
put_violations(const struct campaign *c, struct buf *out)
{
	const char *name = "policy";
	struct governance g;
	struct err ignored;
	size_t i;

	governance_look(&g, c, clock_now(), &ignored);
	governance_judge(&g, c);
	for (i = 0; i < g.nviolation; i++) {
		row(out, name);
		buf_addf(out, "%s\n", g.violation[i].message);
		name = "";
	}
	governance_release(&g);
}

int
op_status_table(const struct op *op, struct buf *out, struct err *err)
{
	struct campaign *c = op_open_read_damaged(op, err);
	struct plateau p;

	if (c == NULL)
		return -1;
	row(out, "campaign");
	buf_addf(out, "%s\n", c->paths.root);
	put_trials(c, out);
	put_pending(c, out);
	put_failures(c, out);
	put_best(c, out);
	status_plateau(c, &p);
	if (p.reached) {
		char text[NUM_TEXT];

		row(out, "plateau");
		buf_addf(out, "the last %lld ok trials improved best by %s\n",
		    (long long)c->c.config->patience_trials,
		    num_plain(text, p.improvement));
	}
	put_violations(c, out);
	campaign_close(c);
	return 0;
}
