/* propose_several_explain: what several processes say of the pick.  See
 * propose_several.h. */
#include <math.h>
#include <stdlib.h>

#include "base/xmem.h"
#include "contract/objective.h"
#include "model/front.h"
#include "ops/propose_several.h"
#include "store/json.h"

#define DRAWS 128

/* Objective j of a warped value, in its own units and direction. */
static double
own_value(const struct several *v, size_t j, double warped)
{
	return several_turned(v, j, warp_inverse(&v->warp[j], warped));
}

static int
rising(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void
foretell_weighted(const struct several *v, double *median, double *deviation)
{
	struct scalar_draw draw = { v->search->seed,
	    (uint64_t)v->search->trial_id, DRAWS, v->k };
	double *z = xcalloc(DRAWS, v->k * sizeof(*z)), value[DRAWS], *y;
	size_t i, j;

	scalar_normals(&draw, z);
	for (i = 0; i < DRAWS; i++) {
		y = z + i * v->k;
		for (j = 0; j < v->k; j++)
			y[j] = own_value(v, j, v->mean[j] + v->sd[j] * y[j]);
		value[i] = objectives_scalar(v->search->state->objectives, y);
	}
	qsort(value, DRAWS, sizeof(*value), rising);
	*median = value[DRAWS / 2 - 1] / 2 + value[DRAWS / 2] / 2;
	/* Phi(-1) of them are below the one, as many above the other */
	*deviation = (value[DRAWS - 21] - value[20]) / 2;
	free(z);
}

void
several_foretell(struct several *v, const double *row, double *median,
    double *deviation)
{
	const struct objectives *o = v->search->state->objectives;
	size_t j;

	for (j = 0; j < v->k; j++)
		gp_predict(v->gp[j], 1, row, &v->mean[j], &v->sd[j]);
	if (o->weight != NULL) {
		foretell_weighted(v, median, deviation);
		return;
	}
	warp_predict(&v->warp[0], v->mean[0], v->sd[0], median, deviation);
}

/* ------------------------------------------------------------ the log */

static void
write_scales(const struct several *v, size_t j, struct jw *w)
{
	const struct space *s = v->search->space;
	size_t i;

	jw_key(w, "length_scales");
	jw_object(w);
	for (i = 0; i < s->n; i++)
		JW_KEY(w, s->param[i].name, real,
		    1 / sqrt(gp_weight(v->gp[j], i)));
	jw_end(w);
}

static void
write_objective(const struct several *v, size_t j, struct jw *w)
{
	double median, deviation;

	jw_key(w, v->search->state->objectives->objective[j].name);
	jw_object(w);
	if (v->sd[j] > 0) {	/* something was picked */
		warp_predict(&v->warp[j], v->mean[j], v->sd[j], &median,
		    &deviation);
		JW_KEY(w, "predicted_mean", real, several_turned(v, j,
		    median));
		JW_KEY(w, "predicted_std", real, deviation);
	}
	JW_KEY(w, "noise_variance", real, gp_noise(v->gp[j]));
	JW_KEY(w, "signal_variance", real, gp_scale(v->gp[j]));
	JW_KEY(w, "constant_mean", real, gp_mean(v->gp[j]));
	JW_KEY(w, "jitter", real, gp_jitter(v->gp[j]));
	JW_KEY(w, "log_posterior", real, gp_log_posterior(v->gp[j]));
	write_scales(v, j, w);
	jw_end(w);
}

/* The front in the objectives' units. */
static void
write_front(const struct several *v, struct jw *w)
{
	double *y = xcalloc(v->nobserved + 1, v->k * sizeof(*y));
	double *reference = y + v->nobserved * v->k;
	double volume;
	size_t i, j, n;

	for (j = 0; j < v->k; j++) {
		reference[j] = warp_inverse(&v->warp[j], v->reference[j]);
		for (i = 0; i < v->nobserved; i++)
			y[i * v->k + j] = warp_inverse(&v->warp[j],
			    v->seen[i * v->k + j]);
	}
	n = front_filter(v->nobserved, v->k, y);
	JW_KEY(w, "front_size", int, (int64_t)n);
	volume = v->k <= FRONT_BOXED ? front_hypervolume(n, v->k, y,
	    reference) : NAN;
	if (isfinite(volume))	/* huge values have none */
		JW_KEY(w, "hypervolume", real, volume);
	jw_key(w, "hypervolume_reference");
	jw_object(w);
	for (j = 0; j < v->k; j++)
		JW_KEY(w, v->search->state->objectives->objective[j].name,
		    real, several_turned(v, j, reference[j]));
	jw_end(w);
	free(y);
}

void
several_explain(const struct several *v, struct jw *w)
{
	size_t j;

	if (v->goal == GOAL_SCALAR)
		JW_KEY(w, "threshold", real, v->scalar.best);
	write_front(v, w);
	jw_key(w, "objectives");
	jw_object(w);
	for (j = 0; j < v->k; j++)
		write_objective(v, j, w);
	jw_end(w);
}
