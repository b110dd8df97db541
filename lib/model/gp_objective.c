#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "model/gp.h"
#include "model/gp_objective.h"
#include "model/linalg.h"

/* Scratch of one evaluation.  Pairs i > j stand at i (i - 1) / 2 + j. */
struct work {
	const struct gp_data *data;
	const double *theta;
	size_t n, d, pairs;
	struct matern52 *pair;
	double *weight;
	double *k;		/* n x n: covariance, then its factor */
	double *inverse;	/* n x n */
	double *alpha, *one;
	double scale, noise, mean;
};

/* a of the prior of the weights. */
static double
strength(size_t n, size_t d)
{
	double t = ((double)n - 5.0 * (double)d) / (10.0 * (double)d);

	t = t < 0 ? 0 : t > 1 ? 1 : t;
	return 0.1 * pow(0.2, t);
}

static double
log_prior(const struct work *w)
{
	double a = strength(w->n, w->d), sum = 0;
	size_t j;

	for (j = 0; j < w->d; j++)
		sum -= a * (1 / w->weight[j] + w->weight[j]);
	sum += w->theta[w->d] - w->scale;
	return sum + 0.1 * log(w->noise) - 30 * w->noise;
}

static void
add_prior_gradient(const struct work *w, double floor, double *g)
{
	double a = strength(w->n, w->d);
	size_t j;

	for (j = 0; j < w->d; j++)
		g[j] -= a * (1 / w->weight[j] - w->weight[j]);
	g[w->d] -= 1 - w->scale;
	g[w->d + 1] -= (0.1 / w->noise - 30) * (w->noise - floor);
}

static void
work_init(struct work *w, const struct gp_data *data, double floor,
    const double *theta)
{
	size_t j;

	memset(w, 0, sizeof(*w));
	w->data = data;
	w->theta = theta;
	w->n = data->n;
	w->d = data->d;
	w->pairs = w->n * (w->n - 1) / 2;
	w->pair = xcalloc(w->pairs, sizeof(*w->pair));
	w->weight = xcalloc(w->d, sizeof(*w->weight));
	w->k = xcalloc(w->n, w->n * sizeof(*w->k));
	w->inverse = xcalloc(w->n, w->n * sizeof(*w->inverse));
	w->alpha = xcalloc(w->n, sizeof(*w->alpha));
	w->one = xcalloc(w->n, sizeof(*w->one));
	for (j = 0; j < w->d; j++)
		w->weight[j] = exp(theta[j]);
	w->scale = exp(theta[w->d]);
	w->noise = floor + exp(theta[w->d + 1]);
}

static void
work_release(struct work *w)
{
	free(w->pair);
	free(w->weight);
	free(w->k);
	free(w->inverse);
	free(w->alpha);
	free(w->one);
}

static double
noise_of(const struct work *w, size_t i)
{
	return w->data->count != NULL ? w->noise / w->data->count[i] :
	    w->noise;
}

/* What observations say of the noise by their distance to the mean of
 * their row: minus the log likelihood, and its slope by the noise. */
static double
scatter(const struct work *w)
{
	const struct gp_data *a = w->data;

	if (!(a->repeats > 0))
		return 0;
	return a->repeats / 2 * log(w->noise) + a->scatter / (2 * w->noise);
}

static double
scatter_slope(const struct work *w)
{
	const struct gp_data *a = w->data;

	if (!(a->repeats > 0))
		return 0;
	return (a->repeats - a->scatter / w->noise) / (2 * w->noise);
}

static void
fill(struct work *w)
{
	const struct gp_data *a = w->data;
	size_t i, j, m, p = 0;

	for (i = 0; i < w->n; i++) {
		for (j = 0; j < i; j++, p++) {
			const double *x = a->x + i * w->d;
			const double *y = a->x + j * w->d;
			double r2 = 0;

			for (m = 0; m < w->d; m++)
				r2 += w->weight[m] * gp_distance(&a->dim[m],
				    x[m], y[m]);
			w->pair[p] = matern52_both(r2);
			w->k[i * w->n + j] = w->scale * w->pair[p].value;
		}
		w->k[i * w->n + i] = w->scale + noise_of(w, i);
	}
}

/* ½ r'K^-1 r + ½ log|K|, r = y - mean; alpha = K^-1 r. */
static double
likelihood(struct work *w)
{
	double a = 0, b = 0, fit = 0, det = 0;
	size_t i;

	for (i = 0; i < w->n; i++) {
		w->one[i] = 1;
		w->alpha[i] = w->data->y[i];
	}
	solve_chol(w->n, w->k, w->n, w->one);
	solve_chol(w->n, w->k, w->n, w->alpha);
	for (i = 0; i < w->n; i++) {
		a += w->alpha[i];
		b += w->one[i];
	}
	w->mean = a / b;
	for (i = 0; i < w->n; i++) {
		w->alpha[i] -= w->mean * w->one[i];
		fit += w->alpha[i] * (w->data->y[i] - w->mean);
		det += log(w->k[i * w->n + i]);
	}
	return fit / 2 + det;
}

/*
 * d/dtheta of the likelihood: ½ tr((K^-1 - alpha alpha') dK/dtheta).  The
 * profiled mean adds nothing, being where its own derivative is zero.
 */
static void
gradient_of(struct work *w, double floor, double *g)
{
	const struct gp_data *a = w->data;
	size_t i, j, m, p = 0;
	double trace = 0, noise = 0, scale = 0, c, q, slope;

	la_inv_from_chol(w->n, w->k, w->n, w->inverse, w->n);
	memset(g, 0, (w->d + 2) * sizeof(*g));
	for (i = 0; i < w->n; i++) {
		const double *x = a->x + i * w->d;

		for (j = 0; j < i; j++, p++) {
			const double *y = a->x + j * w->d;

			q = w->inverse[i * w->n + j] -
			    w->alpha[i] * w->alpha[j];
			c = q * w->scale;
			scale += c * w->pair[p].value;
			slope = c * w->pair[p].slope;
			for (m = 0; m < w->d; m++)
				g[m] += slope * gp_distance(&a->dim[m], x[m],
				    y[m]);
		}
		q = w->inverse[i * w->n + i] - w->alpha[i] * w->alpha[i];
		trace += q;
		noise += a->count != NULL ? q / a->count[i] : q;
	}
	for (m = 0; m < w->d; m++)
		g[m] *= w->weight[m];
	g[w->d] = scale + 0.5 * trace * w->scale;
	g[w->d + 1] = (0.5 * noise + scatter_slope(w)) * (w->noise - floor);
}

double
gp_objective(const struct gp_data *data, double floor, const double *theta,
    double *gradient)
{
	struct work w;
	double value = INFINITY;

	work_init(&w, data, floor, theta);
	fill(&w);
	if (la_chol(w.n, w.k, w.n) == 0) {
		value = likelihood(&w) + scatter(&w) - log_prior(&w);
		if (gradient != NULL) {
			gradient_of(&w, floor, gradient);
			add_prior_gradient(&w, floor, gradient);
		}
	}
	work_release(&w);
	return isnan(value) ? INFINITY : value;
}

double
gp_log_prior(const struct gp_data *data, double floor, const double *theta)
{
	struct work w = { .n = data->n, .d = data->d, .theta = theta };
	double value;
	size_t j;

	w.weight = xcalloc(w.d, sizeof(*w.weight));
	for (j = 0; j < w.d; j++)
		w.weight[j] = exp(theta[j]);
	w.scale = exp(theta[w.d]);
	w.noise = floor + exp(theta[w.d + 1]);
	value = log_prior(&w);
	free(w.weight);
	return value;
}
