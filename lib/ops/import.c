#define _XOPEN_SOURCE 700	/* gmtime_r, strftime */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/num.h"
#include "base/xmem.h"
#include "campaign/manifest.h"
#include "campaign/trail.h"
#include "ops/common.h"
#include "ops/format.h"
#include "ops/governance.h"
#include "ops/import.h"
#include "ops/import_known.h"

/* So many refused rows are told about one by one. */
#define TOLD 20
/* Progress is told after so many rows. */
#define STRIDE 1000

/* One call of op_import. */
struct work {
	const struct op *op;
	const struct import_request *r;
	const struct import_source *source;
	struct campaign *c;
	struct txn *t;
	char *shown;		/* import_source */
	size_t accepted, rejected;
	struct import_known known;
	struct buf ids;		/* of those accepted: "4,5" */
	struct buf refused;	/* elements of rejected_rows */
	struct buf origin;	/* members of the manifests, an object */
	char *report;		/* path of the import report, shown */
	struct err *err;
	bool failed;		/* it cannot go on */
};

/* ------------------------------------------------------ one row's fate */

static void
refuse(struct work *k, const struct import_row *row, const char *why)
{
	struct span source = record_source(row->text);
	size_t skip = strlen(k->source->name) + 2;
	struct jw w;

	if (k->rejected++ < TOLD)
		op_say(k->op, "%s", why);
	if (!k->r->permissive)
		return;
	if (k->refused.len > 0)
		buf_addc(&k->refused, ',');
	jw_init(&w, &k->refused, JW_COMPACT);
	jw_object(&w);
	JW_KEY(&w, "row_number", int, (int64_t)row->number);
	JW_KEY(&w, "row_format", text, format_name(k->source->format));
	JW_KEY(&w, "error", text, strlen(why) > skip ? why + skip : why);
	jw_key(&w, "row");
	import_row_write(row, &w);
	if (source.len > 0)
		JW_KEY(&w, "source_trial_id", raw, source);
	jw_end(&w);
	jw_release(&w);
}

static int
put_observation(struct work *k, struct record *r, int64_t id,
    struct err *err)
{
	struct buf text = BUF_INIT;
	struct jw w;
	int status;

	if (isnan(r->completed_at))
		r->completed_at = txn_now(k->t);
	jw_init(&w, &text, JW_PRETTY);
	w.depth = 2;	/* it stands in a list of the state */
	record_write(r, k->c->c.space, k->c->c.objectives, id, &w);
	jw_release(&w);
	status = state_put_observation(k->c->state, &text, err);
	buf_release(&text);
	return status;
}

static int
put_manifest(struct work *k, int64_t id)
{
	const struct state *s = k->c->state;
	struct buf text = BUF_INIT;
	int status;

	/* what it does not know of an older manifest rides along */
	manifest_terminal(k->c, &s->obs[s->nobs - 1], &k->origin,
	    txn_now(k->t), &text);
	status = txn_manifest(k->t, id, &text, k->err);
	buf_release(&text);
	return status;
}

static void
accept_row(struct work *k, const struct import_row *row, struct record *r)
{
	int64_t id = k->c->state->next_trial_id;
	struct err err;

	if (id > TRIAL_ID_MAX) {
		k->failed = true;
		err_set(k->err, LO_REFUSED, "%s: row %zu: there is no trial "
		    "id left", k->source->name, row->number);
		return;
	}
	if (put_observation(k, r, id, &err) != 0) {
		refuse(k, row, err.text);
		return;
	}
	import_known_row(&k->known, r, row->number);
	buf_addf(&k->ids, "%s%lld", k->ids.len > 0 ? "," : "", (long long)id);
	k->accepted++;
	if (k->rejected == 0 || k->r->permissive)
		k->failed = put_manifest(k, id) != 0;
}

static void
tell_progress(const struct work *k, size_t done)
{
	if (k->r->progress != NULL && done % STRIDE == 0)
		k->r->progress(k->r->progress_arg, "read", done,
		    k->source->n);
}

static int
take_row(void *arg, const struct import_row *row)
{
	struct work *k = arg;
	struct record r;
	struct err err;
	char *where;

	if (row->bad != NULL) {
		refuse(k, row, row->bad);
		return 0;
	}
	where = xasprintf("%s: row %zu", k->source->name, row->number);
	if (record_read(&r, row->text, where, k->c->c.space,
	    k->c->c.objectives, &err) == 0)
		accept_row(k, row, &r);
	else
		refuse(k, row, err.text);
	record_release(&r);
	free(where);
	tell_progress(k, row->number);
	return k->failed;
}

/* --------------------------------------------------------- the commit */

/* import-20260102T030405Z-123456-789.json */
static char *
report_name(double now)
{
	time_t second = (time_t)floor(now);
	long micros = (long)((now - floor(now)) * 1e6);
	char stamp[32] = "";
	struct tm tm;

	if (gmtime_r(&second, &tm) != NULL)
		strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%SZ", &tm);
	return xasprintf("import-%s-%06ld-%ld.json", stamp, micros,
	    (long)getpid());
}

static void
put_counts(const struct work *k, struct jw *w)
{
	JW_KEY(w, "requested_count", int, (int64_t)k->source->n);
	JW_KEY(w, "accepted_count", int, (int64_t)k->accepted);
	JW_KEY(w, "rejected_count", int, (int64_t)k->rejected);
}

static const char *
mode_name(const struct work *k)
{
	return k->r->permissive ? "permissive" : "strict";
}

static void
write_report(const struct work *k, struct buf *out)
{
	struct buf list = BUF_INIT;
	struct span text;
	struct jw w;

	jw_init(&w, out, JW_PRETTY);
	jw_object(&w);
	JW_KEY(&w, "mode", text, mode_name(k));
	JW_KEY(&w, "import_source", text, k->shown);
	JW_KEY(&w, "row_format", text, format_name(k->source->format));
	JW_KEY(&w, "imported_at", real, txn_now(k->t));
	put_counts(k, &w);
	buf_addf(&list, "[%s]", buf_str(&k->ids));
	text = (struct span){ list.p, list.len };
	JW_KEY(&w, "accepted_trial_ids", raw, text);
	buf_cut(&list, 0);
	buf_addc(&list, '[');
	buf_add(&list, buf_str(&k->refused), k->refused.len);
	buf_addc(&list, ']');
	text = (struct span){ list.p, list.len };
	JW_KEY(&w, "rejected_rows", raw, text);
	jw_end(&w);
	jw_release(&w);
	buf_addc(out, '\n');
	buf_release(&list);
}

static int
put_report(struct work *k)
{
	char *name = report_name(txn_now(k->t));
	struct buf text = BUF_INIT;
	int status;

	write_report(k, &text);
	k->report = xasprintf("%s/%s", k->c->paths.shown[PATH_IMPORTS],
	    name);
	status = txn_import_report(k->t, name, &text, k->err);
	buf_release(&text);
	free(name);
	return status;
}

static void
log_event(struct work *k)
{
	struct buf line = BUF_INIT;
	struct jw w;

	trail_event(&w, &line, "observations_imported", txn_now(k->t));
	JW_KEY(&w, "import_source", text, k->shown);
	JW_KEY(&w, "imported_at", real, txn_now(k->t));
	JW_KEY(&w, "row_format", text, format_name(k->source->format));
	JW_KEY(&w, "import_mode", text, mode_name(k));
	put_counts(k, &w);
	if (k->report != NULL)
		JW_KEY(&w, "import_report_path", text, k->report);
	if (k->report != NULL && k->rejected > 0)
		JW_KEY(&w, "reject_report_path", text, k->report);
	trail_end(&w);
	txn_event(k->t, &line);
}

static int
commit(struct work *k)
{
	struct state *s = k->c->state;
	const struct observation *last = &s->obs[s->nobs - 1];
	size_t all = k->source->n;
	int status;

	state_update_best(s, txn_now(k->t));
	/* all came together: the last one stands for them */
	txn_mark(k->t, last->id, "completed_at", last->completed_at);
	if (k->r->permissive && put_report(k) != 0)
		return -1;
	log_event(k);
	if (k->r->progress != NULL)
		k->r->progress(k->r->progress_arg, "read, writing them", all -
		    1, all);
	status = governance_commit(k->c, k->t, k->err);
	if (k->r->progress != NULL)
		k->r->progress(k->r->progress_arg, "written", all, all);
	return status;
}

/* ----------------------------------------------------------- the whole */

static int
check_pending(const struct work *k)
{
	const struct state *s = k->c->state;

	if (s->npend == 0)
		return 0;
	return err_set(k->err, LO_REFUSED, "expected no pending trials, got "
	    "%zu (trial %lld%s); ingest their results or cancel them, then "
	    "import", s->npend, (long long)s->pend[0].id,
	    s->npend > 1 ? ", ..." : "");
}

/* Where the rows are from, for their manifests. */
static void
fill_origin(struct work *k)
{
	struct jw w;

	k->shown = strcmp(k->r->file, "-") == 0 ? xstrdup("<stdin>") :
	    paths_of_user(&k->c->paths, k->r->file, NULL, k->err);
	if (k->shown == NULL)	/* a pipe that has a name but no place */
		k->shown = xstrdup(k->r->file);
	jw_init(&w, &k->origin, JW_COMPACT);
	jw_object(&w);
	JW_KEY(&w, "import_source", text, k->shown);
	JW_KEY(&w, "import_format", text, format_name(k->source->format));
	JW_KEY(&w, "imported_at", real, txn_now(k->t));
	jw_end(&w);
	jw_release(&w);
}

static int
judge(const struct work *k)
{
	if (k->rejected > TOLD)
		op_say(k->op, "%s: ... and %zu more", k->source->name,
		    k->rejected - TOLD);
	if (k->rejected == 0 || (k->r->permissive && k->accepted > 0))
		return 0;
	if (k->r->permissive)
		return err_set(k->err, LO_REFUSED, "%s: every row is refused "
		    "(%zu), so nothing is imported", k->source->name,
		    k->rejected);
	return err_set(k->err, LO_REFUSED, "%s: %zu of %zu rows are refused, "
	    "so nothing is imported; mend them, or take the others with "
	    "--permissive", k->source->name, k->rejected, k->source->n);
}

static void
answer(const struct work *k, struct buf *out)
{
	const struct campaign *c = k->c;
	int64_t remaining = c->c.config->max_trials - (int64_t)c->state->nobs;
	struct jw w;

	import_known_say(&k->known, k->op, k->source->name);
	if (remaining <= 0)
		op_say(k->op, "%zu observations leave no budget: max_trials "
		    "of bo_config.json is %lld; raise it to go on",
		    c->state->nobs, (long long)c->c.config->max_trials);
	jw_init(&w, out, JW_COMPACT);
	jw_object(&w);
	JW_KEY(&w, "imported", int, (int64_t)k->accepted);
	JW_KEY(&w, "rejected", int, (int64_t)k->rejected);
	JW_KEY(&w, "format", text, format_name(k->source->format));
	JW_KEY(&w, "mode", text, mode_name(k));
	JW_KEY(&w, "next_trial_id", int, c->state->next_trial_id);
	JW_KEY(&w, "remaining", int, remaining > 0 ? remaining : 0);
	if (k->known.repeated > 0)
		JW_KEY(&w, "repeated", int, (int64_t)k->known.repeated);
	if (k->report != NULL)
		JW_KEY(&w, "import_report_path", text, k->report);
	jw_end(&w);
	jw_release(&w);
	buf_addc(out, '\n');
}

static int
import(struct work *k, struct buf *out)
{
	const struct contracts *c = &k->c->c;

	if (check_pending(k) != 0)
		return -1;
	k->t = txn_begin(k->c);
	fill_origin(k);
	import_known_init(&k->known, k->c->state, c->space);
	if (import_each(k->source, c->space, c->objectives, take_row, k,
	    k->err) != 0 || k->failed || judge(k) != 0 || commit(k) != 0)
		return -1;
	answer(k, out);
	return 0;
}

int
op_import(const struct op *op, const struct import_request *r,
    struct buf *out, struct err *err)
{
	struct import_source source = { 0 };
	struct work k = { .op = op, .r = r, .source = &source, .err = err };
	int status = import_load(&source, r, err);

	if (status == 0) {
		k.c = op_open_write(op, "import-observations", err);
		status = k.c != NULL ? import(&k, out) : -1;
	}
	import_known_release(&k.known);
	txn_free(k.t);
	campaign_close(k.c);
	free(k.shown);
	free(k.report);
	buf_release(&k.ids);
	buf_release(&k.refused);
	buf_release(&k.origin);
	import_release(&source);
	return status;
}
