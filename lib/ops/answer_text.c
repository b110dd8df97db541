#include <string.h>
#include <strings.h>

#include "base/num.h"
#include "ops/answer_text.h"
#include "ops/capture.h"

static struct span
trim(const char *p, size_t len)
{
	struct span s;

	while (len > 0 && strchr(" \t\r\n", p[len - 1]) != NULL &&
	    p[len - 1] != '\0')
		len--;
	while (len > 0 && strchr(" \t\r\n", *p) != NULL && *p != '\0') {
		p++;
		len--;
	}
	s.p = p;
	s.len = len;
	return s;
}

static jv
parse(struct span s, struct err *err)
{
	if (s.len == 0) {
		err_set(err, LO_REFUSED, "nothing on stdout");
		return jv_invalid();
	}
	return json_parse(s.p, s.len, "stdout", err);
}

/* Is the text a lone number, perhaps spelled as JSON does not (.5, +1)? */
static jv
lone_number(struct span s)
{
	double x;

	return num_read(s.p, s.len, &x) ? jv_number(x) : jv_invalid();
}

bool
answer_like_object(struct span s)
{
	return s.len > 0 && *s.p == '{';
}

void
answer_text(struct answer_text *t, const char *text, size_t len, bool any,
    bool cut)
{
	bool whole;

	t->all = trim(text, len);
	t->line = capture_last_line(text, len);
	whole = !cut && (any || answer_like_object(t->all));
	t->v = jv_invalid();
	if (whole)
		t->v = parse(t->all, &t->why);
	if (jv_is_valid(t->v))
		return;
	jv_free(t->v);
	t->v = lone_number(t->line);
	if (jv_is_valid(t->v))
		return;
	jv_free(t->v);
	if (!whole || t->line.len < t->all.len) {
		struct err why;

		t->v = parse(t->line, &why);
		/* Of an object over several lines the first error counts. */
		if (!jv_is_valid(t->v) && !answer_like_object(t->all))
			t->why = why;
		return;
	}
	t->v = jv_invalid();
}

bool
answer_not_finite(struct span s)
{
	static const char *const word[] = { "nan", "inf", "infinity" };
	size_t i, sign = s.len > 0 && (*s.p == '+' || *s.p == '-');
	int64_t exponent;
	double x;

	s.p += sign;
	s.len -= sign;
	for (i = 0; i < sizeof(word) / sizeof(word[0]); i++)
		if (strlen(word[i]) == s.len &&
		    strncasecmp(word[i], s.p, s.len) == 0)
			return true;
	for (i = 0; i < s.len && s.p[i] != 'e' && s.p[i] != 'E'; i++)
		;
	return i < s.len && num_read(s.p, i, &x) &&
	    num_read_int(s.p + i + 1, s.len - i - 1, &exponent);
}
