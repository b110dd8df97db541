/* explain: see explain.h. */
#include <math.h>

#include "base/wrap.h"
#include "contract/point.h"
#include "ops/explain.h"
#include "ops/plot.h"
#include "ops/report.h"

#define WIDTH 78

void
explain_flush(struct explanation *e)
{
	if (e->say.len == 0)
		return;
	if (e->out->len > 0)
		buf_addc(e->out, '\n');
	wrap(buf_str(&e->say), "", WIDTH, e->out);
	buf_cut(&e->say, 0);
}

void
explain_number(double x, struct buf *out)
{
	if (isnan(x))
		buf_adds(out, "unknown");
	else
		buf_addf(out, "%.6g", x);
}

void
explain_short(double x, struct buf *out)
{
	buf_addf(out, fabs(x) >= 100 && fabs(x) < 1e7 ? "%.0f" : "%.3g", x);
}

void
explain_point(struct explanation *e, const double *point)
{
	const struct space *s = e->audit->c->c.space;
	const char *gap = "";
	size_t i;

	for (i = 0; i < s->n; i++) {
		if (isnan(point[i]))	/* inactive */
			continue;
		buf_addf(&e->say, "%s%s=", gap, s->param[i].name);
		point_value_text(&s->param[i], point[i], false, &e->say);
		gap = ", ";
	}
}

/* -------------------------------------------------------------- heading */

static void
say_time(struct explanation *e, const char *words, double at)
{
	if (isnan(at))
		return;
	buf_adds(&e->say, words);
	plot_time(at, &e->say);
	buf_adds(&e->say, " UTC");
}

void
explain_value(struct explanation *e, const struct observation *o)
{
	const struct objectives *all = e->audit->c->c.objectives;
	size_t j;

	if (!o->scored) {
		buf_addf(&e->say, "%s", o->status == TRIAL_OK ? "a value that "
		    "does not fit the objectives of today" :
		    trial_status_name[o->status]);
		return;
	}
	buf_addf(&e->say, "%s = ", objectives_scalar_name(all));
	explain_number(objectives_scalar(all, o->y), &e->say);
	for (j = 0; j < all->n && all->n > 1; j++) {
		buf_addf(&e->say, "; %s = ", all->objective[j].name);
		explain_number(o->y[j], &e->say);
	}
}

static void
say_observed(struct explanation *e)
{
	const struct observation *o = e->t->o;

	if (o->scored) {
		buf_adds(&e->say, "ok, ");
		explain_value(e, o);
	} else {
		buf_adds(&e->say, trial_status_name[o->status]);
		if (o->voided)
			buf_adds(&e->say, " (its result was taken back by "
			    "lo-void)");
		if (o->status != TRIAL_OK) {
			buf_adds(&e->say, ", because: ");
			if (!report_reason(o, &e->say))
				buf_adds(&e->say, "no reason given");
		}
	}
	buf_adds(&e->say, ".");
	say_time(e, " Suggested ", o->suggested_at);
	say_time(e, isnan(o->suggested_at) ? " Result of " : ", result ",
	    o->completed_at);
	if (!isnan(o->suggested_at) || !isnan(o->completed_at))
		buf_adds(&e->say, ".");
}

static void
say_heading(struct explanation *e)
{
	const struct audited *t = e->t;
	const double *point = NULL;

	buf_addf(&e->say, "Trial %lld: ", (long long)t->id);
	if (t->o != NULL) {
		say_observed(e);
		point = t->o->usable ? t->o->point : NULL;
	} else if (t->p != NULL) {
		buf_adds(&e->say, "pending, no result yet.");
		say_time(e, " Suggested ", t->p->suggested_at);
		buf_adds(&e->say, ".");
		point = t->p->usable ? t->p->point : NULL;
	} else {
		buf_adds(&e->say, "the state does not know it, though there "
		    "is a decision; see lo-validate(1).");
	}
	explain_flush(e);
	if (point != NULL) {
		buf_adds(&e->say, "Parameters: ");
		explain_point(e, point);
		buf_adds(&e->say, ".");
	} else if (t->o != NULL || t->p != NULL) {
		buf_adds(&e->say, "Its parameters do not fit "
		    "parameter_space.json of today.");
	}
	explain_flush(e);
}

/* ------------------------------------------------------------- strategy */

static void
say_warmup(struct explanation *e)
{
	int64_t n = e->audit->c->c.config->initial_random_trials;
	size_t k = e->t->warmup;

	if (k == 0) {
		buf_adds(&e->say, "It was drawn at random, though the "
		    "warm-up was over. ");
		return;
	}
	if ((int64_t)k <= n)
		buf_addf(&e->say, "It was point %zu of %lld of the warm-up, "
		    "which spreads points over the space before a model is "
		    "asked", k, (long long)n);
	else
		buf_addf(&e->say, "It was point %zu of the warm-up, which "
		    "spreads points over the space until %lld results are in",
		    k, (long long)n);
	buf_adds(&e->say, " (sampler ");
	if (!audit_text(e->t->decision, "sampler", &e->say))
		buf_adds(&e->say, "unknown");
	buf_adds(&e->say, "). ");
}

static void
say_repeated(struct explanation *e, const char *key, const char *why)
{
	double of = audit_number(e->t->decision, key);

	if (of >= 1)
		buf_addf(&e->say, "It repeats trial %.0f, %s. ", of, why);
	else
		buf_addf(&e->say, "It repeats another trial, %s. ", why);
}

static void
say_remarks(struct explanation *e)
{
	struct span status = json_find(e->t->decision, "constraint_status");
	struct buf text = BUF_INIT;

	if (audit_text(e->t->decision, "fallback_reason", &text))
		buf_addf(&e->say, "The configured way was not taken, because: "
		    "%s. ", buf_str(&text));
	buf_cut(&text, 0);
	if (audit_text(status, "warning", &text))
		buf_addf(&e->say, "A warning was given: %s. ",
		    buf_str(&text));
	buf_release(&text);
	explain_flush(e);
}

/* Trials at the very same point, which a noisy campaign has on purpose. */
static void
say_same_point(struct explanation *e)
{
	const struct state *s = e->audit->c->state;
	const struct space *space = e->audit->c->c.space;
	const struct observation *o = e->t->o;
	const struct pending *p = e->t->p;
	const double *point = o != NULL && o->usable ? o->point :
	    p != NULL && p->usable ? p->point : NULL;
	int64_t first = 0;
	size_t i, n = 0;

	for (i = 0; point != NULL && i < s->nobs; i++) {
		if (s->obs[i].id == e->t->id || !s->obs[i].usable ||
		    !point_equal(space, s->obs[i].point, point))
			continue;
		if (first == 0 || s->obs[i].id < first)
			first = s->obs[i].id;
		buf_addf(&e->say, "%s%lld", n++ == 0 ? "The same point was "
		    "tried by trial " : ", ", (long long)s->obs[i].id);
	}
	if (n == 0)
		return;
	buf_adds(&e->say, ". ");
	if (first < e->t->id &&
	    audit_is(e->t->decision, "strategy", "surrogate_acquisition"))
		buf_adds(&e->say, "It was repeated deliberately: results of "
		    "one point may differ here (noise in bo_config.json), and "
		    "a second one tells how far the first can be trusted.");
	explain_flush(e);
}

static void
say_strategy(struct explanation *e)
{
	struct span d = e->t->decision;

	if (audit_is(d, "strategy", "surrogate_acquisition")) {
		explain_model(e);
	} else if (audit_is(d, "strategy", "initial_random")) {
		say_warmup(e);
	} else if (audit_is(d, "strategy", "user")) {
		buf_adds(&e->say, "The point was given by a person or program "
		    "(lo-suggest --params); nothing was decided here. ");
	} else if (audit_is(d, "strategy", "replicate")) {
		say_repeated(e, "replicate_of", "to see how far values of "
		    "one point differ (lo-suggest --replicate)");
	} else if (audit_is(d, "strategy", "retry")) {
		say_repeated(e, "retry_of", "which was not ok (lo-retry)");
	} else {
		buf_adds(&e->say, "It was chosen by a strategy that this "
		    "version does not know: ");
		if (!audit_text(d, "strategy", &e->say))
			buf_adds(&e->say, "no name given");
		buf_adds(&e->say, ". ");
	}
	say_remarks(e);
}

static void
say_undecided(struct explanation *e)
{
	const struct observation *o = e->t->o;
	struct span source = { NULL, 0 };

	if (o != NULL)
		source = json_find(o->raw, "source_trial_id");
	if (source.len == 0 && o != NULL && isnan(o->suggested_at))
		buf_adds(&e->say, "It was imported, or is of an older "
		    "version: there is neither a decision of it nor the time "
		    "of a suggestion.");
	else if (source.len == 0)
		buf_adds(&e->say, "The acquisition log has no decision of "
		    "it, so why it was suggested is not known.");
	else
		buf_addf(&e->say, "It was imported, there as trial %.*s; "
		    "nothing was decided here.", (int)source.len, source.p);
	explain_flush(e);
}

/* ---------------------------------------------------------------- whole */

static void
say_failed_decision(struct explanation *e)
{
	buf_addf(&e->say, "A trial %lld could not be suggested",
	    (long long)e->t->id);
	say_time(e, " on ", audit_number(e->t->line, "timestamp"));
	buf_adds(&e->say, ", so none was made: ");
	audit_text(e->t->decision, "constraint_error_reason", &e->say);
	buf_adds(&e->say, ".");
	explain_flush(e);
}

static void
explain(struct explanation *e)
{
	if (e->t->no_trial) {
		say_failed_decision(e);
		return;
	}
	say_heading(e);
	if (e->t->line.len > 0)
		say_strategy(e);
	else
		say_undecided(e);
	say_same_point(e);
	explain_outcome(e);
}

int
op_explain(const struct op *op, int64_t id, struct buf *out,
    struct err *err)
{
	struct audit a;
	struct explanation e = { .audit = &a, .out = out };
	const struct audited *t = NULL;
	size_t n = 0, i;

	if (audit_init(&a, op, err) == 0)
		t = audit_find(&a, id, &n, err);
	for (i = 0; t != NULL && i < n; i++) {
		e.t = &t[i];
		explain(&e);
	}
	buf_release(&e.say);
	i = (size_t)(t != NULL && audit_verdict(&a, err) == 0);
	audit_release(&a);
	return i == 1 ? 0 : -1;
}
