/* score: how good what was found so far is.  See score.h. */
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"

#include "front.h"
#include "score.h"

void
score_init(struct score *s, const struct task *t)
{
	memset(s, 0, sizeof(*s));
	s->task = t;
	s->front = xcalloc(t->budget + 1, t->nobjective * sizeof(double));
}

void
score_release(struct score *s)
{
	free(s->front);
}

static double
front_score(struct score *s, const struct result *r)
{
	const struct task *t = s->task;
	double *row = s->front + s->n * t->nobjective, volume;
	size_t i;

	if (!r->failed && s->n <= t->budget) {
		for (i = 0; i < t->nobjective; i++)
			row[i] = (r->truth[i] - t->ideal[i]) /
			    (t->nadir[i] - t->ideal[i]);
		s->n++;
	}
	if (s->n == 0)
		return NAN;
	volume = front_dominated(t->nobjective, s->n, s->front);
	return log10(fmax(SCORE_FRONT_FLOOR, 1 - volume / t->optimum));
}

double
score_add(struct score *s, const struct result *r)
{
	const struct task *t = s->task;

	if (t->nobjective > 1)
		return front_score(s, r);
	if (!r->failed && (!s->any || r->y[0] < s->seen)) {
		s->any = true;
		s->seen = r->y[0];
		s->truth = r->truth[0];
	}
	if (!s->any)
		return NAN;
	if (isnan(t->optimum))
		return s->truth;
	return log10(fmax(SCORE_FLOOR, (s->truth - t->optimum) /
	    (t->typical - t->optimum)));
}
