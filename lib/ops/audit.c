/* audit: see audit.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/xmem.h"
#include "campaign/lines.h"
#include "ops/audit.h"
#include "store/json_text.h"

/* A reader that finds the campaign being changed looks again. */
#define TRIES 50

double
audit_number(struct span object, const char *key)
{
	struct span s = json_find(object, key);
	double x;

	return s.len > 0 && num_read(s.p, s.len, &x) ? x : NAN;
}

bool
audit_text(struct span object, const char *key, struct buf *out)
{
	struct span s = json_find(object, key);

	if (s.len < 2 || *s.p != '"')
		return false;
	json_unescape((struct span){ s.p + 1, s.len - 2 }, out);
	return true;
}

bool
audit_is(struct span object, const char *key, const char *text)
{
	struct buf b = BUF_INIT;
	bool same = audit_text(object, key, &b) &&
	    strcmp(buf_str(&b), text) == 0;

	buf_release(&b);
	return same;
}

static struct audited *
add(struct audit *a, int64_t id)
{
	struct audited *t;

	a->trial = xgrow(a->trial, a->n, &a->cap, sizeof(*a->trial));
	t = &a->trial[a->n];
	memset(t, 0, sizeof(*t));
	t->id = id;
	t->order = a->n++;
	return t;
}

/* ----------------------------------------------------------- decisions */

static void
add_decision(struct audit *a, struct span line, size_t *warmup)
{
	struct span decision = json_find(line, "decision");
	struct audited *t = add(a, (int64_t)audit_number(line, "trial_id"));

	t->line = line;
	t->decision = decision;
	t->no_trial = json_find(decision, "constraint_error_reason").len > 4;
	if (!t->no_trial && audit_is(decision, "strategy", "initial_random") &&
	    audit_is(json_find(decision, "constraint_status"), "phase",
	    "initial-random"))
		t->warmup = ++*warmup;
}

/* Is it one, or why not. */
static bool
is_decision(const struct lines *l, const char *name, struct err *err)
{
	struct span decision;
	double id;

	if (lines_object(l, name, err) != 0)
		return false;
	id = audit_number(l->line, "trial_id");
	decision = json_find(l->line, "decision");
	if (id >= 1 && id <= (double)TRIAL_ID_MAX && id == floor(id) &&
	    decision.len > 0 && *decision.p == '{')
		return true;
	err_set(err, LO_REFUSED, "%s line %zu: expected a trial_id and a "
	    "decision object", name, l->number);
	return false;
}

static void
read_log(struct audit *a, const struct op *op)
{
	const char *name = a->c->paths.shown[PATH_ACQUISITION];
	struct lines l;
	struct err bad;
	size_t warmup = 0;

	for (l = lines_of(&a->log); lines_next(&l); )
		if (is_decision(&l, name, &bad)) {
			add_decision(a, l.line, &warmup);
		} else {
			op_say(op, "%s", bad.text);
			a->bad++;
		}
}

/* -------------------------------------------------------------- joining */

static int
by_id(const void *a, const void *b)
{
	const struct audited *x = a, *y = b;

	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	if (x->no_trial != y->no_trial)
		return x->no_trial ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

static void
sort(struct audit *a)
{
	if (a->n > 1)
		qsort(a->trial, a->n, sizeof(*a->trial), by_id);
}

/* Entry of the trial itself: the last one of its id among the first n, which
 * are sorted. */
static struct audited *
find_last(const struct audit *a, size_t n, int64_t id)
{
	size_t lo = 0, hi = n, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (a->trial[mid].id <= id)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo > 0 && a->trial[lo - 1].id == id ? &a->trial[lo - 1] : NULL;
}

/* The trial's entry; one without decision is made. */
static struct audited *
entry(struct audit *a, size_t ndecision, int64_t id)
{
	struct audited *t = find_last(a, ndecision, id);

	return t != NULL && !t->no_trial ? t : add(a, id);
}

static void
join(struct audit *a)
{
	const struct state *s = a->c->state;
	size_t n = a->n, i;

	for (i = 0; i < s->nobs; i++)
		entry(a, n, s->obs[i].id)->o = &s->obs[i];
	for (i = 0; i < s->npend; i++)
		entry(a, n, s->pend[i].id)->p = &s->pend[i];
}

/* Log and state of one moment, if one comes that lasts. */
static int
open_once(struct audit *a, const struct op *op, struct err *err)
{
	memset(a, 0, sizeof(*a));
	a->c = op_open_read(op, err);
	if (a->c == NULL)
		return -1;
	return campaign_read_file(a->c, a->c->paths.real[PATH_ACQUISITION],
	    &a->log, err) < 0 ? -1 : 0;
}

int
audit_init(struct audit *a, const struct op *op, struct err *err)
{
	int tries, status = open_once(a, op, err);

	for (tries = 0; status == 0 && tries < TRIES &&
	    campaign_changed(a->c); tries++) {
		audit_release(a);
		status = open_once(a, op, err);
	}
	if (status != 0)
		return -1;
	read_log(a, op);
	sort(a);
	join(a);
	sort(a);
	return 0;
}

void
audit_release(struct audit *a)
{
	free(a->trial);
	buf_release(&a->log);
	campaign_close(a->c);
}

const struct audited *
audit_find(const struct audit *a, int64_t id, size_t *n, struct err *err)
{
	struct audited *last = find_last(a, a->n, id), *first = last;

	if (last == NULL) {
		err_set(err, LO_REFUSED, "trial %lld: there is no such trial; "
		    "the next one will be %lld", (long long)id,
		    (long long)a->c->state->next_trial_id);
		return NULL;
	}
	while (first > a->trial && first[-1].id == id)
		first--;
	*n = (size_t)(last - first) + 1;
	return first;
}

int
audit_verdict(const struct audit *a, struct err *err)
{
	return a->bad == 0 ? 0 : err_set(err, LO_REFUSED, "%s", "");
}

const char *
audit_status(const struct audited *t)
{
	if (t->no_trial)
		return "none";
	if (t->o != NULL)
		return trial_status_name[t->o->status];
	return t->p != NULL ? "pending" : "lost";
}

/* ---------------------------------------------------------- predictions */

/* What ranks the trial, as it was measured. */
static double
measured_scalar(const struct audit *a, const struct audited *t)
{
	return t->o != NULL && t->o->scored ?
	    objectives_scalar(a->c->c.objectives, t->o->y) : NAN;
}

static bool
read_forecast(struct span object, struct forecast *f)
{
	f->mean = audit_number(object, "predicted_mean");
	f->sd = audit_number(object, "predicted_std");
	return isfinite(f->mean);
}

size_t
audit_forecasts(const struct audit *a, const struct audited *t,
    struct forecast *f)
{
	const struct objectives *o = a->c->c.objectives;
	struct span each = json_find(t->decision, "objectives");
	size_t n = 0, j;

	f->objective = objectives_scalar_name(o);
	f->maximize = !objectives_minimize_scalar(o);
	f->measured = measured_scalar(a, t);
	n += read_forecast(t->decision, f);
	for (j = 0; j < o->n; j++) {
		if (n > 0 && strcmp(f->objective, o->objective[j].name) == 0)
			continue;
		f[n].objective = o->objective[j].name;
		f[n].maximize = o->objective[j].maximize;
		f[n].measured = t->o != NULL && t->o->scored ? t->o->y[j] :
		    NAN;
		n += read_forecast(json_find(each, o->objective[j].name),
		    &f[n]);
	}
	return n;
}

double
audit_deviations(const struct forecast *f)
{
	return f->sd > 0 ? (f->measured - f->mean) / f->sd : NAN;
}
