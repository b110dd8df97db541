/* propose_descent: quadratic steps down a valley.  See propose_descent.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "contract/objective.h"
#include "model/quadratic.h"
#include "ops/propose_boundary.h"
#include "ops/propose_descent.h"
#include "ops/propose_rows.h"

#define RADIUS_FIRST 0.1
#define RADIUS_MAX 0.4
#define RADIUS_MIN 1e-4
#define NEARLY 0.7	/* of the radius: the box has held the step back */
#define BESIDE 4e-4	/* in shares of the ranges */
#define SCATTERED 0.3	/* of noise; the best of many is off by more */
#define ROWS_MAX 200
#define STRETCH_MAX 4	/* ln of the most by which a scale counts */

/* A maximum of objectives has kinks where its minima are. */
static bool
suits(const struct search *s)
{
	size_t i;

	if (s->state->objectives->policy == POLICY_WEIGHTED_TCHEBYCHEFF)
		return false;
	for (i = 0; i < s->space->n; i++)
		if (s->space->param[i].type != PARAM_FLOAT ||
		    s->space->param[i].nwhen > 0)
			return false;
	return true;
}

void
descent_init(struct descent *d)
{
	d->turn = false;
	d->radius = RADIUS_FIRST;
}

static void
trust(struct descent *d, double far, bool better)
{
	if (!better)
		d->radius = fmax(RADIUS_MIN, d->radius / 2);
	else if (far > NEARLY * d->radius)
		d->radius = fmin(RADIUS_MAX, 2 * d->radius);
}

void
descent_advance(struct descent *d, const struct search *s, size_t seen,
    double far, bool better)
{
	if (d->turn)
		trust(d, far, better);
	d->turn = d->turn == better &&
	    (int64_t)seen >= s->config->initial_random_trials &&
	    seen >= s->space->n + 2 && suits(s);
}

double
descent_far(const struct search *s, const double *a, const double *b)
{
	double far = 0, u, v;
	size_t i;

	for (i = 0; i < s->space->n; i++) {
		u = rows_coordinate(&s->space->param[i], a[i]);
		v = rows_coordinate(&s->space->param[i], b[i]);
		far = fmax(far, fabs(u - v));
	}
	return far;
}

/* ------------------------------------------------------------- the step */

struct near {
	const struct observation *o;
	double far;		/* squared */
};

/* A step's frame: the incumbent is the origin, and 1 the radius. */
struct frame {
	const struct search *search;
	size_t d;
	double *origin;		/* d, in shares of the ranges */
	double *unit;		/* d, what 1 is in them */
};

static int
by_far(const void *a, const void *b)
{
	const struct near *x = a, *y = b;

	if (x->far != y->far)
		return x->far < y->far ? -1 : 1;
	return (x->o->id > y->o->id) - (x->o->id < y->o->id);
}

/* Coordinates are stretched by the weights of the process, less their
 * geometric mean. */
static void
frame_init(struct frame *f, const struct search *s, const struct gp *gp)
{
	double mean = 0, stretch;
	size_t i;

	f->search = s;
	f->d = s->space->n;
	f->origin = xcalloc(2 * f->d, sizeof(*f->origin));
	f->unit = f->origin + f->d;
	for (i = 0; i < f->d; i++)
		mean += log(gp_weight(gp, i)) / (double)f->d;
	for (i = 0; i < f->d; i++) {
		stretch = (log(gp_weight(gp, i)) - mean) / 2;
		stretch = fmax(-STRETCH_MAX, fmin(STRETCH_MAX, stretch));
		f->unit[i] = s->radius / exp(stretch);
		f->origin[i] = rows_coordinate(&s->space->param[i],
		    s->descent->point[i]);
	}
}

static void
enter(const struct frame *f, const double *point, double *x)
{
	size_t i;

	for (i = 0; i < f->d; i++)
		x[i] = (rows_coordinate(&f->search->space->param[i],
		    point[i]) - f->origin[i]) / f->unit[i];
}

static void
leave(const struct frame *f, const double *x, double *point)
{
	const struct search *s = f->search;
	size_t i;

	for (i = 0; i < f->d; i++)
		point[i] = rows_value(&s->space->param[i], &s->box[i],
		    f->origin[i] + x[i] * f->unit[i]);
}

/* The trust region and what is left of the ranges, whose own ends the
 * rounding of their coordinates must not move beyond the origin. */
static void
bounds(const struct frame *f, double *lo, double *hi)
{
	const struct search *s = f->search;
	double u;
	size_t i;

	for (i = 0; i < f->d; i++) {
		u = rows_coordinate(&s->space->param[i], s->box[i].lo);
		lo[i] = fmin(0, fmax(-s->radius, u - f->origin[i])) /
		    f->unit[i];
		u = rows_coordinate(&s->space->param[i], s->box[i].hi);
		hi[i] = fmax(0, fmin(s->radius, u - f->origin[i])) /
		    f->unit[i];
	}
}

/* Those that have a value, the nearest first. */
static size_t
neighbours(const struct search *s, struct near *r)
{
	const struct objectives *objectives = s->state->objectives;
	size_t n = 0, i, j;
	double u, v;

	for (i = 0; i < s->state->nobs; i++) {
		const struct observation *o = &s->state->obs[i];

		if (o->status != TRIAL_OK || !o->usable ||
		    !isfinite(objectives_scalar(objectives, o->y)))
			continue;
		r[n].o = o;
		for (r[n].far = 0, j = 0; j < s->space->n; j++) {
			u = rows_coordinate(&s->space->param[j], o->point[j]);
			v = rows_coordinate(&s->space->param[j],
			    s->descent->point[j]);
			r[n].far += (u - v) * (u - v);
		}
		n += r[n].far > 0;
	}
	qsort(r, n, sizeof(*r), by_far);
	return n < ROWS_MAX ? n : ROWS_MAX;
}

static int
fit(struct quadratic *q, const struct frame *f, const struct teach *t)
{
	const struct search *s = f->search;
	const struct objectives *objectives = s->state->objectives;
	struct near *r = xcalloc(s->state->nobs, sizeof(*r));
	size_t n = neighbours(s, r), i;
	double *x = xcalloc(n, (f->d + 1) * sizeof(*x)), *y = x + n * f->d;
	struct quadratic_data data = { .n = n, .d = f->d, .x = x, .y = y };
	double best = objectives_scalar(objectives, s->descent->y);
	int status;

	for (i = 0; i < n; i++) {
		enter(f, r[i].o->point, x + i * f->d);
		y[i] = t->sign * (objectives_scalar(objectives, r[i].o->y) -
		    best);
	}
	status = quadratic_fit(q, &data);
	free(x);
	free(r);
	return status;
}

bool
descent_scatters(const struct search *s, const struct teach *t,
    const struct warp *warp, double sd)
{
	const struct objectives *objectives = s->state->objectives;
	struct near *r = xcalloc(s->state->nobs, sizeof(*r));
	size_t n = neighbours(s, r), i;
	double best = warp_forward(warp, t->sign *
	    objectives_scalar(objectives, s->descent->y)), sum = 0;

	for (i = 0; i < n && r[i].far <= BESIDE * BESIDE; i++)
		sum += fabs(warp_forward(warp, t->sign *
		    objectives_scalar(objectives, r[i].o->y)) - best);
	free(r);
	return i >= 2 && sum > SCATTERED * sd * (double)i;
}

static double
value_of(void *arg, const double *x, double *gradient)
{
	return quadratic_value(arg, x, gradient);
}

/* Where the minimum breaks a rule: the smallest of q within the box and the
 * linear rules; x[2 d] is for that. */
static bool
along_rules(const struct frame *f, struct quadratic *q,
    struct lbfgs_problem *p, double *x, double *point)
{
	const struct search *s = f->search;
	struct boundary_problem within = { .f = p, .origin = f->origin,
	    .unit = f->unit, .from = s->descent->point };

	if (!quadratic_normalize(q))
		return false;
	p->value = value_of;
	p->arg = q;
	memset(x, 0, f->d * sizeof(*x));
	if (!boundary_minimize(s, &within, x, point))
		return false;
	enter(f, point, x);
	return quadratic_value(q, x, x + f->d) < 0;
}

bool
descent_step(const struct search *s, const struct teach *t,
    const struct gp *gp, double *point)
{
	size_t d = s->space->n;
	struct frame f;
	struct quadratic q;
	double *x = xcalloc(4 * d, sizeof(*x));
	double *lo = x + 2 * d, *hi = x + 3 * d;
	struct lbfgs_problem p = { .d = d, .lo = lo, .hi = hi };
	bool found = false;

	frame_init(&f, s, gp);
	if (fit(&q, &f, t) == 0) {
		bounds(&f, lo, hi);
		found = quadratic_minimize(&q, lo, hi, x) < 0;
		leave(&f, x, point);
		if (found && !search_within(s, point))
			found = along_rules(&f, &q, &p, x, point);
	}
	quadratic_release(&q);
	free(f.origin);
	free(x);
	return found && search_within(s, point) &&
	    !points_has(&s->taken, point);
}
