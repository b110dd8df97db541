#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "store/json.h"
#include "store/json_keys.h"
#include "store/json_text.h"

struct scan {
	const char *start, *p, *end;
	const char *file;
	size_t first_line;
	int depth;
	struct json_keys keys;	/* of all open objects, innermost last */
	struct err *err;
};

static int	scan_value(struct scan *);

static int
fail_at(struct scan *s, const char *at, const char *what)
{
	const char *p, *line = s->start;
	size_t n = s->first_line, column = 1;

	for (p = s->start; p < at; p++)
		if (*p == '\n') {
			n++;
			line = p + 1;
		}
	for (p = line; p < at; p++)
		if (((unsigned char)*p & 0xc0) != 0x80)
			column++;
	return err_set(s->err, LO_REFUSED, "%s: line %zu column %zu: %s",
	    s->file, n, column, what);
}

static int
fail_unexpected(struct scan *s, const char *wanted)
{
	char what[160];
	unsigned char c;

	if (s->p >= s->end) {
		snprintf(what, sizeof(what), "expected %s, got the end of the "
		    "text", wanted);
		return fail_at(s, s->end, what);
	}
	c = (unsigned char)*s->p;
	if (s->p == s->start && s->end - s->p >= 3 &&
	    memcmp(s->p, "\xef\xbb\xbf", 3) == 0)
		snprintf(what, sizeof(what), "byte order mark; save the file "
		    "as UTF-8 without one");
	else if (c > 0x20 && c < 0x7f)
		snprintf(what, sizeof(what), "expected %s, got '%c'", wanted,
		    c);
	else
		snprintf(what, sizeof(what), "expected %s, got byte 0x%02x",
		    wanted, c);
	return fail_at(s, s->p, what);
}

static void
skip_space(struct scan *s)
{
	s->p = json_skip_space(s->p, s->end);
}

static bool
is_hex4(const char *p, const char *end)
{
	int i;

	if (end - p < 4)
		return false;
	for (i = 0; i < 4; i++)
		if (p[i] == '\0' ||
		    strchr("0123456789abcdefABCDEF", p[i]) == NULL)
			return false;
	return true;
}

/* A \u escape at the backslash; surrogates must come in pairs. */
static int
scan_unicode(struct scan *s)
{
	char high;

	if (!is_hex4(s->p + 2, s->end))
		return fail_at(s, s->p, "\\u wants four hexadecimal digits");
	high = s->p[3];
	if ((s->p[2] | 0x20) != 'd' || high < '8') {
		s->p += 6;
		return 0;
	}
	if (strchr("89aAbB", high) == NULL || s->end - s->p < 12 ||
	    s->p[6] != '\\' || s->p[7] != 'u' || !is_hex4(s->p + 8, s->end) ||
	    (s->p[8] | 0x20) != 'd' || strchr("cCdDeEfF", s->p[9]) == NULL)
		return fail_at(s, s->p, "half of a surrogate pair");
	s->p += 12;
	return 0;
}

static int
scan_escape(struct scan *s)
{
	if (s->end - s->p >= 2 && s->p[1] == 'u')
		return scan_unicode(s);
	if (s->end - s->p < 2 || s->p[1] == '\0' ||
	    strchr("\"\\/bfnrt", s->p[1]) == NULL)
		return fail_at(s, s->p, "unknown escape in a string");
	s->p += 2;
	return 0;
}

/* From the opening quote to behind the closing one. */
static int
scan_string(struct scan *s, struct span *inside, bool *escaped)
{
	unsigned char c;
	size_t len;

	*escaped = false;
	inside->p = ++s->p;
	while (s->p < s->end && (c = (unsigned char)*s->p) != '"') {
		if (c == '\\') {
			*escaped = true;
			if (scan_escape(s) != 0)
				return -1;
		} else if (c < 0x20) {
			return fail_at(s, s->p, "control character in a string "
			    "(write it as \\uXXXX)");
		} else if (c < 0x80) {
			s->p++;
		} else if ((len = json_utf8(s->p, s->end)) > 0) {
			s->p += len;
		} else {
			return fail_at(s, s->p, "invalid UTF-8");
		}
	}
	if (s->p >= s->end)
		return fail_at(s, inside->p - 1, "string without end");
	inside->len = (size_t)(s->p - inside->p);
	s->p++;
	return 0;
}

static size_t
scan_digits(struct scan *s)
{
	const char *from = s->p;

	while (s->p < s->end && *s->p >= '0' && *s->p <= '9')
		s->p++;
	return (size_t)(s->p - from);
}

static int
check_magnitude(struct scan *s, const char *from, bool integer)
{
	size_t len = (size_t)(s->p - from);
	double x;

	if (len < 16 && (integer || memchr(from, 'e', len) == NULL) &&
	    memchr(from, 'E', len) == NULL)
		return 0;
	if (!num_read(from, len, &x))
		return fail_at(s, from, "number too large for a double");
	if (integer && !num_exact_int(from, len))
		return fail_at(s, from, "integer beyond 2^53, which doubles do "
		    "not hold exactly");
	return 0;
}

static int
scan_number(struct scan *s)
{
	const char *from = s->p;
	bool integer = true;

	if (*s->p == '-')
		s->p++;
	if (s->p < s->end && *s->p == '0') {
		s->p++;
		if (s->p < s->end && *s->p >= '0' && *s->p <= '9')
			return fail_at(s, from, "number with a leading zero");
	} else if (scan_digits(s) == 0) {
		return fail_unexpected(s, "a digit");
	}
	if (s->p < s->end && *s->p == '.') {
		integer = false;
		s->p++;
		if (scan_digits(s) == 0)
			return fail_unexpected(s, "a digit");
	}
	if (s->p < s->end && (*s->p == 'e' || *s->p == 'E')) {
		integer = false;
		s->p++;
		if (s->p < s->end && (*s->p == '+' || *s->p == '-'))
			s->p++;
		if (scan_digits(s) == 0)
			return fail_unexpected(s, "a digit");
	}
	return check_magnitude(s, from, integer);
}

static int
scan_literal(struct scan *s)
{
	static const char *const word[] = { "true", "false", "null" };
	static const char *const bad[] = { "NaN", "nan", "Infinity", "inf" };
	size_t i, len, left = (size_t)(s->end - s->p);

	for (i = 0; i < 3; i++) {
		len = strlen(word[i]);
		if (left >= len && memcmp(s->p, word[i], len) == 0) {
			s->p += len;
			return 0;
		}
	}
	for (i = 0; i < 4; i++) {
		len = strlen(bad[i]);
		if (left >= len && memcmp(s->p, bad[i], len) == 0)
			return fail_at(s, s->p, "NaN and infinities are not "
			    "JSON");
	}
	return fail_unexpected(s, "a value");
}

static int
check_keys(struct scan *s, size_t from)
{
	const struct span *twice = json_keys_close(&s->keys, from);
	char what[120];

	if (twice == NULL)
		return 0;
	snprintf(what, sizeof(what), "duplicate key \"%.*s\"",
	    twice->len < 80 ? (int)twice->len : 80, twice->p);
	return fail_at(s, twice->p - 1, what);
}

/* Keys are C strings from here on: such a one would be cut. */
static bool
holds_nul(struct span key)
{
	struct buf plain = BUF_INIT;
	bool found;

	json_unescape(key, &plain);
	found = plain.len > 0 && memchr(plain.p, '\0', plain.len) != NULL;
	buf_release(&plain);
	return found;
}

static int
scan_member(struct scan *s)
{
	struct span key;
	bool escaped;

	if (s->p >= s->end || *s->p != '"')
		return fail_unexpected(s, "a key in double quotes");
	if (scan_string(s, &key, &escaped) != 0)
		return -1;
	if (escaped && holds_nul(key))
		return fail_at(s, key.p - 1, "NUL character in a key");
	json_keys_add(&s->keys, key, escaped);
	skip_space(s);
	if (s->p >= s->end || *s->p != ':')
		return fail_unexpected(s, "':'");
	s->p++;
	return scan_value(s);
}

static int
scan_container(struct scan *s, char close)
{
	size_t keys = s->keys.n;
	bool object = close == '}';

	if (++s->depth > JSON_DEPTH)
		return fail_at(s, s->p, "nested deeper than 256");
	s->p++;
	skip_space(s);
	while (s->p >= s->end || *s->p != close) {
		if ((object ? scan_member(s) : scan_value(s)) != 0)
			return -1;
		skip_space(s);
		if (s->p < s->end && *s->p == close)
			break;
		if (s->p >= s->end || *s->p != ',')
			return fail_unexpected(s, object ? "',' or '}'" :
			    "',' or ']'");
		s->p++;
		skip_space(s);
		if (s->p < s->end && *s->p == close)
			return fail_at(s, s->p, "comma before the end");
	}
	s->p++;
	s->depth--;
	return object ? check_keys(s, keys) : 0;
}

static int
scan_value(struct scan *s)
{
	struct span inside;
	bool escaped;

	skip_space(s);
	if (s->p >= s->end)
		return fail_unexpected(s, "a value");
	switch (*s->p) {
	case '{':
		return scan_container(s, '}');
	case '[':
		return scan_container(s, ']');
	case '"':
		return scan_string(s, &inside, &escaped);
	default:
		if (*s->p == '-' || (*s->p >= '0' && *s->p <= '9'))
			return scan_number(s);
		return scan_literal(s);
	}
}

int
json_scan(const char *text, size_t len, const char *file, size_t first_line,
    struct err *err)
{
	struct scan s = { .start = text, .p = text, .end = text + len,
	    .file = file, .first_line = first_line, .err = err };
	int status;

	skip_space(&s);
	if (s.p == s.end)
		return err_set(err, LO_REFUSED, "%s: empty, expected a JSON "
		    "value", file);
	status = scan_value(&s);
	skip_space(&s);
	if (status == 0 && s.p < s.end)
		status = fail_at(&s, s.p, "text after the end of the value");
	json_keys_release(&s.keys);
	return status;
}
