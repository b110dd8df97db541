#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"

/* Decimal digits d[0..n-1] and exponent such that x = d.ddd * 10^exp. */
struct decimal {
	char digit[20];
	int n;
	int exp;
};

/* Powers of ten that doubles hold exactly. */
#define EXACT_POWER 22
static const double power[EXACT_POWER + 1] = {
	1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12,
	1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22
};

/*
 * digits * 10^exp where one correctly rounded operation on two exact
 * numbers gives it (Clinger 1990, "How to read floating point numbers
 * accurately", section 3); most numbers are such, and strtod takes its time.
 */
static bool
exact(uint64_t digits, int exp, double *x)
{
	if (FLT_EVAL_METHOD != 0 || digits > (uint64_t)NUM_INT_MAX ||
	    abs(exp) > EXACT_POWER)
		return false;
	*x = (double)digits;
	if (exp < 0)
		*x /= power[-exp];
	else
		*x *= power[exp];
	return true;
}

static void
decimal_at(struct decimal *d, double x, int n)
{
	char text[NUM_TEXT];

	snprintf(text, sizeof(text), "%.*e", n - 1, x);
	d->digit[0] = text[0];
	if (n > 1)
		memcpy(d->digit + 1, text + 2, (size_t)n - 1);
	d->n = n;
	d->exp = (int)strtol(strchr(text, 'e') + 1, NULL, 10);
}

static double
decimal_value(const struct decimal *d)
{
	char text[NUM_TEXT];
	uint64_t digits = 0;
	double x;
	int i;

	for (i = 0; i < d->n; i++)
		digits = digits * 10 + (uint64_t)(d->digit[i] - '0');
	if (exact(digits, d->exp - d->n + 1, &x))
		return x;
	snprintf(text, sizeof(text), "%.*se%d", d->n, d->digit,
	    d->exp - d->n + 1);
	return strtod(text, NULL);
}

/* The next decimal of the same length; false if a digit would be added. */
static bool
decimal_bump(struct decimal *d)
{
	int i;

	for (i = d->n - 1; i >= 0 && d->digit[i] == '9'; i--)
		d->digit[i] = '0';
	if (i < 0)
		return false;
	d->digit[i]++;
	return true;
}

/*
 * x to n digits, given what it is to more of them.  Those cannot tell on
 * which side of the middle it is if they are on it themselves.
 */
static void
decimal_round(struct decimal *d, const struct decimal *all, double x, int n)
{
	char middle[] = "50000000000000000";
	size_t rest = (size_t)(all->n - n);
	int side = memcmp(all->digit + n, middle, rest);

	if (side == 0) {
		decimal_at(d, x, n);
		return;
	}
	*d = *all;
	d->n = n;
	if (side > 0 && !decimal_bump(d)) {
		d->digit[0] = '1';	/* all were nines, and are zeros */
		d->exp++;
	}
}

/*
 * The correctly rounded decimal of n digits is the nearest one, hence the
 * shortest that reads back is found by trying lengths.  Only at a power of
 * two, where the gap below is half the gap above, the next decimal up may
 * read back although the nearest one does not.
 */
static void
shortest(struct decimal *d, double x)
{
	struct decimal all;
	int n, exp2;
	bool lopsided = frexp(x, &exp2) == 0.5;

	decimal_at(&all, x, DBL_DECIMAL_DIG);
	/* 15 digits always tell normal numbers apart; see what is cut below */
	for (n = x >= DBL_MIN ? 15 : 1; n < DBL_DECIMAL_DIG; n++) {
		decimal_round(d, &all, x, n);
		if (decimal_value(d) == x)
			break;
		if (lopsided && decimal_bump(d) && decimal_value(d) == x)
			break;
	}
	if (n >= DBL_DECIMAL_DIG)
		*d = all;
	while (d->n > 1 && d->digit[d->n - 1] == '0')
		d->n--;
}

static void
put_positional(char *out, const struct decimal *d)
{
	int i, point = d->exp + 1;

	if (point <= 0) {
		out += sprintf(out, "0.%.*s", -point, "0000");
		memcpy(out, d->digit, (size_t)d->n);
		out[d->n] = '\0';
		return;
	}
	for (i = 0; i < d->n || i < point; i++) {
		if (i == point)
			*out++ = '.';
		*out++ = i < d->n ? d->digit[i] : '0';
	}
	strcpy(out, d->n <= point ? ".0" : "");
}

char *
num_real(char out[NUM_TEXT], double x)
{
	struct decimal d;
	char *p = out;

	if (signbit(x) && !isnan(x))
		*p++ = '-';
	x = fabs(x);
	if (x == 0 || !isfinite(x)) {
		strcpy(p, x == 0 ? "0.0" : isnan(x) ? "nan" : "inf");
		return out;
	}
	shortest(&d, x);
	if (d.exp >= -4 && d.exp < 16) {
		put_positional(p, &d);
		return out;
	}
	*p++ = d.digit[0];
	if (d.n > 1)
		p += sprintf(p, ".%.*s", d.n - 1, d.digit + 1);
	sprintf(p, "e%c%02d", d.exp < 0 ? '-' : '+', abs(d.exp));
	return out;
}

char *
num_plain(char out[NUM_TEXT], double x)
{
	if (x == floor(x) && fabs(x) <= (double)NUM_INT_MAX) {
		snprintf(out, NUM_TEXT, "%lld", (long long)x);
		return out;
	}
	return num_real(out, x);
}

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
	if (!r.whole || !exact(r.digits, r.exp, &x))
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
