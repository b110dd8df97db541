#include <stddef.h>
#include <string.h>

#include "contract/semver.h"

#define DIGITS "0123456789"
#define WORD DIGITS "-abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* A number without leading zeros; NULL if there is none. */
static const char *
skip_number(const char *p)
{
	size_t n = strspn(p, DIGITS);

	return n == 0 || (n > 1 && *p == '0') ? NULL : p + n;
}

/* Words with dots between them; NULL if one is empty, or is a number with
 * leading zeros where that is not allowed. */
static const char *
skip_words(const char *p, bool zeros)
{
	size_t n;

	for (;;) {
		n = strspn(p, WORD);
		if (n == 0 || (!zeros && n > 1 && *p == '0' &&
		    strspn(p, DIGITS) == n))
			return NULL;
		p += n;
		if (*p != '.')
			return p;
		p++;
	}
}

bool
semver_valid(const char *p)
{
	int i;

	for (i = 0; i < 3; i++) {
		if (i > 0 && *p++ != '.')
			return false;
		p = skip_number(p);
		if (p == NULL)
			return false;
	}
	if (*p == '-')
		p = skip_words(p + 1, false);
	if (p != NULL && *p == '+')
		p = skip_words(p + 1, true);
	return p != NULL && *p == '\0';
}
