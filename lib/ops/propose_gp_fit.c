/* propose_gp_fit: the processes of a model.  See propose_gp_fit.h. */
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "campaign/order.h"
#include "ops/propose_gp_fit.h"
#include "ops/propose_rows.h"

/* Is it time to fit again? */
static bool
due(size_t n, size_t last)
{
	if (last == 0 || n < last)
		return true;
	if (n == last || n > 1500)
		return false;
	if (n <= 200)
		return true;
	return n - last >= (n <= 500 ? n / 50 : n / 20);
}

/* An evaluation costs n^3: a second for one fit must do. */
static void
how_hard(struct gp_options *o, size_t rows, size_t all, size_t last)
{
	bool many = rows > 200;

	o->iterations = many ? 12 : 30;
	o->default_start = last == 0 || (!many && all % 4 == 0);
	o->random_starts = last == 0 && !many ? 2 : 0;
}

static struct gp *
fit_values(struct gp_model *m, const struct search *s,
    const struct rows *r, size_t all, struct err *err)
{
	double *theta = xcalloc(s->space->n + 2, sizeof(*theta));
	struct gp_data data = { .n = r->nok, .d = s->space->n,
	    .dim = r->dim, .x = r->x, .y = r->y, .scatter = r->scatter,
	    .repeats = r->repeats };
	struct gp_options o = { .seed = s->seed,
	    .trial = (uint64_t)s->trial_id };
	size_t last = gp_model_theta(m, s, r->objective, theta);
	struct gp *gp;

	if (r->replicas.any)
		data.count = r->count;
	o.noise_floor = s->config->noise == 0 ? 1e-8 : 1e-6;
	o.noise_rule = s->config->noise == 0 ? GP_NOISE_NONE :
	    s->config->noise > 0 || m->noisy ? GP_NOISE_FREE :
	    GP_NOISE_JUDGED;
	o.start = last > 0 ? theta : NULL;
	m->n = all;
	m->refitted = !m->recalled && (s->local != NULL ||
	    due(all, last));
	if (m->refitted)
		how_hard(&o, r->n, all, last);
	else
		m->n = last;
	o.default_start |= s->local != NULL;
	gp = gp_fit(&data, &o, err);
	free(theta);
	return gp;
}

/* A process for each objective. */
static int
fit_several(struct gp_model *m, const struct search *s,
    const struct teach *t, struct rows *r, struct err *err)
{
	struct several *v = m->several;
	size_t j, all = m->n;

	for (j = 0; j < v->k; j++) {
		r->objective = j;
		gp_rows_value(r, s, t);
		m->noisy = m->noisy || gp_rows_scatter(s, r);
		v->gp[j] = fit_values(m, s, r, all, err);
		if (j == 0)
			m->gp = v->gp[0];
		if (v->gp[j] == NULL)
			return -1;
	}
	for (j = 0; j < v->k; j++) {
		r->objective = j;
		gp_rows_value(r, s, t);
		several_observed(v, j, r->nok, r->x, m->noisy ? NULL : r->y);
	}
	return 0;
}

int
gp_model_fit(struct gp_model *m, const struct search *s,
    const struct teach *t, struct rows *r, struct err *err)
{
	if (m->several != NULL)
		return fit_several(m, s, t, r, err);
	m->gp = fit_values(m, s, r, m->n, err);
	return m->gp != NULL ? 0 : -1;
}

/* The length scales of labels are searched for with so many rows, as each
 * of the steps costs their number cubed, and nothing is kept for the next
 * time. */
#define LABELS 200

struct few {
	double *x, *y;
	size_t n;
};

/* `taken` of the n rows from `first` on, evenly, behind those in `few`. */
static void
thin(const struct gp_data *all, size_t first, size_t n, size_t taken,
    struct few *few)
{
	size_t i, from, d = all->d;

	for (i = 0; i < taken; i++) {
		from = first + i * n / taken;
		memcpy(few->x + few->n * d, all->x + from * d,
		    d * sizeof(*few->x));
		few->y[few->n++] = all->y[from];
	}
}

/* Where a fit to LABELS of them ends; as many failures as others, where
 * there are so many of each. */
static void
search_labels(const struct gp_data *all, size_t nok, struct gp_options *o,
    double *theta)
{
	size_t nfailed = all->n - nok, failed, ok;
	struct few few = { .x = xcalloc(LABELS * all->d, sizeof(double)),
	    .y = xcalloc(LABELS, sizeof(double)) };
	struct gp_data data = *all;
	struct err ignored;
	struct gp *gp;

	failed = nfailed < LABELS / 2 ? nfailed : LABELS / 2;
	ok = nok < LABELS - failed ? nok : LABELS - failed;
	thin(all, 0, nok, ok, &few);
	thin(all, nok, nfailed, failed, &few);
	data.n = few.n;
	data.x = few.x;
	data.y = few.y;
	gp = gp_fit(&data, o, &ignored);
	if (gp != NULL) {
		memcpy(theta, gp_theta(gp), (all->d + 2) * sizeof(*theta));
		o->start = theta;
		o->default_start = false;
		o->iterations = 0;
	}
	gp_free(gp);
	free(few.x);
	free(few.y);
}

void
gp_model_fit_labels(struct gp_model *m, const struct search *s,
    const struct rows *r)
{
	struct gp_data data = { .n = r->n, .d = s->space->n, .dim = r->dim,
	    .x = r->x, .y = r->label };
	struct gp_options o = { .noise_floor = 1e-4, .default_start = true,
	    .iterations = 15 };
	struct err ignored;
	double *theta;

	if (r->n - r->nok < 2)
		return;
	theta = xcalloc(data.d + 2, sizeof(*theta));
	if (r->n > LABELS)
		search_labels(&data, r->nok, &o, theta);
	m->ok = gp_fit(&data, &o, &ignored);
	free(theta);
}

/* No values, but known points: the deviations shrink about them.  (Some bad
 * value in place of the failure would bend the model of those that are ok:
 * that costs 0.7 decades of regret on problems with a crash region.) */
static void
condition_failures(struct gp_model *m, const struct search *s,
    const struct rows *r)
{
	size_t i, j, k = m->several != NULL ? m->several->k : 1;

	for (i = r->nok; i < r->n; i++)
		for (j = 0; j < k; j++)
			(void)gp_condition(j == 0 ? m->gp :
			    m->several->gp[j], r->x + i * s->space->n);
}

/* A pending point counts as observed at its mean: for the deviations, and
 * as something to improve on, lest the next one be right beside it. */
static void
condition_on(struct gp_model *m, const struct search *s,
    const struct pending *p, double *row)
{
	double mean, sd;

	rows_encode(s->space, p->point, row);
	if (m->several != NULL) {
		m->conditioned += several_condition(m->several, row);
		return;
	}
	gp_predict(m->gp, 1, row, &mean, &sd);
	if (gp_condition(m->gp, row) != 0)
		return;
	m->conditioned++;
	if (mean < m->threshold)
		m->threshold = mean;
}

static void
condition_pending(struct gp_model *m, const struct search *s)
{
	const struct state *state = s->state;
	const struct pending **order = order_pending(state);
	double *row = xcalloc(s->space->n, sizeof(*row));
	size_t i;

	for (i = 0; i < state->npend; i++)
		if (order[i]->usable)
			condition_on(m, s, order[i], row);
	free(order);
	free(row);
}

void
gp_model_condition(struct gp_model *m, const struct search *s,
    const struct rows *r)
{
	condition_failures(m, s, r);
	condition_pending(m, s);
}
