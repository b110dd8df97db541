/* propose_replicas: see propose_replicas.h. */
#include <stdlib.h>

#include "base/xmem.h"
#include "contract/point.h"
#include "ops/propose_replicas.h"

struct keyed {
	unsigned long hash;
	const struct observation *o;
};

static int
by_hash(const void *a, const void *b)
{
	const struct keyed *x = a, *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return (x->o->id > y->o->id) - (x->o->id < y->o->id);
}

static size_t
number(const struct replicas *r, const struct observation *o)
{
	return (size_t)(o - r->first);
}

/* Hang an observation behind the last one of its point. */
static void
append(struct replicas *r, const struct observation *to,
    const struct observation *o)
{
	const struct observation *more;

	while ((more = replicas_next(r, to)) != NULL)
		to = more;
	r->next[number(r, to)] = number(r, o) + 1;
	r->any = true;
}

/* Chain what is equal, and mark what is not the first of its point. */
static void
chain(struct replicas *r, const struct space *s, const struct keyed *k,
    size_t n, bool *later)
{
	size_t i, j;

	for (i = 0; i < n; i++)
		for (j = i; j-- > 0 && k[j].hash == k[i].hash; )
			if (!later[number(r, k[j].o)] &&
			    point_equal(s, k[j].o->point, k[i].o->point)) {
				append(r, k[j].o, k[i].o);
				later[number(r, k[i].o)] = true;
				break;
			}
}

size_t
replicas_merge(struct replicas *r, const struct search *s,
    const struct observation **obs, size_t n)
{
	struct keyed *k = xcalloc(n, sizeof(*k));
	bool *later = xcalloc(s->state->nobs, sizeof(*later));
	size_t i, nkey = 0, left = 0;

	r->first = s->state->obs;
	r->next = xcalloc(s->state->nobs, sizeof(*r->next));
	r->any = false;
	for (i = 0; i < n; i++)
		if (obs[i]->status == TRIAL_OK)
			k[nkey++] = (struct keyed){ point_hash(s->space,
			    obs[i]->point), obs[i] };
	qsort(k, nkey, sizeof(*k), by_hash);
	chain(r, s->space, k, nkey, later);
	for (i = 0; i < n; i++)
		if (!later[number(r, obs[i])])
			obs[left++] = obs[i];
	free(k);
	free(later);
	return left;
}

void
replicas_release(struct replicas *r)
{
	free(r->next);
}

const struct observation *
replicas_next(const struct replicas *r, const struct observation *o)
{
	size_t next = r->next != NULL ? r->next[number(r, o)] : 0;

	return next > 0 ? r->first + next - 1 : NULL;
}

size_t
replicas_count(const struct replicas *r, const struct observation *o)
{
	size_t n = 1;

	while ((o = replicas_next(r, o)) != NULL)
		n++;
	return n;
}
