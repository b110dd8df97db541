/* report_data: which trials a report is about.  See report.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/xmem.h"
#include "campaign/order.h"
#include "ops/report.h"
#include "store/json_text.h"

/* A trial on its way to its rank. */
struct place {
	const struct objectives *objectives;
	const struct observation *o;
};

static int
by_rank(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	return objectives_rank(x->objectives, x->o->y, x->o->id, y->o->y,
	    y->o->id);
}

/* What is better in the first objective, then the second and so on, comes
 * first: nothing is dominated by what comes behind it. */
static int
by_vector(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	size_t j;

	for (j = 0; j < x->objectives->n; j++)
		if (x->o->y[j] != y->o->y[j])
			return (x->o->y[j] < y->o->y[j]) !=
			    x->objectives->objective[j].maximize ? -1 : 1;
	return 0;
}

static void
rank(struct report *r, struct place *p)
{
	size_t i;

	r->ranked = xcalloc(r->n, sizeof(*r->ranked));
	for (i = 0; i < r->n; i++)
		if (r->trial[i]->scored) {
			p[r->nranked].objectives = r->c->c.objectives;
			p[r->nranked++].o = r->trial[i];
		}
	qsort(p, r->nranked, sizeof(*p), by_rank);
	for (i = 0; i < r->nranked; i++)
		r->ranked[i] = p[i].o;
}

/* Of two objectives the one before it on the front with the best second
 * value decides, and that is the last one taken. */
static bool
dominated(const struct place *front, size_t n, const struct place *p)
{
	size_t i = p->objectives->n <= 2 && n > 0 ? n - 1 : 0;

	for (; i < n; i++)
		if (objectives_dominates(p->objectives, front[i].o->y,
		    p->o->y))
			return true;
	return false;
}

static void
find_front(struct report *r, struct place *p)
{
	size_t i, n = 0;

	qsort(p, r->nranked, sizeof(*p), by_vector);
	for (i = 0; i < r->nranked; i++)
		if (!dominated(p, n, &p[i]))
			p[n++] = p[i];
	qsort(p, n, sizeof(*p), by_rank);
	r->front = xcalloc(n, sizeof(*r->front));
	r->nfront = n;
	for (i = 0; i < n; i++)
		r->front[i] = p[i].o;
}

static void
add_runtimes(struct report *r)
{
	struct runtimes *t = &r->runtimes;
	struct span s;
	double x;
	size_t i;

	t->least = INFINITY;
	for (i = 0; i < r->n; i++) {
		s = json_find(r->trial[i]->raw, "runtime_seconds");
		if (s.len == 0 || !num_read(s.p, s.len, &x))
			continue;
		t->least = x < t->least ? x : t->least;
		t->most = x > t->most ? x : t->most;
		t->total += x;
		t->n++;
	}
}

void
report_init(struct report *r, const struct campaign *c, size_t top,
    double now)
{
	struct place *p = xcalloc(c->state->nobs, sizeof(*p));

	memset(r, 0, sizeof(*r));
	r->c = c;
	r->now = now;
	r->top = top;
	r->n = c->state->nobs;
	r->trial = order_observed(c->state);
	rank(r, p);
	find_front(r, p);
	add_runtimes(r);
	free(p);
}

void
report_release(struct report *r)
{
	free(r->trial);
	free(r->ranked);
	free(r->front);
}

double
report_failure_rate(const struct report *r)
{
	size_t ok = state_count_status(r->c->state, TRIAL_OK);

	return r->n > 0 ? (double)(r->n - ok) / (double)r->n : 0;
}

bool
report_reason(const struct observation *o, struct buf *out)
{
	struct span s = json_find(o->raw, "terminal_reason");

	if (s.len < 2 || *s.p != '"')
		return false;
	s.p++;
	s.len -= 2;
	json_unescape(s, out);
	return out->len > 0;
}
