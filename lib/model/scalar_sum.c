/* scalar_sum: expected improvement of a weighted sum.  See scalar_ei.h. */
#include <math.h>
#include <stdlib.h>

#include "base/xmem.h"
#include "model/acquire.h"
#include "model/log_sum.h"
#include "model/scalar_rule.h"

#define LOG_SQRT_2PI 0.91893853320467274178
#define REACH 6.0	/* deviations beyond which nothing is looked for */
#define FAR (-1000.0)	/* here the warp is straight as far as it matters */

/* One objective, its weight and prediction. */
struct one {
	const struct scalar *s;
	size_t j;
	double weight, mean, sd;
};

/* log E max(0, c - w y) and its derivatives. */
struct inner {
	double log, mean, sd, c;
};

static struct inner
inner_far(const struct one *o, double edge)
{
	double slope[2], own;
	struct inner r;

	scalar_own_slope(o->s, o->j, edge, &own);
	own *= o->weight;
	r.log = acquire_log_ei(o->mean, o->sd, edge, slope) + log(own);
	r.mean = slope[0];
	r.sd = slope[1];
	r.c = -slope[0] / own;
	return r;
}

/* By the density, between lo and hi deviations from the mean. */
static struct inner
inner_between(const struct one *o, double c, double lo, double hi)
{
	double nearest = hi < 0 ? hi : 0, half = (hi - lo) / 2;
	double gain = 0, slope = 0, xslope = 0, mass = 0, x, p, own, y;
	struct inner r;
	size_t i;

	for (i = 0; i < RULE_POINTS; i++) {
		rule_point(i, &x, &p);
		x = lo + half * (1 + x);
		p *= exp((nearest - x) * (nearest + x) / 2);
		y = scalar_own_slope(o->s, o->j, o->mean + o->sd * x, &own);
		gain += p * fmax(0, c - o->weight * y);
		slope += p * own;
		xslope += p * own * x;
		mass += p;
	}
	r.log = log(gain) + log(half) - nearest * nearest / 2 - LOG_SQRT_2PI;
	r.mean = -o->weight * slope / gain;
	r.sd = -o->weight * xslope / gain;
	r.c = mass / gain;
	return r;
}

/* The integrand falls below the edge as the density does, by e^-36 within
 * the interval. */
static struct inner
inner(const struct one *o, double c)
{
	double edge = scalar_warped(o->s, o->j, c / o->weight);
	double z = (edge - o->mean) / o->sd;

	if (!(z > FAR))
		return inner_far(o, edge);
	if (z >= 0)
		return inner_between(o, c, -REACH, z < REACH ? z : REACH);
	return inner_between(o, c, z - 72 / (sqrt(z * z + 72) - z), z);
}

/* The objective that spreads most. */
static size_t
widest(const struct scalar *s, const double *mean, const double *sd)
{
	double most = -INFINITY, spread;
	size_t j, best = 0;

	for (j = 0; j < s->k; j++) {
		spread = s->weight[j] * (scalar_own(s, j, mean[j] + sd[j]) -
		    scalar_own(s, j, mean[j] - sd[j]));
		if (spread > most) {
			most = spread;
			best = j;
		}
	}
	return best;
}

double
scalar_sum_log(const struct scalar_ei *e, const double *mean,
    const double *sd, double *slope)
{
	const struct scalar *s = &e->scalar;
	size_t k = s->k, first = widest(s, mean, sd), i, j;
	struct one o = { s, first, s->weight[first], mean[first], sd[first] };
	double *with = xcalloc(2 * k, sizeof(*with)), c, own;
	const double *z = e->node;
	struct log_sum sum;
	struct inner r;

	log_sum_init(&sum, 2 * k, slope);
	for (i = 0; i < e->nodes; i++, z += k - 1) {
		c = e->best;
		for (j = 0; j < k; j++) {
			if (j == first)
				continue;
			c -= s->weight[j] * scalar_own_slope(s, j, mean[j] +
			    sd[j] * z[j - (j > first)], &own);
			with[j] = -s->weight[j] * own;
		}
		r = inner(&o, c);
		for (j = 0; j < k; j++) {
			with[j] *= r.c;
			with[k + j] = with[j] * z[j - (j > first)];
		}
		with[first] = r.mean;
		with[k + first] = r.sd;
		log_sum_add(&sum, e->log_weight[i] + r.log, with);
	}
	free(with);
	return log_sum_end(&sum);
}
