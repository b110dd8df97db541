/* propose_several_explore: where least is known of several objectives.  See
 * propose_several.h. */
#include <math.h>
#include <stdlib.h>

#include "base/xmem.h"
#include "ops/propose_several.h"

#define PRICE 10	/* of a spread without hope, in deviations */
#define HOPELESS 1e6	/* spreads; more is no worse */

/* One objective half a deviation better: what it adds to the scalar, and
 * the derivatives of that by mean and sd. */
static double
hope(const struct several *v, size_t j, const double at[2], double slope[2])
{
	const struct scalar *s = &v->scalar.scalar;
	double mean = at[0], half = at[1] / 2, to = -INFINITY, y, dy;
	double side = 1;

	if (s->kind == SCALAR_DISTANCE) {
		to = warp_forward(&v->warp[j], s->centre[j]);
		side = mean < to ? -1 : 1;
	}
	slope[0] = slope[1] = 0;
	if (side * (mean - to) <= half)
		return 0;	/* at the reference */
	y = warp_inverse_slope(&v->warp[j], mean - side * half, &dy);
	dy *= s->weight[j];
	slope[0] = side * dy;
	slope[1] = -dy / 2;
	return s->weight[j] * (s->kind == SCALAR_SUM ? y :
	    fabs(y - s->centre[j]));
}

/* By how much all of it is worse than the best that is known, in spreads,
 * and the derivatives. */
static double
above_best(const struct several *v, const double *mean, const double *sd,
    double *slope)
{
	const struct scalar_ei *e = &v->scalar;
	double total = 0, one, by[2];
	size_t j, k = v->k, most = k;

	for (j = 0; j < k; j++) {
		one = hope(v, j, (const double[]){ mean[j], sd[j] }, by);
		slope[j] = by[0] / v->spread;
		slope[k + j] = by[1] / v->spread;
		if (e->scalar.kind == SCALAR_SUM) {
			total += one;
		} else if (most == k || one > total) {
			total = one;
			most = j;
		}
	}
	for (j = 0; j < k && e->scalar.kind != SCALAR_SUM; j++)
		if (j != most)
			slope[j] = slope[k + j] = 0;
	return (total - e->best) / v->spread;
}

double
several_exploration(const struct several *v, const double *mean,
    const double *sd, double *slope)
{
	double *by = xcalloc(2 * v->k, sizeof(*by)), total = 0;
	double above = above_best(v, mean, sd, by);
	double price = above > 0 ? PRICE : 0;
	size_t j;

	if (!(above < HOPELESS)) {	/* NaN, too */
		above = HOPELESS;
		price = 0;
	}
	for (j = 0; j < v->k; j++)
		total += sd[j] * sd[j];
	total = sqrt(total);
	for (j = 0; j < v->k && slope != NULL; j++) {
		slope[j] = -price * by[j];
		slope[v->k + j] = sd[j] / total - price * by[v->k + j];
	}
	free(by);
	return total - (above > 0 ? PRICE * above : 0);
}
