/* propose_importance: how much each parameter matters.  See the header. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "campaign/order.h"
#include "contract/encode.h"
#include "contract/objective.h"
#include "contract/point.h"
#include "model/gp.h"
#include "model/importance.h"
#include "model/warp.h"
#include "ops/propose_importance.h"
#include "ops/propose_rows.h"

/* Before the farthest are sought. */
#define CROWD 600
#define POINTS 512
#define ITERATIONS 20

struct lesson {
	const struct campaign *c;
	const struct observation **obs;	/* ok ones, then those that teach */
	size_t n, d;
	struct gp_dim *dim;
	struct range *box;
	double *x, *y;
	struct warp warp;
	struct gp *gp;
	double *point, *row;	/* of one prediction */
};

/* What is smaller is better. */
static double
value_of(const struct lesson *l, const struct observation *o)
{
	const struct objectives *objectives = l->c->c.objectives;
	double y = objectives_scalar(objectives, o->y);

	return objectives_minimize_scalar(objectives) ? y : -y;
}

static void
gather(struct lesson *l)
{
	const struct state *s = l->c->state;
	size_t i;

	l->obs = xcalloc(s->nobs, sizeof(*l->obs));
	for (i = 0; i < s->nobs; i++)
		if (s->obs[i].usable && s->obs[i].scored &&
		    isfinite(value_of(l, &s->obs[i])))
			l->obs[l->n++] = &s->obs[i];
	order_by_id(l->obs, l->n);
}

static void
swap(struct lesson *l, size_t i, size_t j)
{
	const struct observation *o = l->obs[i];

	l->obs[i] = l->obs[j];
	l->obs[j] = o;
}

static void
best_first(struct lesson *l)
{
	size_t i, best = 0;

	for (i = 1; i < l->n; i++)
		if (value_of(l, l->obs[i]) < value_of(l, l->obs[best]))
			best = i;
	swap(l, 0, best);
}

/* Evenly over the trials; the first stays. */
static void
thin(struct lesson *l, size_t most)
{
	size_t i;

	if (l->n <= most)
		return;
	for (i = 0; i < most; i++)
		l->obs[i] = l->obs[i * l->n / most];
	l->n = most;
}

static double
distance(const struct lesson *l, const double *a, const double *b)
{
	double sum = 0;
	size_t j;

	for (j = 0; j < l->d; j++)
		sum += gp_distance(&l->dim[j], a[j], b[j]);
	return sum;
}

static void
encode(const struct lesson *l, double *x)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		rows_encode(l->c->c.space, l->obs[i]->point, x + i * l->d);
}

/* The farthest from those taken becomes number k. */
static void
take_farthest(struct lesson *l, double *x, double *near, size_t k)
{
	size_t i, j, far = k;
	double v;

	for (i = k; i < l->n; i++) {
		v = distance(l, x + i * l->d, x + (k - 1) * l->d);
		near[i] = v < near[i] ? v : near[i];
		if (near[i] > near[far])
			far = i;
	}
	swap(l, k, far);
	for (j = 0; j < l->d; j++) {
		v = x[k * l->d + j];
		x[k * l->d + j] = x[far * l->d + j];
		x[far * l->d + j] = v;
	}
	near[far] = near[k];
}

static void
spread(struct lesson *l, size_t most)
{
	double *x, *near;
	size_t i;

	if (l->n <= most)
		return;
	x = xcalloc(l->n, l->d * sizeof(*x));
	near = xcalloc(l->n, sizeof(*near));
	encode(l, x);
	for (i = 0; i < l->n; i++)
		near[i] = INFINITY;
	for (i = 1; i < most; i++)
		take_farthest(l, x, near, i);
	l->n = most;
	free(x);
	free(near);
}

static void
lesson_init(struct lesson *l, const struct campaign *c)
{
	memset(l, 0, sizeof(*l));
	l->c = c;
	l->d = c->c.space->n;
	l->dim = xcalloc(l->d, sizeof(*l->dim));
	l->box = xcalloc(l->d, sizeof(*l->box));
	l->point = xcalloc(l->d, sizeof(*l->point));
	l->row = xcalloc(l->d, sizeof(*l->row));
	rows_dims(c->c.space, l->dim);
	constraints_box(c->c.constraints, c->c.space, l->box);
	gather(l);
}

static void
lesson_release(struct lesson *l)
{
	gp_free(l->gp);
	warp_release(&l->warp);
	free(l->obs);
	free(l->dim);
	free(l->box);
	free(l->x);
	free(l->y);
	free(l->point);
	free(l->row);
}

static int
fit(struct lesson *l, struct err *err)
{
	const struct config *config = l->c->c.config;
	struct gp_data data = { .n = l->n, .d = l->d, .dim = l->dim };
	struct gp_options o = { .default_start = true,
	    .iterations = ITERATIONS };
	size_t i;

	o.noise_floor = config->noise == 0 ? 1e-8 : 1e-6;
	o.noise_rule = config->noise == 0 ? GP_NOISE_NONE :
	    config->noise > 0 ? GP_NOISE_FREE : GP_NOISE_JUDGED;
	l->x = xcalloc(l->n, l->d * sizeof(*l->x));
	l->y = xcalloc(l->n, sizeof(*l->y));
	encode(l, l->x);
	for (i = 0; i < l->n; i++)
		l->y[i] = value_of(l, l->obs[i]);
	warp_init(&l->warp, l->n, l->y);
	warp_apply(&l->warp, l->n, l->y, l->y);
	data.x = l->x;
	data.y = l->y;
	l->gp = gp_fit(&data, &o, err);
	return l->gp != NULL ? 0 : -1;
}

/* The objective at points of the sampling cube. */
static void
predict(void *arg, size_t m, const double *u, double *value)
{
	struct lesson *l = arg;
	const struct space *space = l->c->c.space;
	size_t i;

	for (i = 0; i < m; i++) {
		encode_sample(space, l->box, u + i * l->d, l->point);
		point_deactivate(space, l->point);
		rows_encode(space, l->point, l->row);
		gp_predict_mean(l->gp, 1, l->row, &value[i]);
		value[i] = warp_inverse(&l->warp, value[i]);
	}
}

void
param_importance_init(struct param_importance *out,
    const struct campaign *c)
{
	struct lesson l;
	struct err err;

	memset(out, 0, sizeof(*out));
	lesson_init(&l, c);
	out->known = l.n;
	if (l.n < IMPORTANCE_LEAST) {
		out->why = xasprintf("there are %zu ok trials to learn from, "
		    "and importance takes %d", l.n, IMPORTANCE_LEAST);
		lesson_release(&l);
		return;
	}
	best_first(&l);
	thin(&l, CROWD);
	spread(&l, IMPORTANCE_ROWS);
	out->rows = l.n;
	out->first = xcalloc(l.d, sizeof(*out->first));
	out->total = xcalloc(l.d, sizeof(*out->total));
	if (fit(&l, &err) != 0)
		out->why = xasprintf("no model could be fitted: %s", err.text);
	else if (importance_sobol(l.d, POINTS, predict, &l, out->first,
	    out->total) != 0)
		out->why = xstrdup("the objective does not vary");
	else
		out->n = l.d;
	lesson_release(&l);
}

void
param_importance_release(struct param_importance *i)
{
	free(i->first);
	free(i->total);
	free(i->why);
	memset(i, 0, sizeof(*i));
}
