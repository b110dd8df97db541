#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/xmem.h"
#include "contract/count.h"
#include "contract/when.h"

/*
 * Parameters are taken in the space's order, so that a parameter's
 * controllers have their values before it is its turn.  Those that control
 * nothing multiply the number of points of the rest; those that do are
 * tried value by value, since the rest hangs on it.
 */
struct count {
	const struct space *space;
	bool *controls;
	double *point;
};

/* Number of values that a parameter takes; SIZE_MAX for too many. */
static size_t
values(const struct param *p)
{
	double n = p->hi - p->lo + 1;

	if (p->type == PARAM_FLOAT)
		return p->lo < p->hi ? SIZE_MAX : 1;
	return n < 9007199254740992.0 ? (size_t)n : SIZE_MAX;
}

static size_t	count_from(struct count *, size_t at, size_t limit);

/* Sum over the values of the controller at this place. */
static size_t
count_branches(struct count *c, size_t at, size_t limit)
{
	size_t i = c->space->order[at], k, part, sum = 0;
	const struct param *p = &c->space->param[i];

	for (k = 0; k < values(p); k++) {
		c->point[i] = p->lo + (double)k;
		part = count_from(c, at + 1, limit - sum);
		if (part == 0)
			return 0;
		sum += part;
	}
	return sum;
}

/* Points of the parameters from this place on; 0 if above limit. */
static size_t
count_from(struct count *c, size_t at, size_t limit)
{
	const struct space *s = c->space;
	size_t i, n, rest, product = 1;

	for (; at < s->n; at++) {
		i = s->order[at];
		if (!when_holds(&s->param[i], c->point)) {
			c->point[i] = NAN;
			continue;
		}
		n = values(&s->param[i]);
		if (n > limit / product)
			return 0;
		if (c->controls[i] && n > 1) {
			rest = count_branches(c, at, limit / product);
			return product * rest;
		}
		c->point[i] = s->param[i].lo;
		product *= n;
	}
	return product <= limit ? product : 0;
}

size_t
space_count(const struct space *s, size_t limit)
{
	struct count c = { s, NULL, NULL };
	size_t i, k, n;

	c.point = xcalloc(s->n, sizeof(*c.point));
	c.controls = xcalloc(s->n, sizeof(*c.controls));
	for (i = 0; i < s->n; i++)
		for (k = 0; k < s->param[i].nwhen; k++)
			c.controls[s->param[i].when[k].controller] = true;
	n = count_from(&c, 0, limit);
	free(c.point);
	free(c.controls);
	return n;
}

/* The lowest values from this place on. */
static void
lowest_from(const struct space *s, size_t at, double *point)
{
	size_t i;

	for (; at < s->n; at++) {
		i = s->order[at];
		point[i] = when_holds(&s->param[i], point) ?
		    s->param[i].lo : NAN;
	}
}

void
space_first(const struct space *s, double *point)
{
	lowest_from(s, 0, point);
}

/* As an odometer: the last wheel that can still turn does. */
bool
space_next(const struct space *s, double *point)
{
	size_t at, i;

	for (at = s->n; at-- > 0;) {
		i = s->order[at];
		if (!(point[i] < s->param[i].hi))	/* or inactive */
			continue;
		point[i]++;
		lowest_from(s, at + 1, point);
		return true;
	}
	return false;
}
