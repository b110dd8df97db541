/* propose_gp_active: which rows are used where there are many.  See
 * propose_gp_rows.h. */
#include <math.h>
#include <stdlib.h>

#include "base/xmem.h"
#include "campaign/order.h"
#include "ops/propose_gp_rows.h"
#include "ops/propose_local.h"
#include "ops/propose_rows.h"

/* Beyond so many rows only some are used: the best, those near the best,
 * and others spread over the trials. */
#define ACTIVE_MAX 500
#define ACTIVE_BEST 150
#define ACTIVE_NEAR 250

double
gp_rows_rank(const struct rows *r, const struct search *s,
    const struct teach *t, const struct observation *o)
{
	double k = (double)replicas_count(&r->replicas, o), sum = 0;

	if (o->status != TRIAL_OK)
		return INFINITY;
	if (several_explores(s))
		return (double)several_rank(s, o);
	for (; o != NULL; o = replicas_next(&r->replicas, o))
		sum += gp_rows_signed(s, t, o) / k;
	return sum;
}

void
gp_rows_thin(struct rows *r, const struct search *s, const struct teach *t)
{
	struct ranked *k;
	size_t i, step, kept = ACTIVE_BEST + ACTIVE_NEAR;

	if (r->n <= ACTIVE_MAX)
		return;
	k = xcalloc(r->n, sizeof(*k));
	for (i = 0; i < r->n; i++) {
		k[i].o = r->obs[i];
		k[i].key = gp_rows_rank(r, s, t, r->obs[i]);
	}
	order_by_key(k, r->n);
	for (i = ACTIVE_BEST; i < r->n; i++)
		k[i].key = rows_distance(s->space, k[i].o->point,
		    k[0].o->point);
	order_by_key(k + ACTIVE_BEST, r->n - ACTIVE_BEST);
	step = (r->n - kept) / (ACTIVE_MAX - kept);
	for (i = kept; i < ACTIVE_MAX; i++)
		k[i].o = k[kept + (i - kept) * (step > 0 ? step : 1)].o;
	for (i = 0; i < ACTIVE_MAX; i++)
		r->obs[i] = k[i].o;
	r->n = ACTIVE_MAX;
	order_by_id(r->obs, r->n);
	free(k);
}

void
gp_rows_near(struct rows *r, struct gp_model *m, const struct search *s,
    const struct teach *t)
{
	struct ranked *k = xcalloc(r->n, sizeof(*k));
	double *y = xcalloc(r->n, sizeof(*y));
	size_t i, n = 0;

	for (i = 0; i < r->n; i++) {
		k[i].o = r->obs[i];
		k[i].key = rows_distance(s->space, k[i].o->point,
		    s->local->point);
	}
	order_by_key(k, r->n);
	if (r->n > local_rows(s))
		r->n = local_rows(s);
	for (i = 0; i < r->n; i++) {
		r->obs[i] = k[i].o;
		if (k[i].o->status == TRIAL_OK)
			y[n++] = gp_rows_signed(s, t, k[i].o);
	}
	order_by_id(r->obs, r->n);
	warp_release(&m->warp);
	warp_init(&m->warp, n, y);
	free(y);
	free(k);
}
