#include <string.h>

#include "base/xmem.h"
#include "ops/trials.h"
#include "store/json.h"

#define BLANKS " \t\r\n\v\f"

int
trials_distinct(const int64_t *id, size_t n, struct err *err)
{
	size_t i, k;

	for (i = 1; i < n; i++)
		for (k = 0; k < i; k++)
			if (id[i] == id[k])
				return err_set(err, LO_USAGE, "trial %lld is "
				    "named twice", (long long)id[i]);
	return 0;
}

int
trials_not_pending(const struct state *s, int64_t id, struct err *err)
{
	const struct observation *o = state_observation(s, id);

	if (o != NULL)
		return err_set(err, LO_REFUSED, "trial %lld: expected a "
		    "pending trial, got one that has a result (%s)",
		    (long long)id, trial_status_name[o->status]);
	return err_set(err, LO_REFUSED, "trial %lld: no such trial is "
	    "pending in this campaign", (long long)id);
}

int
trials_pending(const struct state *s, const int64_t *id, size_t n,
    struct err *err)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (state_pending(s, id[i]) == NULL)
			return trials_not_pending(s, id[i], err);
	return 0;
}

char *
trials_reason(const char *text, const char *otherwise)
{
	/* what is not UTF-8 is replaced: it has to stand in the state */
	jv valid = jv_string(text != NULL ? text : "");
	const char *p = jv_string_value(valid);
	size_t len;
	char *reason;

	p += strspn(p, BLANKS);
	len = strlen(p);
	while (len > 0 && strchr(BLANKS, p[len - 1]) != NULL)
		len--;
	reason = len > 0 ? xstrndup(p, len) : xstrdup(otherwise);
	jv_free(valid);
	return reason;
}

void
trials_line(const struct state *s, int64_t id, const char *result,
    const char *reason, struct buf *out)
{
	const struct observation *o = state_observation(s, id);
	struct jw w;

	jw_init(&w, out, JW_COMPACT);
	jw_object(&w);
	JW_KEY(&w, "trial_id", int, id);
	JW_KEY(&w, "result", text, result);
	JW_KEY(&w, "status", text, trial_status_name[o->status]);
	if (reason != NULL)
		JW_KEY(&w, "reason", text, reason);
	jw_end(&w);
	jw_release(&w);
	buf_addc(out, '\n');
}
