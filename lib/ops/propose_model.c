/* propose_model: what the observations say.  See propose_model.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "campaign/order.h"
#include "contract/encode.h"
#include "contract/objective.h"
#include "ops/propose_model.h"

static void
learn(struct teach *t, const struct search *s, const struct observation *o)
{
	size_t row = t->data.n;
	double y;

	if (o->status != TRIAL_OK || !o->usable)
		return;
	y = t->sign * objectives_scalar(s->state->objectives, o->y);
	if (!isfinite(y))
		return;
	encode_point(s->space, o->point, t->x + row * t->data.d);
	t->y[row] = y;
	if (row == 0 || y < t->best) {
		t->best = y;
		t->best_id = o->id;
	}
	t->data.n++;
}

static void
learn_observed(struct teach *t, const struct search *s)
{
	const struct state *state = s->state;
	const struct observation **order = order_observed(state);
	size_t i;

	for (i = 0; i < state->nobs; i++)
		learn(t, s, order[i]);
	free(order);
}

static void
learn_pending(struct teach *t, const struct search *s)
{
	const struct state *state = s->state;
	const struct pending **order = order_pending(state);
	size_t i;

	for (i = 0; i < state->npend; i++)
		if (order[i]->usable)
			encode_point(s->space, order[i]->point, t->pending +
			    t->data.npending++ * t->data.d);
	free(order);
}

void
teach_init(struct teach *t, const struct search *s)
{
	const struct state *state = s->state;
	size_t d = encode_dim(s->space);

	memset(t, 0, sizeof(*t));
	t->sign = objectives_minimize_scalar(state->objectives) ? 1 : -1;
	t->x = xcalloc(state->nobs, d * sizeof(*t->x));
	t->y = xcalloc(state->nobs, sizeof(*t->y));
	t->pending = xcalloc(state->npend, d * sizeof(*t->pending));
	t->data.d = d;
	learn_observed(t, s);
	learn_pending(t, s);
	t->data.x = t->x;
	t->data.y = t->y;
	t->data.pending = t->pending;
}

void
teach_release(struct teach *t)
{
	free(t->x);
	free(t->y);
	free(t->pending);
}

/* Fit the surrogate of that name.  Where that fails the reason is kept,
 * unless there is one already. */
static void
try_surrogate(struct fitted *f, const char *name, const struct teach *t,
    const struct config *config)
{
	struct surrogate_options options = { config->length_scale };
	const struct surrogate *surrogate = surrogate_find(name);
	struct err err;
	char *reason;

	if (surrogate == NULL) {
		reason = xasprintf("%s_not_available", name);
	} else {
		f->model = surrogate->fit(&t->data, &options, &err);
		if (f->model != NULL) {
			f->surrogate = surrogate;
			return;
		}
		reason = xasprintf("%s_fit_failed: %s", name, err.text);
	}
	if (f->fallback_reason == NULL)
		f->fallback_reason = reason;
	else
		free(reason);
}

void
fitted_init(struct fitted *f, const struct teach *t,
    const struct config *config, enum surrogate_type type, char *why)
{
	const char *name = surrogate_name(type);
	const char *proxy = surrogate_name(SURROGATE_RBF_PROXY);

	memset(f, 0, sizeof(*f));
	f->fallback_reason = why;
	try_surrogate(f, name, t, config);
	if (f->surrogate == NULL && config->fallback_to_proxy &&
	    strcmp(name, proxy) != 0)
		try_surrogate(f, proxy, t, config);
}

void
fitted_release(struct fitted *f)
{
	if (f->surrogate != NULL)
		f->surrogate->free(f->model);
	free(f->fallback_reason);
}

enum acquisition_type
pick_acquisition(const struct config *config)
{
	if (config->acquisition == ACQ_EI_PROXY ||
	    config->acquisition == ACQ_UCB)
		return config->acquisition;
	return ACQ_EI;
}

static double
score_of(enum acquisition_type type, const struct acquire *a, double mean,
    double sd)
{
	if (type == ACQ_EI_PROXY)
		return acquire_ei_proxy(a, mean, sd);
	if (type == ACQ_UCB)
		return acquire_ucb(a, mean, sd);
	return acquire_ei(a, mean, sd);
}

/* Where scores are equal (no improvement in sight anywhere), the smaller
 * mean, then the larger deviation, then the one drawn first. */
static bool
better(const struct pick *a, const struct pick *b)
{
	if (a->score != b->score)
		return a->score > b->score;
	if (a->mean != b->mean)
		return a->mean < b->mean;
	return a->sd > b->sd;
}

struct pick
pick_best(const struct search *s, const struct teach *t,
    const struct fitted *f)
{
	struct acquire a = { t->best, s->config->xi, s->config->kappa };
	struct pick best, p = { 0 };
	size_t m = s->found.n, d = t->data.d, i;
	double *x = xcalloc(m, d * sizeof(*x));
	double *mean = xcalloc(m, sizeof(*mean));
	double *sd = xcalloc(m, sizeof(*sd));

	for (i = 0; i < m; i++)
		encode_point(s->space, points_at(&s->found, i), x + i * d);
	f->surrogate->predict(f->model, m, x, mean, sd);
	p.acquisition = pick_acquisition(s->config);
	best = p;
	for (i = 0; i < m; i++) {
		p.index = i;
		p.mean = mean[i];
		p.sd = sd[i];
		p.score = score_of(p.acquisition, &a, mean[i], sd[i]);
		if (i == 0 || better(&p, &best))
			best = p;
	}
	best.mean *= t->sign;
	free(x);
	free(mean);
	free(sd);
	return best;
}
