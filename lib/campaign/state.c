#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/xmem.h"
#include "campaign/state_row.h"

struct state *
state_empty(const struct space *space, const struct objectives *objectives)
{
	struct state *s = xcalloc(1, sizeof(*s));

	s->space = space;
	s->objectives = objectives;
	s->next_trial_id = 1;
	s->meta = jv_object();
	s->extra = jv_object();
	return s;
}

struct state *
state_new(const struct space *space, const struct objectives *objectives,
    double now)
{
	struct state *s = state_empty(space, objectives);

	s->schema_version = xstrdup(STATE_VERSION);
	s->meta = jv_object_set(s->meta, jv_string("created_at"),
	    jv_number(now));
	s->meta = jv_object_set(s->meta, jv_string("seed"), jv_null());
	return s;
}

static void
pending_release(struct pending *p)
{
	jv_free(p->doc);
	free(p->point);
}

void
state_free(struct state *s)
{
	size_t i;

	if (s == NULL)
		return;
	for (i = 0; i < s->nobs; i++)
		free(s->obs[i].point);	/* y stands in the same block */
	for (i = 0; i < s->npend; i++)
		pending_release(&s->pend[i]);
	for (i = 0; i < s->nown; i++)
		buf_release(&s->own[i]);
	free(s->obs);
	free(s->pend);
	free(s->own);
	free(s->schema_version);
	jv_free(s->meta);
	jv_free(s->extra);
	buf_release(&s->text);
	free(s);
}

struct observation *
state_observation(const struct state *s, int64_t id)
{
	size_t i;

	for (i = s->nobs; i-- > 0; )
		if (s->obs[i].id == id)
			return &s->obs[i];
	return NULL;
}

struct pending *
state_pending(const struct state *s, int64_t id)
{
	size_t i;

	for (i = 0; i < s->npend; i++)
		if (s->pend[i].id == id)
			return &s->pend[i];
	return NULL;
}

/* Fill what is read from the entry's document. */
static int
read_pending(const struct state *s, const struct json *j, struct pending *p,
    struct err *err)
{
	struct json id = json_member(j, "trial_id");
	struct json params = json_member(j, "params");

	if (json_object(j, err) != 0 ||
	    json_int(&id, 1, TRIAL_ID_MAX, &p->id, err) != 0)
		return -1;
	p->usable = row_params(s->space, &params, p->point);
	p->suggested_at = trial_real(j, "suggested_at");
	p->last_heartbeat_at = trial_real(j, "last_heartbeat_at");
	p->lease_token = trial_text(j, "lease_token");
	return 0;
}

int
state_take_pending(struct state *s, jv doc, struct span raw,
    const struct json *where, struct err *err)
{
	struct pending *p;
	struct json j = *where;

	s->pend = xgrow(s->pend, s->npend, &s->pend_cap, sizeof(*s->pend));
	p = &s->pend[s->npend];
	memset(p, 0, sizeof(*p));
	p->doc = j.v = doc;
	p->raw = raw;
	p->point = xcalloc(s->space->n, sizeof(double));
	if (!jv_is_valid(doc) || read_pending(s, &j, p, err) != 0) {
		pending_release(p);
		return -1;
	}
	s->npend++;
	state_saw_id(s, p->id);
	return 0;
}

int
state_add_pending(struct state *s, jv doc, struct err *err)
{
	struct state_place at;
	struct span none = { NULL, 0 };

	state_place(&at, "new pending trial", "pending");
	at.element.index = (int)s->npend;
	return state_take_pending(s, doc, none, &at.element, err);
}

void
state_change_pending(struct state *s, struct pending *p, jv doc)
{
	struct json j = json_root(doc, "pending trial");
	struct err ignored;

	jv_free(p->doc);
	p->doc = doc;
	p->changed = true;
	read_pending(s, &j, p, &ignored);
}

void
state_drop_pending(struct state *s, struct pending *p)
{
	pending_release(p);
	s->npend--;
	memmove(p, p + 1, (size_t)(s->pend + s->npend - p) * sizeof(*p));
}

int
state_put_observation(struct state *s, struct buf *text, struct err *err)
{
	struct span raw = { text->p, text->len };
	struct observation o, *there;
	struct state_place at;

	state_place(&at, "new observation", "observations");
	at.element.index = (int)s->nobs;
	memset(&o, 0, sizeof(o));
	o.raw = raw;
	if (json_depth(raw) > STATE_ROW_DEPTH)
		return json_complain(&at.element, err, "nested too deep, "
		    "expected at most %d levels", STATE_ROW_DEPTH);
	if (row_read(s->space, s->objectives, &o, &at.element, err) != 0)
		return -1;
	s->own = xgrow(s->own, s->nown, &s->own_cap, sizeof(*s->own));
	s->own[s->nown++] = *text;
	memset(text, 0, sizeof(*text));
	/* new ones are above all: many may be added */
	there = o.id < s->next_trial_id ? state_observation(s, o.id) : NULL;
	if (there != NULL) {
		free(there->point);
		*there = o;
		s->reordered = true;
		return 0;
	}
	s->obs = xgrow(s->obs, s->nobs, &s->obs_cap, sizeof(*s->obs));
	s->obs[s->nobs++] = o;
	state_saw_id(s, o.id);
	return 0;
}

int64_t
state_seed(const struct state *s, const struct config *config)
{
	struct json meta = json_root(s->meta, "meta");
	double seed = trial_real(&meta, "seed");

	return isnan(seed) ? config->seed : (int64_t)seed;
}

const struct observation *
state_find_best(const struct state *s)
{
	const struct observation *o, *best = NULL;
	size_t i;

	for (i = 0; i < s->nobs; i++) {
		o = &s->obs[i];
		if (o->scored && (best == NULL || objectives_rank(
		    s->objectives, o->y, o->id, best->y, best->id) < 0))
			best = o;
	}
	return best;
}

static bool
says(const struct json *best, const char *key, const char *expected)
{
	const char *text = trial_text(best, key);

	return text == NULL ? expected == NULL :
	    expected != NULL && strcmp(text, expected) == 0;
}

/* Is the entry that was read named as today's objectives are? */
static bool
best_is_current(const struct state *s)
{
	const struct objectives *o = s->objectives;
	struct json best;
	struct err ignored;
	bool current;
	jv doc;

	if (s->best_raw.p == NULL)
		return true;
	doc = json_parse_scanned(s->best_raw, &ignored);
	best = json_root(doc, "best");
	current = says(&best, "objective_name", objectives_scalar_name(o)) &&
	    says(&best, "scalarization_policy", objectives_vector_shown(o) ?
	    policy_name(o->policy) : NULL);
	jv_free(doc);
	return current;
}

void
state_update_best(struct state *s, double now)
{
	const struct observation *o = state_find_best(s);
	double value;

	if (o == NULL) {
		s->best.present = false;
		s->best_raw.p = NULL;
		return;
	}
	value = objectives_scalar(s->objectives, o->y);
	if (s->best.present && s->best.id == o->id &&
	    s->best.value == value && best_is_current(s))
		return;
	s->best.present = true;
	s->best.id = o->id;
	s->best.value = value;
	s->best.updated_at = now;
	s->best_raw.p = NULL;
}

double
pending_since(const struct pending *p)
{
	/* either may be unknown */
	return p->suggested_at >= p->last_heartbeat_at ||
	    isnan(p->last_heartbeat_at) ? p->suggested_at :
	    p->last_heartbeat_at;
}

size_t
state_count_status(const struct state *s, enum trial_status status)
{
	size_t i, n = 0;

	for (i = 0; i < s->nobs; i++)
		n += s->obs[i].status == status;
	return n;
}
