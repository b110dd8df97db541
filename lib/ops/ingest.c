#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "ops/common.h"
#include "ops/governance.h"
#include "ops/ingest.h"
#include "store/json.h"

/* One call of op_ingest. */
struct work {
	const struct op *op;
	struct ingest_request *r;	/* file: of the payload at hand */
	struct buf *out;
	size_t rejected;
};

/* The payloads of a call, and where each came from. */
struct payloads {
	jv all;
	int n;
	const char **file;
	size_t cap;
};

static const char *const result_name[] = { "ingested", "duplicate",
    "ingested", "rejected" };

static void
put_id(struct jw *w, jv doc)
{
	struct json root = json_root(doc, ""), id = json_member(&root,
	    "trial_id");

	jw_key(w, "trial_id");
	if (jv_get_kind(id.v) == JV_KIND_NUMBER)
		jw_jv(w, id.v);
	else
		jw_null(w);
}

static void
put_status(struct jw *w, const struct campaign *c, jv doc, enum ingested what)
{
	struct json root = json_root(doc, "");
	const struct observation *o;
	double id = trial_real(&root, "trial_id");

	o = what == INGEST_REJECTED ? NULL :
	    state_observation(c->state, (int64_t)id);
	if (o != NULL)
		JW_KEY(w, "status", text, trial_status_name[o->status]);
	else
		JW_KEY(w, "status", text, trial_text(&root, "status"));
}

/* The acknowledgement: one line. */
static void
answer(struct work *k, const struct campaign *c, jv doc,
    enum ingested what, const char *why)
{
	struct jw w;

	jw_init(&w, k->out, JW_COMPACT);
	jw_object(&w);
	put_id(&w, doc);
	JW_KEY(&w, "result", text, result_name[what]);
	put_status(&w, c, doc, what);
	JW_KEY(&w, "observations", int, (int64_t)c->state->nobs);
	jw_key(&w, "best");
	state_write_best(c->state, &w);
	if (what == INGEST_REJECTED)
		JW_KEY(&w, "error", text, why);
	jw_end(&w);
	jw_release(&w);
	buf_addc(k->out, '\n');
}

static void
warn_legacy(const struct work *k, jv doc)
{
	struct json root = json_root(doc, "");
	const char *status = trial_text(&root, "status");

	if (status != NULL && strcmp(status, "success") == 0)
		op_say(k->op, "%s: status success is the old name of ok",
		    k->r->file);
}

static void
rejected(struct work *k, const struct campaign *c, jv doc,
    const struct err *err)
{
	k->rejected++;
	op_say(k->op, "%s", err->text);
	answer(k, c, doc, INGEST_REJECTED, err->text);
}

/* One payload, one commit.  doc is consumed; invalid: the typed form. */
static int
ingest_one(struct work *k, jv doc, struct err *err)
{
	struct campaign *c = op_open_write(k->op, "ingest", err);
	enum ingested what = INGESTED;
	struct txn *t = NULL;
	int status = -1;

	if (c == NULL)
		goto out;
	if (!jv_is_valid(doc))
		doc = ingest_typed(c, k->r, err);
	if (!jv_is_valid(doc) && err->status != LO_REFUSED)
		goto out;
	if (!jv_is_valid(doc)) {
		doc = jv_object_set(jv_object(), jv_string("trial_id"),
		    jv_number((double)k->r->trial));
		rejected(k, c, doc, err);
		status = 0;
		goto out;
	}
	t = txn_begin(c);
	status = ingest_payload(c, t, doc, k->r, &what, err);
	if (status != 0)
		goto out;
	if (what == INGEST_REJECTED) {
		rejected(k, c, doc, err);
		goto out;
	}
	status = governance_commit(c, t, err);
	if (status == 0) {
		warn_legacy(k, doc);
		answer(k, c, doc, what, NULL);
	}
out:
	txn_free(t);
	campaign_close(c);
	jv_free(doc);
	return status;
}

/* Payloads of a value: itself, an array's elements, a bundle's. */
static jv
payloads_of(jv doc)
{
	struct json root = json_root(doc, "");
	struct json list = json_member(&root, "payloads");

	if (jv_get_kind(doc) == JV_KIND_ARRAY)
		return doc;
	if (jv_get_kind(list.v) != JV_KIND_ARRAY)
		return jv_array_append(jv_array(), doc);
	list.v = jv_copy(list.v);
	jv_free(doc);
	return list.v;
}

static void
add_payloads(struct payloads *p, jv list, const char *file)
{
	int i, n = jv_array_length(jv_copy(list));

	for (i = 0; i < n; i++) {
		p->file = xgrow(p->file, (size_t)p->n, &p->cap,
		    sizeof(*p->file));
		p->file[p->n++] = file;
	}
	p->all = jv_array_concat(p->all, list);
}

static void
payloads_release(struct payloads *p)
{
	jv_free(p->all);
	free(p->file);
}

/* The values stand one after the other, each scanned before. */
static int
read_payloads(struct payloads *p, const struct ingest_request *r,
    struct err *err)
{
	struct span whole = { r->text, r->len }, one;
	const char *where = r->where, *file;
	jv doc;

	memset(p, 0, sizeof(*p));
	p->all = jv_array();
	while (json_split(&whole, &one)) {
		file = where != NULL ? where : r->file;
		if (where != NULL)
			where += strlen(where) + 1;
		doc = json_parse_scanned(one, err);
		if (!jv_is_valid(doc)) {
			payloads_release(p);
			return err_prefix(err, "%s: ", file);
		}
		add_payloads(p, payloads_of(doc), file);
	}
	return 0;
}

/* The next payload; the caller frees it. */
static jv
payload_at(struct work *k, const struct payloads *p, int i)
{
	k->r->file = p->file[i];
	return jv_array_get(jv_copy(p->all), i);
}

struct stage {
	struct campaign *c;
	struct txn *t;
	enum ingested *what;
	char **why;		/* of rejections */
};

static int
stage_all(struct work *k, struct stage *s, const struct payloads *p,
    struct err *err)
{
	int i;
	jv doc;

	for (i = 0; i < p->n; i++) {
		doc = payload_at(k, p, i);
		if (ingest_payload(s->c, s->t, doc, k->r, &s->what[i], err)
		    != 0) {
			jv_free(doc);
			return -1;
		}
		if (s->what[i] == INGEST_REJECTED) {
			k->rejected++;
			op_say(k->op, "%s", err->text);
			s->why[i] = xstrdup(err->text);
		}
		jv_free(doc);
	}
	return k->rejected > 0 ? 0 : governance_commit(s->c, s->t, err);
}

static void
answer_all(struct work *k, const struct stage *s, const struct payloads *p)
{
	int i;
	jv doc;

	for (i = 0; i < p->n; i++) {
		doc = payload_at(k, p, i);
		if (k->rejected == 0) {
			warn_legacy(k, doc);
			answer(k, s->c, doc, s->what[i], NULL);
		} else
			answer(k, s->c, doc, INGEST_REJECTED, s->why[i] !=
			    NULL ? s->why[i] : "not stored: another payload "
			    "of the batch was rejected");
		jv_free(doc);
	}
}

/* All payloads, one commit. */
static int
ingest_batch(struct work *k, const struct payloads *p, struct err *err)
{
	int i, status = -1;
	struct stage s = { op_open_write(k->op, "ingest", err), NULL,
	    xcalloc((size_t)p->n, sizeof(*s.what)),
	    xcalloc((size_t)p->n, sizeof(*s.why)) };

	if (s.c != NULL) {
		s.t = txn_begin(s.c);
		status = stage_all(k, &s, p, err);
		if (status == 0 && k->rejected > 0) {
			/* what was staged is forgotten: tell of the disk */
			txn_free(s.t);
			s.t = NULL;
			campaign_close(s.c);
			s.c = op_open_read(k->op, err);
			status = s.c != NULL ? 0 : -1;
		}
		if (status == 0)
			answer_all(k, &s, p);
	}
	txn_free(s.t);
	campaign_close(s.c);
	for (i = 0; i < p->n; i++)
		free(s.why[i]);
	free(s.why);
	free(s.what);
	return status;
}

static int
ingest_each(struct work *k, const struct payloads *p, struct err *err)
{
	int i, status = 0;

	for (i = 0; i < p->n && status == 0; i++)
		status = ingest_one(k, payload_at(k, p, i), err);
	return status;
}

int
op_ingest(const struct op *op, const struct ingest_request *r,
    struct buf *out, struct err *err)
{
	struct ingest_request request = *r;
	struct work k = { op, &request, out, 0 };
	struct payloads p;
	int status;

	if (r->text == NULL && r->status != NULL &&
	    trial_status_from(r->status) < 0 &&
	    strcmp(r->status, "success") != 0)
		return err_set(err, LO_USAGE, "--status: expected ok, failed, "
		    "killed or timeout, got '%s'", r->status);
	if (r->text == NULL) {
		request.file = "--trial";
		status = ingest_one(&k, jv_invalid(), err);
	} else {
		if (read_payloads(&p, r, err) != 0)
			return -1;
		status = r->batch ? ingest_batch(&k, &p, err) :
		    ingest_each(&k, &p, err);
		payloads_release(&p);
	}
	if (status == 0 && k.rejected > 0)
		return err_set(err, LO_REFUSED, "%s", "");
	return status;
}
