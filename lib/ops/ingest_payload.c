#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/xmem.h"
#include "campaign/trail.h"
#include "contract/point.h"
#include "ops/ingest.h"
#include "ops/observe.h"
#include "store/json.h"

/* One payload being judged. */
struct judged {
	struct campaign *c;
	struct txn *t;
	const struct ingest_request *r;
	jv doc;			/* borrowed */
	struct payload *p;
	int64_t id;
};

static void
log_applied(struct judged *g, enum ingested what)
{
	static const char *const event[] = { "ingest_applied",
	    "ingest_duplicate_noop", "ingest_late_applied" };
	struct buf line = BUF_INIT;
	struct jw w;

	trail_event(&w, &line, event[what], txn_now(g->t));
	JW_KEY(&w, "trial_id", int, g->id);
	if (what != INGEST_DUPLICATE)
		JW_KEY(&w, "status", text, trial_status_name[g->p->status]);
	trail_end(&w);
	txn_event(g->t, &line);
}

static void
fill_outcome(const struct judged *g, const char *artifact, struct outcome *o)
{
	const struct payload *p = g->p;

	memset(o, 0, sizeof(*o));
	o->status = p->status;
	o->y = p->status == TRIAL_OK ? p->y : NULL;
	o->terminal_reason = p->terminal_reason;
	o->has_penalty = p->has_penalty;
	o->penalty = p->penalty;
	o->artifact_path = artifact;
	o->has_runtime = p->has_runtime;
	o->runtime = p->runtime;
	o->has_heartbeat_at = p->has_heartbeat_at;
	o->heartbeat_at = p->heartbeat_at;
	o->heartbeat_note = p->heartbeat_note;
	o->heartbeat_meta = p->heartbeat_meta;
}

/* Observation, manifest, copy of the payload, event. */
static int
apply(struct judged *g, struct pending *pending,
    const struct observation *late, struct err *err)
{
	const struct space *space = g->c->c.space;
	const double *point = late != NULL ? late->point : pending->point;
	char *artifact = paths_trial_shown(&g->c->paths, g->id,
	    "ingest_payload.json");
	struct buf copy = BUF_INIT;
	struct outcome o;
	int status;

	payload_write(g->p, space, g->c->c.objectives, point, &copy);
	fill_outcome(g, artifact, &o);
	status = txn_payload(g->t, g->id, &copy, err);
	if (status == 0)
		status = late != NULL ?
		    observe_again(g->c, g->t, late, &o, err) :
		    observe(g->c, g->t, pending, &o, err);
	if (status == 0)
		log_applied(g, late != NULL ? INGEST_LATE : INGESTED);
	buf_release(&copy);
	free(artifact);
	return status;
}

/* ---------------------------------------------------------- duplicates */

static void
differ(struct buf *out, const char *what, const char *expected,
    const char *got)
{
	buf_addf(out, "%s%s: recorded %s, got %s", out->len > 0 ? "; " : "",
	    what, expected, got);
}

static const char *
real_text(char text[NUM_TEXT], double x)
{
	return isnan(x) ? "null" : num_real(text, x);
}

static void
compare_real(struct buf *out, const char *what, double a, double b)
{
	char x[NUM_TEXT], y[NUM_TEXT];

	if (a == b || (isnan(a) && isnan(b)))
		return;
	differ(out, what, real_text(x, a), real_text(y, b));
}

static void
compare_reason(struct buf *out, const struct json *recorded,
    const struct payload *p)
{
	const char *a = trial_text(recorded, "terminal_reason");
	const char *b = p->terminal_reason;

	if (p->status == TRIAL_OK)
		return;
	a = a != NULL ? a : "null";
	if (strcmp(a, b) != 0)
		differ(out, "terminal_reason", a, b);
}

/* How the payload differs from what is recorded; empty if it does not. */
static void
compare(const struct judged *g, const struct observation *o,
    struct buf *out, struct err *err)
{
	const struct objectives *objectives = g->c->c.objectives;
	jv doc = json_parse_scanned(o->raw, err);
	struct json recorded = json_root(doc, "observation");
	char what[300];
	size_t i;

	if (o->usable)
		payload_params_diff(g->c->c.space, o->point, g->p->point, out);
	if (o->status != g->p->status)
		differ(out, "status", trial_status_name[o->status],
		    trial_status_name[g->p->status]);
	for (i = 0; i < objectives->n; i++) {
		snprintf(what, sizeof(what), "objectives.%s",
		    objectives->objective[i].name);
		compare_real(out, what, o->y[i], g->p->y[i]);
	}
	compare_reason(out, &recorded, g->p);
	if (g->p->status != TRIAL_OK)
		compare_real(out, "penalty_objective",
		    trial_real(&recorded, "penalty_objective"),
		    g->p->has_penalty ? g->p->penalty : NAN);
	jv_free(doc);
}

/* ------------------------------------------------------------ judging */

static int
reject(const struct judged *g, struct err *err, const char *text)
{
	return err_set(err, LO_REFUSED, "%s: trial %lld: %s", g->r->file,
	    (long long)g->id, text);
}

static int
check_token(const struct judged *g, const char *token, struct err *err)
{
	struct pending asked = { .id = g->id, .lease_token = token };
	const char *given = g->p->lease_token != NULL ? g->p->lease_token :
	    g->r->lease_token;

	if (op_check_lease(&asked, given, err) == 0)
		return 0;
	return err_prefix(err, "%s: ", g->r->file);
}

static int
judge_pending(struct judged *g, struct pending *p, struct err *err)
{
	if (!p->usable)
		return reject(g, err, "its pending params do not fit "
		    "parameter_space.json any more; cancel it or put the old "
		    "space back");
	if (payload_params_match(g->doc, g->r->file, g->c->c.space, p->point,
	    err) != 0)
		return -1;
	g->p = payload_from_json(g->doc, g->r->file, g->c->c.space,
	    g->c->c.objectives, err);
	if (g->p == NULL || check_token(g, p->lease_token, err) != 0)
		return -1;
	return apply(g, p, NULL, err);
}

static int
apply_late(struct judged *g, const struct observation *o, struct err *err)
{
	jv doc = json_parse_scanned(o->raw, err);
	struct json recorded = json_root(doc, "observation");
	int status = -1;

	if (o->usable && !point_equal(g->c->c.space, o->point, g->p->point))
		payload_params_match(g->doc, g->r->file, g->c->c.space,
		    o->point, err);
	else if (check_token(g, trial_text(&recorded, "lease_token"), err)
	    == 0)
		status = apply(g, NULL, o, err);
	jv_free(doc);
	return status;
}

/* Killed, and no payload said so. */
static bool
was_canceled(const struct observation *o)
{
	struct span artifact = json_find(o->raw, "artifact_path");

	return o->status == TRIAL_KILLED && !o->voided &&
	    json_find(o->raw, "source_trial_id").len == 0 &&
	    (artifact.len == 0 || *artifact.p == 'n');
}

static int
judge_observed(struct judged *g, const struct observation *o,
    enum ingested *what, struct err *err)
{
	struct buf text = BUF_INIT;
	int status = 0;

	g->p = payload_from_json(g->doc, g->r->file, g->c->c.space,
	    g->c->c.objectives, err);
	if (g->p == NULL)
		return -1;
	compare(g, o, &text, err);
	if (text.len == 0) {
		log_applied(g, INGEST_DUPLICATE);
		*what = INGEST_DUPLICATE;
	} else if (observed_retired(o)) {
		*what = INGEST_LATE;
		status = apply_late(g, o, err);
	} else {
		status = err_set(err, LO_REFUSED, "%s: trial %lld: %s: %s",
		    g->r->file, (long long)g->id, o->voided ? "its result was "
		    "voided (lo-void --undo gives it back)" :
		    was_canceled(o) ? "it was canceled, which is for good "
		    "(lo-retry tries the same once more)" :
		    "it has another result already (if that is wrong, take "
		    "it back with lo-void)", text.p);
	}
	buf_release(&text);
	return status;
}

static int
check_schemas(const struct judged *g, struct err *err)
{
	const struct config *config = g->c->c.config;
	const char *schema = config->ingest_schema, *base;

	if (config->has_result_schema)
		return err_set(err, LO_REFUSED, "bo_config.json: "
		    ".paths.result_schema_file belongs to a format that is no "
		    "longer read; remove the key and send payloads with "
		    "objectives");
	if (schema == NULL)
		return 0;
	base = strrchr(schema, '/');
	if (strcmp(base != NULL ? base + 1 : schema,
	    "result_payload.schema.json") == 0)
		return err_set(err, LO_REFUSED, "bo_config.json: "
		    ".paths.ingest_schema_file names "
		    "result_payload.schema.json, a format that is no longer "
		    "read; name ingest_payload.schema.json or remove the key");
	return 0;
}

static int
judge(struct judged *g, enum ingested *what, struct err *err)
{
	const struct observation *o;
	struct pending *p;

	if (check_schemas(g, err) != 0 ||
	    payload_trial_id(g->doc, g->r->file, &g->id, err) != 0)
		return -1;
	if ((p = state_pending(g->c->state, g->id)) != NULL)
		return judge_pending(g, p, err);
	if ((o = state_observation(g->c->state, g->id)) != NULL)
		return judge_observed(g, o, what, err);
	return reject(g, err, "no such trial: it is neither pending nor "
	    "observed in this campaign");
}

int
ingest_payload(struct campaign *c, struct txn *t, jv doc,
    const struct ingest_request *r, enum ingested *what, struct err *err)
{
	struct judged g = { .c = c, .t = t, .r = r, .doc = doc };
	int status;

	*what = INGESTED;
	status = judge(&g, what, err);
	if (status != 0)
		*what = INGEST_REJECTED;
	if (g.p != NULL)
		payload_free(g.p);
	return status != 0 && err->status != LO_REFUSED ? -1 : 0;
}
