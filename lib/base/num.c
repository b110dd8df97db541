#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/num_exact.h"

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
	uint64_t digits = 0;
	double x;
	int i;

	for (i = 0; i < d->n; i++)
		digits = digits * 10 + (uint64_t)(d->digit[i] - '0');
	if (num_exact(digits, d->exp - d->n + 1, &x))
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

/* The digits of n, which is not zero, as a decimal of so many places. */
static void
decimal_of(struct decimal *d, uint64_t n, int places)
{
	char text[20];
	int i = (int)sizeof(text);

	for (; n > 0; n /= 10)
		text[--i] = (char)('0' + n % 10);
	d->n = (int)sizeof(text) - i;
	memcpy(d->digit, text + i, (size_t)d->n);
	d->exp = d->n - 1 - places;
}

/*
 * Without printf: the fewest decimal places that read back.  Below 2^53
 * units of the last place, no two such decimals read as the same double.
 */
static bool
shortest_places(struct decimal *d, double x)
{
	double units, back;
	int places;

	for (places = 0; places <= NUM_POWER; places++) {
		units = round(x * num_power[places]);
		if (!(units < (double)NUM_INT_MAX))
			return false;
		if (units > 0 && num_exact((uint64_t)units, -places,
		    &back) && back == x) {
			decimal_of(d, (uint64_t)units, places);
			return true;
		}
	}
	return false;
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

	if (shortest_places(d, x))
		return;
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
		memcpy(out, "0.0000", 6);
		out += 2 - point;
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
num_int(char out[NUM_TEXT], int64_t n)
{
	uint64_t rest = n < 0 ? -(uint64_t)n : (uint64_t)n;
	char text[NUM_TEXT];
	size_t i = sizeof(text);

	text[--i] = '\0';
	do {
		text[--i] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest > 0);
	if (n < 0)
		text[--i] = '-';
	return memcpy(out, text + i, sizeof(text) - i);
}

char *
num_plain(char out[NUM_TEXT], double x)
{
	if (x == floor(x) && fabs(x) <= (double)NUM_INT_MAX)
		return num_int(out, (int64_t)x);
	return num_real(out, x);
}
