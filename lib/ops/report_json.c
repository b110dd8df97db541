/* report_json: the report as a document.  See report.h. */
#include <math.h>

#include "contract/point.h"
#include "ops/report.h"
#include "store/json.h"

static const char *
direction(const struct objective *o)
{
	return o->maximize ? "maximize" : "minimize";
}

static void
put_objective(const struct objective *o, struct jw *w)
{
	jw_object(w);
	JW_KEY(w, "name", text, o->name);
	JW_KEY(w, "direction", text, direction(o));
	JW_KEY(w, "tolerance", real, o->tolerance);
	JW_KEY(w, "failure_handling", text, o->failure_handling);
	jw_end(w);
}

static void
put_heading(const struct objectives *o, struct jw *w)
{
	jw_key(w, "objective");
	jw_object(w);
	JW_KEY(w, "name", text, o->objective[0].name);
	JW_KEY(w, "direction", text, direction(&o->objective[0]));
	JW_KEY(w, "best_objective_name", text, objectives_scalar_name(o));
	JW_KEY(w, "scalarization_policy", text, policy_name(o->policy));
	jw_end(w);
}

static void
put_scalarization(const struct objectives *o, struct jw *w)
{
	jw_key(w, "scalarization");
	jw_object(w);
	JW_KEY(w, "policy", text, policy_name(o->policy));
	if (o->weight != NULL) {
		jw_key(w, "weights");
		objectives_write(o, o->weight, w);
	}
	if (o->reference != NULL) {
		jw_key(w, "reference_point");
		objectives_write(o, o->reference, w);
	}
	jw_end(w);
}

static void
put_objective_list(const struct objectives *o, const char *key,
    size_t first, struct jw *w)
{
	size_t i;

	jw_key(w, key);
	jw_array(w);
	for (i = first; i < o->n; i++)
		put_objective(&o->objective[i], w);
	jw_end(w);
}

static void
put_config(const struct objectives *o, struct jw *w)
{
	size_t i;

	jw_key(w, "objective_config");
	jw_object(w);
	jw_key(w, "primary_objective");
	put_objective(&o->objective[0], w);
	put_objective_list(o, "secondary_objectives", 1, w);
	put_objective_list(o, "objectives", 0, w);
	jw_key(w, "objective_names");
	jw_array(w);
	for (i = 0; i < o->n; i++)
		jw_text(w, o->objective[i].name);
	jw_end(w);
	put_scalarization(o, w);
	jw_end(w);
}

static void
put_counts(const struct report *r, struct jw *w)
{
	const struct state *s = r->c->state;
	int i;

	jw_key(w, "counts");
	jw_object(w);
	JW_KEY(w, "observations", int, (int64_t)s->nobs);
	JW_KEY(w, "pending", int, (int64_t)s->npend);
	jw_key(w, "observations_by_status");
	jw_object(w);
	for (i = 0; i < TRIAL_STATUS_COUNT; i++)
		JW_KEY(w, trial_status_name[i], int, (int64_t)
		    state_count_status(s, (enum trial_status)i));
	jw_end(w);
	JW_KEY(w, "failure_rate", real, report_failure_rate(r));
	jw_end(w);
}

static void
put_params(const struct report *r, const struct observation *o,
    struct jw *w)
{
	if (o->usable)
		point_write(r->c->c.space, o->point, w);
	else
		jw_raw(w, json_find(o->raw, "params"));
}

static void
put_values(const struct objectives *objectives, const struct observation *o,
    struct jw *w)
{
	const double *y = o->scored ? o->y : NULL;

	JW_KEY(w, "objective_name", text, objectives->objective[0].name);
	JW_KEY(w, "objective_value", real, y != NULL ? y[0] : NAN);
	jw_key(w, "objective_vector");
	objectives_write(objectives, y, w);
	JW_KEY(w, "scalarized_objective", real, y != NULL ?
	    objectives_scalar(objectives, y) : NAN);
	if (objectives_vector_shown(objectives))
		JW_KEY(w, "scalarization_policy", text,
		    policy_name(objectives->policy));
}

static void
put_row(const struct report *r, const struct observation *o,
    bool with_params, struct jw *w)
{
	static const char *const keys[] = { "penalty_objective",
	    "artifact_path", "terminal_reason", NULL };
	struct span kept[3];

	json_find_all(o->raw, keys, kept);
	jw_object(w);
	JW_KEY(w, "trial_id", int, o->id);
	JW_KEY(w, "status", text, trial_status_name[o->status]);
	put_values(r->c->c.objectives, o, w);
	JW_KEY(w, keys[0], raw, kept[0]);
	JW_KEY(w, "suggested_at", real, o->suggested_at);
	JW_KEY(w, "completed_at", real, o->completed_at);
	JW_KEY(w, keys[1], raw, kept[1]);
	JW_KEY(w, keys[2], raw, kept[2]);
	if (!with_params) {
		jw_end(w);
		return;
	}
	jw_key(w, "params");
	put_params(r, o, w);
	jw_end(w);
}

static void
put_best(const struct report *r, struct jw *w)
{
	const struct state *s = r->c->state;
	const struct observation *o = s->best.present ?
	    state_observation(s, s->best.id) : NULL;

	jw_key(w, "best");
	state_write_best(s, w);
	jw_key(w, "best_params");
	if (o != NULL)
		put_params(r, o, w);
	else
		jw_null(w);
}

static void
put_trials(const struct report *r, struct jw *w)
{
	size_t i;

	jw_key(w, "top_trials");
	jw_array(w);
	for (i = 0; i < r->nranked && i < r->top; i++)
		put_row(r, r->ranked[i], true, w);
	jw_end(w);
	jw_key(w, "terminal_trials");
	jw_array(w);
	for (i = 0; i < r->n; i++)
		if (r->trial[i]->status != TRIAL_OK)
			put_row(r, r->trial[i], false, w);
	jw_end(w);
	jw_key(w, "objective_trace");
	jw_array(w);
	for (i = 0; i < r->n; i++)
		put_row(r, r->trial[i], false, w);
	jw_end(w);
}

static void
put_front(const struct report *r, struct jw *w)
{
	size_t i;

	jw_key(w, "pareto_front");
	jw_object(w);
	JW_KEY(w, "count", int, (int64_t)r->nfront);
	jw_key(w, "trial_ids");
	jw_array(w);
	for (i = 0; i < r->nfront; i++)
		jw_int(w, r->front[i]->id);
	jw_end(w);
	jw_key(w, "trials");
	jw_array(w);
	for (i = 0; i < r->nfront; i++)
		put_row(r, r->front[i], true, w);
	jw_end(w);
	jw_end(w);
}

static void
put_runtimes(const struct runtimes *t, struct jw *w)
{
	jw_key(w, "runtime_summary");
	if (t->n == 0) {
		jw_null(w);
		return;
	}
	jw_object(w);
	JW_KEY(w, "count", int, (int64_t)t->n);
	JW_KEY(w, "min_seconds", real, t->least);
	JW_KEY(w, "max_seconds", real, t->most);
	JW_KEY(w, "mean_seconds", real, t->total / (double)t->n);
	JW_KEY(w, "total_seconds", real, t->total);
	jw_end(w);
}

void
report_json(const struct report *r, enum jw_style style, struct buf *out)
{
	struct jw w;

	jw_init(&w, out, style);
	jw_object(&w);
	JW_KEY(&w, "schema_version", text, r->c->state->schema_version);
	JW_KEY(&w, "generated_at", real, r->now);
	put_heading(r->c->c.objectives, &w);
	put_config(r->c->c.objectives, &w);
	put_counts(r, &w);
	put_best(r, &w);
	put_trials(r, &w);
	put_front(r, &w);
	put_runtimes(&r->runtimes, &w);
	jw_end(&w);
	jw_release(&w);
	buf_addc(out, '\n');
}
