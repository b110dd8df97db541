#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/xmem.h"
#include "campaign/state.h"
#include "contract/point.h"

static struct state *
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

/* ------------------------------------------------------------ reading */

double
trial_real(const struct json *object, const char *key)
{
	struct json j = json_member(object, key);

	return jv_get_kind(j.v) == JV_KIND_NUMBER ? jv_number_value(j.v) :
	    NAN;
}

const char *
trial_text(const struct json *object, const char *key)
{
	struct json j = json_member(object, key);

	return jv_get_kind(j.v) == JV_KIND_STRING ? jv_string_value(j.v) :
	    NULL;
}

/* Objective values; false if one is missing or null. */
static bool
read_vector(const struct objectives *o, const struct json *object, double *y)
{
	struct json values = json_member(object, "objectives");
	bool whole = true;
	size_t i;

	for (i = 0; i < o->n; i++) {
		y[i] = trial_real(&values, o->objective[i].name);
		whole = whole && !isnan(y[i]);
	}
	return whole;
}

static bool
read_point(const struct space *space, const struct json *object, double *out)
{
	struct json params = json_member(object, "params");
	struct err ignored;

	return point_from_json(space, &params, POINT_LOOSE, out,
	    &ignored) == 0;
}

static int
read_observation(const struct state *s, const struct json *j,
    struct observation *o, struct err *err)
{
	struct json id = json_member(j, "trial_id");
	struct json status = json_member(j, "status");
	const char *text;
	int known;

	if (json_object(j, err) != 0 ||
	    json_int(&id, 1, NUM_INT_MAX, &o->id, err) != 0 ||
	    json_text(&status, &text, err) != 0)
		return -1;
	if ((known = trial_status_from(text)) < 0)
		return json_expected(&status, "ok, failed, killed or timeout",
		    err);
	o->status = (enum trial_status)known;
	o->suggested_at = trial_real(j, "suggested_at");
	o->completed_at = trial_real(j, "completed_at");
	o->point = xcalloc(s->space->n + s->objectives->n, sizeof(double));
	o->y = o->point + s->space->n;
	o->usable = read_point(s->space, j, o->point);
	if (!read_vector(s->objectives, j, o->y) && o->status == TRIAL_OK)
		o->usable = false;
	return 0;
}

static int
parse_observation(const struct state *s, struct span raw,
    const struct json *where, struct observation *o, struct err *err)
{
	jv doc = json_parse_scanned(raw, err);
	struct json j = *where;
	int status = -1;

	memset(o, 0, sizeof(*o));
	o->raw = raw;
	if (jv_is_valid(doc)) {
		j.v = doc;
		status = read_observation(s, &j, o, err);
	}
	jv_free(doc);
	return status;
}

/* A place for messages: FILE: .KEY[index] */
struct place {
	struct json root, list, element;
};

static void
place_init(struct place *p, const char *file, const char *key)
{
	p->root = json_root(jv_invalid(), file);
	p->list = p->root;
	p->list.up = &p->root;
	p->list.key = key;
	p->element = p->root;
	p->element.up = &p->list;
}

static void
saw_id(struct state *s, int64_t id)
{
	if (s->next_trial_id <= id)
		s->next_trial_id = id + 1;
}

static int
read_observations(struct state *s, struct span list, const char *name,
    struct err *err)
{
	struct json_walk w = json_walk(list);
	struct place at;

	place_init(&at, name, "observations");
	if (list.len == 0 || *list.p != '[')
		return json_complain(&at.list, err, "expected an array");
	for (at.element.index = 0; json_next(&w); at.element.index++) {
		s->obs = xgrow(s->obs, s->nobs, &s->obs_cap, sizeof(*s->obs));
		if (parse_observation(s, w.value, &at.element,
		    &s->obs[s->nobs], err) != 0) {
			free(s->obs[s->nobs].point);
			return -1;
		}
		saw_id(s, s->obs[s->nobs++].id);
	}
	s->nloaded = s->nobs;
	return 0;
}

/* Fill what is read from the entry's document. */
static int
read_pending(const struct state *s, const struct json *j, struct pending *p,
    struct err *err)
{
	struct json id = json_member(j, "trial_id");

	if (json_object(j, err) != 0 ||
	    json_int(&id, 1, NUM_INT_MAX, &p->id, err) != 0)
		return -1;
	p->usable = read_point(s->space, j, p->point);
	p->suggested_at = trial_real(j, "suggested_at");
	p->last_heartbeat_at = trial_real(j, "last_heartbeat_at");
	p->lease_token = trial_text(j, "lease_token");
	return 0;
}

static int
add_pending(struct state *s, jv doc, struct span raw,
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
	saw_id(s, p->id);
	return 0;
}

static int
read_pendings(struct state *s, struct span list, const char *name,
    struct err *err)
{
	struct json_walk w = json_walk(list);
	struct place at;

	place_init(&at, name, "pending");
	if (list.len == 0 || *list.p != '[')
		return json_complain(&at.list, err, "expected an array");
	for (at.element.index = 0; json_next(&w); at.element.index++)
		if (add_pending(s, json_parse_scanned(w.value, err), w.value,
		    &at.element, err) != 0)
			return -1;
	return 0;
}

/* 0.3.x as it is, 0.2.x and none as legacy. */
static int
read_version(struct state *s, const struct json *root, struct err *err)
{
	struct json v = json_member(root, "schema_version");
	const char *text;

	s->legacy = !json_present(&v);
	if (json_present(&v)) {
		if (json_text(&v, &text, err) != 0)
			return -1;
		s->legacy = strncmp(text, "0.2.", 4) == 0;
		if (!s->legacy && strncmp(text, "0.3.", 4) != 0)
			return json_complain(&v, err, "version %s is not "
			    "known here, expected 0.2.x or 0.3.x; use the "
			    "version that wrote it", text);
	}
	free(s->schema_version);
	s->schema_version = xstrdup(s->legacy ? STATE_VERSION : text);
	return 0;
}

static int
read_best(struct state *s, const struct json *root, struct err *err)
{
	struct json best = json_member(root, "best"), f;

	if (json_is_null(&best))
		return 0;
	if (json_object(&best, err) != 0)
		return -1;
	f = json_member(&best, "trial_id");
	if (json_int(&f, 1, NUM_INT_MAX, &s->best.id, err) != 0)
		return -1;
	s->best.present = true;
	s->best.value = trial_real(&best, "objective_value");
	s->best.updated_at = trial_real(&best, "updated_at");
	return 0;
}

/* Everything but the two lists is small: it is parsed together. */
static jv
parse_rest(struct span text, struct span *obs, struct span *pend,
    struct err *err)
{
	struct json_walk w = json_walk(text);
	jv rest = jv_object(), v;

	while (json_next(&w)) {
		if (w.key.len == 12 && memcmp(w.key.p, "observations", 12)
		    == 0) {
			*obs = w.value;
			continue;
		}
		if (w.key.len == 7 && memcmp(w.key.p, "pending", 7) == 0) {
			*pend = w.value;
			continue;
		}
		v = json_parse_scanned(w.value, err);
		if (!jv_is_valid(v)) {
			jv_free(rest);
			return v;
		}
		rest = jv_object_set(rest, jv_string_sized(w.key.p,
		    (int)w.key.len), v);
	}
	return rest;
}

static jv
take_member(jv from, const char *key, jv *out, jv fallback)
{
	jv v = jv_object_get(jv_copy(from), jv_string(key));

	jv_free(*out);
	if (jv_get_kind(v) == JV_KIND_OBJECT) {
		*out = v;
		jv_free(fallback);
	} else {
		*out = fallback;
		jv_free(v);
	}
	return jv_object_delete(from, jv_string(key));
}

static int
read_rest(struct state *s, const struct json *root, struct err *err)
{
	static const char *const known[] = { "schema_version", "next_trial_id",
	    "best", NULL };
	struct json next = json_member(root, "next_trial_id");
	struct json meta = json_member(root, "meta");
	int64_t id = 1;
	int i;

	if (read_version(s, root, err) != 0 || read_best(s, root, err) != 0)
		return -1;
	if (json_present(&meta) && json_object(&meta, err) != 0)
		return -1;
	if (json_present(&next) || !s->legacy)
		if (json_int(&next, 1, NUM_INT_MAX, &id, err) != 0)
			return -1;
	saw_id(s, id - 1);
	jv_free(s->extra);
	s->extra = take_member(jv_copy(root->v), "meta", &s->meta,
	    jv_object());
	for (i = 0; known[i] != NULL; i++)
		s->extra = jv_object_delete(s->extra, jv_string(known[i]));
	return 0;
}

static int
parse(struct state *s, const char *name, struct err *err)
{
	struct span text = { s->text.p, s->text.len };
	struct span obs = { NULL, 0 }, pend = { NULL, 0 };
	struct json root = json_root(jv_invalid(), name);
	int status = -1;
	jv rest;

	if (json_scan(text.p, text.len, name, 1, err) != 0)
		return -1;
	if (*text.p != '{' && json_walk(text).object == false)
		return json_complain(&root, err, "expected an object");
	rest = parse_rest(text, &obs, &pend, err);
	if (!jv_is_valid(rest))
		return -1;
	root.v = rest;
	if (read_rest(s, &root, err) == 0 &&
	    read_observations(s, obs, name, err) == 0 &&
	    read_pendings(s, pend, name, err) == 0)
		status = 0;
	jv_free(rest);
	if (s->best.present)
		s->best_raw = json_find(text, "best");
	return status;
}

struct state *
state_parse(struct buf *text, const struct space *space,
    const struct objectives *objectives, const char *name, struct err *err)
{
	struct state *s = state_empty(space, objectives);

	s->exists = true;
	s->text = *text;
	memset(text, 0, sizeof(*text));
	if (parse(s, name, err) == 0)
		return s;
	state_free(s);
	return NULL;
}

/* ----------------------------------------------------------- changing */

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

int
state_add_pending(struct state *s, jv doc, struct err *err)
{
	struct place at;
	struct span none = { NULL, 0 };

	place_init(&at, "new pending trial", "pending");
	at.element.index = (int)s->npend;
	return add_pending(s, doc, none, &at.element, err);
}

void
state_change_pending(struct state *s, struct pending *p, jv doc)
{
	struct json j = json_root(doc, "pending trial");
	struct err ignored;

	jv_free(p->doc);
	p->doc = doc;
	p->raw.p = NULL;
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
	struct place at;

	place_init(&at, "new observation", "observations");
	at.element.index = (int)s->nobs;
	if (parse_observation(s, raw, &at.element, &o, err) != 0) {
		free(o.point);
		return -1;
	}
	s->own = xgrow(s->own, s->nown, &s->own_cap, sizeof(*s->own));
	s->own[s->nown++] = *text;
	memset(text, 0, sizeof(*text));
	there = state_observation(s, o.id);
	if (there != NULL) {
		free(there->point);
		*there = o;
		s->reordered = true;
		return 0;
	}
	s->obs = xgrow(s->obs, s->nobs, &s->obs_cap, sizeof(*s->obs));
	s->obs[s->nobs++] = o;
	saw_id(s, o.id);
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
		if (o->status == TRIAL_OK && o->usable && (best == NULL ||
		    objectives_rank(s->objectives, o->y, o->id, best->y,
		    best->id) < 0))
			best = o;
	}
	return best;
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
	if (s->best.present && s->best.id == o->id && s->best.value == value)
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
	return p->last_heartbeat_at > p->suggested_at ? p->last_heartbeat_at :
	    p->suggested_at;
}

size_t
state_count_status(const struct state *s, enum trial_status status)
{
	size_t i, n = 0;

	for (i = 0; i < s->nobs; i++)
		n += s->obs[i].status == status;
	return n;
}
