#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/num.h"
#include "campaign/manifest.h"
#include "campaign/trail.h"
#include "ops/governance.h"
#include "ops/held.h"

static jv
set(jv doc, const char *key, jv value)
{
	return jv_object_set(doc, jv_string(key), value);
}

static int64_t
count_of(jv doc)
{
	struct json root = json_root(doc, "pending");
	struct json count = json_member(&root, "heartbeat_count");
	struct err ignored;
	int64_t n;

	if (json_int(&count, 0, INT32_MAX, &n, &ignored) != 0)
		return 0;
	return n;
}

/* Can it be read back from where it will stand in the state? */
static bool
fits_state(const char *text, struct err *err)
{
	struct buf state = BUF_INIT;
	jv doc;
	bool fits;

	buf_addf(&state, "[[{\"heartbeat_meta\":%s}]]", text);
	doc = json_parse(state.p, state.len, "heartbeat_meta in the state",
	    err);
	fits = jv_is_valid(doc);
	jv_free(doc);
	buf_release(&state);
	return fits;
}

static int
parse_meta(const char *text, jv *meta, struct err *err)
{
	*meta = json_parse(text, strlen(text), "heartbeat_meta", err);
	if (jv_get_kind(*meta) == JV_KIND_OBJECT && fits_state(text, err))
		return 0;
	if (jv_is_valid(*meta) && jv_get_kind(*meta) != JV_KIND_OBJECT)
		err_set(err, LO_REFUSED, "heartbeat_meta: expected an object, "
		    "got %s", text);
	jv_free(*meta);
	*meta = jv_invalid();
	return -1;
}

/* The pending entry with this sign of life. */
static jv
beat(const struct pending *p, const struct heartbeat_request *r, double at,
    jv meta)
{
	jv doc = jv_copy(p->doc);

	doc = set(doc, "last_heartbeat_at", jv_number(at));
	doc = set(doc, "heartbeat_count",
	    jv_number((double)(count_of(p->doc) + 1)));
	if (r->note != NULL)
		doc = set(doc, "heartbeat_note", jv_string(r->note));
	if (jv_is_valid(meta))
		doc = set(doc, "heartbeat_meta", jv_copy(meta));
	return doc;
}

static int
put_manifest(struct held *h, int64_t trial, struct err *err)
{
	struct buf old = BUF_INIT, text = BUF_INIT;
	int status = manifest_read(h->c, trial, &old, err);

	if (status >= 0) {
		manifest_pending(h->c, h->p, &old, txn_now(h->t), &text);
		status = txn_manifest(h->t, trial, &text, err);
	}
	buf_release(&old);
	buf_release(&text);
	return status;
}

static void
log_event(struct held *h, int64_t trial, double at)
{
	struct buf line = BUF_INIT;
	struct jw w;

	trail_event(&w, &line, "heartbeat", txn_now(h->t));
	JW_KEY(&w, "trial_id", int, trial);
	JW_KEY(&w, "heartbeat_at", real, at);
	trail_end(&w);
	txn_event(h->t, &line);
	buf_release(&line);
}

static void
put_line(const struct pending *p, struct buf *out)
{
	struct jw w;

	jw_init(&w, out, JW_COMPACT);
	jw_object(&w);
	JW_KEY(&w, "trial_id", int, p->id);
	JW_KEY(&w, "result", text, "heartbeat");
	JW_KEY(&w, "heartbeat_at", real, p->last_heartbeat_at);
	JW_KEY(&w, "heartbeat_count", int, count_of(p->doc));
	jw_end(&w);
	jw_release(&w);
	buf_addc(out, '\n');
}

static int
commit(struct held *h, const struct heartbeat_request *r, jv meta,
    struct buf *out, struct err *err)
{
	double at = r->at > 0 ? r->at : txn_now(h->t);

	state_change_pending(h->c->state, h->p, beat(h->p, r, at, meta));
	log_event(h, r->trial, at);
	txn_mark(h->t, r->trial, "last_heartbeat_at", at);
	if (put_manifest(h, r->trial, err) != 0 ||
	    governance_commit(h->c, h->t, err) != 0)
		return -1;
	put_line(h->p, out);
	return 0;
}

/* A time to come keeps its trial from ever being stale; clocks of machines
 * differ by less. */
#define AHEAD 86400.0

static int
check_time(double at, struct err *err)
{
	double now = clock_now();
	char is[NUM_TEXT], expected[NUM_TEXT];

	if (at < 0 || isnan(at))
		return err_set(err, LO_REFUSED, "heartbeat time: expected a "
		    "number > 0");
	if (at <= now + AHEAD)
		return 0;
	return err_set(err, LO_REFUSED, "heartbeat time: expected seconds "
		    "since the epoch, now %s, and not more than a day ahead, "
		    "got %s%s", num_plain(expected, floor(now)),
		    num_plain(is, at), at > 1e11 && at / 1000 <= now + AHEAD ?
		    "; is it in milliseconds?" : "");
}

int
op_heartbeat(const struct op *op, const struct heartbeat_request *r,
    struct buf *out, struct err *err)
{
	struct held h;
	jv meta = jv_invalid();
	int status = -1;

	if (check_time(r->at, err) != 0)
		return -1;
	if (r->meta != NULL && parse_meta(r->meta, &meta, err) != 0)
		return -1;
	if (held_open(&h, op, r->trial, r->lease_token, err) == 0) {
		status = commit(&h, r, meta, out, err);
		held_close(&h);
	}
	jv_free(meta);
	return status;
}
