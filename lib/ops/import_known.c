#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "contract/point.h"
#include "ops/import_known.h"

struct import_hashed {
	unsigned long hash;
	size_t index;		/* in the state's observations */
};

static int
by_hash(const void *x, const void *y)
{
	const struct import_hashed *a = x, *b = y;

	return (a->hash > b->hash) - (a->hash < b->hash);
}

void
import_known_init(struct import_known *k, const struct state *s,
    const struct space *space)
{
	size_t i;

	memset(k, 0, sizeof(*k));
	k->state = s;
	k->space = space;
	k->old = xcalloc(s->nobs + 1, sizeof(*k->old));
	for (i = 0; i < s->nobs; i++)
		/* others have params that the space does not know */
		if (s->obs[i].usable)
			k->old[k->nold++] = (struct import_hashed){
			    point_hash(space, s->obs[i].point), i };
	if (k->nold > 1)
		qsort(k->old, k->nold, sizeof(*k->old), by_hash);
}

void
import_known_release(struct import_known *k)
{
	free(k->old);
	memset(k, 0, sizeof(*k));
}

/* ------------------------------------------------------------- repeated */

/* An id is a number or a text: 3 in JSONL is "3" from CSV. */
static bool
same_id(struct span a, struct span b)
{
	if (a.len > 2 && *a.p == '"')
		a = (struct span){ a.p + 1, a.len - 2 };
	if (b.len > 2 && *b.p == '"')
		b = (struct span){ b.p + 1, b.len - 2 };
	return a.len == b.len && memcmp(a.p, b.p, a.len) == 0;
}

static bool
id_fits(const struct record *r, const struct observation *o)
{
	struct span brought = record_source(r->text);
	char own[24];
	int n;

	if (brought.len == 0 ||
	    same_id(brought, json_find(o->raw, "source_trial_id")))
		return true;
	n = snprintf(own, sizeof(own), "%lld", (long long)o->id);
	return same_id(brought, (struct span){ own, (size_t)n });
}

static bool
same_result(const struct import_known *k, const struct record *r,
    const struct observation *o)
{
	size_t i;

	if (o->status != r->status ||
	    !point_equal(k->space, o->point, r->point))
		return false;
	for (i = 0; i < k->state->objectives->n; i++)
		if (isnan(o->y[i]) != isnan(r->y[i]) ||
		    o->y[i] < r->y[i] || o->y[i] > r->y[i])
			return false;
	return true;
}

/* The first one of that hash, or where it would stand. */
static size_t
search(const struct import_known *k, unsigned long hash)
{
	size_t lo = 0, hi = k->nold, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (k->old[mid].hash < hash)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static bool
is_repeated(const struct import_known *k, const struct record *r)
{
	unsigned long hash = point_hash(k->space, r->point);
	const struct observation *o;
	size_t i;

	for (i = search(k, hash); i < k->nold && k->old[i].hash == hash;
	    i++) {
		o = &k->state->obs[k->old[i].index];
		if (same_result(k, r, o) && id_fits(r, o))
			return true;
	}
	return false;
}

/* -------------------------------------------------------------- outside */

/* The first parameter beyond its bounds, or space->n. */
static size_t
first_beyond(const struct import_known *k, const double *point)
{
	const struct param *p = k->space->param;
	size_t i;

	for (i = 0; i < k->space->n; i++)
		if (point[i] < p[i].lo || point[i] > p[i].hi)
			break;
	return i;
}

/* ---------------------------------------------------------------- whole */

void
import_known_row(struct import_known *k, const struct record *r,
    size_t number)
{
	size_t beyond = first_beyond(k, r->point);

	if (beyond < k->space->n && k->outside++ == 0) {
		k->first_outside = number;
		k->param = beyond;
	}
	if (is_repeated(k, r) && k->repeated++ == 0)
		k->first_repeated = number;
}

void
import_known_say(const struct import_known *k, const struct op *op,
    const char *source)
{
	if (k->repeated > 0)
		op_say(op, "%s: %zu row%s (row %zu%s) there before, with the "
		    "same params and results; imported once more, %s", source,
		    k->repeated, k->repeated > 1 ? "s were" : " was",
		    k->first_repeated, k->repeated > 1 ? ", ..." : "",
		    k->repeated > 1 ? "they count twice" : "it counts twice");
	if (k->outside > 0)
		op_say(op, "%s: %zu row%s (row %zu%s: %s) outside the bounds "
		    "of parameter_space.json; the model learns from %s, and "
		    "nothing there is suggested", source, k->outside,
		    k->outside > 1 ? "s are" : " is", k->first_outside,
		    k->outside > 1 ? ", ..." : "",
		    k->space->param[k->param].name,
		    k->outside > 1 ? "them" : "it");
}
