/* propose_decision: why a point was proposed.  See propose_decision.h. */
#include "base/xmem.h"
#include "ops/propose_decision.h"
#include "ops/propose_trace.h"
#include "store/json.h"

char *
decision_warning(const struct search *s)
{
	struct buf list = BUF_INIT;
	char *text;

	if (s->accepted == 0 || s->accepted >= s->requested)
		return NULL;
	search_dominant(s, &list);
	text = xasprintf("constraints reduced %s feasible candidates to "
	    "%zu/%zu (dominant rejects: %s)", search_phase_name(s),
	    s->accepted, s->requested, buf_str(&list));
	buf_release(&list);
	return text;
}

char *
decision_infeasible(const struct search *s)
{
	struct buf list = BUF_INIT;
	char *text;

	search_dominant(s, &list);
	text = xasprintf("constraints eliminated all %zu %s attempts "
	    "(dominant rejects: %s)", s->attempted, search_phase_name(s),
	    buf_str(&list));
	buf_release(&list);
	return text;
}

static void
write_status(const struct decision *d, struct jw *w)
{
	const struct search *s = d->search;
	size_t i;

	jw_key(w, "constraint_status");
	jw_object(w);
	JW_KEY(w, "enabled", bool, s->constraints != NULL);
	JW_KEY(w, "phase", text, search_phase_name(s));
	JW_KEY(w, "requested", int, (int64_t)s->requested);
	JW_KEY(w, "accepted", int, (int64_t)s->accepted);
	JW_KEY(w, "attempted", int, (int64_t)s->attempted);
	JW_KEY(w, "rejected", int, (int64_t)(s->attempted - s->accepted));
	JW_KEY(w, "feasible_ratio", real, s->attempted > 0 ?
	    (double)s->accepted / (double)s->attempted : 0);
	jw_key(w, "reject_counts");
	jw_object(w);
	for (i = 0; i < s->nrule; i++)
		if (s->rejects[i] > 0)
			JW_KEY(w, constraints_rule_id(s->constraints, i),
			    int, (int64_t)s->rejects[i]);
	jw_end(w);
	JW_KEY(w, "warning", text, d->warning);
	jw_end(w);
}

/* What several objectives are worth together is an improvement. */
static enum acquisition_type
used(const struct decision *d)
{
	if (d->gp == NULL || d->gp->several == NULL)
		return pick_acquisition(d->search->config);
	return several_explores(d->search) ? ACQ_EHVI : ACQ_EI;
}

static void
write_model(const struct decision *d, struct jw *w)
{
	const struct teach *t = d->teach;

	JW_KEY(w, "acquisition_type", text, acquisition_name(used(d)));
	JW_KEY(w, "observations_used", int, (int64_t)t->data.n);
	JW_KEY(w, "pending_used", int, (int64_t)t->data.npending);
	JW_KEY(w, "incumbent_trial_id", int, t->best_id);
	JW_KEY(w, "incumbent_value", real, t->sign * t->best);
	trace_write(d->search, w);
	if (d->gp != NULL) {
		gp_model_explain(d->gp, d->search, w);
		trace_write_gp(d->gp, d->search, t->sign, w);
	} else
		JW_KEY(w, "length_scale", real,
		    d->search->config->length_scale);
	if (d->pick == NULL)
		return;
	JW_KEY(w, "candidates_scored", int, (int64_t)d->search->found.n);
	JW_KEY(w, "predicted_mean", real, d->pick->mean);
	JW_KEY(w, "predicted_std", real, d->pick->sd);
	JW_KEY(w, "acquisition_score", real, d->pick->score);
}

static const char *
backend(const struct decision *d)
{
	return d->gp != NULL ? "gp" : d->fitted->surrogate->name;
}

void
decision_write(const struct decision *d, struct buf *out)
{
	struct jw w;

	jw_init(&w, out, JW_LOG);
	jw_object(&w);
	JW_KEY(&w, "strategy", text, d->teach != NULL ?
	    "surrogate_acquisition" : "initial_random");
	JW_KEY(&w, "surrogate_backend", text, d->teach != NULL ?
	    backend(d) : NULL);
	if (d->teach != NULL)
		write_model(d, &w);
	if (d->fallback_reason != NULL)
		JW_KEY(&w, "fallback_reason", text, d->fallback_reason);
	if (d->infeasible != NULL)
		JW_KEY(&w, "constraint_error_reason", text, d->infeasible);
	JW_KEY(&w, "sampler", text, d->search->sampler);
	JW_KEY(&w, "seed", int, (int64_t)d->search->seed);
	JW_KEY(&w, "version", text, LO_VERSION);
	write_status(d, &w);
	jw_end(&w);
	jw_release(&w);
}
