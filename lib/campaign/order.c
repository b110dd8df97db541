/* order: trials one after the other.  See order.h. */
#include <stdlib.h>

#include "base/xmem.h"
#include "campaign/order.h"

static int
compare_ids(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int
by_id(const void *a, const void *b)
{
	const struct observation *const *x = a, *const *y = b;

	return compare_ids((*x)->id, (*y)->id);
}

static int
pending_by_id(const void *a, const void *b)
{
	const struct pending *const *x = a, *const *y = b;

	return compare_ids((*x)->id, (*y)->id);
}

static int
by_key(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return compare_ids(x->o->id, y->o->id);
}

void
order_by_id(const struct observation **list, size_t n)
{
	if (n > 1)	/* an empty list may be NULL */
		qsort(list, n, sizeof(*list), by_id);
}

void
order_by_key(struct ranked *list, size_t n)
{
	if (n > 1)
		qsort(list, n, sizeof(*list), by_key);
}

const struct observation **
order_observed(const struct state *s)
{
	const struct observation **list = xcalloc(s->nobs, sizeof(*list));
	size_t i;

	for (i = 0; i < s->nobs; i++)
		list[i] = &s->obs[i];
	order_by_id(list, s->nobs);
	return list;
}

const struct pending **
order_pending(const struct state *s)
{
	const struct pending **list = xcalloc(s->npend, sizeof(*list));
	size_t i;

	for (i = 0; i < s->npend; i++)
		list[i] = &s->pend[i];
	qsort(list, s->npend, sizeof(*list), pending_by_id);
	return list;
}
