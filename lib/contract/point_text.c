#include <math.h>
#include <string.h>

#include "base/num.h"
#include "contract/point.h"
#include "contract/when.h"

static bool
is_text(struct span s, const char *text)
{
	size_t len = strlen(text);

	return s.len == len && memcmp(s.p, text, len) == 0;
}

static int
find_param(const struct space *s, struct span name, size_t guess)
{
	size_t i;

	if (guess < s->n && is_text(name, s->param[guess].name))
		return (int)guess;
	for (i = 0; i < s->n; i++)
		if (is_text(name, s->param[i].name))
			return (int)i;
	return -1;
}

/* Index of the choice, or NaN. */
static double
choice_of(const struct param *p, struct span v)
{
	bool quoted = *v.p == '"';
	double x = NAN;
	size_t i;

	if (quoted) {
		v.p++;
		v.len -= 2;
	} else if (!num_read(v.p, v.len, &x)) {
		return NAN;
	}
	for (i = 0; i < p->nchoice; i++)
		if (quoted ? !p->choice[i].is_number &&
		    is_text(v, p->choice[i].text) :
		    p->choice[i].is_number && p->choice[i].number == x)
			return (double)i;
	return NAN;
}

/* The value of a parameter, or NaN if it cannot be told here. */
static double
value_of(const struct param *p, struct span v)
{
	double x;

	switch (p->type) {
	case PARAM_BOOL:
		return is_text(v, "true") ? 1 : is_text(v, "false") ? 0 : NAN;
	case PARAM_CATEGORICAL:
		return choice_of(p, v);
	default:
		if (!num_read(v.p, v.len, &x) || (p->type == PARAM_INT &&
		    (x != floor(x) || fabs(x) > (double)NUM_INT_MAX)))
			return NAN;
		return x;
	}
}

bool
point_from_text(const struct space *s, struct span params, double *point)
{
	struct json_walk w = json_walk(params);
	size_t i, guess = 0;
	int found;

	if (!w.object || memchr(params.p, '\\', params.len) != NULL)
		return false;
	for (i = 0; i < s->n; i++)
		point[i] = NAN;
	while (json_next(&w)) {
		found = find_param(s, w.key, guess);
		if (found < 0)
			return false;
		point[found] = value_of(&s->param[found], w.value);
		guess = (size_t)found + 1;
	}
	for (i = 0; i < s->n; i++) {
		if (!when_holds(&s->param[s->order[i]], point))
			point[s->order[i]] = NAN;
		else if (isnan(point[s->order[i]]))
			return false;
	}
	return true;
}
