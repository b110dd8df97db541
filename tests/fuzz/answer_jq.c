/*
 * answer_jq: what an evaluator printed, through jq programs.
 *
 * These are kept, and libjq remembers only where its stack ends, which
 * LeakSanitizer takes for a leak.
 */
#include <math.h>

#include "base/fuzz.h"
#include "ops/answer.h"

static void
ask(const struct answer_question *q, const uint8_t *data, size_t len)
{
	struct buf text = BUF_INIT;
	struct answer a;
	size_t i;

	fuzz_text(data, len, &text);
	answer_read(q, text.p, len, false, &a);
	fuzz_check((a.status == TRIAL_OK) == (a.reason == NULL));
	for (i = 0; i < q->n && a.status == TRIAL_OK; i++)
		fuzz_check(isfinite(a.y[i]));
	answer_release(&a);
	buf_release(&text);
}

const char *__asan_default_options(void);

const char *
__asan_default_options(void)
{
	return "detect_leaks=0";
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct filter *made[2];
	char loss[] = "loss", acc[] = "acc", *name[] = { loss, acc };
	struct answer_question q = { name, made, 2 };
	struct err err;

	if (made[0] == NULL) {
		made[0] = filter_new(".loss? // length? // 1", jv_invalid(),
		    &err);
		made[1] = filter_new("[.. | numbers] | add", jv_invalid(),
		    &err);
		fuzz_check(made[0] != NULL && made[1] != NULL);
	}
	ask(&q, data, len);
	return 0;
}
