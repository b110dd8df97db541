/* propose_levels: untried levels first.  See propose_levels.h. */
#include <math.h>
#include <stdlib.h>

#include "base/xmem.h"
#include "ops/propose_levels.h"
#include "ops/propose_search.h"

static size_t
level_count(const struct param *p)
{
	if (p->type == PARAM_BOOL)
		return 2;
	return p->type == PARAM_CATEGORICAL ? p->nchoice : 0;
}

void
levels_init(struct levels *l, const struct search *s)
{
	const struct space *space = s->space;
	const double *point;
	size_t i, k, n;

	l->search = s;
	rng_init(&l->rng, s->seed, (uint64_t)s->trial_id, RNG_LEVEL);
	l->tried = NULL;
	if (s->phase != PHASE_INITIAL)
		return;
	l->tried = xcalloc(space->n, sizeof(*l->tried));
	for (i = 0; i < space->n; i++) {
		n = level_count(&space->param[i]);
		if (n == 0)
			continue;
		l->tried[i] = xcalloc(n, sizeof(**l->tried));
		for (k = 0; k < s->taken.n; k++) {
			point = points_at(&s->taken, k);
			if (!isnan(point[i]))
				l->tried[i][(size_t)point[i]] = true;
		}
	}
}

void
levels_release(struct levels *l)
{
	size_t i;

	if (l->tried == NULL)
		return;
	for (i = 0; i < l->search->space->n; i++)
		free(l->tried[i]);
	free(l->tried);
}

/* The coordinate picks among the untried levels as it would among all. */
static double
untried(const bool *tried, size_t n, double u)
{
	size_t left = 0, i, k;

	for (i = 0; i < n; i++)
		left += !tried[i];
	if (left == 0)
		return u;
	k = (size_t)(u * (double)left);
	for (i = 0; i < n; i++)
		if (!tried[i] && k-- == 0)
			break;
	return ((double)i + 0.5) / (double)n;
}

void
levels_prefer(struct levels *l, double *u, bool all)
{
	const struct space *space = l->search->space;
	size_t i;

	if (l->tried == NULL)
		return;
	for (i = 0; i < space->n; i++) {
		if (l->tried[i] == NULL)
			continue;
		if (all || rng_below(&l->rng, 2) == 0)
			u[i] = untried(l->tried[i],
			    level_count(&space->param[i]), u[i]);
	}
}
