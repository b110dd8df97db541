#include <math.h>
#include <stdlib.h>

#include "base/xmem.h"
#include "ops/audit.h"

static void
write_forecasts(const struct audit *a, const struct audited *t,
    struct jw *w)
{
	struct forecast *f = xcalloc(a->c->c.objectives->n + 1, sizeof(*f));
	size_t n = audit_forecasts(a, t, f), i;

	jw_key(w, "predictions");
	jw_array(w);
	for (i = 0; i < n; i++) {
		jw_object(w);
		JW_KEY(w, "objective_name", text, f[i].objective);
		JW_KEY(w, "predicted_mean", real, f[i].mean);
		JW_KEY(w, "predicted_std", real, f[i].sd);
		JW_KEY(w, "measured", real, f[i].measured);
		JW_KEY(w, "difference", real, f[i].measured - f[i].mean);
		JW_KEY(w, "deviations", real, audit_deviations(&f[i]));
		jw_end(w);
	}
	jw_end(w);
	free(f);
}

/* How it ended, from the observation's bytes. */
static void
write_end(const struct observation *o, struct jw *w)
{
	static const char *const kept[] = { "runtime_seconds",
	    "terminal_reason", "penalty_objective", "source_trial_id",
	    "retry_of", "replicate_of" };
	struct span s = { NULL, 0 };
	size_t i;

	JW_KEY(w, "completed_at", real, o != NULL ? o->completed_at : NAN);
	for (i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
		if (o != NULL)
			s = json_find(o->raw, kept[i]);
		if (i < 2 || s.len > 0)
			JW_KEY(w, kept[i], raw, s);
	}
	JW_KEY(w, "voided", bool, o != NULL && o->voided);
}

/* Those of a trial; nothing has any where the decision failed. */
static void
write_params(const struct audited *t, struct jw *w)
{
	struct span trial = { NULL, 0 };

	if (t->o != NULL)
		trial = t->o->raw;
	else if (t->p != NULL)
		trial = t->p->raw;
	JW_KEY(w, "params", raw, json_find(trial, "params"));
}

static void
write_outcome(const struct audit *a, const struct audited *t, struct jw *w)
{
	const struct objectives *o = a->c->c.objectives;
	bool scored = t->o != NULL && t->o->scored;

	JW_KEY(w, "suggested_at", real, t->o != NULL ? t->o->suggested_at :
	    t->p != NULL ? t->p->suggested_at : NAN);
	write_end(t->o, w);
	write_params(t, w);
	JW_KEY(w, "objective_name", text, objectives_scalar_name(o));
	JW_KEY(w, "objective_value", real, scored ?
	    objectives_scalar(o, t->o->y) : NAN);
	jw_key(w, "objectives");
	objectives_write(o, scored ? t->o->y : NULL, w);
}

static void
write_trace(const struct audit *a, const struct audited *t, struct buf *out)
{
	struct jw w;

	jw_init(&w, out, JW_COMPACT);
	jw_object(&w);
	JW_KEY(&w, "trial_id", int, t->id);
	JW_KEY(&w, "status", text, audit_status(t));
	JW_KEY(&w, "decided_at", real, audit_number(t->line, "timestamp"));
	JW_KEY(&w, "suggest_latency_seconds", real, audit_number(json_find(
	    t->line, "telemetry"), "suggest_latency_seconds"));
	write_outcome(a, t, &w);
	write_forecasts(a, t, &w);
	JW_KEY(&w, "decision", raw, t->decision);
	jw_end(&w);
	jw_release(&w);
	buf_addc(out, '\n');
}

/* In order of ids, whatever the order in which they were asked for. */
static bool
asked_for(const struct trace_request *r, int64_t id)
{
	size_t i;

	for (i = 0; i < r->n && r->id[i] != id; i++)
		;
	return r->n == 0 || i < r->n;
}

static int
all_known(const struct audit *a, const struct trace_request *r,
    struct err *err)
{
	size_t i, n;

	for (i = 0; i < r->n; i++)
		if (audit_find(a, r->id[i], &n, err) == NULL)
			return -1;
	return 0;
}

int
op_trace(const struct op *op, const struct trace_request *r,
    struct buf *out, struct err *err)
{
	struct audit a;
	size_t i;
	int status = audit_init(&a, op, err);

	if (status == 0)
		status = all_known(&a, r, err);
	for (i = 0; status == 0 && i < a.n; i++)
		if (asked_for(r, a.trial[i].id))
			write_trace(&a, &a.trial[i], out);
	if (status == 0)
		status = audit_verdict(&a, err);
	audit_release(&a);
	return status;
}
