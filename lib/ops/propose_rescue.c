/* propose_rescue: a point where no draw was feasible.  See
 * propose_rescue.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "ops/propose_rescue.h"
#include "ops/propose_seek.h"
#include "ops/propose_walk.h"

/* Points of a walk in few legs, long enough to forget where they came from;
 * so few of them are compared that the rims are not preferred too much. */
#define MET 800
#define COMPARED 16

/* A set of points in coordinates where distances make sense. */
struct cloud {
	size_t n, dim;
	double *x;
};

static struct cloud
cloud_of(const struct points *set)
{
	struct cloud c = { .n = set->n, .dim = encode_dim(set->space) };
	size_t i;

	c.x = xcalloc(c.n + 1, c.dim * sizeof(*c.x));
	for (i = 0; i < c.n; i++)
		encode_point(set->space, points_at(set, i), c.x + i * c.dim);
	return c;
}

static double
distance(const double *a, const double *b, size_t dim)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < dim; i++)
		sum += (a[i] - b[i]) * (a[i] - b[i]);
	return sum;
}

static double
to_nearest(const struct cloud *c, const double *x)
{
	double least = INFINITY;
	size_t i;

	for (i = 0; i < c->n; i++)
		least = fmin(least, distance(c->x + i * c->dim, x, c->dim));
	return least;
}

/* How little a point lies in the middle of the cloud. */
static double
off_centre(const struct cloud *c, const double *x)
{
	double *mean = xcalloc(c->dim, sizeof(*mean)), d;
	size_t i, j;

	for (i = 0; i < c->n; i++)
		for (j = 0; j < c->dim; j++)
			mean[j] += c->x[i * c->dim + j] / (double)c->n;
	d = distance(mean, x, c->dim);
	free(mean);
	return d;
}

static size_t
choose(const struct search *s, const struct cloud *found,
    const struct cloud *taken)
{
	size_t best = 0, k, tries;
	double most = -INFINITY, worth;
	struct rng rng;

	rng_init(&rng, s->seed, (uint64_t)s->trial_id, RNG_ENUMERATE);
	for (tries = 0; tries < COMPARED; tries++) {
		k = rng_below(&rng, (uint32_t)found->n);
		worth = taken->n > 0 ?
		    to_nearest(taken, found->x + k * found->dim) :
		    -off_centre(found, found->x + k * found->dim);
		if (worth > most) {
			most = worth;
			best = k;
		}
	}
	return best;
}

/* Leave one of the found ones. */
static void
leave_one(struct search *s)
{
	struct cloud found = cloud_of(&s->found), taken = cloud_of(&s->taken);
	size_t best = choose(s, &found, &taken);

	memmove(s->found.value, points_at(&s->found, best),
	    s->space->n * sizeof(*s->found.value));
	s->found.n = 1;
	free(found.x);
	free(taken.x);
}

static char *
nothing_near(const struct search *s, const double *nearest)
{
	struct buf why = BUF_INIT;

	buf_adds(&why, "the nearest point that a search came to still "
	    "breaks ");
	seek_tell(s, nearest, &why);
	return why.p;
}

/* Points around one that is sought out, or else around those known.  NULL,
 * or why there are none. */
static char *
seek_and_walk(struct search *s, size_t wanted, size_t leg)
{
	double *point = xcalloc(s->space->n, sizeof(*point));
	bool found = seek_feasible(s, point);
	char *why = NULL;

	if (found)
		points_add(&s->found, point);
	if (!walk_from(s, found ? point : NULL, wanted, leg) &&
	    !s->met_taken)
		why = nothing_near(s, point);
	free(point);
	return why;
}

static bool
needless(const struct search *s)
{
	return s->found.n > 0 || s->met_taken || s->nrule == 0;
}

/* NULL, or why there is nothing in a space that was looked through. */
static char *
nothing_left(const struct search *s)
{
	return s->found.n > 0 || s->met_taken ? NULL :
	    xstrdup("each point of the space was looked at, and none keeps "
	    "to the rules");
}

char *
rescue(struct search *s)
{
	char *why;

	if (needless(s))
		return NULL;
	why = search_left(s) ? nothing_left(s) :
	    seek_and_walk(s, MET, MET / 2);
	if (s->found.n > 0)
		leave_one(s);
	return why;
}

char *
rescue_pool(struct search *s)
{
	if (needless(s))
		return NULL;
	if (search_left(s))
		return nothing_left(s);
	if (walk_from(s, NULL, s->requested, WALK_LEG) && s->found.n > 0)
		return NULL;
	return seek_and_walk(s, s->requested, WALK_LEG);
}
