#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/xmem.h"
#include "campaign/manifest.h"
#include "contract/point.h"
#include "store/json.h"
#include "store/json_text.h"

/* What a manifest is made of; NaN and NULL are written as null. */
struct facts {
	const struct campaign *c;
	struct json trial;	/* pending entry or observation */
	struct json old;	/* the manifest that is there, or absent */
	struct span trial_was;	/* the text of either, or empty */
	struct span old_was;
	const char *status;
	const double *point;	/* NULL: as the trial has it */
	const double *y;	/* NULL while not ok */
	double now;
};

static void
real_or_null(struct jw *w, const char *key, double value)
{
	jw_key(w, key);
	jw_real(w, value);
}

static void
put_params(struct jw *w, const struct facts *f)
{
	struct json params = json_member(&f->trial, "params");

	jw_key(w, "params");
	if (f->point != NULL)
		point_write(f->c->c.space, f->point, w);
	else
		jw_jv(w, params.v);
}

static void
put_objectives(struct jw *w, const struct facts *f)
{
	const struct objectives *o = f->c->c.objectives;

	JW_KEY(w, "objective_name", text, o->objective[0].name);
	real_or_null(w, "objective_value", f->y != NULL ? f->y[0] : NAN);
	jw_key(w, "objective_vector");
	objectives_write(o, f->y, w);
	real_or_null(w, "scalarized_objective", f->y != NULL ?
	    objectives_scalar(o, f->y) : NAN);
	JW_KEY(w, "scalarization_policy", text, objectives_vector_shown(o) ?
	    policy_name(o->policy) : NULL);
}

static void
put_heartbeat(struct jw *w, const struct facts *f)
{
	struct json count = json_member(&f->trial, "heartbeat_count");
	struct json note = json_member(&f->trial, "heartbeat_note");
	struct json meta = json_member(&f->trial, "heartbeat_meta");

	real_or_null(w, "last_heartbeat_at",
	    trial_real(&f->trial, "last_heartbeat_at"));
	jw_key(w, "heartbeat_count");
	if (json_is_null(&count))
		jw_int(w, 0);
	else
		jw_jv(w, count.v);
	if (json_present(&note))
		JW_KEY(w, "heartbeat_note", jv, note.v);
	if (json_present(&meta))
		JW_KEY(w, "heartbeat_meta", like, meta.v,
		    json_find(f->trial_was, "heartbeat_meta"));
}

/* Members that this version does not know ride along. */
static void
put_unknown(struct jw *w, const struct json *old, struct span was,
    const char *const known[])
{
	if (jv_get_kind(old->v) == JV_KIND_OBJECT)
		jw_members_like(w, old->v, was, known);
}

static void
put_artifacts(struct jw *w, const struct facts *f)
{
	static const char *const known[] = { "ingest_payload", NULL };
	struct json old = json_member(&f->old, "artifacts");
	const char *path = trial_text(&f->trial, "artifact_path");

	JW_KEY(w, "artifact_path", text, path);
	jw_key(w, "artifacts");
	jw_object(w);
	if (path != NULL)
		JW_KEY(w, "ingest_payload", text, path);
	put_unknown(w, &old, json_find(f->old_was, "artifacts"), known);
	jw_end(w);
}

/* Keys of the trial that the manifest repeats when they are there. */
static void
put_optional(struct jw *w, const struct facts *f)
{
	static const char *const key[] = { "source_trial_id", "retry_of",
	    "replicate_of", "runtime_seconds", "retired", "voided" };
	struct json j;
	size_t i;

	for (i = 0; i < sizeof(key) / sizeof(key[0]); i++) {
		j = json_member(&f->trial, key[i]);
		if (json_is_null(&j))
			continue;
		jw_key(w, key[i]);
		if (i == 3 && jv_get_kind(j.v) == JV_KIND_NUMBER)
			jw_real(w, jv_number_value(j.v));
		else
			jw_like(w, j.v, json_find(f->trial_was, key[i]));
	}
}

static const char *const known_key[] = { "created_at", "updated_at",
    "trial_id", "status", "terminal_reason", "params",
    "objective_name", "objective_value", "objective_vector",
    "scalarized_objective", "scalarization_policy",
    "penalty_objective", "suggested_at", "completed_at",
    "last_heartbeat_at", "heartbeat_count", "heartbeat_note",
    "heartbeat_meta", "lease_token", "artifact_path", "artifacts",
    "source_trial_id", "retry_of", "replicate_of",
    "runtime_seconds", "retired", "voided", NULL };

static void
write_manifest(const struct facts *f, struct buf *out)
{
	double created = trial_real(&f->old, "created_at");
	struct json id = json_member(&f->trial, "trial_id");
	struct jw w;

	jw_init(&w, out, JW_PRETTY);
	jw_object(&w);
	JW_KEY(&w, "created_at", real, isnan(created) ? f->now : created);
	JW_KEY(&w, "updated_at", real, f->now);
	JW_KEY(&w, "trial_id", jv, id.v);
	JW_KEY(&w, "status", text, f->status);
	JW_KEY(&w, "terminal_reason", text,
	    trial_text(&f->trial, "terminal_reason"));
	put_params(&w, f);
	put_objectives(&w, f);
	real_or_null(&w, "penalty_objective",
	    trial_real(&f->trial, "penalty_objective"));
	real_or_null(&w, "suggested_at",
	    trial_real(&f->trial, "suggested_at"));
	real_or_null(&w, "completed_at",
	    trial_real(&f->trial, "completed_at"));
	put_heartbeat(&w, f);
	JW_KEY(&w, "lease_token", text,
	    trial_text(&f->trial, "lease_token"));
	put_artifacts(&w, f);
	put_optional(&w, f);
	put_unknown(&w, &f->old, f->old_was, known_key);
	jw_end(&w);
	jw_release(&w);
	buf_addc(out, '\n');
}

static jv
parse_old(const struct buf *old)
{
	struct err ignored;

	if (old == NULL || old->len == 0)
		return jv_invalid();
	return json_parse(old->p, old->len, "manifest", &ignored);
}

/* Only what could be parsed is looked at. */
static struct span
text_of(const struct buf *old, jv parsed)
{
	struct span text = { NULL, 0 };

	if (jv_is_valid(parsed)) {
		text.p = old->p;
		text.len = old->len;
	}
	return text;
}

void
manifest_pending(const struct campaign *c, const struct pending *p,
    const struct buf *old, double now, struct buf *out)
{
	jv before = parse_old(old);
	struct facts f = { .c = c, .status = "pending", .now = now };

	f.trial = json_root(p->doc, "pending trial");
	f.trial_was = p->raw;
	f.old = json_root(before, "manifest");
	f.old_was = text_of(old, before);
	f.point = p->usable ? p->point : NULL;
	write_manifest(&f, out);
	jv_free(before);
}

void
manifest_terminal(const struct campaign *c, const struct observation *o,
    const struct buf *old, double now, struct buf *out)
{
	jv before = parse_old(old), doc;
	struct facts f = { .c = c, .now = now };
	struct err ignored;

	doc = json_parse_scanned(o->raw, &ignored);
	f.trial = json_root(doc, "observation");
	f.trial_was = o->raw;
	f.old = json_root(before, "manifest");
	f.old_was = text_of(old, before);
	f.status = trial_status_name[o->status];
	f.point = o->usable ? o->point : NULL;
	f.y = o->scored ? o->y : NULL;
	write_manifest(&f, out);
	jv_free(before);
	jv_free(doc);
}

int
manifest_read(const struct campaign *c, int64_t id, struct buf *out,
    struct err *err)
{
	char *path = paths_trial_real(&c->paths, id, "manifest.json");
	int there = campaign_read_file(c, path, out, err);

	free(path);
	return there;
}

static double
updated_at(struct span text)
{
	struct span at = json_find(text, "updated_at");
	double value = 0;

	if (at.len == 0 || !num_read(at.p, at.len, &value))
		return 0;
	return value;
}

static void
put_missing(struct jw *w, struct span from, struct span than)
{
	struct json_walk walk = json_walk(from);

	while (json_next(&walk)) {
		struct buf key = BUF_INIT;

		json_unescape(walk.key, &key);
		if (json_find(than, buf_str(&key)).len == 0) {
			jw_keyn(w, buf_str(&key), key.len);
			jw_raw(w, walk.value);
		}
		buf_release(&key);
	}
}

int
manifest_merge(const struct buf *a, const struct buf *b, struct buf *out,
    struct err *err)
{
	struct span young = { buf_str(a), a->len }, old = { buf_str(b),
	    b->len }, none = { NULL, 0 };
	struct jw w;

	if (json_scan(young.p, young.len, "manifest", 1, err) != 0 ||
	    json_scan(old.p, old.len, "manifest", 1, err) != 0)
		return -1;
	if (!json_walk(young).object || !json_walk(old).object)
		return err_set(err, LO_REFUSED, "manifest: expected an object");
	if (updated_at(young) < updated_at(old)) {
		struct span swap = young;

		young = old;
		old = swap;
	}
	jw_init(&w, out, JW_PRETTY);
	jw_object(&w);
	put_missing(&w, young, none);
	put_missing(&w, old, young);
	jw_end(&w);
	jw_release(&w);
	buf_addc(out, '\n');
	return 0;
}
