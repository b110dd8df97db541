/* answer: what an evaluator printed, as it is. */
#include <math.h>

#include "base/fuzz.h"
#include "ops/answer.h"

static void
ask(const struct answer_question *q, const uint8_t *data, size_t len,
    bool cut)
{
	struct buf text = BUF_INIT;
	struct answer a;
	size_t i;

	fuzz_text(data, len, &text);
	answer_read(q, text.p, len, cut, &a);
	fuzz_check((a.status == TRIAL_OK) == (a.reason == NULL));
	for (i = 0; i < q->n && a.status == TRIAL_OK; i++)
		fuzz_check(isfinite(a.y[i]));
	answer_release(&a);
	buf_release(&text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char loss[] = "loss", acc[] = "acc", *name[] = { loss, acc };
	struct filter *none[] = { NULL, NULL };
	struct answer_question q = { name, none, 2 };

	ask(&q, data, len, false);
	ask(&q, data, len, true);
	return 0;
}
