#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "ops/metrics.h"
#include "ops/status.h"

/* A family at a time: its heading, then its samples. */
struct page {
	struct buf *out;
	const char *campaign;
	const char *family;
};

static void
family(struct page *p, const char *name, const char *type, const char *help)
{
	p->family = name;
	buf_addf(p->out, "# HELP looptimum_%s %s\n# TYPE looptimum_%s %s\n",
	    name, help, name, type);
}

static void
add_escaped(struct buf *out, const char *text)
{
	for (; *text != '\0'; text++)
		if (*text == '\n')
			buf_adds(out, "\\n");
		else {
			if (*text == '\\' || *text == '"')
				buf_addc(out, '\\');
			buf_addc(out, *text);
		}
}

/* label may be NULL. */
static void
sample_of(struct page *p, const char *suffix, const char *label,
    const char *text, double value)
{
	char number[NUM_TEXT];

	buf_addf(p->out, "looptimum_%s%s{campaign=\"", p->family, suffix);
	add_escaped(p->out, p->campaign);
	if (label != NULL) {
		buf_addf(p->out, "\",%s=\"", label);
		add_escaped(p->out, text);
	}
	buf_addf(p->out, "\"} %s\n", num_plain(number, value));
}

static void
sample(struct page *p, const char *label, const char *text, double value)
{
	sample_of(p, "", label, text, value);
}

static void
gauge(struct page *p, const char *name, const char *help, double value)
{
	if (isnan(value))
		return;
	family(p, name, "gauge", help);
	sample(p, NULL, NULL, value);
}

static void
put_health(struct page *p, const struct snapshot *s)
{
	int i;

	family(p, "health", "gauge", "1 for the state of health that the "
	    "campaign is in, 0 for the others.");
	for (i = HEALTH_OK; i <= HEALTH_ERROR; i++)
		sample(p, "state", snapshot_health_name[i],
		    i == (int)snapshot_health(s));
	gauge(p, "hard_errors", "What is wrong with the campaign's files.",
	    (double)s->error.n);
	gauge(p, "warnings", "What is odd about the campaign.",
	    (double)s->warning.n);
	gauge(p, "governance_warnings", "Policies that cannot be judged.",
	    (double)s->governance.nwarning);
	gauge(p, "governance_violations", "Policies that are violated.",
	    (double)s->governance.nviolation);
}

static void
put_observations(struct page *p, const struct state *s)
{
	int i;

	family(p, "observations", "gauge", "Results, by their status.");
	for (i = 0; i < TRIAL_STATUS_COUNT; i++)
		sample(p, "status", trial_status_name[i], (double)
		    state_count_status(s, (enum trial_status)i));
	if (!s->best.present)
		return;
	family(p, "best_objective_value", "gauge",
	    "The value of the best trial so far.");
	sample(p, "objective", objectives_scalar_name(s->objectives),
	    s->best.value);
	gauge(p, "best_trial_id", "The id of the best trial so far.",
	    (double)s->best.id);
}

static void
put_pending(struct page *p, const struct snapshot *s)
{
	struct snapshot_ages a;
	char edge[NUM_TEXT];
	int i;

	gauge(p, "pending_trials", "Trials that wait for a result.",
	    (double)s->c->state->npend);
	gauge(p, "leased_pending_trials", "Those of them with a lease.",
	    (double)status_leased(s->c->state));
	gauge(p, "stale_pending_trials", "Those of them that are stale.",
	    (double)status_stale(s->c, s->now));
	snapshot_ages(s, &a);
	family(p, "pending_trials_by_age", "gauge", "Trials that wait for a "
	    "result, by the seconds since they were heard of: above the edge "
	    "before, up to this one.");
	for (i = 0; i < AGE_EDGES; i++) {
		snprintf(edge, sizeof(edge), "%d", snapshot_age_edge[i]);
		sample(p, "up_to_seconds", edge, (double)a.bucket[i]);
	}
	sample(p, "up_to_seconds", "+Inf", (double)a.bucket[AGE_EDGES]);
	gauge(p, "oldest_pending_age_seconds", "The longest time that a "
	    "pending trial was not heard of.", a.oldest);
}

static void
put_budget(struct page *p, const struct campaign *c)
{
	gauge(p, "budget_trials", "How many trials there may be.",
	    (double)c->c.config->max_trials);
	gauge(p, "budget_remaining_trials", "How many more can be "
	    "suggested.", (double)status_remaining(c));
	gauge(p, "next_trial_id", "The id of the next suggestion.",
	    (double)c->state->next_trial_id);
}

/* The log only grows, but for a reset, as counters do. */
static void
put_latency(struct page *p, const struct snapshot *s)
{
	const struct vlatency *l = &s->v.latency;

	family(p, "suggestion_latency_seconds", "summary",
	    "How long it took to make a suggestion.");
	sample_of(p, "_sum", NULL, NULL, l->total);
	sample_of(p, "_count", NULL, NULL, (double)l->count);
	if (l->count == 0)
		return;
	gauge(p, "suggestion_latency_latest_seconds", "How long the latest "
	    "suggestion took.", l->latest);
	gauge(p, "suggestion_latency_min_seconds", "How long the quickest "
	    "suggestion took.", l->min);
	gauge(p, "suggestion_latency_max_seconds", "How long the slowest "
	    "suggestion took.", l->max);
}

static void
put_footprints(struct page *p, const struct governance *g)
{
	double size = 0;
	size_t i;

	for (i = 0; i < g->narchive; i++)
		size += (double)g->archive[i].size;
	gauge(p, "archives", "Archives of resets.", (double)g->narchive);
	gauge(p, "archives_size_bytes", "Size of all archives.", size);
	family(p, "log_size_bytes", "gauge", "Size of a log.");
	for (i = 0; i < 2; i++)
		sample(p, "log", g->log[i].label, (double)g->log[i].size);
}

void
metrics_exposition(const struct snapshot *s, struct buf *out)
{
	struct page p = { out, s->c->paths.root, NULL };

	family(&p, "info", "gauge", "1; the version is a label.");
	sample(&p, "version", LO_VERSION, 1);
	gauge(&p, "generated_timestamp_seconds", "When these figures were "
	    "taken.", s->now);
	put_health(&p, s);
	if (s->c->state != NULL) {
		put_observations(&p, s->c->state);
		put_pending(&p, s);
		put_budget(&p, s->c);
	}
	put_latency(&p, s);
	put_footprints(&p, &s->governance);
}
