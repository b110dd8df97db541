/*
 * rng: counter-based random numbers.
 *
 * A stream is a function of (seed, trial, purpose) alone: the same key
 * gives the same numbers in every process, in any order of trials.
 * The generator is Philox-4x32-10 (Salmon et al. 2011, "Parallel random
 * numbers: as easy as 1, 2, 3").  A stream holds 2^34 numbers.
 */
#ifndef LO_MODEL_RNG_H
#define LO_MODEL_RNG_H

#include <stdint.h>

/* Purposes never change their number: suggestions would move. */
enum rng_purpose {
	RNG_SCRAMBLE = 1,	/* Owen scrambling of the warm-up (trial 0) */
	RNG_LATIN = 2,		/* Latin hypercube (trial: its block) */
	RNG_REJECT = 3,		/* plain rejection under constraints */
	RNG_POOL = 4,		/* candidate pool of rbf_proxy */
	RNG_RANDOM = 5,		/* surrogate.type random */
	RNG_JITTER = 6,		/* place in a Latin cell (trial: index) */
	RNG_LEVEL = 7,		/* levels that the warm-up tries first */
	RNG_ENUMERATE = 8,	/* choice among what is left of a space */
	RNG_FIT = 9,		/* starts of a Gaussian process' fit */
	RNG_LOCAL = 10,		/* candidates around the best points */
	RNG_WALK = 20,		/* hit-and-run within constraints */
	RNG_NODES = 21,		/* normals of a scalar's expectation */
	RNG_CHEBYSHEV = 22,	/* weights of a direction of the front */
	RNG_SEEK = 23,		/* the first feasible point, where it is hard */
	RNG_IMPORTANCE = 30	/* points of a variance (trial 0) */
};

struct rng {
	uint32_t key[2];
	uint32_t counter[4];
	uint32_t out[4];
	unsigned used;
};

void	rng_init(struct rng *, uint64_t seed, uint64_t trial,
	    enum rng_purpose);
uint32_t rng_u32(struct rng *);
double	rng_uniform(struct rng *);	/* [0,1), 53 bits */
/* 0 <= result < n, n > 0, by multiplication: bias below n / 2^32. */
uint32_t rng_below(struct rng *, uint32_t n);
/* Philox-4x32-10 itself, for tests against published vectors. */
void	rng_philox(const uint32_t counter[4], const uint32_t key[2],
	    uint32_t out[4]);

#endif
