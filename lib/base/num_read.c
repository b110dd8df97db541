/* num_read: text to numbers.  See num.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/num_exact.h"

/* What a decimal says, as far as it fits. */
struct reading {
	uint64_t digits;
	int exp;
	bool negative;
	bool whole;		/* nothing was left out */
};

#define DIGITS_MAX UINT64_C(100000000000000000)	/* ten times that fits */
#define EXP_MAX 9999

/* The digits from s[i] on; returns where they end. */
static size_t
read_digits(const char *s, size_t len, size_t i, struct reading *r)
{
	for (; i < len && s[i] >= '0' && s[i] <= '9'; i++) {
		if (r->digits >= DIGITS_MAX)
			r->whole = false;
		else
			r->digits = r->digits * 10 + (uint64_t)(s[i] - '0');
	}
	return i;
}

static bool
read_exponent(const char *s, size_t len, size_t i, struct reading *r)
{
	bool negative = i < len && s[i] == '-';
	int exp = 0;

	if (i < len && (s[i] == '-' || s[i] == '+'))
		i++;
	if (i == len)
		return false;
	for (; i < len && s[i] >= '0' && s[i] <= '9'; i++)
		exp = exp < EXP_MAX ? exp * 10 + (s[i] - '0') : exp;
	r->exp += negative ? -exp : exp;
	return i == len;
}

/* Is the text a decimal, and which? */
static bool
read_decimal(const char *s, size_t len, struct reading *r)
{
	size_t i = 0, from, end, digits;

	memset(r, 0, sizeof(*r));
	r->whole = true;
	if (i < len && (s[i] == '-' || s[i] == '+'))
		r->negative = s[i++] == '-';
	end = read_digits(s, len, i, r);
	digits = end - i;
	i = end;
	if (i < len && s[i] == '.') {
		from = i + 1;
		i = read_digits(s, len, from, r);
		digits += i - from;
		r->whole = r->whole && i - from < EXP_MAX;
		r->exp = r->whole ? -(int)(i - from) : 0;
	}
	if (digits == 0)
		return false;
	if (i < len && (s[i] == 'e' || s[i] == 'E'))
		return read_exponent(s, len, i + 1, r);
	return i == len;
}

static bool
convert(const char *text, size_t len, double *out)
{
	char small[64], *copy = small;
	double x;

	if (len >= sizeof(small) && (copy = malloc(len + 1)) == NULL)
		return false;
	memcpy(copy, text, len);
	copy[len] = '\0';
	x = strtod(copy, NULL);
	if (copy != small)
		free(copy);
	if (!isfinite(x))
		return false;
	*out = x;
	return true;
}

bool
num_read(const char *text, size_t len, double *out)
{
	struct reading r;
	double x;

	if (!read_decimal(text, len, &r))
		return false;
	if (!r.whole || !num_exact(r.digits, r.exp, &x))
		return convert(text, len, out);
	*out = r.negative ? -x : x;
	return true;
}

bool
num_exact_int(const char *text, size_t len)
{
	static const char most[] = "9007199254740992";	/* 2^53 */
	size_t digits = sizeof(most) - 1;

	if (len > 0 && (*text == '-' || *text == '+')) {
		text++;
		len--;
	}
	while (len > 1 && *text == '0') {
		text++;
		len--;
	}
	return len < digits || (len == digits &&
	    memcmp(text, most, digits) <= 0);
}

bool
num_read_int(const char *text, size_t len, int64_t *out)
{
	double x;

	if (!num_read(text, len, &x) || memchr(text, '.', len) != NULL ||
	    memchr(text, 'e', len) != NULL || memchr(text, 'E', len) != NULL ||
	    !num_exact_int(text, len))
		return false;
	*out = (int64_t)x;
	return true;
}
