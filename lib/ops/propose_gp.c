/* propose_gp: fit and memory.  See propose_gp.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "campaign/order.h"
#include "contract/objective.h"
#include "ops/propose_cluster.h"
#include "ops/propose_gp.h"
#include "ops/propose_local.h"
#include "ops/propose_replicas.h"
#include "ops/propose_rows.h"
#include "store/json.h"

/* Rows that the model learns from, those that failed behind the others, in
 * the order of their trials. */
struct rows {
	const struct observation **obs;
	size_t n, nok;
	const struct several *several;	/* or NULL */
	size_t objective;	/* whose values y are; 0 if there is one */
	double *x, *y, *label;
	struct gp_dim *dim;
	const struct warp *warp;	/* of one objective */
	struct replicas replicas;
	double *count;		/* of each row; scatter as in gp.h */
	double scatter, repeats;
};

/* Beyond so many rows only some are used: the best, those near the best,
 * and others spread over the trials. */
#define ACTIVE_MAX 500
#define ACTIVE_BEST 150
#define ACTIVE_NEAR 250
/* Less noise than this part of the variance does not matter. */
#define NOISY 1e-4
/* Under noise so many of the best points may be tried again. */
#define AGAIN_MAX 100

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
		if (state->obs[i].usable && (failure[state->obs[i].status] ||
		    valued(s, &state->obs[i])))
			r->obs[r->n++] = &state->obs[i];
	order_by_id(r->obs, r->n);
}

static double
signed_value(const struct search *s, const struct teach *t,
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
	return warp_forward(r->warp, signed_value(s, t, o));
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

/* The values of r->objective. */
static void
fill_values(struct rows *r, const struct search *s, const struct teach *t)
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

static void
rows_release(struct rows *r)
{
	free(r->obs);
	free(r->x);
	free(r->y);
	free(r->label);
	free(r->dim);
	free(r->count);
	replicas_release(&r->replicas);
}

/* ------------------------------------------------------- active subset */

static double
distance(const struct search *s, const double *a, const double *b)
{
	double sum = 0, u, v;
	size_t i;
	struct gp_dim dim;

	for (i = 0; i < s->space->n; i++) {
		dim.categorical = s->space->param[i].type == PARAM_BOOL ||
		    s->space->param[i].type == PARAM_CATEGORICAL;
		dim.conditional = s->space->param[i].nwhen > 0;
		u = rows_coordinate(&s->space->param[i], a[i]);
		v = rows_coordinate(&s->space->param[i], b[i]);
		sum += gp_distance(&dim, u, v);
	}
	return sum;
}

static double
rank_value(const struct rows *r, const struct search *s,
    const struct teach *t, const struct observation *o)
{
	double k = (double)replicas_count(&r->replicas, o), sum = 0;

	if (o->status != TRIAL_OK)
		return INFINITY;
	if (several_explores(s))
		return (double)several_rank(s, o);
	for (; o != NULL; o = replicas_next(&r->replicas, o))
		sum += signed_value(s, t, o) / k;
	return sum;
}

/* Keep ACTIVE_MAX of the rows. */
static void
thin(struct rows *r, const struct search *s, const struct teach *t)
{
	struct ranked *k = xcalloc(r->n, sizeof(*k));
	size_t i, step, kept = ACTIVE_BEST + ACTIVE_NEAR;

	for (i = 0; i < r->n; i++) {
		k[i].o = r->obs[i];
		k[i].key = rank_value(r, s, t, r->obs[i]);
	}
	order_by_key(k, r->n);
	for (i = ACTIVE_BEST; i < r->n; i++)
		k[i].key = distance(s, k[i].o->point, k[0].o->point);
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

/* Keep the rows nearest to the incumbent, and the values' shape there. */
static void
keep_near(struct rows *r, struct gp_model *m, const struct search *s,
    const struct teach *t)
{
	struct ranked *k = xcalloc(r->n, sizeof(*k));
	double *y = xcalloc(r->n, sizeof(*y));
	size_t i, n = 0;

	for (i = 0; i < r->n; i++) {
		k[i].o = r->obs[i];
		k[i].key = distance(s, k[i].o->point, s->local->point);
	}
	order_by_key(k, r->n);
	if (r->n > local_rows(s))
		r->n = local_rows(s);
	for (i = 0; i < r->n; i++) {
		r->obs[i] = k[i].o;
		if (k[i].o->status == TRIAL_OK)
			y[n++] = signed_value(s, t, k[i].o);
	}
	order_by_id(r->obs, r->n);
	warp_release(&m->warp);
	warp_init(&m->warp, n, y);
	free(y);
	free(k);
}

/* --------------------------------------------------------------- memory */

static jv
theta_list(const struct gp *gp, size_t d)
{
	const double *theta = gp_theta(gp);
	jv list = jv_array();
	size_t i;

	for (i = 0; i < d + 2; i++)
		list = jv_array_append(list, jv_number(theta[i]));
	return list;
}

/* Of several objectives: whose theta it is, and that of the others. */
static jv
remember_others(jv doc, const struct several *v)
{
	const struct objective *o = v->search->state->objectives->objective;
	jv names = jv_array(), thetas = jv_array();
	size_t j;

	for (j = 0; j < v->k; j++)
		names = jv_array_append(names, jv_string(o[j].name));
	for (j = 1; j < v->k; j++)
		thetas = jv_array_append(thetas, theta_list(v->gp[j],
		    v->search->space->n));
	doc = jv_object_set(doc, jv_string("objectives"), names);
	return jv_object_set(doc, jv_string("thetas"), thetas);
}

jv
gp_model_memory(const struct gp_model *m, const struct search *s)
{
	jv doc = jv_object(), names = jv_array();
	size_t i;

	for (i = 0; i < s->space->n; i++)
		names = jv_array_append(names,
		    jv_string(s->space->param[i].name));
	doc = jv_object_set(doc, jv_string("n"), jv_number((double)m->n));
	doc = jv_object_set(doc, jv_string("theta"), theta_list(m->gp,
	    s->space->n));
	doc = jv_object_set(doc, jv_string("params"), names);
	return m->several != NULL ? remember_others(doc, m->several) : doc;
}

static bool
same_names(const struct json *names, const struct space *space)
{
	struct json name;
	struct err ignored;
	const char *text;
	size_t i;
	int n;

	if (json_array(names, &n, &ignored) != 0 || (size_t)n != space->n)
		return false;
	for (i = 0; i < space->n; i++) {
		name = json_element(names, (int)i);
		if (json_text(&name, &text, &ignored) != 0 ||
		    strcmp(text, space->param[i].name) != 0)
			return false;
	}
	return true;
}

/* Is what is remembered of these objectives, or of one number? */
static bool
same_objectives(const struct json *names, const struct several *v)
{
	const struct objectives *o;
	struct json name;
	struct err ignored;
	const char *text;
	size_t j;
	int n;

	if (v == NULL)
		return !json_present(names);
	if (json_array(names, &n, &ignored) != 0 || (size_t)n != v->k)
		return false;
	o = v->search->state->objectives;
	for (j = 0; j < v->k; j++) {
		name = json_element(names, (int)j);
		if (json_text(&name, &text, &ignored) != 0 ||
		    strcmp(text, o->objective[j].name) != 0)
			return false;
	}
	return true;
}

/* Where the last fit of that objective ended, if it was of this space; n is
 * 0 if not. */
static size_t
recall(const struct gp_model *m, const struct search *s, size_t objective,
    double *theta)
{
	struct json meta = json_root(s->state->meta, "meta");
	struct json model = json_member(&meta, "model");
	struct json list = json_member(&model, "theta"), one;
	struct json lists = json_member(&model, "thetas");
	struct json names = json_member(&model, "params");
	struct json objectives = json_member(&model, "objectives");
	double n = trial_real(&model, "n");
	struct err ignored;
	size_t i;
	int len;

	if (!(n >= 1) || !same_names(&names, s->space) ||
	    !same_objectives(&objectives, m->several))
		return 0;
	if (objective > 0) {
		if (json_array(&lists, &len, &ignored) != 0 ||
		    (size_t)len < objective)
			return 0;
		list = json_element(&lists, (int)objective - 1);
	}
	if (json_array(&list, &len, &ignored) != 0 ||
	    (size_t)len != s->space->n + 2)
		return 0;
	for (i = 0; i < s->space->n + 2; i++) {
		one = json_element(&list, (int)i);
		if (json_real(&one, &theta[i], &ignored) != 0)
			return 0;
	}
	return (size_t)n;
}

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

/* ------------------------------------------------------------------ fit */

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
	size_t last = recall(m, s, r->objective, theta);
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

/* How likely is failure?  From labels, when at least two trials failed. */
static void
fit_labels(struct gp_model *m, const struct search *s,
    const struct rows *r)
{
	struct gp_data data = { .n = r->n, .d = s->space->n, .dim = r->dim,
	    .x = r->x, .y = r->label };
	struct gp_options o = { .noise_floor = 1e-4, .default_start = true,
	    .iterations = 15 };
	struct err ignored;

	if (r->n - r->nok >= 2)
		m->ok = gp_fit(&data, &o, &ignored);
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
condition(struct gp_model *m, const struct search *s)
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

/* Is it said, or seen where a point was tried again, that values scatter? */
static bool
scatters(const struct search *s, const struct rows *r)
{
	if (s->config->noise >= 0)
		return s->config->noise > 0;
	return r->scatter >= NOISY * r->repeats && r->scatter > 0;
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
		fill_values(r, s, t);
		m->noisy = m->noisy || scatters(s, r);
		v->gp[j] = fit_values(m, s, r, all, err);
		if (j == 0)
			m->gp = v->gp[0];
		if (v->gp[j] == NULL)
			return -1;
	}
	for (j = 0; j < v->k; j++) {
		r->objective = j;
		fill_values(r, s, t);
		several_observed(v, j, r->nok, r->x, m->noisy ? NULL : r->y);
	}
	return 0;
}

/* The best observed value; under noise the best posterior mean. */
static void
set_threshold(struct gp_model *m, const struct rows *r)
{
	double *mean = xcalloc(r->n, sizeof(*mean));
	double *sd = xcalloc(r->n, sizeof(*sd));
	bool noisy = m->noisy || gp_noise(m->gp) >= NOISY * gp_scale(m->gp);
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

/* Rows from the best to the worst: by value, under noise by posterior mean
 * if that is of one number; failed ones last. */
static struct ranked *
ranking(const struct gp_model *m, const struct search *s,
    const struct teach *t, const struct rows *r)
{
	struct ranked *k = xcalloc(r->n, sizeof(*k));
	double *mean = xcalloc(r->n, sizeof(*mean));
	double *sd = xcalloc(r->n, sizeof(*sd));
	bool by_mean = m->noisy && m->several == NULL;
	size_t i;

	if (by_mean)
		gp_predict(m->gp, r->nok, r->x, mean, sd);
	for (i = 0; i < r->n; i++) {
		k[i].o = r->obs[i];
		k[i].key = by_mean && i < r->nok ? mean[i] :
		    rank_value(r, s, t, r->obs[i]);
	}
	order_by_key(k, r->n);
	free(mean);
	free(sd);
	return k;
}

/* The best points, and a value for each parameter that may wake up. */
static void
remember_best(struct gp_model *m, const struct search *s,
    const struct teach *t, const struct rows *r)
{
	size_t n = s->space->n, i, p;
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
	for (p = 0; p < n; p++) {
		const struct range *box = &s->box[p];

		m->spare[p] = s->space->param[p].type == PARAM_FLOAT ?
		    rows_value(&s->space->param[p], box, 0.5) :
		    floor((box->lo + box->hi) / 2);
		for (i = r->n; i-- > 0; )
			if (!isnan(k[i].o->point[p]) &&
			    k[i].o->point[p] >= box->lo &&
			    k[i].o->point[p] <= box->hi)
				m->spare[p] = k[i].o->point[p];
	}
	free(k);
}

static void
rows_init(struct rows *r, struct gp_model *m, const struct search *s,
    const struct teach *t)
{
	memset(r, 0, sizeof(*r));
	gather(r, s);
	m->n = r->n;
	r->several = m->several = several_new(s, r->obs, r->n);
	r->warp = &m->warp;
	r->n = replicas_merge(&r->replicas, s, r->obs, r->n);
	if (s->local != NULL)
		keep_near(r, m, s, t);
	else if (r->n > ACTIVE_MAX)
		thin(r, s, t);
	part(r);
	fill_rows(r, s);
	m->failures = r->n - r->nok;
	if (m->several != NULL)
		return;
	fill_values(r, s, t);
	m->noisy = scatters(s, r);
}

int
gp_model_init(struct gp_model *m, const struct search *s,
    const struct teach *t, struct err *err)
{
	struct rows r;
	int status;

	memset(m, 0, sizeof(*m));
	warp_init(&m->warp, t->data.n, t->y);
	rows_init(&r, m, s, t);
	m->rows = r.n;
	m->known = m->n;
	if (m->several != NULL)
		status = fit_several(m, s, t, &r, err);
	else
		status = (m->gp = fit_values(m, s, &r, m->n, err)) != NULL ?
		    0 : -1;
	if (status == 0) {
		fit_labels(m, s, &r);
		if (m->several == NULL)
			set_threshold(m, &r);
		condition_failures(m, s, &r);
		condition(m, s);
		if (m->several != NULL)
			several_ready(m->several);
		remember_best(m, s, t, &r);
	}
	rows_release(&r);
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
	rows_init(&r, m, s, t);
	if (m->noisy && r.nok > 0 && recall(m, s, 0, theta) > 0)
		status = (m->gp = fit_values(m, s, &r, m->n, &ignored)) !=
		    NULL ? 0 : -1;
	if (status == 0)
		remember_best(m, s, t, &r);
	rows_release(&r);
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
