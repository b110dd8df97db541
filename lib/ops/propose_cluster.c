/* propose_cluster: do trials of a status lie together?  See
 * propose_cluster.h. */
#include <math.h>
#include <stdlib.h>

#include "base/xmem.h"
#include "campaign/order.h"
#include "ops/propose_cluster.h"
#include "ops/propose_rows.h"

#define LEAST 3
#define NEAREST 3
#define LOOKED_AT 500

struct field {
	const struct observation **obs;	/* by id */
	size_t n;
	size_t *near;			/* NEAREST of each; n: none */
	bool *marked;
};

static void
gather(struct field *f, const struct search *s)
{
	const struct state *state = s->state;
	size_t i;

	f->obs = xcalloc(state->nobs, sizeof(*f->obs));
	f->n = 0;
	for (i = 0; i < state->nobs; i++)
		if (state->obs[i].usable)
			f->obs[f->n++] = &state->obs[i];
	order_by_id(f->obs, f->n);
	if (f->n > LOOKED_AT) {
		for (i = 0; i < LOOKED_AT; i++)
			f->obs[i] = f->obs[f->n - LOOKED_AT + i];
		f->n = LOOKED_AT;
	}
}

/* Put trial j among the nearest of i, if it belongs there. */
static void
rank(struct field *f, double near[NEAREST], size_t i, size_t j, double r2)
{
	size_t *list = f->near + i * NEAREST, k;

	for (k = NEAREST; k > 0 && r2 < near[k - 1]; k--) {
		if (k < NEAREST) {
			near[k] = near[k - 1];
			list[k] = list[k - 1];
		}
		near[k - 1] = r2;
		list[k - 1] = j;
	}
}

static void
find_nearest(struct field *f, const struct space *s)
{
	double *x = xcalloc(f->n, s->n * sizeof(*x)), near[NEAREST], r2;
	struct gp_dim *dim = xcalloc(s->n, sizeof(*dim));
	size_t i, j, k;

	rows_dims(s, dim);
	for (i = 0; i < f->n; i++)
		rows_encode(s, f->obs[i]->point, x + i * s->n);
	f->near = xcalloc(f->n, NEAREST * sizeof(*f->near));
	for (i = 0; i < f->n; i++) {
		for (k = 0; k < NEAREST; k++) {
			near[k] = INFINITY;
			f->near[i * NEAREST + k] = f->n;
		}
		for (j = 0; j < f->n; j++) {
			if (j == i)
				continue;
			for (r2 = 0, k = 0; k < s->n; k++)
				r2 += gp_distance(&dim[k], x[i * s->n + k],
				    x[j * s->n + k]);
			rank(f, near, i, j, r2);
		}
	}
	free(dim);
	free(x);
}

/* Log likelihood that the status owes to place, over that without. */
static double
evidence(const struct field *f, double q)
{
	double sum = 0, p;
	size_t i, k, near, c;

	for (i = 0; i < f->n; i++) {
		for (c = 0, k = 0; k < NEAREST; k++) {
			near = f->near[i * NEAREST + k];
			c += near < f->n && f->marked[near];
		}
		p = ((double)c + q) / (NEAREST + 1);
		sum += f->marked[i] ? log(p / q) : log((1 - p) / (1 - q));
	}
	return sum;
}

static bool
clusters(struct field *f, const struct search *s, enum trial_status status)
{
	size_t i, m = 0;

	for (i = 0; i < f->n; i++) {
		f->marked[i] = f->obs[i]->status == status &&
		    !f->obs[i]->voided;
		m += f->marked[i];
	}
	if (m < LEAST || m == f->n)
		return false;
	if (f->near == NULL)
		find_nearest(f, s->space);
	return evidence(f, (double)m / (double)f->n) >= log(3);
}

void
cluster_failures(const struct search *s, bool failure[TRIAL_STATUS_COUNT])
{
	struct field f = { .near = NULL };

	gather(&f, s);
	f.marked = xcalloc(f.n, sizeof(*f.marked));
	failure[TRIAL_OK] = false;
	failure[TRIAL_FAILED] = true;
	failure[TRIAL_KILLED] = clusters(&f, s, TRIAL_KILLED);
	failure[TRIAL_TIMEOUT] = clusters(&f, s, TRIAL_TIMEOUT);
	free(f.obs);
	free(f.near);
	free(f.marked);
}
