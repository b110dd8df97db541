/* constraint: constraints.json over the fixed space. */
#include <math.h>
#include <stdlib.h>

#include "base/fuzz.h"
#include "base/xmem.h"
#include "contract/constraint.h"

static void
judge(const struct constraints *c, const struct space *s)
{
	double *u = xcalloc(s->n, sizeof(*u));
	double *point = xcalloc(s->n, sizeof(*point));
	double *slope = xcalloc(s->n, sizeof(*slope)), excess;
	struct range *box = xcalloc(s->n, sizeof(*box));
	struct err err;
	size_t i, k;

	constraints_box(c, s, box);
	for (k = 0; k < 3; k++) {
		for (i = 0; i < s->n; i++)
			u[i] = (double)k * 0.4999999;
		encode_sample(s, box, u, point);
		fuzz_check(constraints_broken(c, point) < 0 ||
		    constraints_inside(c, point, &err) != 0);
	}
	for (k = 0; k < constraints_rules(c); k++)
		fuzz_check(*constraints_rule_id(c, k) != '\0');
	for (k = 0; k < constraints_linear(c); k++)
		constraints_excess(c, k, point, &excess, slope);
	free(u);
	free(point);
	free(slope);
	free(box);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const struct space *s = fuzz_contracts()->space;
	struct buf text = BUF_INIT;
	struct constraints *c;
	struct err err;
	jv v;

	fuzz_text(data, len, &text);
	v = json_parse(text.p, text.len, "constraints", &err);
	if (jv_is_valid(v) &&
	    (c = constraints_from_json(v, s, "constraints", &err)) != NULL) {
		judge(c, s);
		constraints_free(c);
	}
	jv_free(v);
	buf_release(&text);
	return 0;
}
