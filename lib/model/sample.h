/*
 * sample: space-filling points in the unit cube.
 *
 * The warm-up begins at the centre; then come scrambled Sobol points
 * (GSL's direction numbers, up to 40 dimensions) with hash-based Owen
 * scrambling (Laine and Karras 2011, in the form of Burley 2020, "Practical
 * hash-based Owen scrambling", JCGT 9(4)), each dimension with its own
 * seed; beyond 40 dimensions a Latin hypercube of the given number of rows
 * (McKay et al. 1979), whose rows repeat in fresh blocks.
 */
#ifndef LO_MODEL_SAMPLE_H
#define LO_MODEL_SAMPLE_H

#include <stddef.h>
#include <stdint.h>

#define SAMPLE_SOBOL_MAX 40

/* Point number index >= 0 of the warm-up in d dimensions, x[d] in [0,1):
 * index 0 is the centre.  rows: planned length of the warm-up, used by the
 * Latin hypercube only. */
int	sample_warmup(uint64_t seed, size_t d, size_t rows, uint64_t index,
	    double *x);
/* Scrambled Sobol point number index >= 0 of a stream of its own. */
int	sample_sobol(uint64_t seed, uint64_t trial, size_t d,
	    uint64_t index, double *x);
/* Owen scrambling of one coordinate, exact base-2 nested uniform. */
uint32_t sample_owen(uint32_t bits, uint32_t seed);

#endif
