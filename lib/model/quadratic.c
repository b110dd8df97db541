/* quadratic: a quadratic through one point.  See quadratic.h. */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "model/lbfgs.h"
#include "model/linalg.h"
#include "model/quadratic.h"

#define FLOOR 1e-8

static const double curvatures[] = { 0.1, 1, 10 };
static const double remainders[] = { 1e-6, 1e-4, 1e-2, 1 };

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

struct fit {
	const struct quadratic_data *data;
	double *y;		/* n, of size 1 */
	double *product;	/* n x n, x.x' on and below the diagonal */
	double *factor;		/* n x n */
	double *weight;		/* n, A^-1 y */
	double *best;		/* the weights of the best so far */
	double evidence;	/* of those */
};

/* Far from 0 and infinity, lest squares be either; false if all are 0. */
static bool
normalize(const struct quadratic_data *t, double *y)
{
	double largest = 0;
	size_t i;

	for (i = 0; i < t->n; i++)
		largest = fmax(largest, fabs(t->y[i]));
	if (!(largest > 0) || isinf(largest))
		return false;
	for (i = 0; i < t->n; i++)
		y[i] = t->y[i] / largest;
	return true;
}

static void
fill_products(struct fit *f)
{
	const struct quadratic_data *t = f->data;
	size_t i, j;

	for (i = 0; i < t->n; i++)
		for (j = 0; j <= i; j++)
			f->product[i * t->n + j] = la_dot(t->d,
			    t->x + i * t->d, t->x + j * t->d);
}

static void
fill_covariance(struct fit *f, double c, double r)
{
	size_t n = f->data->n, i, j;
	double p;

	for (i = 0; i < n; i++) {
		for (j = 0; j <= i; j++) {
			p = f->product[i * n + j];
			f->factor[i * n + j] = p + c * p * p;
		}
		p = f->product[i * n + i];
		f->factor[i * n + i] += FLOOR + r * p * p * p;
	}
}

/* The fit with these two, kept if it is the best. */
static void
try_fit(struct fit *f, struct quadratic *q, double c, double r)
{
	size_t n = f->data->n, i;
	double evidence, *swap;

	fill_covariance(f, c, r);
	if (la_chol(n, f->factor, n) != 0)
		return;
	memcpy(f->weight, f->y, n * sizeof(*f->weight));
	la_trsv_lower(n, f->factor, n, f->weight);
	evidence = -0.5 * (double)n * log(la_dot(n, f->weight, f->weight));
	for (i = 0; i < n; i++)
		evidence -= log(f->factor[i * n + i]);
	if (!(evidence > f->evidence))
		return;
	la_trsv_lower_t(n, f->factor, n, f->weight);
	swap = f->best;
	f->best = f->weight;
	f->weight = swap;
	f->evidence = evidence;
	q->curvature = c;
	q->remainder = r;
}

/* q(x) = sum of weight_i k(x, x_i), in powers of x. */
static void
expand(const struct fit *f, struct quadratic *q)
{
	size_t d = q->d, i, j, k;
	const double *x = f->data->x;
	double w;

	for (i = 0; i < f->data->n; i++, x += d)
		for (j = 0; j < d; j++) {
			q->gradient[j] += f->best[i] * x[j];
			w = 2 * q->curvature * f->best[i] * x[j];
			for (k = 0; k < d; k++)
				q->hessian[j * d + k] += w * x[k];
		}
}

/* To the units of y. */
static void
rescale(const struct fit *f, struct quadratic *q)
{
	double scale = 1;
	size_t i;

	for (i = 0; i < f->data->n; i++)
		if (fabs(f->y[i]) >= 1)
			scale = fabs(f->data->y[i]);
	for (i = 0; i < q->d; i++)
		q->gradient[i] *= scale;
	for (i = 0; i < q->d * q->d; i++)
		q->hessian[i] *= scale;
}

int
quadratic_fit(struct quadratic *q, const struct quadratic_data *t)
{
	struct fit f = { .data = t, .evidence = -INFINITY };
	size_t n = t->n, i, j;
	double *room = xcalloc(n, (2 * n + 3) * sizeof(*room));

	q->d = t->d;
	q->curvature = q->remainder = 0;
	q->gradient = xcalloc(t->d, sizeof(*q->gradient));
	q->hessian = xcalloc(t->d, t->d * sizeof(*q->hessian));
	f.product = room;
	f.factor = room + n * n;
	f.y = f.factor + n * n;
	f.weight = f.y + n;
	f.best = f.weight + n;
	if (normalize(t, f.y)) {
		fill_products(&f);
		for (i = 0; i < COUNT(curvatures); i++)
			for (j = 0; j < COUNT(remainders); j++)
				try_fit(&f, q, curvatures[i], remainders[j]);
	}
	if (q->curvature > 0) {
		expand(&f, q);
		rescale(&f, q);
	}
	free(room);
	return q->curvature > 0 ? 0 : -1;
}

void
quadratic_release(struct quadratic *q)
{
	free(q->gradient);
	free(q->hessian);
}

double
quadratic_value(const struct quadratic *q, const double *x, double *gradient)
{
	size_t i;
	double v = 0, bent;

	for (i = 0; i < q->d; i++) {
		bent = la_dot(q->d, q->hessian + i * q->d, x);
		gradient[i] = q->gradient[i] + bent;
		v += x[i] * (q->gradient[i] + bent / 2);
	}
	return v;
}

/* In units of its largest coefficient: lbfgs's steps and ends are not free
 * of scale. */
struct scaled {
	const struct quadratic *q;
	double scale;
};

static double
scaled_value(void *arg, const double *x, double *gradient)
{
	const struct scaled *s = arg;
	double v = quadratic_value(s->q, x, gradient) / s->scale;
	size_t i;

	for (i = 0; i < s->q->d; i++)
		gradient[i] /= s->scale;
	return v;
}

static double
scale_of(const struct quadratic *q)
{
	double scale = 0;
	size_t i;

	for (i = 0; i < q->d * q->d; i++)
		scale = fmax(scale, fabs(q->hessian[i]));
	for (i = 0; i < q->d; i++)
		scale = fmax(scale, fabs(q->gradient[i]));
	return isinf(scale) ? 0 : scale;
}

bool
quadratic_normalize(struct quadratic *q)
{
	double scale = scale_of(q);
	size_t i;

	if (!(scale > 0))
		return false;
	for (i = 0; i < q->d * q->d; i++)
		q->hessian[i] /= scale;
	for (i = 0; i < q->d; i++)
		q->gradient[i] /= scale;
	return true;
}

double
quadratic_minimize(const struct quadratic *q, const double *lo,
    const double *hi, double *x)
{
	struct scaled s = { q, scale_of(q) };
	struct lbfgs_problem p = { .d = q->d, .lo = lo, .hi = hi,
	    .value = scaled_value, .arg = &s };
	struct lbfgs_limits limits = { .iterations = 100, .gradient = 0,
	    .decrease = 1e-14 };
	size_t i;

	for (i = 0; i < q->d; i++)
		x[i] = 0;
	if (!(s.scale > 0))
		return 0;
	return lbfgs_minimize(&p, &limits, x).value * s.scale;
}
