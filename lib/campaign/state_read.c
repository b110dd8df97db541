#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/xmem.h"
#include "campaign/state_row.h"
#include "contract/semver.h"
#include "store/json_text.h"

void
state_place(struct state_place *p, const char *file, const char *key)
{
	p->root = json_root(jv_invalid(), file);
	p->list = p->root;
	p->list.up = &p->root;
	p->list.key = key;
	p->element = p->root;
	p->element.up = &p->list;
}

void
state_saw_id(struct state *s, int64_t id)
{
	if (s->next_trial_id <= id)
		s->next_trial_id = id + 1;
}

static int
read_observations(struct state *s, struct span list, const char *name,
    struct err *err)
{
	struct json_walk w = json_walk(list);
	struct state_place at;

	state_place(&at, name, "observations");
	if (list.len == 0 || *list.p != '[')
		return json_complain(&at.list, err, "expected an array");
	for (at.element.index = 0; json_next(&w); at.element.index++) {
		s->obs = xgrow(s->obs, s->nobs, &s->obs_cap, sizeof(*s->obs));
		memset(&s->obs[s->nobs], 0, sizeof(*s->obs));
		s->obs[s->nobs].raw = w.value;
		if (row_read(s->space, s->objectives, &s->obs[s->nobs],
		    &at.element, err) != 0)
			return -1;
		state_saw_id(s, s->obs[s->nobs++].id);
	}
	s->nloaded = s->nobs;
	return 0;
}

static int
read_pendings(struct state *s, struct span list, const char *name,
    struct err *err)
{
	struct json_walk w = json_walk(list);
	struct state_place at;

	state_place(&at, name, "pending");
	if (list.len == 0 || *list.p != '[')
		return json_complain(&at.list, err, "expected an array");
	for (at.element.index = 0; json_next(&w); at.element.index++)
		if (state_take_pending(s, json_parse_scanned(w.value, err),
		    w.value, &at.element, err) != 0)
			return -1;
	return 0;
}

/* 0.3.x as it is, 0.2.x and none as legacy. */
static int
read_version(struct state *s, const struct json *root, struct err *err)
{
	struct json v = json_member(root, "schema_version");
	const char *text = trial_text(root, "schema_version");
	bool is_0_2 = text != NULL && strncmp(text, "0.2.", 4) == 0;
	bool is_0_3 = text != NULL && strncmp(text, "0.3.", 4) == 0;

	s->legacy = !json_present(&v) || is_0_2;
	if (json_present(&v) && ((!is_0_2 && !is_0_3) || !semver_valid(text)))
		return json_expected(&v, "a version 0.2.x or 0.3.x (use the "
		    "program that wrote it)", err);
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
	if (json_int(&f, 1, TRIAL_ID_MAX, &s->best.id, err) != 0)
		return -1;
	s->best.present = true;
	s->best.value = trial_real(&best, "objective_value");
	s->best.updated_at = trial_real(&best, "updated_at");
	return 0;
}

/* Where the parts of the document stand. */
struct parts {
	struct span obs, pend, best;
};

static struct span *
part_of(struct parts *p, struct span key)
{
	if (key.len == 12 && memcmp(key.p, "observations", 12) == 0)
		return &p->obs;
	if (key.len == 7 && memcmp(key.p, "pending", 7) == 0)
		return &p->pend;
	if (key.len == 4 && memcmp(key.p, "best", 4) == 0)
		return &p->best;
	return NULL;
}

static jv
key_text(struct span key)
{
	struct buf plain = BUF_INIT;
	jv text;

	json_unescape(key, &plain);
	text = jv_string_sized(buf_str(&plain), (int)plain.len);
	buf_release(&plain);
	return text;
}

/* Everything but the two lists is small: it is parsed together. */
static jv
parse_rest(struct span text, struct parts *parts, struct err *err)
{
	struct json_walk w = json_walk(text);
	jv rest = jv_object(), v;

	while (json_next(&w)) {
		struct span *part = part_of(parts, w.key);

		if (part != NULL)
			*part = w.value;
		if (part != NULL && part != &parts->best)
			continue;
		v = json_parse_scanned(w.value, err);
		if (!jv_is_valid(v)) {
			jv_free(rest);
			return v;
		}
		rest = jv_object_set(rest, key_text(w.key), v);
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
	struct json meta = json_member(root, "meta"), seed;
	int64_t id = 1, whole;
	int i;

	if (read_version(s, root, err) != 0 || read_best(s, root, err) != 0)
		return -1;
	if (json_present(&meta) && json_object(&meta, err) != 0)
		return -1;
	if (json_present(&next) || !s->legacy)
		if (json_int(&next, 1, TRIAL_ID_MAX + 1, &id, err) != 0)
			return -1;
	seed = json_member(&meta, "seed");
	if (!json_is_null(&seed) && json_int(&seed, -NUM_INT_MAX, NUM_INT_MAX,
	    &whole, err) != 0)
		return -1;
	state_saw_id(s, id - 1);
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
	struct parts parts;
	struct json root = json_root(jv_invalid(), name);
	int status = -1;
	jv rest;

	if (*text.p != '{' && json_walk(text).object == false)
		return json_complain(&root, err, "expected an object");
	memset(&parts, 0, sizeof(parts));
	rest = parse_rest(text, &parts, err);
	if (!jv_is_valid(rest))
		return -1;
	root.v = rest;
	if (read_rest(s, &root, err) == 0 &&
	    read_observations(s, parts.obs, name, err) == 0 &&
	    read_pendings(s, parts.pend, name, err) == 0)
		status = 0;
	jv_free(rest);
	if (s->best.present)
		s->best_raw = parts.best;
	return status;
}

struct state *
state_parse(struct buf *text, const struct space *space,
    const struct objectives *objectives, const char *name, struct err *err)
{
	if (json_scan(text->p, text->len, name, 1, err) == 0)
		return state_parse_scanned(text, space, objectives, name,
		    err);
	buf_release(text);
	return NULL;
}

struct state *
state_parse_scanned(struct buf *text, const struct space *space,
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

