/* state: bo_state.json, and that what is written of it is read again. */
#include <string.h>

#include "base/fuzz.h"
#include "campaign/state.h"

static struct state *
parse(const char *p, size_t len, struct err *err)
{
	const struct fuzz_contracts *c = fuzz_contracts();
	struct buf text = BUF_INIT;

	fuzz_text((const uint8_t *)p, len, &text);
	return state_parse(&text, c->space, c->objectives, "state", err);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct buf first = BUF_INIT, second = BUF_INIT;
	struct state *s, *again;
	struct err err = { 0, "" };

	if ((s = parse((const char *)data, len, &err)) == NULL)
		return 0;
	state_update_best(s, 1e9);
	state_write(s, &first);
	if ((again = parse(first.p, first.len, &err)) == NULL)
		fuzz_failed(err.text, first.p, 0);
	fuzz_check(again->nobs == s->nobs && again->npend == s->npend);
	fuzz_check(again->next_trial_id == s->next_trial_id);
	state_update_best(again, 1e9);
	state_write(again, &second);
	fuzz_check(second.len == first.len &&
	    memcmp(first.p, second.p, first.len) == 0);
	state_free(again);
	state_free(s);
	buf_release(&first);
	buf_release(&second);
	return 0;
}
