/* propose_points: a set of points.  See propose_points.h. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "contract/point.h"
#include "ops/propose_points.h"

#define FIRST_SLOTS 256

void
points_init(struct points *set, const struct space *space)
{
	memset(set, 0, sizeof(*set));
	set->space = space;
	set->nslot = FIRST_SLOTS;
	set->slot = xcalloc(set->nslot, sizeof(*set->slot));
}

void
points_release(struct points *set)
{
	free(set->value);
	free(set->hash);
	free(set->slot);
	memset(set, 0, sizeof(*set));
}

const double *
points_at(const struct points *set, size_t i)
{
	return set->value + i * set->space->n;
}

/* Points of small integers differ in few bits: spread them. */
static size_t
home(const struct points *set, unsigned long hash)
{
	uint64_t h = hash * UINT64_C(0x9e3779b97f4a7c15);

	return (size_t)(h >> 32) & (set->nslot - 1);
}

/* The slot that holds the point, or the free one where it belongs. */
static size_t *
find(const struct points *set, const double *point, unsigned long hash)
{
	size_t at = home(set, hash), row;

	for (; set->slot[at] != 0; at = (at + 1) & (set->nslot - 1)) {
		row = set->slot[at] - 1;
		if (set->hash[row] == hash &&
		    point_equal(set->space, points_at(set, row), point))
			break;
	}
	return &set->slot[at];
}

bool
points_has(const struct points *set, const double *point)
{
	return *find(set, point, point_hash(set->space, point)) != 0;
}

static void
rehash(struct points *set)
{
	size_t at, row;

	free(set->slot);
	set->nslot *= 2;
	set->slot = xcalloc(set->nslot, sizeof(*set->slot));
	for (row = 0; row < set->n; row++) {
		at = home(set, set->hash[row]);
		while (set->slot[at] != 0)
			at = (at + 1) & (set->nslot - 1);
		set->slot[at] = row + 1;
	}
}

static void
grow(struct points *set)
{
	set->cap = set->cap > 0 ? 2 * set->cap : FIRST_SLOTS / 2;
	set->value = xrealloc(set->value, set->cap,
	    set->space->n * sizeof(*set->value));
	set->hash = xrealloc(set->hash, set->cap, sizeof(*set->hash));
}

bool
points_add(struct points *set, const double *point)
{
	unsigned long hash = point_hash(set->space, point);
	size_t *slot = find(set, point, hash);

	if (*slot != 0)
		return false;
	if (set->n == set->cap)
		grow(set);
	memcpy(set->value + set->n * set->space->n, point,
	    set->space->n * sizeof(*point));
	set->hash[set->n] = hash;
	*slot = ++set->n;
	if (set->n * 2 > set->nslot)
		rehash(set);
	return true;
}
