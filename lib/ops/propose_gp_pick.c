/* propose_gp_pick: which point, and why.  See propose_gp.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "contract/objective.h"
#include "contract/point.h"
#include "model/acquire.h"
#include "ops/propose_branch.h"
#include "ops/propose_descent.h"
#include "ops/propose_feasible.h"
#include "ops/propose_gp.h"
#include "ops/propose_rows.h"

#define LOCAL_POINTS 200
#define AGAIN_LOSS 0.05
#define MANY_PENDING 4
#define STARTS_GLOBAL 4
#define STARTS_LOCAL 2
#define LIKELY 0.5	/* no step to where it fails sooner than not */

/* A step away from one of the best points, or the branch's best: each
 * coordinate with probability max(2/d, U), by 10^U(-3,-1/2) of its range. */
static void
nearby(const struct gp_model *m, const struct search *s, struct rng *rng,
    double *point)
{
	size_t n = s->space->n, i;
	const double *from = s->branch != NULL ? s->branch->point :
	    m->top + rng_below(rng, (uint32_t)m->ntop) * n;
	double step = pow(10, -3 + 2.5 * rng_uniform(rng));
	double chance = rng_uniform(rng), least = 2 / (double)n, u, v;

	chance = chance > least ? chance : least;
	for (i = 0; i < n; i++) {
		const struct param *p = &s->space->param[i];
		const struct range *box = &s->box[i];

		point[i] = isnan(from[i]) ? m->spare[i] : from[i];
		u = rng_uniform(rng);
		v = rng_uniform(rng);
		if (u >= chance)
			continue;
		if (p->type == PARAM_FLOAT)
			point[i] = rows_value(p, box, rows_coordinate(p,
			    point[i]) + step * (2 * v - 1));
		else if (p->type == PARAM_INT)
			point[i] += round((2 * v - 1) * (1 + step *
			    (box->hi - box->lo)));
		else
			point[i] = box->lo + floor(v * (box->hi - box->lo +
			    1));
		point[i] = point[i] < box->lo ? box->lo : point[i] >
		    box->hi ? box->hi : point[i];
	}
	point_deactivate(s->space, point);
	feasible_repair(s, point);
}

static void
add_local(const struct gp_model *m, struct search *s, struct rng *rng,
    const struct worth *w)
{
	double *point = xcalloc(s->space->n, sizeof(*point));
	int i;

	for (i = 0; i < LOCAL_POINTS && m->ntop > 0; i++) {
		nearby(m, s, rng, point);
		if (worth_allowed(w, point))
			points_add(&s->found, point);
	}
	free(point);
}

static size_t
argmax(const double *v, size_t from, size_t to)
{
	size_t i, best = from;

	for (i = from + 1; i < to; i++)
		if (v[i] > v[best])
			best = i;
	return best;
}

struct favourite {
	double *point, value;
};

static void
take_if_better(struct favourite *b, const double *point, double value, size_t n)
{
	if (!(value > b->value))
		return;
	memcpy(b->point, point, n * sizeof(*point));
	b->value = value;
}

/* Refine the best few of v[from..to). */
static void
refine_best(const struct worth *w, struct rng *rng, double *v,
    const size_t range[2], struct favourite *best)
{
	const struct search *s = w->search;
	size_t n = s->space->n, at;
	int starts = range[0] == 0 ? STARTS_GLOBAL : STARTS_LOCAL;
	double *point = xcalloc(n, sizeof(*point)), value;

	for (; starts > 0 && range[0] < range[1]; starts--) {
		at = argmax(v, range[0], range[1]);
		if (v[at] == -INFINITY)
			break;
		memcpy(point, points_at(&s->found, at), n * sizeof(*point));
		value = v[at];
		v[at] = -INFINITY;
		refine(w, rng, point, &value);
		take_if_better(best, point, value, n);
	}
	free(point);
}

/* A search on the floats ends beside a point whose value it would improve
 * by trying it again; that adds to what is known of it, a neighbour spreads
 * it.  log EI within AGAIN_LOSS of the best will do. */
static void
try_again(const struct gp_model *m, const struct worth *w,
    struct favourite *best)
{
	size_t n = w->search->space->n, i, at;
	double *v;

	if (m->nagain == 0 || w->explore || w->search->branch != NULL)
		return;
	v = xcalloc(m->nagain, sizeof(*v));
	worth_points(w, m->nagain, m->top, v);
	for (i = 0; i < m->nagain; i++)
		if (!search_within(w->search, m->top + i * n))
			v[i] = -INFINITY;
	at = argmax(v, 0, m->nagain);
	if (v[at] >= best->value - AGAIN_LOSS) {
		memcpy(best->point, m->top + at * n,
		    n * sizeof(*best->point));
		best->value = v[at];
	}
	free(v);
}

/* What the model says of the pick. */
void
gp_model_foretell(struct gp_model *m, const struct search *s,
    const double *point)
{
	double *row = xcalloc(s->space->n, sizeof(*row)), mean, sd;

	rows_encode(s->space, point, row);
	if (m->several != NULL) {
		several_foretell(m->several, row, &m->mean, &m->sd);
	} else {
		gp_predict(m->gp, 1, row, &mean, &sd);
		warp_predict(&m->warp, mean, sd, &m->mean, &m->sd);
	}
	m->ok_probability = NAN;
	if (m->ok != NULL) {
		gp_predict(m->ok, 1, row, &mean, &sd);
		m->ok_probability = exp(acquire_log_cdf(mean / sd, NULL));
	}
	free(row);
}

/* Of many trials at once every second one explores: the values that are to
 * come will move what is expected of the others.  The parity of the trial
 * decides, for a pool of workers keeps the number of pending ones. */
static bool
explores(const struct search *s)
{
	return s->branch == NULL && s->state->npend >= MANY_PENDING &&
	    s->trial_id % 2 == 0 && (s->config->acquisition == ACQ_AUTO ||
	    s->config->acquisition == ACQ_EI);
}

static struct worth
worth_of(const struct gp_model *m, const struct search *s)
{
	return (struct worth){ .search = s, .gp = m->gp, .ok = m->ok,
	    .several = m->several, .best = m->threshold,
	    .acquisition = s->config->acquisition,
	    .caution = m->caution, .xi = s->config->xi,
	    .kappa = s->config->kappa, .spare = m->spare };
}

/* In another branch improvement is over the best trial there. */
static void
set_branch_threshold(struct gp_model *m, const struct search *s)
{
	const struct objectives *o = s->state->objectives;
	double *row, sd, sign;

	if (m->several != NULL) {
		sign = objectives_minimize_scalar(o) ? 1 : -1;
		m->several->scalar.best = sign * objectives_scalar(o,
		    s->branch->y);
		return;
	}
	row = xcalloc(s->space->n, sizeof(*row));
	rows_encode(s->space, s->branch->point, row);
	gp_predict(m->gp, 1, row, &m->threshold, &sd);
	free(row);
}

/* A branch that has no point left is none. */
static void
enter_branch(struct gp_model *m, struct search *s)
{
	size_t i = 0;

	if (s->branch == NULL)
		return;
	while (i < s->found.n && !branch_same(s->space, s->branch->point,
	    points_at(&s->found, i)))
		i++;
	if (i < s->found.n)
		set_branch_threshold(m, s);
	else
		s->branch = NULL;
}

/* Points of other branches are worth nothing. */
static void
keep_branch(const struct search *s, double *v)
{
	size_t i;

	for (i = 0; i < s->found.n && s->branch != NULL; i++)
		if (!branch_same(s->space, s->branch->point,
		    points_at(&s->found, i)))
			v[i] = -INFINITY;
}

bool
gp_model_descend(struct gp_model *m, const struct search *s,
    const struct teach *t, double *point)
{
	struct worth w = worth_of(m, s);

	if (s->descent == NULL || m->noisy || (gp_model_noisy(m) &&
	    descent_scatters(s, t, &m->warp, sqrt(gp_noise(m->gp)))) ||
	    !descent_step(s, t, m->gp, point))
		return false;
	gp_model_foretell(m, s, point);
	if (m->ok_probability < LIKELY)
		return false;
	worth_points(&w, 1, point, &m->score);
	m->descent = true;
	return true;
}

void
gp_model_pick(struct gp_model *m, struct search *s, double *point)
{
	struct worth w;
	struct favourite best = { point, -INFINITY };
	size_t range[2] = { 0, s->found.n }, n = s->space->n, i;
	struct rng rng;
	double *v;

	enter_branch(m, s);
	w = worth_of(m, s);
	w.explore = m->explored = explores(s) && (m->several == NULL ||
	    m->several->goal == GOAL_SCALAR);
	if (m->several != NULL)
		m->several->explore = m->explored;
	rng_init(&rng, s->seed, (uint64_t)s->trial_id, RNG_LOCAL);
	add_local(m, s, &rng, &w);
	m->scored = s->found.n;
	v = xcalloc(m->scored, sizeof(*v));
	worth_points(&w, m->scored, s->found.value, v);
	keep_branch(s, v);
	i = argmax(v, 0, m->scored);
	memcpy(point, points_at(&s->found, i), n * sizeof(*point));
	best.value = v[i];
	refine_best(&w, &rng, v, range, &best);
	range[0] = range[1];
	range[1] = m->scored;
	refine_best(&w, &rng, v, range, &best);
	m->score = best.value;
	try_again(m, &w, &best);
	gp_model_foretell(m, s, point);
	free(v);
}

void
gp_model_explain(const struct gp_model *m, const struct search *s,
    struct jw *w)
{
	size_t i;

	JW_KEY(w, "failures_used", int, (int64_t)m->failures);
	JW_KEY(w, "fit", text, m->refitted ? "new" : "kept");
	if (!isnan(m->ok_probability))
		JW_KEY(w, "probability_ok", real, m->ok_probability);
	if (m->ok != NULL)
		JW_KEY(w, "failure_weight", real, m->caution);
	if (m->explored)
		JW_KEY(w, "exploration", bool, true);
	if (m->several != NULL) {
		several_explain(m->several, w);
		return;
	}
	JW_KEY(w, "noise_variance", real, gp_noise(m->gp));
	JW_KEY(w, "signal_variance", real, gp_scale(m->gp));
	JW_KEY(w, "threshold_warped", real, m->threshold);
	jw_key(w, "length_scales");
	jw_object(w);
	for (i = 0; i < s->space->n; i++)
		JW_KEY(w, s->space->param[i].name, real,
		    1 / sqrt(gp_weight(m->gp, i)));
	jw_end(w);
}
