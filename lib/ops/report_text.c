/* report_text: words of a report.  See report_text.h. */
#include <math.h>

#include "base/clock.h"
#include "contract/point.h"
#include "ops/plot.h"
#include "ops/report_text.h"

void
report_point(const struct report *r, const struct observation *o,
    struct buf *out)
{
	const struct space *s = r->c->c.space;
	struct span raw;
	size_t i;
	const char *gap = "";

	if (!o->usable) {
		raw = json_find(o->raw, "params");
		buf_add(out, raw.p, raw.len);
		return;
	}
	for (i = 0; i < s->n; i++) {
		if (isnan(o->point[i]))
			continue;
		buf_addf(out, "%s%s=", gap, s->param[i].name);
		point_value_text(&s->param[i], o->point[i], false, out);
		gap = ", ";
	}
}

static void
say(report_fact *f, void *arg, const char *label, struct buf *value)
{
	f(arg, label, buf_str(value));
	buf_cut(value, 0);
}

static void
say_objectives(const struct report *r, report_fact *f, void *arg,
    struct buf *b)
{
	const struct objectives *o = r->c->c.objectives;
	size_t i;

	for (i = 0; i < o->n; i++)
		buf_addf(b, "%s%s %s", i > 0 ? ", " : "",
		    o->objective[i].maximize ? "maximize" : "minimize",
		    o->objective[i].name);
	if (objectives_vector_shown(o))
		buf_addf(b, "; ranked by %s", policy_name(o->policy));
	say(f, arg, o->n > 1 ? "Objectives" : "Objective", b);
}

/* 0.9 loss - 0.1 throughput, of a weighted sum */
static void
add_to_sum(const struct objectives *o, size_t i, struct buf *b)
{
	static const char *const sign[2][2] = { { "", "-" },
	    { " + ", " - " } };

	buf_addf(b, "%s%.6g %s", sign[i > 0][o->objective[i].maximize],
	    o->weight[i], o->objective[i].name);
}

/* max(0.9 |loss - 1|, 0.1 |throughput + 3|) */
static void
add_to_max(const struct objectives *o, size_t i, struct buf *b)
{
	double far = o->reference[i];

	buf_addf(b, "%s%.6g |%s %c %.6g|", i > 0 ? ", " : "max(",
	    o->weight[i], o->objective[i].name, far < 0 ? '+' : '-',
	    fabs(far));
	if (i + 1 == o->n)
		buf_addc(b, ')');
}

static void
say_scalar(const struct report *r, report_fact *f, void *arg,
    struct buf *b)
{
	const struct objectives *o = r->c->c.objectives;
	size_t i;

	if (o->weight == NULL)
		return;
	for (i = 0; i < o->n; i++)
		if (o->policy == POLICY_WEIGHTED_SUM)
			add_to_sum(o, i, b);
		else
			add_to_max(o, i, b);
	buf_adds(b, ", lower is better");
	say(f, arg, "Scalarized", b);
}

static void
say_trials(const struct report *r, report_fact *f, void *arg,
    struct buf *b)
{
	const struct state *s = r->c->state;
	int i;

	buf_addf(b, "%zu of %lld observed", r->n,
	    (long long)r->c->c.config->max_trials);
	for (i = 0; i < TRIAL_STATUS_COUNT && r->n > 0; i++)
		buf_addf(b, "%s%zu %s", i == 0 ? ": " : ", ",
		    state_count_status(s, (enum trial_status)i),
		    trial_status_name[i]);
	buf_addf(b, "; %zu pending", s->npend);
	say(f, arg, "Trials", b);
	buf_addf(b, "%.1f %%", 100 * report_failure_rate(r));
	say(f, arg, "Failure rate", b);
}

static void
say_best(const struct report *r, report_fact *f, void *arg, struct buf *b)
{
	const struct objectives *o = r->c->c.objectives;
	const struct observation *best = r->nranked > 0 ? r->ranked[0] :
	    NULL;
	size_t i;

	if (best == NULL) {
		buf_adds(b, "none yet");
		say(f, arg, "Best", b);
		return;
	}
	buf_addf(b, "trial %lld: %s = %.10g", (long long)best->id,
	    objectives_scalar_name(o), objectives_scalar(o, best->y));
	for (i = 0; i < o->n && o->n > 1; i++)
		buf_addf(b, "; %s = %.10g", o->objective[i].name,
		    best->y[i]);
	say(f, arg, "Best", b);
	report_point(r, best, b);
	say(f, arg, "Its parameters", b);
}

static void
say_runtimes(const struct report *r, report_fact *f, void *arg,
    struct buf *b)
{
	const struct runtimes *t = &r->runtimes;

	if (t->n == 0)
		return;
	clock_words(t->total, b);
	buf_addf(b, " in %zu trials; mean ", t->n);
	clock_words(t->total / (double)t->n, b);
	buf_adds(b, ", from ");
	clock_words(t->least, b);
	buf_adds(b, " to ");
	clock_words(t->most, b);
	say(f, arg, "Run time", b);
}

void
report_facts(const struct report *r, report_fact *f, void *arg)
{
	struct buf b = BUF_INIT;

	say_objectives(r, f, arg, &b);
	say_scalar(r, f, arg, &b);
	say_trials(r, f, arg, &b);
	say_best(r, f, arg, &b);
	say_runtimes(r, f, arg, &b);
	plot_time(r->now, &b);
	buf_adds(&b, " UTC");
	say(f, arg, "Generated", &b);
	buf_release(&b);
}
