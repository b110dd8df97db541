/*
 * sample: space-filling points in the unit cube.
 *
 * Up to SAMPLE_SOBOL_MAX dimensions these are Sobol points (GSL's direction
 * numbers, in Gray code order, the origin being number 0) with hash-based
 * Owen scrambling (Laine and Karras 2011, in the form of Burley 2020,
 * "Practical hash-based Owen scrambling", JCGT 9(4)), each dimension with a
 * seed of its own.  Every aligned block of 2^m points of a stream keeps the
 * net property of the sequence, and every single point is uniform.
 */
#ifndef LO_MODEL_SAMPLE_H
#define LO_MODEL_SAMPLE_H

#include <stddef.h>
#include <stdint.h>

#include "model/rng.h"

#define SAMPLE_SOBOL_MAX 40
#define SAMPLE_LATIN_MAX 1024

/* Point number index >= 0 of the warm-up in d >= 1 dimensions, x[d] in
 * [0,1): the centre, then scrambled Sobol points.  Beyond SAMPLE_SOBOL_MAX
 * dimensions the rows of a Latin hypercube (McKay et al. 1979) follow the
 * centre; rows, at most SAMPLE_LATIN_MAX, is how many are planned, and
 * fresh hypercubes follow the first. */
void	sample_warmup(uint64_t seed, size_t d, size_t rows, uint64_t index,
	    double *x);

/* Scrambled Sobol points one after the other, independent uniform ones
 * beyond SAMPLE_SOBOL_MAX dimensions: a function of (seed, trial,
 * purpose). */
struct sample_stream;
struct sample_stream *sample_open(uint64_t seed, uint64_t trial,
	    enum rng_purpose, size_t d);
void	sample_next(struct sample_stream *, double *x);
void	sample_close(struct sample_stream *);	/* accepts NULL */

/* Unscrambled Sobol point number index; d <= SAMPLE_SOBOL_MAX. */
void	sample_sobol(size_t d, uint64_t index, double *x);
/* Owen scrambling of one coordinate's bits (nested, base 2): which way a
 * bit goes depends on seed and the bits above it. */
uint32_t sample_owen(uint32_t bits, uint32_t seed);

#endif
