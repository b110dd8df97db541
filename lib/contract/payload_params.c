#include <math.h>
#include <stdlib.h>

#include "base/xmem.h"
#include "contract/payload.h"
#include "store/json.h"

static void
tell(const struct param *p, double expected, const char *got,
    struct buf *out)
{
	buf_addf(out, "%s%s: expected ", out->len > 0 ? "; " : "", p->name);
	if (isnan(expected))
		buf_adds(out, "nothing (inactive)");
	else
		point_value_text(p, expected, true, out);
	buf_addf(out, ", got %s", got);
}

int
payload_params_diff(const struct space *s, const double *expected,
    const double *got, struct buf *out)
{
	struct buf text = BUF_INIT;
	size_t i;
	int n = 0;

	for (i = 0; i < s->n; i++) {
		if (expected[i] == got[i] ||
		    (isnan(expected[i]) && isnan(got[i])))
			continue;
		buf_cut(&text, 0);
		if (isnan(got[i]))
			buf_adds(&text, "nothing (inactive)");
		else
			point_value_text(&s->param[i], got[i], true, &text);
		tell(&s->param[i], expected[i], buf_str(&text), out);
		n++;
	}
	buf_release(&text);
	return n;
}

static void
match_param(const struct param *p, const struct json *j, double expected,
    struct buf *out)
{
	struct buf text = BUF_INIT;
	struct err ignored;
	struct jw w;
	double x;

	if (point_value_from_json(p, j, false, &x, &ignored) == 0 &&
	    x == expected)
		return;
	if (json_present(j)) {
		jw_init(&w, &text, JW_COMPACT);
		jw_jv(&w, j->v);
		jw_release(&w);
	} else
		buf_adds(&text, "nothing");
	tell(p, expected, buf_str(&text), out);
	buf_release(&text);
}

static void
match_names(const struct space *s, const struct json *params,
    struct buf *out)
{
	struct json member;
	const char *key;
	int i = jv_object_iter(params->v);

	while (json_each(params, &i, &key, &member))
		if (space_index(s, key) < 0)
			buf_addf(out, "%s%s: unknown parameter",
			    out->len > 0 ? "; " : "", key);
}

static int
match_params(const struct json *params, const struct space *s,
    const double *expected, struct err *err)
{
	struct buf out = BUF_INIT;
	int status = 0;
	size_t i;

	if (json_object(params, err) != 0)
		return -1;
	for (i = 0; i < s->n; i++) {
		struct json member = json_member(params, s->param[i].name);

		if (!isnan(expected[i]))
			match_param(&s->param[i], &member, expected[i], &out);
	}
	match_names(s, params, &out);
	if (out.len > 0)
		status = json_complain(params, err, "%s", out.p);
	buf_release(&out);
	return status;
}

int
payload_params_match(jv doc, const char *file, const struct space *s,
    const double *expected, struct err *err)
{
	struct json root = json_root(doc, file), params;
	int64_t id;
	char *where;
	int status;

	if (payload_trial_id(doc, file, &id, err) != 0)
		return -1;
	where = xasprintf("%s: trial %lld", file, (long long)id);
	root.file = where;
	params = json_member(&root, "params");
	status = match_params(&params, s, expected, err);
	free(where);
	return status;
}
