/* scalar_ei: expected improvement of a scalar.  See scalar_ei.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>

#include "base/xmem.h"
#include "model/sample.h"
#include "model/scalar_rule.h"

/* The outer rule of two objectives: from -REACH to REACH. */
#define REACH 6.0
#define STEP 0.75
#define LOG_SQRT_2PI 0.91893853320467274178
/* That of more. */
#define SOBOL_NODES 32

void
rule_point(size_t i, double *at, double *weight)
{
	static const double half[RULE_POINTS / 2][2] = {
		{ 0.095012509837637440185, 0.18945061045506849629 },
		{ 0.28160355077925891323, 0.18260341504492358887 },
		{ 0.45801677765722738634, 0.16915651939500253819 },
		{ 0.61787624440264374845, 0.14959598881657673208 },
		{ 0.75540440835500303390, 0.12462897125553387205 },
		{ 0.86563120238783174388, 0.095158511682492784810 },
		{ 0.94457502307323257608, 0.062253523938647892863 },
		{ 0.98940093499164993260, 0.027152459411754094852 }
	};
	size_t n = RULE_POINTS / 2;
	const double *p = half[i < n ? n - 1 - i : i - n];

	*at = i < n ? -p[0] : p[0];
	*weight = p[1];
}

double
scalar_own(const struct scalar *s, size_t j, double v)
{
	return s->warp != NULL ? warp_inverse(&s->warp[j], v) : v;
}

double
scalar_own_slope(const struct scalar *s, size_t j, double v, double *slope)
{
	*slope = 1;
	return s->warp != NULL ? warp_inverse_slope(&s->warp[j], v, slope) :
	    v;
}

double
scalar_warped(const struct scalar *s, size_t j, double y)
{
	return s->warp != NULL ? warp_forward(&s->warp[j], y) : y;
}

double
scalar_value(const struct scalar *s, const double *y)
{
	double sum = 0, max = -INFINITY, part;
	size_t j;

	for (j = 0; j < s->k; j++) {
		if (s->kind == SCALAR_SUM) {
			sum += s->weight[j] * y[j];
			continue;
		}
		part = y[j] - s->centre[j];
		part = s->weight[j] * (s->kind == SCALAR_MAX ? part :
		    fabs(part));
		max = part > max ? part : max;
	}
	return s->kind == SCALAR_SUM ? sum : max;
}

static void
trapezoid_nodes(struct scalar_ei *e)
{
	size_t i;

	for (i = 0; i < e->nodes; i++) {
		e->node[i] = -REACH + STEP * (double)i;
		e->log_weight[i] = -e->node[i] * e->node[i] / 2 +
		    log(STEP) - LOG_SQRT_2PI;
	}
}

void
scalar_normals(const struct scalar_draw *draw, double *z)
{
	struct sample_stream *stream = sample_open(draw->seed, draw->trial,
	    RNG_NODES, draw->d);
	size_t i, j;

	for (i = 0; i < draw->n; i++, z += draw->d) {
		sample_next(stream, z);
		for (j = 0; j < draw->d; j++)
			z[j] = gsl_cdf_ugaussian_Pinv(z[j] + 0x1p-54);
	}
	sample_close(stream);
}

static void
sobol_nodes(struct scalar_ei *e, uint64_t seed, uint64_t trial)
{
	struct scalar_draw draw = { seed, trial, e->nodes, e->scalar.k - 1 };
	size_t i;

	scalar_normals(&draw, e->node);
	for (i = 0; i < e->nodes; i++)
		e->log_weight[i] = -log((double)e->nodes);
}

void
scalar_ei_init(struct scalar_ei *e, const struct scalar *s, double best,
    uint64_t seed, uint64_t trial)
{
	memset(e, 0, sizeof(*e));
	e->scalar = *s;
	e->best = best;
	if (s->kind != SCALAR_SUM)
		return;
	e->nodes = s->k == 1 ? 1 : s->k == 2 ?
	    (size_t)(2 * REACH / STEP) + 1 : SOBOL_NODES;
	e->node = xcalloc(e->nodes, s->k * sizeof(*e->node));
	e->log_weight = xcalloc(e->nodes, sizeof(*e->log_weight));
	if (s->k == 2)
		trapezoid_nodes(e);
	else if (s->k > 2)
		sobol_nodes(e, seed, trial);
}

void
scalar_ei_release(struct scalar_ei *e)
{
	free(e->node);
	free(e->log_weight);
	memset(e, 0, sizeof(*e));
}

double
scalar_ei_log(const struct scalar_ei *e, const double *mean,
    const double *sd, double *slope)
{
	double *unused = NULL, value;

	if (slope == NULL)
		slope = unused = xcalloc(2 * e->scalar.k, sizeof(*slope));
	value = e->scalar.kind == SCALAR_SUM ? scalar_sum_log(e, mean, sd,
	    slope) : scalar_max_log(e, mean, sd, slope);
	free(unused);
	return value;
}
