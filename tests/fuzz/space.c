/* space: parameter_space.json, and the points of what it describes. */
#include <stdlib.h>

#include "base/fuzz.h"
#include "base/xmem.h"
#include "contract/count.h"
#include "contract/encode.h"
#include "contract/point.h"

/* A point reads back as what was written. */
static void
there_and_back(const struct space *s, const double *point)
{
	double *again = xcalloc(s->n, sizeof(*again));
	struct buf out = BUF_INIT;
	struct json root;
	struct err err;
	struct jw w;
	jv v;

	jw_init(&w, &out, JW_COMPACT);
	point_write(s, point, &w);
	jw_release(&w);
	v = json_parse(buf_str(&out), out.len, "point", &err);
	root = json_root(v, "point");
	fuzz_check(point_from_json(s, &root, POINT_STRICT, again, &err) == 0);
	fuzz_check(point_equal(s, point, again));
	jv_free(v);
	buf_release(&out);
	free(again);
}

static void
walk(const struct space *s)
{
	double *u = xcalloc(s->n, sizeof(*u));
	double *point = xcalloc(s->n, sizeof(*point));
	double *x = xcalloc(encode_dim(s), sizeof(*x));
	size_t i, k, n = space_count(s, 50);

	for (k = 0; k < 3; k++) {
		for (i = 0; i < s->n; i++)
			u[i] = (double)k * 0.4999999;
		encode_sample(s, NULL, u, point);
		encode_point(s, point, x);
		there_and_back(s, point);
	}
	if (n > 0) {
		space_first(s, point);
		for (i = 0; i < n; i++) {
			there_and_back(s, point);
			fuzz_check(space_next(s, point) == (i + 1 < n));
		}
	}
	free(u);
	free(point);
	free(x);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct buf text = BUF_INIT;
	struct space *s;
	struct err err;
	jv v;

	fuzz_text(data, len, &text);
	v = json_parse(text.p, text.len, "space", &err);
	if (jv_is_valid(v) && (s = space_from_json(v, text.p, text.len,
	    "space", &err)) != NULL) {
		walk(s);
		space_free(s);
	}
	jv_free(v);
	buf_release(&text);
	return 0;
}
