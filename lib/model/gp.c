#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "model/gp.h"
#include "model/gp_objective.h"
#include "model/linalg.h"

struct gp {
	size_t n, d;		/* observed */
	size_t total, cap;	/* with conditioned points */
	struct gp_dim *dim;
	double *x;		/* cap x d */
	double *weight;		/* d */
	double *count;		/* n, or NULL */
	double scale, noise, mean, jitter, log_posterior;
	double *theta;
	double *factor;		/* total x total, row length cap */
	double *alpha;		/* n: K^-1 (y - mean) */
};

double
gp_distance(const struct gp_dim *dim, double a, double b)
{
	bool in_a = !isnan(a), in_b = !isnan(b);

	if (in_a && in_b) {
		if (dim->categorical)
			return a == b ? 0 : 1;
		return (a - b) * (a - b);
	}
	if (!in_a && !in_b)
		return 0;
	if (dim->categorical)
		return 1;
	a = in_a ? a : b;
	return (a - 0.5) * (a - 0.5) + 0.5;
}

/* ---------------------------------------------------------- the model */

static double
kernel(const struct gp *g, const double *a, const double *b)
{
	double r2 = 0;
	size_t j;

	for (j = 0; j < g->d; j++)
		r2 += g->weight[j] * gp_distance(&g->dim[j], a[j], b[j]);
	return g->scale * matern52(r2);
}

static void
fill_covariance(const struct gp *g, double jitter)
{
	size_t i, j;

	for (i = 0; i < g->n; i++) {
		for (j = 0; j < i; j++)
			g->factor[i * g->cap + j] = kernel(g, g->x + i * g->d,
			    g->x + j * g->d);
		g->factor[i * g->cap + i] = g->scale + (g->count != NULL ?
		    g->noise / g->count[i] : g->noise) + jitter;
	}
}

/* Factorize, with as little jitter as it takes. */
static int
factorize(struct gp *g)
{
	double jitter;

	for (jitter = 0; jitter < 2e-4; jitter = jitter > 0 ? jitter * 10 :
	    1e-10) {
		fill_covariance(g, jitter * g->scale);
		if (la_chol(g->n, g->factor, g->cap) == 0) {
			g->jitter = jitter * g->scale;
			return 0;
		}
	}
	return -1;
}

/* mean = 1'K^-1 y / 1'K^-1 1, alpha = K^-1 (y - mean) */
static void
solve_mean(struct gp *g, const double *y)
{
	double *one = xcalloc(g->n, sizeof(*one)), a = 0, b = 0;
	size_t i;

	for (i = 0; i < g->n; i++) {
		one[i] = 1;
		g->alpha[i] = y[i];
	}
	solve_chol(g->n, g->factor, g->cap, one);
	solve_chol(g->n, g->factor, g->cap, g->alpha);
	for (i = 0; i < g->n; i++) {
		a += g->alpha[i];
		b += one[i];
	}
	g->mean = a / b;
	for (i = 0; i < g->n; i++)
		g->alpha[i] -= g->mean * one[i];
	free(one);
}

/* As minus gp_objective, but with the jitter and the constant. */
static double
log_posterior(const struct gp *g, const struct gp_data *data, double floor)
{
	double sum = gp_log_prior(data, floor, g->theta);
	double half_log_2pi = 0.91893853320467274178;
	size_t i;

	for (i = 0; i < g->n; i++)
		sum -= g->alpha[i] * (data->y[i] - g->mean) / 2 +
		    log(g->factor[i * g->cap + i]) + half_log_2pi;
	return sum;
}

static struct gp *
gp_new(const struct gp_data *data)
{
	struct gp *g = xcalloc(1, sizeof(*g));

	g->n = g->total = data->n;
	g->d = data->d;
	g->cap = data->n + 16;
	g->dim = xcalloc(g->d, sizeof(*g->dim));
	g->x = xcalloc(g->cap, g->d * sizeof(*g->x));
	g->weight = xcalloc(g->d, sizeof(*g->weight));
	g->theta = xcalloc(g->d + 2, sizeof(*g->theta));
	g->factor = xcalloc(g->cap, g->cap * sizeof(*g->factor));
	g->alpha = xcalloc(g->n, sizeof(*g->alpha));
	memcpy(g->dim, data->dim, g->d * sizeof(*g->dim));
	memcpy(g->x, data->x, g->n * g->d * sizeof(*g->x));
	if (data->count != NULL) {
		g->count = xcalloc(g->n, sizeof(*g->count));
		memcpy(g->count, data->count, g->n * sizeof(*g->count));
	}
	return g;
}

void
gp_free(struct gp *g)
{
	if (g == NULL)
		return;
	free(g->dim);
	free(g->x);
	free(g->weight);
	free(g->count);
	free(g->theta);
	free(g->factor);
	free(g->alpha);
	free(g);
}

struct gp *
gp_fit(const struct gp_data *data, const struct gp_options *o,
    struct err *err)
{
	struct gp *g = gp_new(data);
	size_t j;

	gp_find_theta(data, o, g->theta);
	for (j = 0; j < g->d; j++)
		g->weight[j] = exp(g->theta[j]);
	g->scale = exp(g->theta[g->d]);
	g->noise = o->noise_floor + exp(g->theta[g->d + 1]);
	if (factorize(g) == 0) {
		solve_mean(g, data->y);
		g->log_posterior = log_posterior(g, data, o->noise_floor);
		return g;
	}
	gp_free(g);
	err_set(err, LO_REFUSED, "covariance of %zu points is not positive "
	    "definite", data->n);
	return NULL;
}

/* --------------------------------------------------------- prediction */

void
gp_predict(const struct gp *g, size_t m, const double *x, double *mean,
    double *sd)
{
	/* one column a point: the solves run along rows of m */
	double *k = xcalloc(g->total, m * sizeof(*k)), v;
	size_t i, p;

	for (i = 0; i < g->total; i++)
		for (p = 0; p < m; p++)
			k[i * m + p] = kernel(g, g->x + i * g->d,
			    x + p * g->d);
	for (p = 0; p < m; p++) {
		mean[p] = g->mean;
		sd[p] = g->scale;
	}
	for (i = 0; i < g->n; i++)
		for (p = 0; p < m; p++)
			mean[p] += k[i * m + p] * g->alpha[i];
	la_trsm_lower(g->total, m, g->factor, g->cap, k, m);
	for (i = 0; i < g->total; i++)
		for (p = 0; p < m; p++)
			sd[p] -= k[i * m + p] * k[i * m + p];
	for (p = 0; p < m; p++) {
		v = sd[p];
		sd[p] = sqrt(v > 1e-12 * g->scale ? v : 1e-12 * g->scale);
	}
	free(k);
}

void
gp_predict_mean(const struct gp *g, size_t m, const double *x, double *mean)
{
	size_t i, p;

	for (p = 0; p < m; p++) {
		mean[p] = g->mean;
		for (i = 0; i < g->n; i++)
			mean[p] += g->alpha[i] * kernel(g, g->x + i * g->d,
			    x + p * g->d);
	}
}

/* Covariances with every point of the model. */
static void
covariances(const struct gp *g, const double *x, double *k)
{
	size_t i;

	for (i = 0; i < g->total; i++)
		k[i] = kernel(g, g->x + i * g->d, x);
}

/* d D_j(x, other) / d x_j of a numeric coordinate. */
static double
distance_slope(const struct gp_dim *dim, double x, double other)
{
	if (dim->categorical || isnan(x))
		return 0;
	return 2 * (x - (isnan(other) ? 0.5 : other));
}

/* Sum over the points of c_i dk_i/dx_j, for each j. */
static void
add_slopes(const struct gp *g, const double *x, const double *c, size_t n,
    double *out)
{
	const double *other;
	double r2, slope;
	size_t i, j;

	for (i = 0; i < n; i++) {
		other = g->x + i * g->d;
		r2 = 0;
		for (j = 0; j < g->d; j++)
			r2 += g->weight[j] * gp_distance(&g->dim[j], x[j],
			    other[j]);
		slope = c[i] * g->scale * matern52_slope(r2);
		for (j = 0; j < g->d; j++)
			out[j] += slope * g->weight[j] *
			    distance_slope(&g->dim[j], x[j], other[j]);
	}
}

void
gp_predict_gradient(const struct gp *g, const double *x, double *mean,
    double *sd, double *dmean, double *dsd)
{
	double *k = xcalloc(g->total, sizeof(*k)), v = g->scale;
	double least = 1e-12 * g->scale;
	size_t i, j;

	covariances(g, x, k);
	*mean = g->mean + la_dot(g->n, k, g->alpha);
	la_trsv_lower(g->total, g->factor, g->cap, k);
	v -= la_dot(g->total, k, k);
	*sd = sqrt(v > least ? v : least);
	la_trsv_lower_t(g->total, g->factor, g->cap, k);
	memset(dmean, 0, g->d * sizeof(*dmean));
	memset(dsd, 0, g->d * sizeof(*dsd));
	add_slopes(g, x, g->alpha, g->n, dmean);
	for (i = 0; i < g->total; i++)
		k[i] = v > least ? -k[i] / *sd : 0;
	add_slopes(g, x, k, g->total, dsd);
	for (j = 0; j < g->d; j++)
		dsd[j] = v > least ? dsd[j] : 0;
	free(k);
}

/* Room for one more row and column. */
static void
grow(struct gp *g)
{
	size_t cap = g->cap * 2, i;
	double *wider = xcalloc(cap, cap * sizeof(*wider));

	for (i = 0; i < g->total; i++)
		memcpy(wider + i * cap, g->factor + i * g->cap,
		    g->total * sizeof(*wider));
	free(g->factor);
	g->factor = wider;
	g->x = xrealloc(g->x, cap * g->d, sizeof(*g->x));
	g->cap = cap;
}

int
gp_condition(struct gp *g, const double *x)
{
	double *row;

	if (g->total == g->cap)
		grow(g);
	row = g->factor + g->total * g->cap;
	covariances(g, x, row);
	if (la_chol_append(g->total, g->factor, g->cap, row, g->scale +
	    g->noise + g->jitter) != 0)
		return -1;
	memcpy(g->x + g->total * g->d, x, g->d * sizeof(*x));
	g->total++;
	return 0;
}

const double *
gp_theta(const struct gp *g)
{
	return g->theta;
}

double
gp_weight(const struct gp *g, size_t j)
{
	return g->weight[j];
}

double
gp_scale(const struct gp *g)
{
	return g->scale;
}

double
gp_noise(const struct gp *g)
{
	return g->noise;
}

double
gp_mean(const struct gp *g)
{
	return g->mean;
}

double
gp_jitter(const struct gp *g)
{
	return g->jitter;
}

double
gp_log_posterior(const struct gp *g)
{
	return g->log_posterior;
}
