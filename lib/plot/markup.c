/* markup: text in SVG and HTML.  See markup.h. */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "plot/markup.h"

#define UNKNOWN "\xEF\xBF\xBD"
#define ELLIPSIS "\xE2\x80\xA6"

static int
continues(const char *p, size_t n)
{
	size_t i;

	for (i = 1; i < n; i++)
		if (((unsigned char)p[i] & 0xC0) != 0x80)
			return 0;
	return 1;
}

/* The shortest form, no surrogates, nothing above U+10FFFF. */
size_t
markup_utf8(const char *p)
{
	unsigned char a = (unsigned char)p[0];
	unsigned char b = a != 0 ? (unsigned char)p[1] : 0;

	if (a < 0x80)
		return a != 0;
	if (a >= 0xC2 && a <= 0xDF)
		return continues(p, 2) ? 2 : 0;
	if (a >= 0xE0 && a <= 0xEF)
		return continues(p, 3) && !(a == 0xE0 && b < 0xA0) &&
		    !(a == 0xED && b > 0x9F) ? 3 : 0;
	if (a >= 0xF0 && a <= 0xF4)
		return continues(p, 4) && !(a == 0xF0 && b < 0x90) &&
		    !(a == 0xF4 && b > 0x8F) ? 4 : 0;
	return 0;
}

static void
add_byte(struct buf *out, char c)
{
	switch (c) {
	case '&':
		buf_adds(out, "&amp;");
		break;
	case '<':
		buf_adds(out, "&lt;");
		break;
	case '>':
		buf_adds(out, "&gt;");
		break;
	case '"':
		buf_adds(out, "&quot;");
		break;
	case '\'':
		buf_adds(out, "&#39;");
		break;
	case '\t':
	case '\n':
		buf_addc(out, c);
		break;
	default:
		if ((unsigned char)c < 0x20 || c == 0x7F)
			buf_adds(out, UNKNOWN);
		else
			buf_addc(out, c);
	}
}

/* U+FFFE and U+FFFF are UTF-8 but not XML. */
static int
no_character(const char *p, size_t n)
{
	return n == 3 && memcmp(p, "\xEF\xBF", 2) == 0 &&
	    (unsigned char)p[2] >= 0xBE;
}

/* One character; how many bytes it took. */
static size_t
add_one(struct buf *out, const char *p)
{
	size_t n = markup_utf8(p);

	if (n == 1)
		add_byte(out, *p);
	else if (n == 0 || no_character(p, n))
		buf_adds(out, UNKNOWN);
	else
		buf_add(out, p, n);
	return n > 0 ? n : 1;
}

void
markup_text(struct buf *out, const char *text)
{
	while (*text != '\0')
		text += add_one(out, text);
}

size_t
markup_count(const char *text)
{
	size_t n = 0, step;

	for (; *text != '\0'; text += step > 0 ? step : 1, n++)
		step = markup_utf8(text);
	return n;
}

void
markup_short(struct buf *out, const char *text, size_t characters)
{
	size_t n = markup_count(text), i;

	if (n <= characters) {
		markup_text(out, text);
		return;
	}
	for (i = 0; i + 1 < characters; i++)
		text += add_one(out, text);
	buf_adds(out, ELLIPSIS);
}

/* A picture has many thousands of numbers, and printf takes its time. */
static void
put_digits(struct buf *out, uint64_t n, int least)
{
	char text[24];
	size_t i = sizeof(text);

	while (n > 0 || least > 0) {
		text[--i] = (char)('0' + n % 10);
		n /= 10;
		least--;
	}
	buf_add(out, text + i, sizeof(text) - i);
}

void
markup_number(struct buf *out, double x)
{
	/* tenths of a pixel where there are hundreds */
	double unit = fabs(x) < 100 ? 100 : 10;
	double rounded = round(fabs(x) * unit);
	uint64_t n, part;

	if (!(rounded < 1e15)) {
		buf_addf(out, "%.0f", x);
		return;
	}
	n = (uint64_t)rounded;
	part = n % (uint64_t)unit;
	if (x < 0 && n > 0)
		buf_addc(out, '-');
	put_digits(out, n / (uint64_t)unit, 1);
	if (part == 0)
		return;
	buf_addc(out, '.');
	if (part % 10 == 0 && unit > 10)
		put_digits(out, part / 10, 1);
	else
		put_digits(out, part, unit > 10 ? 2 : 1);
}
