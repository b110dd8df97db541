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
 * The correctly rounded decimal of n digits is the nearest one, hence the
 * shortest that reads back is found by trying lengths.  Only at a power of
 * two, where the gap below is half the gap above, the next decimal up may
 * read back although the nearest one does not.
 */
static void
shortest(struct decimal *d, double x)
{
	int n, exp2;
	bool lopsided = frexp(x, &exp2) == 0.5;

	/* 15 digits always tell normal numbers apart; see what is cut below */
	for (n = 1; n < DBL_DECIMAL_DIG;
	    n = n < 15 && x >= DBL_MIN ? 15 : n + 1) {
		decimal_at(d, x, n);
		if (decimal_value(d) == x)
			break;
		if (lopsided && decimal_bump(d) && decimal_value(d) == x)
			break;
	}
	if (n >= DBL_DECIMAL_DIG)
		decimal_at(d, x, DBL_DECIMAL_DIG);
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

static bool
decimal_shape(const char *s, size_t len)
{
	size_t i = 0, digits = 0;

	if (i < len && (s[i] == '-' || s[i] == '+'))
		i++;
	for (; i < len && s[i] >= '0' && s[i] <= '9'; i++)
		digits++;
	if (i < len && s[i] == '.')
		for (i++; i < len && s[i] >= '0' && s[i] <= '9'; i++)
			digits++;
	if (digits == 0)
		return false;
	if (i < len && (s[i] == 'e' || s[i] == 'E')) {
		i++;
		if (i < len && (s[i] == '-' || s[i] == '+'))
			i++;
		if (i == len)
			return false;
		while (i < len && s[i] >= '0' && s[i] <= '9')
			i++;
	}
	return i == len;
}

bool
num_read(const char *text, size_t len, double *out)
{
	char small[64], *copy = small;
	double x;

	if (!decimal_shape(text, len))
		return false;
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
