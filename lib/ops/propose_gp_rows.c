/* propose_gp_rows: what the model learns from.  See propose_gp_rows.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "campaign/order.h"
#include "contract/objective.h"
#include "ops/propose_cluster.h"
#include "ops/propose_gp_rows.h"
#include "ops/propose_rows.h"

/* A sum of objectives may be too large for a number. */
static bool
valued(const struct search *s, const struct observation *o)
{
	return o->status == TRIAL_OK &&
	    isfinite(objectives_scalar(s->state->objectives, o->y));
}

static void
gather(struct rows *r, const struct search *s)
{
	const struct state *state = s->state;
	bool failure[TRIAL_STATUS_COUNT];
	size_t i;

	cluster_failures(s, failure);
	r->obs = xcalloc(state->nobs, sizeof(*r->obs));
	for (i = 0; i < state->nobs; i++)
		if (state->obs[i].usable && !state->obs[i].voided &&
		    (failure[state->obs[i].status] ||
		    valued(s, &state->obs[i])))
			r->obs[r->n++] = &state->obs[i];
	order_by_id(r->obs, r->n);
}

double
gp_rows_signed(const struct search *s, const struct teach *t,
    const struct observation *o)
{
	return t->sign * objectives_scalar(s->state->objectives, o->y);
}

/* What an observation teaches. */
static double
warped(const struct rows *r, const struct search *s, const struct teach *t,
    const struct observation *o)
{
	if (r->several != NULL)
		return several_value(r->several, r->objective, o);
	return warp_forward(r->warp, gp_rows_signed(s, t, o));
}

/* The value of a row, warped, from every observation of its point. */
static void
merge_values(struct rows *r, const struct search *s, const struct teach *t,
    size_t i)
{
	const struct observation *o;
	double k = (double)replicas_count(&r->replicas, r->obs[i]), v;

	r->count[i] = k;
	r->y[i] = 0;
	for (o = r->obs[i]; o != NULL; o = replicas_next(&r->replicas, o))
		r->y[i] += warped(r, s, t, o) / k;
	if (k < 2)
		return;
	r->repeats += k - 1;
	for (o = r->obs[i]; o != NULL; o = replicas_next(&r->replicas, o)) {
		v = warped(r, s, t, o) - r->y[i];
		r->scatter += v * v;
	}
}

void
gp_rows_value(struct rows *r, const struct search *s, const struct teach *t)
{
	size_t i;

	r->repeats = r->scatter = 0;
	for (i = 0; i < r->nok; i++)
		merge_values(r, s, t, i);
}

/* Failures to the end. */
static void
part(struct rows *r)
{
	const struct observation **sorted = xcalloc(r->n, sizeof(*sorted));
	size_t i, n = 0;

	for (i = 0; i < r->n; i++)
		if (r->obs[i]->status == TRIAL_OK)
			sorted[n++] = r->obs[i];
	r->nok = n;
	for (i = 0; i < r->n; i++)
		if (r->obs[i]->status != TRIAL_OK)
			sorted[n++] = r->obs[i];
	free(r->obs);
	r->obs = sorted;
}

/* Make room, fill x and labels from the observations kept. */
static void
fill_rows(struct rows *r, const struct search *s)
{
	size_t d = s->space->n, i;

	r->x = xcalloc(r->n, d * sizeof(*r->x));
	r->y = xcalloc(r->n, sizeof(*r->y));
	r->label = xcalloc(r->n, sizeof(*r->label));
	r->count = xcalloc(r->n, sizeof(*r->count));
	r->dim = xcalloc(d, sizeof(*r->dim));
	rows_dims(s->space, r->dim);
	for (i = 0; i < r->n; i++) {
		rows_encode(s->space, r->obs[i]->point, r->x + i * d);
		r->label[i] = i < r->nok ? 1 : -1;
	}
}

bool
gp_rows_scatter(const struct search *s, const struct rows *r)
{
	if (s->config->noise >= 0)
		return s->config->noise > 0;
	return r->scatter >= GP_NOISY * r->repeats && r->scatter > 0;
}

void
gp_rows_init(struct rows *r, struct gp_model *m, const struct search *s,
    const struct teach *t)
{
	memset(r, 0, sizeof(*r));
	gather(r, s);
	m->n = r->n;
	r->several = m->several = several_new(s, r->obs, r->n);
	r->warp = &m->warp;
	r->n = replicas_merge(&r->replicas, s, r->obs, r->n);
	if (s->local != NULL)
		gp_rows_near(r, m, s, t);
	else
		gp_rows_thin(r, s, t);
	part(r);
	fill_rows(r, s);
	m->failures = r->n - r->nok;
	if (m->several != NULL)
		return;
	gp_rows_value(r, s, t);
	m->noisy = gp_rows_scatter(s, r);
}

void
gp_rows_release(struct rows *r)
{
	free(r->obs);
	free(r->x);
	free(r->y);
	free(r->label);
	free(r->dim);
	free(r->count);
	replicas_release(&r->replicas);
}
