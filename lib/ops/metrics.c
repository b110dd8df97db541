#include <math.h>

#include "ops/metrics.h"
#include "ops/status.h"

static double
failure_rate(const struct state *s)
{
	size_t ok = state_count_status(s, TRIAL_OK);

	return s->nobs > 0 ? (double)(s->nobs - ok) / (double)s->nobs : 0;
}

static void
put_counts(const struct snapshot *s, struct jw *w)
{
	const struct state *state = s->c->state;

	jw_key(w, "counts");
	if (state == NULL) {
		jw_null(w);
		return;
	}
	jw_object(w);
	JW_KEY(w, "observations", int, (int64_t)state->nobs);
	JW_KEY(w, "pending", int, (int64_t)state->npend);
	JW_KEY(w, "leased_pending", int, (int64_t)status_leased(state));
	JW_KEY(w, "stale_pending", int,
	    (int64_t)status_stale(s->c, s->now));
	jw_key(w, "observations_by_status");
	status_write_ends(state, w);
	JW_KEY(w, "failure_rate", real, failure_rate(state));
	jw_end(w);
}

static void
put_latency(const struct snapshot *s, struct jw *w)
{
	const struct vlatency *l = &s->v.latency;
	bool any = l->count > 0;

	jw_key(w, "suggestion_latency");
	jw_object(w);
	JW_KEY(w, "field", text, "telemetry.suggest_latency_seconds");
	JW_KEY(w, "source_path", text, s->c->paths.shown[PATH_ACQUISITION]);
	JW_KEY(w, "entry_count", int, (int64_t)s->v.ndecision);
	JW_KEY(w, "count", int, (int64_t)l->count);
	JW_KEY(w, "missing_telemetry_count", int,
	    (int64_t)(s->v.ndecision - l->count));
	JW_KEY(w, "min_seconds", real, any ? l->min : NAN);
	JW_KEY(w, "max_seconds", real, any ? l->max : NAN);
	JW_KEY(w, "mean_seconds", real, any ?
	    l->total / (double)l->count : NAN);
	JW_KEY(w, "total_seconds", real, any ? l->total : NAN);
	JW_KEY(w, "latest_seconds", real, any ? l->latest : NAN);
	jw_end(w);
}

static void
put_governance(const struct governance *g, struct jw *w)
{
	jw_key(w, "governance");
	jw_object(w);
	JW_KEY(w, "warning_count", int, (int64_t)g->nwarning);
	JW_KEY(w, "violation_count", int, (int64_t)g->nviolation);
	jw_key(w, "warnings");
	governance_write_findings(g->warning, g->nwarning, w);
	jw_key(w, "violations");
	governance_write_findings(g->violation, g->nviolation, w);
	jw_end(w);
}

static void
put_paths(const struct snapshot *s, struct jw *w)
{
	static const enum path_id path[] = { PATH_ACQUISITION, PATH_EVENTS,
	    PATH_STATE };
	size_t i;

	jw_key(w, "paths");
	jw_object(w);
	for (i = 0; i < sizeof(path) / sizeof(path[0]); i++)
		JW_KEY(w, path_key[path[i]], text,
		    s->c->paths.shown[path[i]]);
	jw_end(w);
}

static void
write_document(const struct snapshot *s, struct buf *out)
{
	struct jw w;

	jw_init(&w, out, JW_COMPACT);
	jw_object(&w);
	snapshot_write_head(s, &w);
	put_counts(s, &w);
	jw_key(&w, "status");
	snapshot_write_status(s, &w);
	jw_key(&w, "pending_age");
	snapshot_write_ages(s, &w);
	put_latency(s, &w);
	put_governance(&s->governance, &w);
	jw_key(&w, "hard_errors");
	snapshot_write_list(&s->error, &w);
	jw_key(&w, "warnings");
	snapshot_write_list(&s->warning, &w);
	put_paths(s, &w);
	jw_end(&w);
	jw_release(&w);
	buf_addc(out, '\n');
}

int
op_metrics(const struct op *op, const struct metrics_request *r,
    struct buf *out, struct err *err)
{
	struct snapshot s;
	int status;

	snapshot_take(&s, op, SNAPSHOT_SHARED);
	if (r->prometheus)
		metrics_exposition(&s, out);
	else
		write_document(&s, out);
	status = snapshot_verdict(&s, r->strict, err);
	snapshot_release(&s);
	return status;
}
