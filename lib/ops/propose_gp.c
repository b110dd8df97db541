/* propose_gp: the model as a whole.  See propose_gp.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "campaign/order.h"
#include "ops/propose_caution.h"
#include "ops/propose_gp_fit.h"
#include "ops/propose_rows.h"

/* Under noise so many of the best points may be tried again. */
#define AGAIN_MAX 100

bool
gp_model_noisy(const struct gp_model *m)
{
	return m->noisy || gp_noise(m->gp) >= GP_NOISY * gp_scale(m->gp);
}

/* The best observed value; under noise the best posterior mean. */
static void
set_threshold(struct gp_model *m, const struct rows *r)
{
	double *mean = xcalloc(r->n, sizeof(*mean));
	double *sd = xcalloc(r->n, sizeof(*sd));
	bool noisy = gp_model_noisy(m);
	size_t i;

	if (noisy)
		gp_predict(m->gp, r->nok, r->x, mean, sd);
	m->threshold = INFINITY;
	for (i = 0; i < r->nok; i++) {
		double v = noisy ? mean[i] : r->y[i];

		if (v < m->threshold)
			m->threshold = v;
	}
	free(mean);
	free(sd);
}

/* Posterior means of the ok rows, of one number: the configured scalar if
 * there are several.  False: what counts is not one number. */
static bool
row_means(const struct gp_model *m, const struct search *s,
    const struct teach *t, const struct rows *r, double *mean)
{
	double *sd;
	size_t i;

	if (m->several != NULL && m->several->goal != GOAL_SCALAR)
		return false;
	sd = xcalloc(r->n, sizeof(*sd));
	if (m->several == NULL)
		gp_predict(m->gp, r->nok, r->x, mean, sd);
	for (i = 0; m->several != NULL && i < r->nok; i++) {
		several_foretell(m->several, r->x + i * s->space->n,
		    &mean[i], &sd[i]);
		mean[i] *= t->sign;
	}
	free(sd);
	return true;
}

/* Rows from the best to the worst: by value, under noise by posterior mean
 * if that is of one number; failed ones last. */
static struct ranked *
ranking(const struct gp_model *m, const struct search *s,
    const struct teach *t, const struct rows *r)
{
	struct ranked *k = xcalloc(r->n, sizeof(*k));
	double *mean = xcalloc(r->n, sizeof(*mean));
	bool by_mean = m->noisy && row_means(m, s, t, r, mean);
	size_t i;

	for (i = 0; i < r->n; i++) {
		k[i].o = r->obs[i];
		k[i].key = by_mean && i < r->nok ? mean[i] :
		    gp_rows_rank(r, s, t, r->obs[i]);
	}
	order_by_key(k, r->n);
	free(mean);
	return k;
}

/* The value of the best row that has one within the bounds, else the middle
 * of them. */
static double
spare_value(const struct search *s, size_t p, const struct ranked *k,
    size_t n)
{
	const struct range *box = &s->box[p];
	double v;
	size_t i;

	for (i = 0; i < n; i++) {
		v = k[i].o->point[p];
		if (v >= box->lo && v <= box->hi)	/* NaN is not */
			return v;
	}
	return s->space->param[p].type == PARAM_FLOAT ?
	    rows_value(&s->space->param[p], box, 0.5) :
	    floor((box->lo + box->hi) / 2);
}

/* The best points, and a value for each parameter that may wake up. */
static void
remember_best(struct gp_model *m, const struct search *s,
    const struct teach *t, const struct rows *r)
{
	size_t n = s->space->n, i;
	struct ranked *k = ranking(m, s, t, r);

	m->best_id = k[0].o->id;
	m->ntop = r->n < 3 ? r->n : 3;
	while (several_explores(s) && m->ntop < r->n &&
	    k[m->ntop].key == 0)
		m->ntop++;	/* all of the front */
	m->nagain = !m->noisy ? 0 : r->nok < AGAIN_MAX ? r->nok : AGAIN_MAX;
	m->top = xcalloc(m->ntop + m->nagain, n * sizeof(*m->top));
	for (i = 0; i < m->ntop || i < m->nagain; i++)
		memcpy(m->top + i * n, k[i].o->point, n * sizeof(*m->top));
	m->spare = xcalloc(n, sizeof(*m->spare));
	for (i = 0; i < n; i++)
		m->spare[i] = spare_value(s, i, k, r->n);
	free(k);
}

int
gp_model_init(struct gp_model *m, const struct search *s,
    const struct teach *t, struct err *err)
{
	struct rows r;
	int status;

	memset(m, 0, sizeof(*m));
	warp_init(&m->warp, t->data.n, t->y);
	gp_rows_init(&r, m, s, t);
	m->rows = r.n;
	m->known = m->n;
	status = gp_model_fit(m, s, t, &r, err);
	if (status == 0) {
		gp_model_fit_labels(m, s, &r);
		m->caution = caution(s);
		if (m->several == NULL)
			set_threshold(m, &r);
		gp_model_condition(m, s, &r);
		if (m->several != NULL)
			several_ready(m->several);
		remember_best(m, s, t, &r);
	}
	gp_rows_release(&r);
	return status;
}

int
gp_model_recall(struct gp_model *m, const struct search *s,
    const struct teach *t)
{
	double *theta = xcalloc(s->space->n + 2, sizeof(*theta));
	struct rows r;
	struct err ignored;
	int status = -1;

	memset(m, 0, sizeof(*m));
	m->recalled = true;
	warp_init(&m->warp, t->data.n, t->y);
	gp_rows_init(&r, m, s, t);
	if (r.nok > 0 && gp_model_theta(m, s, 0, theta) > 0 &&
	    (m->noisy || m->several != NULL))
		status = gp_model_fit(m, s, t, &r, &ignored);
	if (!m->noisy)	/* several objectives tell when they are fitted */
		status = -1;
	if (status == 0)
		remember_best(m, s, t, &r);
	gp_rows_release(&r);
	free(theta);
	return status;
}

void
gp_model_release(struct gp_model *m)
{
	gp_free(m->gp);
	gp_free(m->ok);
	several_free(m->several);
	warp_release(&m->warp);
	free(m->spare);
	free(m->top);
}
