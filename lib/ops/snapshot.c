#include <sys/stat.h>

#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/num.h"
#include "base/xmem.h"
#include "ops/snapshot.h"
#include "ops/status.h"

const char *const snapshot_health_name[] = { "ok", "warning", "error" };
const int snapshot_age_edge[AGE_EDGES] = { 60, 300, 3600, 21600, 86400 };

/* Takes the text over. */
static void
list_add(struct snapshot_list *l, char *text)
{
	l->text = xgrow(l->text, l->n, &l->cap, sizeof(*l->text));
	l->text[l->n++] = text;
}

static void
list_release(struct snapshot_list *l)
{
	while (l->n > 0)
		free(l->text[--l->n]);
	free(l->text);
}

/* ----------------------------------------------------------- findings */

/* The log's key if it is an error of one of its lines, else NULL. */
static const char *
log_key(const struct snapshot *s, const struct finding *f)
{
	static const enum path_id log[] = { PATH_ACQUISITION, PATH_EVENTS };
	size_t i;

	if (f->kind != FINDING_ERROR || f->path == NULL ||
	    strncmp(f->path, "line ", 5) != 0)
		return NULL;
	for (i = 0; i < 2; i++)
		if (strcmp(f->file, s->c->paths.shown[log[i]]) == 0)
			return path_key[log[i]];
	return NULL;
}

static char *
finding_text(const struct snapshot *s, const struct finding *f)
{
	const char *log = log_key(s, f), *rest;
	int line;

	if (log == NULL)
		return xasprintf("%s: %s%s%s", f->file,
		    f->path != NULL ? f->path : "",
		    f->path != NULL ? ": " : "", f->text);
	/* "line 3", perhaps with " column 7" */
	line = (int)(5 + strcspn(f->path + 5, " "));
	rest = f->path + line;
	return xasprintf("%s %.*s invalid JSON: %s%s%s", log, line, f->path,
	    *rest == ' ' ? rest + 1 : "", *rest == ' ' ? ": " : "", f->text);
}

static void
take_findings(struct snapshot *s)
{
	const struct finding *f = s->v.finding;
	size_t i;

	for (i = 0; i < s->v.nfinding; i++, f++)
		list_add(f->kind == FINDING_ERROR ? &s->error : &s->warning,
		    finding_text(s, f));
}

/* ------------------------------------------------------- further warnings */

bool
snapshot_exists(const struct snapshot *s, enum path_id which)
{
	int64_t size;

	return campaign_stat(s->c, s->c->paths.real[which], &size) !=
	    THERE_NOTHING;
}

/* Whoever was suggested something has all of these; imported trials have
 * no decisions. */
static void
warn_missing(struct snapshot *s)
{
	static const enum path_id path[] = { PATH_CSV, PATH_EVENTS,
	    PATH_TRIALS, PATH_ACQUISITION };
	size_t i, n = vcheck_any_own(&s->v) ? 4 : 3;

	for (i = 0; i < n && s->v.ntrial > 0; i++)
		if (!snapshot_exists(s, path[i]))
			list_add(&s->warning, xasprintf("%s: missing, though "
			    "there are trials (%s)", s->c->paths.shown[path[i]],
			    path_key[path[i]]));
}

static void
warn_stale(struct snapshot *s)
{
	double limit = s->c->c.config->max_pending_age;
	char text[NUM_TEXT];
	size_t n;

	if (s->c->state == NULL || (n = status_stale(s->c, s->now)) == 0)
		return;
	list_add(&s->warning, xasprintf("%s: .pending: %zu stale trial%s, "
	    "not heard of for more than max_pending_age_seconds = %s",
	    s->c->paths.shown[PATH_STATE], n, n > 1 ? "s" : "",
	    num_plain(text, limit)));
}

/* --------------------------------------------------------------- taking */

void
snapshot_take(struct snapshot *s, const struct op *op, enum snapshot_how how)
{
	struct err e;

	memset(s, 0, sizeof(*s));
	s->now = clock_now();
	s->c = &s->v.c;
	vcheck_run(&s->v, op->root, VCHECK_BRIEF |
	    (how == SNAPSHOT_NO_LOCK ? VCHECK_NO_LOCK : 0));
	take_findings(s);
	warn_missing(s);
	warn_stale(s);
	if (governance_look(&s->governance, s->c, s->now, &e) != 0)
		list_add(&s->warning, xstrdup(e.text));
	governance_judge(&s->governance, s->c);
}

void
snapshot_release(struct snapshot *s)
{
	governance_release(&s->governance);
	list_release(&s->error);
	list_release(&s->warning);
	vcheck_release(&s->v);
}

enum snapshot_health
snapshot_health(const struct snapshot *s)
{
	if (s->error.n > 0)
		return HEALTH_ERROR;
	return s->warning.n + s->governance.nwarning +
	    s->governance.nviolation > 0 ? HEALTH_WARNING : HEALTH_OK;
}

int
snapshot_verdict(const struct snapshot *s, bool strict, struct err *err)
{
	if (snapshot_health(s) < (strict ? HEALTH_WARNING : HEALTH_ERROR))
		return 0;
	return err_set(err, LO_REFUSED, "%s", "");
}

/* ----------------------------------------------------------------- ages */

void
snapshot_ages(const struct snapshot *s, struct snapshot_ages *a)
{
	const struct state *state = s->c->state;
	double age;
	size_t i, k;

	memset(a, 0, sizeof(*a));
	a->oldest = NAN;
	for (i = 0; i < state->npend; i++) {
		/* clocks of two machines may differ */
		age = s->now - pending_since(&state->pend[i]);
		if (isnan(age)) {
			a->unknown++;
			continue;
		}
		age = age < 0 ? 0 : age;
		for (k = 0; k < AGE_EDGES && age > snapshot_age_edge[k]; k++)
			;
		a->bucket[k]++;
		a->known++;
		a->oldest = fmax(a->oldest, age);
	}
}

static void
write_bucket(const struct snapshot_ages *a, int i, struct jw *w)
{
	char id[sizeof("bucket_overflow")] = "bucket_overflow";

	if (i < AGE_EDGES) {
		id[sizeof("bucket_") - 1] = (char)('0' + i);
		id[sizeof("bucket_")] = '\0';
	}
	jw_object(w);
	JW_KEY(w, "bucket_id", text, id);
	JW_KEY(w, "lower_bound_seconds", int,
	    i > 0 ? snapshot_age_edge[i - 1] : 0);
	jw_key(w, "upper_bound_seconds");
	if (i < AGE_EDGES)
		jw_int(w, snapshot_age_edge[i]);
	else
		jw_null(w);
	JW_KEY(w, "count", int, (int64_t)a->bucket[i]);
	jw_end(w);
}

void
snapshot_write_ages(const struct snapshot *s, struct jw *w)
{
	struct snapshot_ages a;
	int i;

	if (s->c->state == NULL) {
		jw_null(w);
		return;
	}
	snapshot_ages(s, &a);
	jw_object(w);
	jw_key(w, "bucket_edges_seconds");
	jw_array(w);
	for (i = 0; i < AGE_EDGES; i++)
		jw_int(w, snapshot_age_edge[i]);
	jw_end(w);
	jw_key(w, "buckets");
	jw_array(w);
	for (i = 0; i <= AGE_EDGES; i++)
		write_bucket(&a, i, w);
	jw_end(w);
	JW_KEY(w, "pending_count", int, (int64_t)(a.known + a.unknown));
	JW_KEY(w, "known_age_count", int, (int64_t)a.known);
	JW_KEY(w, "unknown_age_count", int, (int64_t)a.unknown);
	JW_KEY(w, "oldest_pending_age_seconds", real, a.oldest);
	jw_end(w);
}

/* -------------------------------------------------------------- writing */

void
snapshot_write_list(const struct snapshot_list *l, struct jw *w)
{
	size_t i;

	jw_array(w);
	for (i = 0; i < l->n; i++)
		jw_text(w, l->text[i]);
	jw_end(w);
}

void
snapshot_write_status(const struct snapshot *s, struct jw *w)
{
	if (s->c->state != NULL)
		status_write(s->c, false, w);
	else
		jw_null(w);
}

void
snapshot_write_head(const struct snapshot *s, struct jw *w)
{
	JW_KEY(w, "schema_version", text, s->c->state != NULL ?
	    s->c->state->schema_version : STATE_VERSION);
	JW_KEY(w, "generated_at", real, s->now);
	JW_KEY(w, "project_root", text, s->c->paths.root);
	JW_KEY(w, "health_state", text,
	    snapshot_health_name[snapshot_health(s)]);
}
