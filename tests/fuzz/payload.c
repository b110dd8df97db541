/* payload: what an evaluator's result looks like on its way in. */
#include "base/fuzz.h"
#include "contract/payload.h"

/* What is kept of it is a payload again, and the same text once more. */
static void
kept(const struct payload *p, const struct fuzz_contracts *c)
{
	struct buf out = BUF_INIT, again = BUF_INIT;
	struct payload *q;
	struct err err = { 0, "" };
	jv v;

	payload_write(p, c->space, c->objectives, p->point, &out);
	v = json_parse(buf_str(&out), out.len, "kept", &err);
	fuzz_check(jv_is_valid(v));
	q = payload_from_json(v, "kept", c->space, c->objectives, &err);
	if (q == NULL)
		fuzz_failed(err.text, out.p, 0);
	payload_write(q, c->space, c->objectives, q->point, &again);
	fuzz_check(again.len == out.len);
	payload_free(q);
	jv_free(v);
	buf_release(&out);
	buf_release(&again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const struct fuzz_contracts *c = fuzz_contracts();
	struct buf text = BUF_INIT;
	struct payload *p;
	struct err err;
	int64_t id;
	jv v;

	fuzz_text(data, len, &text);
	v = json_parse(text.p, text.len, "payload", &err);
	if (jv_is_valid(v) &&
	    payload_trial_id(v, "payload", &id, &err) == 0 &&
	    (p = payload_from_json(v, "payload", c->space, c->objectives,
	    &err)) != NULL) {
		fuzz_check(p->trial_id == id);
		payload_params_match(v, "payload", c->space, p->point, &err);
		kept(p, c);
		payload_free(p);
	}
	jv_free(v);
	buf_release(&text);
	return 0;
}
