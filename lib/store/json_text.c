#include <stdint.h>
#include <string.h>

#include "store/json_text.h"

size_t
json_utf8(const char *text, const char *end)
{
	const unsigned char *p = (const unsigned char *)text;
	size_t left = (size_t)(end - text), len, i;

	if (left == 0 || p[0] < 0xc2 || p[0] > 0xf4)
		return left > 0 && p[0] < 0x80 ? 1 : 0;
	len = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	if (left < len)
		return 0;
	for (i = 1; i < len; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	/* overlong forms, surrogates, beyond U+10FFFF */
	if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
	    (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
		return 0;
	return len;
}

static uint32_t
hex4(const char *p)
{
	uint32_t value = 0;
	int i;

	for (i = 0; i < 4; i++) {
		char c = p[i];

		value = value << 4 | (uint32_t)(c <= '9' ? c - '0' :
		    (c | 0x20) - 'a' + 10);
	}
	return value;
}

static void
put_utf8(uint32_t c, struct buf *out)
{
	if (c < 0x80) {
		buf_addc(out, (char)c);
		return;
	}
	if (c < 0x800) {
		buf_addc(out, (char)(0xc0 | c >> 6));
	} else if (c < 0x10000) {
		buf_addc(out, (char)(0xe0 | c >> 12));
		buf_addc(out, (char)(0x80 | (c >> 6 & 0x3f)));
	} else {
		buf_addc(out, (char)(0xf0 | c >> 18));
		buf_addc(out, (char)(0x80 | (c >> 12 & 0x3f)));
		buf_addc(out, (char)(0x80 | (c >> 6 & 0x3f)));
	}
	buf_addc(out, (char)(0x80 | (c & 0x3f)));
}

/* p stands behind the backslash; returns behind the escape. */
static const char *
unescape_one(const char *p, struct buf *out)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	uint32_t c;

	if (*p != 'u') {
		buf_addc(out, to[strchr(from, *p) - from]);
		return p + 1;
	}
	c = hex4(p + 1);
	p += 5;
	if (c >= 0xd800 && c < 0xdc00) {
		c = 0x10000 + ((c - 0xd800) << 10) + (hex4(p + 2) - 0xdc00);
		p += 6;
	}
	put_utf8(c, out);
	return p;
}

void
json_unescape(struct span s, struct buf *out)
{
	const char *p = s.p, *end, *escape;

	if (s.len == 0)		/* there may be no text at all */
		return;
	for (end = p + s.len; p < end;) {
		escape = memchr(p, '\\', (size_t)(end - p));
		if (escape == NULL)
			escape = end;
		buf_add(out, p, (size_t)(escape - p));
		p = escape;
		if (p < end)
			p = unescape_one(p + 1, out);
	}
}

static uint32_t
code_point(const char *text, size_t len)
{
	const unsigned char *p = (const unsigned char *)text;
	uint32_t c;
	size_t i;

	if (len == 1)
		return p[0];
	c = p[0] & (0xffU >> (len + 1));
	for (i = 1; i < len; i++)
		c = c << 6 | (p[i] & 0x3f);
	return c;
}

static void
put_escaped(uint32_t c, struct buf *out)
{
	static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
	const char *simple = c < 0x80 && c > 0 ? strchr(from, (int)c) : NULL;

	if (simple != NULL)
		buf_addf(out, "\\%c", to[simple - from]);
	else if (c < 0x10000)
		buf_addf(out, "\\u%04x", c);
	else
		buf_addf(out, "\\u%04x\\u%04x", 0xd800 + ((c - 0x10000) >> 10),
		    0xdc00 + ((c - 0x10000) & 0x3ff));
}

/* Length of what needs no escape at p; 0 if it does. */
static size_t
plain(const char *p, const char *end, bool ascii)
{
	unsigned char c = (unsigned char)*p;

	if (c >= 0x80)
		return ascii ? 0 : json_utf8(p, end);
	return c >= 0x20 && c != '"' && c != '\\';
}

void
json_escape(const char *text, size_t size, bool ascii, struct buf *out)
{
	const char *p = text, *end = text + size, *from = text;
	size_t len;

	while (p < end) {
		if ((len = plain(p, end, ascii)) > 0) {
			p += len;
			continue;
		}
		buf_add(out, from, (size_t)(p - from));
		len = json_utf8(p, end);
		put_escaped(len > 0 ? code_point(p, len) : 0xfffd, out);
		p += len > 0 ? len : 1;
		from = p;
	}
	buf_add(out, from, (size_t)(p - from));
}

const char *
json_skip_space(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\n' || *p == '\t' ||
	    *p == '\r'))
		p++;
	return p;
}

/* p stands on the opening quote. */
static const char *
skip_string(const char *p, const char *end)
{
	for (p++; p < end && *p != '"'; p++)
		if (*p == '\\')
			p++;
	return p < end ? p + 1 : end;
}

/* What ends a plain value, and what counts within a container. */
enum { ENDS = 1, COUNTS = 2 };
static const unsigned char class[256] = {
	[','] = ENDS, [':'] = ENDS, [' '] = ENDS, ['\n'] = ENDS,
	['\t'] = ENDS, ['\r'] = ENDS, ['"'] = COUNTS, ['{'] = COUNTS,
	['['] = COUNTS, ['}'] = ENDS | COUNTS, [']'] = ENDS | COUNTS
};

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* Is one of the eight bytes zero? */
static bool
has_zero(uint64_t v)
{
	return ((v - EACH(1)) & ~v & EACH(0x80)) != 0;
}

/* Eight bytes without brackets and quotes?  { and [ differ in one bit, and
 * so do } and ]. */
static bool
counts_none(const char *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return !has_zero(v ^ EACH('"')) &&
	    !has_zero((v | EACH(0x20)) ^ EACH('{')) &&
	    !has_zero((v | EACH(0x20)) ^ EACH('}'));
}

/* p stands behind the opening bracket. */
static const char *
skip_container(const char *p, const char *end)
{
	int depth = 1;

	while (depth > 0) {
		while (end - p >= 8 && counts_none(p))
			p += 8;
		while (p < end && (class[(unsigned char)*p] & COUNTS) == 0)
			p++;
		if (p >= end)
			return end;
		if (*p == '"') {
			p = skip_string(p, end);
			continue;
		}
		depth += *p == '{' || *p == '[' ? 1 : -1;
		p++;
	}
	return p;
}

const char *
json_skip(const char *p, const char *end)
{
	if (p < end && (*p == '{' || *p == '['))
		return skip_container(p + 1, end);
	if (p < end && *p == '"')
		return skip_string(p, end);
	while (p < end && (class[(unsigned char)*p] & ENDS) == 0)
		p++;
	return p;
}
