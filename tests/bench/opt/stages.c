/* stages: decisions at many stages.  See stages.h. */
#include "stages.h"
#include "task.h"

#define PATHS 100
#define INITIAL_BETA 30.0
#define SPREAD_BETA (17.0 / 3)
#define THRESHOLD 0.1

/* Beta(1, b) by inversion. */
static double
beta(struct rng *rng, double b)
{
	return 1 - pow(1 - rng_uniform(rng), 1 / b);
}

static void
start(struct rng *rng, const char *name, double *part)
{
	size_t i;

	task_rng(rng, name, 0, 0);
	for (i = 0; i < PATHS; i++)
		part[i] = beta(rng, INITIAL_BETA);
}

/* One stage with a pesticide of strength b (0: none); how many paths were
 * above the threshold before. */
static int
spread(struct rng *rng, double *part, double b)
{
	double growth, dying;
	int above = 0;
	size_t i;

	for (i = 0; i < PATHS; i++) {
		/* Both are drawn, so that later stages see the same. */
		growth = beta(rng, SPREAD_BETA);
		dying = beta(rng, b > 0 ? b : 1);
		above += part[i] > THRESHOLD;
		if (b > 0)
			part[i] *= 1 - dying;
		else
			part[i] += growth * (1 - part[i]);
	}
	return above;
}

double
stages_pest(const int *choice)
{
	static const double price[5] = { 0, 1, 0.8, 0.7, 0.5 };
	static const double discount[5] = { 0, 0.2, 0.3, 0.3, 0 };
	static const double tolerance[5] = { 0, 1.0 / 7, 2.5 / 7, 2.0 / 7,
	    0.5 / 7 };
	double strength[5] = { 0, 2.0 / 7, 3.0 / 7, 3.0 / 7, 5.0 / 7 };
	double part[PATHS], paid = 0;
	int used[5] = { 0 }, above = 0, c;
	struct rng rng;
	size_t i;

	for (i = 0; i < PEST_STAGES; i++)
		used[choice[i]]++;
	start(&rng, "pest", part);
	for (i = 0; i < PEST_STAGES; i++) {
		c = choice[i];
		above += spread(&rng, part, strength[c]);
		strength[c] += tolerance[c] / PEST_STAGES;
		paid += price[c] * (1 - discount[c] * used[c] / PEST_STAGES);
	}
	return paid + (double)above / PATHS;
}

double
stages_contamination(const int *act)
{
	double part[PATHS], growth, cleaned, cost = 0, below;
	struct rng rng;
	size_t i, k;

	start(&rng, "contamination", part);
	for (k = 0; k < CONTAMINATION_STAGES; k++) {
		below = 0;
		for (i = 0; i < PATHS; i++) {
			growth = beta(&rng, SPREAD_BETA);
			cleaned = beta(&rng, 3.0 / 7);
			if (act[k])
				part[i] *= 1 - cleaned;
			else
				part[i] += growth * (1 - part[i]);
			below += part[i] < THRESHOLD;
		}
		/* At most 5 % of the paths may be contaminated. */
		cost += act[k] * 1.01 - (below / PATHS - 0.95);
	}
	return cost;
}
