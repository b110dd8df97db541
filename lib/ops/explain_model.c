/* explain_model: the model behind a suggestion.  See explain.h. */
#include <math.h>
#include <stdlib.h>

#include "base/num.h"
#include "base/xmem.h"
#include "ops/explain.h"
#include "store/json_text.h"

/* So many parameters are named by their length scales. */
#define SCALES 8

static void
say_count(struct buf *b, double n, const char *one, const char *many)
{
	buf_addf(b, "%.0f %s", n, n == 1 ? one : many);
}

/* What it was fitted to. */
static void
say_data(struct explanation *e)
{
	struct span d = e->t->decision;
	bool gp = audit_is(d, "surrogate_backend", "gp") ||
	    audit_is(d, "surrogate_backend", "botorch_gp");
	double n = audit_number(d, "observations_used");
	double failures = audit_number(d, "failures_used");
	double rows = audit_number(d, "rows_used");
	double known = audit_number(d, "rows_known");
	struct buf *b = &e->say;

	buf_addf(b, "A model chose it: %s", !gp ?
	    "a weighted mean of near trials (" :
	    json_find(d, "objectives").len > 0 ?
	    "a Gaussian process for each objective (gp)" :
	    "a Gaussian process (gp)");
	if (!gp) {
		audit_text(d, "surrogate_backend", b);
		buf_addc(b, ')');
	}
	if (n >= 0) {
		buf_adds(b, " that knew ");
		say_count(b, n, "ok observation", "ok observations");
	}
	if (failures > 0) {
		buf_adds(b, " and ");
		say_count(b, failures, "that was not ok",
		    "that were not ok");
	}
	if (rows < known)
		buf_addf(b, ", of which it used %.0f rows of %.0f", rows,
		    known);
	buf_adds(b, audit_is(d, "fit", "kept") ? "; its settings were kept "
	    "from an earlier suggestion. " : ". ");
}

static void
say_pending(struct explanation *e)
{
	struct span d = e->t->decision;
	double n = audit_number(d, "pending_conditioned");
	struct buf *b = &e->say;

	if (!(n >= 0))
		n = audit_number(d, "pending_used");
	if (!(n >= 0))
		return;
	if (n == 0) {
		buf_adds(b, "No other trial was pending that it had to allow "
		    "for. ");
		return;
	}
	buf_adds(b, "It allowed for ");
	say_count(b, n, "pending point, whose result was",
	    "pending points, whose results were");
	buf_adds(b, " still to come. ");
}

/* How candidates were scored. */
static void
say_rule(struct explanation *e)
{
	static const struct {
		const char *type, *words;
	} rules[] = {
		{ "ei", "the expected improvement" },
		{ "ei_proxy", "improvement and uncertainty together" },
		{ "ucb", "an optimistic bound on the value" },
		{ "ehvi", "what they are expected to add to the Pareto "
		    "front" },
	};
	struct span d = e->t->decision;
	struct buf *b = &e->say;
	double n = audit_number(d, "candidates_scored");
	size_t i;

	buf_adds(b, "Of ");
	if (n >= 0)
		say_count(b, n, "candidate", "candidates");
	else
		buf_adds(b, "the candidates");
	buf_adds(b, " it took the best by ");
	if (json_find(d, "exploration").len == 4) {	/* true */
		buf_adds(b, "how little is known there, as every second one "
		    "is where many are pending");
	} else {
		for (i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
			if (audit_is(d, "acquisition_type", rules[i].type))
				buf_addf(b, "%s, ", rules[i].words);
		buf_adds(b, "acquisition ");
		if (!audit_text(d, "acquisition_type", b))
			buf_adds(b, "unknown");
	}
	buf_adds(b, ", with score ");
	explain_number(audit_number(d, "acquisition_score"), b);
	buf_adds(b, audit_is(d, "surrogate_backend", "gp") &&
	    json_find(d, "exploration").len != 4 &&
	    !audit_is(d, "acquisition_type", "ucb") ?
	    " (a logarithm). " : ". ");
}

static void
say_search(struct explanation *e)
{
	struct span d = e->t->decision;
	struct buf *b = &e->say;
	double incumbent = audit_number(d, "incumbent_trial_id");
	double threshold = audit_number(d, "threshold");
	double branch = audit_number(d, "branch_best_trial_id");

	if (audit_is(d, "search_phase", "local"))
		buf_adds(b, "The search was local: around the best point "
		    "only. ");
	else if (audit_is(d, "search_phase", "global"))
		buf_adds(b, "The search was global. ");
	else if (audit_is(d, "search_phase", "branch"))
		buf_addf(b, "The best had not improved noticeably for a "
		    "while, so the search was in another branch of the "
		    "space: where the same parameters are active as at trial "
		    "%.0f. ", branch);
	if (incumbent >= 1) {
		buf_addf(b, "The best trial then was %.0f with ", incumbent);
		explain_number(audit_number(d, "incumbent_value"), b);
		if (isfinite(threshold)) {
			buf_adds(b, branch >= 1 ? "; the value to improve on "
			    "in that branch was " : "; the value to improve "
			    "on was ");
			explain_number(threshold, b);
		}
		buf_adds(b, ". ");
	}
}

static void
say_failing(struct explanation *e)
{
	double ok = audit_number(e->t->decision, "probability_ok");
	double weight = audit_number(e->t->decision, "failure_weight");

	if (!isfinite(ok))
		return;
	buf_adds(&e->say, "Trials had failed: by what was known of them, "
	    "this one would fail with a probability of ");
	explain_short(100 * (1 - ok), &e->say);
	buf_adds(&e->say, " %");
	if (weight > 1) {
		buf_adds(&e->say, ", which counted ");
		explain_short(weight, &e->say);
		buf_adds(&e->say, " times, for many of the last ones had "
		    "failed");
	}
	buf_adds(&e->say, ". ");
}

/* -------------------------------------------------------- length scales */

struct scale {
	struct span name;
	double length;
};

static int
by_length(const void *a, const void *b)
{
	const struct scale *x = a, *y = b;

	return (x->length > y->length) - (x->length < y->length);
}

static size_t
read_scales(struct span object, struct scale **list)
{
	struct json_walk m = json_walk(object);
	size_t n = 0, cap = 0;

	for (*list = NULL; json_next(&m); n++) {
		*list = xgrow(*list, n, &cap, sizeof(**list));
		(*list)[n].name = m.key;
		if (!num_read(m.value.p, m.value.len, &(*list)[n].length))
			(*list)[n].length = INFINITY;
	}
	if (n > 1)
		qsort(*list, n, sizeof(**list), by_length);
	return n;
}

/* model is the decision, or what it says of one objective. */
static void
say_scales(struct explanation *e, struct span model, const char *objective)
{
	struct scale *list;
	size_t n = read_scales(json_find(model, "length_scales"), &list), i;
	struct buf *b = &e->say;

	if (n > 0) {
		buf_addf(b, "To the model%s%s the parameters mattered in this "
		    "order, with length scales in units of their ranges (a "
		    "small one matters much): ",
		    objective != NULL ? " of " : "",
		    objective != NULL ? objective : "");
		for (i = 0; i < n && i < SCALES; i++) {
			buf_adds(b, i > 0 ? ", " : "");
			json_unescape(list[i].name, b);
			buf_addf(b, " %.3g", list[i].length);
		}
		if (n > SCALES)
			buf_addf(b, ", and %zu more", n - SCALES);
		buf_adds(b, ". ");
	}
	free(list);
}

static void
say_noise(struct explanation *e, struct span model)
{
	double noise = audit_number(model, "noise_variance");
	double signal = audit_number(model, "signal_variance");

	if (!(noise >= 0) || !(signal > 0))
		return;
	buf_adds(&e->say, "It took the deviation by noise to be ");
	explain_short(100 * sqrt(noise / signal), &e->say);
	buf_adds(&e->say, " % of that of the signal. ");
}

static void
say_one_scale(struct explanation *e)
{
	double length = audit_number(e->t->decision, "length_scale");

	if (!isfinite(length))
		return;
	buf_adds(&e->say, "Its length scale, the same for all parameters, "
	    "was ");
	explain_number(length, &e->say);
	buf_adds(&e->say, " of a range. ");
}

void
explain_model(struct explanation *e)
{
	const struct objectives *o = e->audit->c->c.objectives;
	struct span d = e->t->decision, each = json_find(d, "objectives"), m;
	size_t j;

	say_data(e);
	say_pending(e);
	explain_flush(e);
	say_rule(e);
	say_search(e);
	say_failing(e);
	explain_flush(e);
	say_one_scale(e);
	say_scales(e, d, NULL);
	say_noise(e, d);
	explain_flush(e);
	for (j = 0; j < o->n; j++) {
		m = json_find(each, o->objective[j].name);
		say_scales(e, m, o->objective[j].name);
		say_noise(e, m);
		explain_flush(e);
	}
}
