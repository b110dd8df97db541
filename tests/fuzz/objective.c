/* objective: objective_schema.json, and ranking by it. */
#include <math.h>
#include <stdlib.h>

#include "base/fuzz.h"
#include "base/xmem.h"

static void
rank(const struct objectives *o)
{
	double *a = xcalloc(o->n, sizeof(*a)), *b = xcalloc(o->n, sizeof(*b));
	struct buf out = BUF_INIT;
	struct jw w;
	size_t i;

	for (i = 0; i < o->n; i++) {
		a[i] = (double)i - 1e300;
		b[i] = 0.5;
	}
	fuzz_check(!isnan(objectives_scalar(o, b)));
	fuzz_check((objectives_rank(o, a, 1, b, 2) < 0) !=
	    (objectives_rank(o, b, 2, a, 1) < 0));
	fuzz_check(!objectives_dominates(o, a, a));
	jw_init(&w, &out, JW_COMPACT);
	objectives_write(o, a, &w);
	jw_release(&w);
	buf_release(&out);
	free(a);
	free(b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct buf text = BUF_INIT;
	struct objectives *o;
	struct err err;
	jv v;

	fuzz_text(data, len, &text);
	v = json_parse(text.p, text.len, "objectives", &err);
	if (jv_is_valid(v) &&
	    (o = objectives_from_json(v, "objectives", &err)) != NULL) {
		rank(o);
		objectives_free(o);
	}
	jv_free(v);
	buf_release(&text);
	return 0;
}
