/* propose_refine: candidates made better.  See propose_refine.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "contract/point.h"
#include "contract/when.h"
#include "model/acquire.h"
#include "model/lbfgs.h"
#include "ops/propose_boundary.h"
#include "ops/propose_branch.h"
#include "ops/propose_feasible.h"
#include "ops/propose_refine.h"
#include "ops/propose_rows.h"

#define ROUNDS 6
#define STEPS 50	/* of L-BFGS, a round */
#define ALL_LEVELS 16	/* ints of more levels are tried in part */
#define HALVINGS 20
#define LEAST_GAIN 1e-9

bool
worth_allowed(const struct worth *w, const double *point)
{
	const struct search *s = w->search;

	return (s->branch == NULL ||
	    branch_same(s->space, s->branch->point, point)) &&
	    feasible(s, point) &&
	    (s->replicates || !points_has(&s->taken, point));
}

/* log P(ok), held within what a probit of few labels can tell, weighed; and
 * its derivative by mean / sd. */
static double
log_ok(const struct worth *w, double mean, double sd, double *slope)
{
	double z = mean / sd, value;

	if (z < -4.7 || z > 4.7) {
		*slope = 0;
		z = z < 0 ? -4.7 : 4.7;
		return w->caution * acquire_log_cdf(z, NULL);
	}
	value = acquire_log_cdf(z, slope);
	*slope *= w->caution;
	return w->caution * value;
}

/* The deviation, at the price of ten times what even mean - sd/2 is above
 * the threshold. */
static double
exploration(const struct worth *w, double mean, double sd, double slope[2])
{
	double above = mean - sd / 2 - w->best;

	slope[0] = above > 0 ? -10 : 0;
	slope[1] = above > 0 ? 6 : 1;
	return sd - (above > 0 ? 10 * above : 0);
}

/* Acquisition of a prediction, and its derivatives by mean and sd. */
static double
acquisition(const struct worth *w, double mean, double sd, double slope[2])
{
	double gain = w->best - mean;

	if (w->explore)
		return exploration(w, mean, sd, slope);
	switch (w->acquisition) {
	case ACQ_UCB:
		slope[0] = -1;
		slope[1] = w->kappa;
		return w->kappa * sd - mean;
	case ACQ_EI_PROXY:
		slope[0] = gain > 0 ? -1 : 0;
		slope[1] = w->xi;
		return (gain > 0 ? gain : 0) + w->xi * sd;
	case ACQ_EI:
		return acquire_log_ei(mean, sd, w->best - w->xi, slope);
	default:
		return acquire_log_ei(mean, sd, w->best, slope);
	}
}

void
worth_points(const struct worth *w, size_t m, const double *points,
    double *value)
{
	const struct space *s = w->search->space;
	double *row = xcalloc(m, s->n * sizeof(*row)), slope[2];
	double *mean = xcalloc(m, sizeof(*mean));
	double *sd = xcalloc(m, sizeof(*sd));
	size_t i;

	for (i = 0; i < m; i++)
		rows_encode(s, points + i * s->n, row + i * s->n);
	if (w->several != NULL) {
		several_worth(w->several, m, row, value);
	} else {
		gp_predict(w->gp, m, row, mean, sd);
		for (i = 0; i < m; i++)
			value[i] = acquisition(w, mean[i], sd[i], slope);
	}
	if (w->ok != NULL) {
		gp_predict(w->ok, m, row, mean, sd);
		for (i = 0; i < m; i++)
			value[i] += log_ok(w, mean[i], sd[i], slope);
	}
	free(row);
	free(mean);
	free(sd);
}

/* ------------------------------------------------------------- floats */

struct floats {
	const struct worth *w;
	size_t n;
	size_t *param;		/* which are free */
	double *row;		/* the whole row */
	double *dmean, *dsd;
};

/* The acquisition at the row, and minus its gradient. */
static double
acquisition_there(struct floats *f, double *gradient)
{
	double mean, sd, value, slope[2];
	size_t i;

	if (f->w->several != NULL) {
		value = several_gradient(f->w->several, f->row, f->dmean);
		for (i = 0; i < f->n; i++)
			gradient[i] = -f->dmean[f->param[i]];
		return value;
	}
	gp_predict_gradient(f->w->gp, f->row, &mean, &sd, f->dmean, f->dsd);
	value = acquisition(f->w, mean, sd, slope);
	for (i = 0; i < f->n; i++)
		gradient[i] = -(slope[0] * f->dmean[f->param[i]] +
		    slope[1] * f->dsd[f->param[i]]);
	return value;
}

static double
minus_worth(void *arg, const double *u, double *gradient)
{
	struct floats *f = arg;
	double mean, sd, value, dz;
	size_t i;

	for (i = 0; i < f->n; i++)
		f->row[f->param[i]] = u[i];
	value = acquisition_there(f, gradient);
	if (f->w->ok == NULL)
		return -value;
	gp_predict_gradient(f->w->ok, f->row, &mean, &sd, f->dmean, f->dsd);
	value += log_ok(f->w, mean, sd, &dz);
	for (i = 0; i < f->n; i++)
		gradient[i] -= dz * (f->dmean[f->param[i]] / sd -
		    mean / (sd * sd) * f->dsd[f->param[i]]);
	return -value;
}

/* The active floats that may move, their coordinates and bounds. */
static void
floats_init(struct floats *f, const struct worth *w, const double *point,
    double *u)
{
	const struct search *s = w->search;
	size_t n = s->space->n, i;

	f->w = w;
	f->n = 0;
	f->param = xcalloc(n, sizeof(*f->param));
	f->row = xcalloc(n, sizeof(*f->row));
	f->dmean = xcalloc(n, sizeof(*f->dmean));
	f->dsd = xcalloc(n, sizeof(*f->dsd));
	rows_encode(s->space, point, f->row);
	for (i = 0; i < n; i++) {
		if (s->space->param[i].type != PARAM_FLOAT ||
		    isnan(point[i]) || !(s->box[i].lo < s->box[i].hi))
			continue;
		u[f->n] = f->row[i];
		u[n + f->n] = rows_coordinate(&s->space->param[i],
		    s->box[i].lo);
		u[2 * n + f->n] = rows_coordinate(&s->space->param[i],
		    s->box[i].hi);
		f->param[f->n++] = i;
	}
}

static void
floats_release(struct floats *f)
{
	free(f->param);
	free(f->row);
	free(f->dmean);
	free(f->dsd);
}

static void
point_at(const struct floats *f, const double *from, const double *u,
    double *point)
{
	const struct search *s = f->w->search;
	size_t i, p;

	memcpy(point, from, s->space->n * sizeof(*point));
	for (i = 0; i < f->n; i++) {
		p = f->param[i];
		point[p] = rows_value(&s->space->param[p], &s->box[p], u[i]);
	}
}

/* From start (feasible) towards end, as far as is allowed. */
static void
shorten(const struct floats *f, const double *from, const double *start,
    double *end, double *point)
{
	size_t i;
	int k;

	for (k = 0; k < HALVINGS; k++) {
		point_at(f, from, end, point);
		if (worth_allowed(f->w, point))
			return;
		for (i = 0; i < f->n; i++)
			end[i] = (start[i] + end[i]) / 2;
	}
	memcpy(point, from, f->w->search->space->n * sizeof(*point));
}

/* Keep the new point if it is worth more. */
static bool
keep_better(const struct worth *w, const double *new, double *point,
    double *value)
{
	double v;

	worth_points(w, 1, new, &v);
	if (!(v > *value + LEAST_GAIN))
		return false;
	memcpy(point, new, w->search->space->n * sizeof(*point));
	*value = v;
	return true;
}

static bool
move_floats(const struct worth *w, double *point, double *value)
{
	size_t n = w->search->space->n;
	double *u = xcalloc(6 * n, sizeof(*u)), *start = u + 3 * n;
	double *new = u + 4 * n, *from = u + 5 * n;
	struct lbfgs_problem p = { .value = minus_worth };
	struct lbfgs_limits limits = { .iterations = STEPS,
	    .gradient = 1e-4, .decrease = 1e-7 };
	struct boundary_problem within = { .f = &p, .from = from };
	struct floats f;
	bool better = false, inside;

	floats_init(&f, w, point, u);
	within.param = f.param;
	p.d = f.n;
	p.lo = u + n;
	p.hi = u + 2 * n;
	p.arg = &f;
	if (f.n > 0) {
		memcpy(start, u, f.n * sizeof(*start));
		lbfgs_minimize(&p, &limits, u);
		point_at(&f, point, u, new);
		inside = feasible(w->search, new);
		shorten(&f, point, start, u, new);
		if (!inside)
			memcpy(from, point, n * sizeof(*from));
		better = keep_better(w, new, point, value);
		/* the rules stopped it: along them from where it was */
		if (!inside && boundary_minimize(w->search, &within, start,
		    new) && worth_allowed(w, new))
			better |= keep_better(w, new, point, value);
	}
	floats_release(&f);
	free(u);
	return better;
}

/* ----------------------------------------------------------- discrete */

struct changes {
	double *point;		/* rows of space->n */
	size_t n, cap;
};

/* The point with one parameter changed; what wakes up by that gets its
 * spare value. */
static void
add_change(const struct worth *w, struct changes *c, const double *from,
    size_t param, double value)
{
	const struct space *s = w->search->space;
	double *point;
	size_t i;

	if (value == from[param] || value < w->search->box[param].lo ||
	    value > w->search->box[param].hi)
		return;
	c->point = xgrow(c->point, c->n, &c->cap, s->n * sizeof(*c->point));
	point = c->point + c->n * s->n;
	for (i = 0; i < s->n; i++)
		point[i] = isnan(from[i]) ? w->spare[i] : from[i];
	point[param] = value;
	point_deactivate(s, point);
	feasible_repair(w->search, point);
	if (worth_allowed(w, point))
		c->n++;
}

static void
add_changes_of(const struct worth *w, struct rng *rng, struct changes *c,
    const double *from, size_t i)
{
	const struct param *p = &w->search->space->param[i];
	const struct range *box = &w->search->box[i];
	double v;

	if (p->type == PARAM_FLOAT || isnan(from[i]))
		return;
	if (p->type != PARAM_INT || box->hi - box->lo < ALL_LEVELS) {
		for (v = box->lo; v <= box->hi; v++)
			add_change(w, c, from, i, v);
		return;
	}
	for (v = -2; v <= 2; v++)
		add_change(w, c, from, i, from[i] + v);
	/* steps over all scales, to both sides */
	for (v = 3; v < box->hi - box->lo; v = ceil(v * (1.5 +
	    rng_uniform(rng)))) {
		add_change(w, c, from, i, from[i] - v);
		add_change(w, c, from, i, from[i] + v);
	}
}

static bool
move_discrete(const struct worth *w, struct rng *rng, double *point,
    double *value)
{
	const struct space *s = w->search->space;
	struct changes c = { NULL, 0, 0 };
	double *v, best = *value + LEAST_GAIN;
	size_t i, at = 0;
	bool better = false;

	for (i = 0; i < s->n; i++)
		add_changes_of(w, rng, &c, point, i);
	v = xcalloc(c.n, sizeof(*v));
	if (c.n > 0)
		worth_points(w, c.n, c.point, v);
	for (i = 0; i < c.n; i++)
		if (v[i] > best) {
			best = v[i];
			at = i;
			better = true;
		}
	if (better) {
		memcpy(point, c.point + at * s->n, s->n * sizeof(*point));
		*value = best;
	}
	free(v);
	free(c.point);
	return better;
}

void
refine(const struct worth *w, struct rng *rng, double *point, double *value)
{
	int round;
	bool moved;

	for (round = 0; round < ROUNDS; round++) {
		moved = move_floats(w, point, value);
		if (move_discrete(w, rng, point, value))
			moved = true;
		if (!moved)
			break;
	}
}
