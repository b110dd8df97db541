/* sample: space-filling points in the unit cube.  See sample.h. */
#include <stdlib.h>

#include <gsl/gsl_qrng.h>

#include "base/xmem.h"
#include "model/sample.h"

struct sample_stream {
	size_t d;
	void *sobol;		/* GSL's state; NULL: uniform points */
	uint64_t index;		/* of the next point */
	uint32_t seed[SAMPLE_SOBOL_MAX];
	struct rng rng;
};

static uint32_t
reverse(uint32_t x)
{
	x = (x << 16) | (x >> 16);
	x = ((x & 0x00ff00ffu) << 8) | ((x & 0xff00ff00u) >> 8);
	x = ((x & 0x0f0f0f0fu) << 4) | ((x & 0xf0f0f0f0u) >> 4);
	x = ((x & 0x33333333u) << 2) | ((x & 0xccccccccu) >> 2);
	return ((x & 0x55555555u) << 1) | ((x & 0xaaaaaaaau) >> 1);
}

/* Multiplying by an even number and adding carry upwards only, so in the
 * reversed word a bit is changed by those above it alone. */
uint32_t
sample_owen(uint32_t bits, uint32_t seed)
{
	uint32_t x = reverse(bits);

	x += seed;
	x ^= x * 0x6c50b47cu;
	x ^= x * 0xb82f1e52u;
	x ^= x * 0xc7afe638u;
	x ^= x * 0x8d22f6e6u;
	return reverse(x);
}

struct sample_stream *
sample_open(uint64_t seed, uint64_t trial, enum rng_purpose purpose,
    size_t d)
{
	const gsl_qrng_type *type = gsl_qrng_sobol;
	struct sample_stream *s = xcalloc(1, sizeof(*s));
	size_t i;

	s->d = d;
	rng_init(&s->rng, seed, trial, purpose);
	if (d > SAMPLE_SOBOL_MAX)
		return s;
	/* gsl_qrng_alloc would abort when memory is short. */
	s->sobol = xmalloc(type->state_size((unsigned)d));
	type->init_state(s->sobol, (unsigned)d);
	for (i = 0; i < d; i++)
		s->seed[i] = rng_u32(&s->rng);
	return s;
}

void
sample_close(struct sample_stream *s)
{
	if (s == NULL)
		return;
	free(s->sobol);
	free(s);
}

/* GSL leaves out the origin, without which a block is no net. */
static void
next_raw(struct sample_stream *s, double *x)
{
	size_t i;

	if (s->index++ == 0)
		for (i = 0; i < s->d; i++)
			x[i] = 0;
	else
		gsl_qrng_sobol->get(s->sobol, (unsigned)s->d, x);
}

void
sample_next(struct sample_stream *s, double *x)
{
	uint32_t bits;
	size_t i;

	if (s->sobol == NULL) {
		for (i = 0; i < s->d; i++)
			x[i] = rng_uniform(&s->rng);
		return;
	}
	next_raw(s, x);
	for (i = 0; i < s->d; i++) {
		bits = (uint32_t)(x[i] * 0x1p32);
		x[i] = sample_owen(bits, s->seed[i]) * 0x1p-32;
	}
}

void
sample_sobol(size_t d, uint64_t index, double *x)
{
	struct sample_stream *s = sample_open(0, 0, RNG_SCRAMBLE, d);

	while (s->index <= index)
		next_raw(s, x);
	sample_close(s);
}

/* Where the row stands in a random permutation of the rows. */
static uint32_t
shuffled(struct rng *r, uint32_t *perm, uint32_t rows, uint32_t row)
{
	uint32_t i, j;

	for (i = 0; i < rows; i++) {
		j = rng_below(r, i + 1);
		perm[i] = perm[j];
		perm[j] = i;
	}
	return perm[row];
}

static void
latin(uint64_t seed, size_t d, uint32_t rows, uint64_t index, double *x)
{
	uint32_t *perm = xcalloc(rows, sizeof(*perm));
	uint32_t row = (uint32_t)(index % rows);
	struct rng cells, place;
	size_t i;

	rng_init(&cells, seed, index / rows, RNG_LATIN);
	rng_init(&place, seed, index, RNG_JITTER);
	/* 32 bits within the cell: the sum is exact, and so below 1. */
	for (i = 0; i < d; i++)
		x[i] = (shuffled(&cells, perm, rows, row) +
		    rng_u32(&place) * 0x1p-32) / rows;
	free(perm);
}

void
sample_warmup(uint64_t seed, size_t d, size_t rows, uint64_t index,
    double *x)
{
	struct sample_stream *s;
	size_t i;

	if (index == 0) {
		for (i = 0; i < d; i++)
			x[i] = 0.5;
		return;
	}
	if (d > SAMPLE_SOBOL_MAX) {
		if (rows > SAMPLE_LATIN_MAX)
			rows = SAMPLE_LATIN_MAX;
		latin(seed, d, rows > 0 ? (uint32_t)rows : 1, index - 1, x);
		return;
	}
	s = sample_open(seed, 0, RNG_SCRAMBLE, d);
	for (; index > 0; index--)
		sample_next(s, x);
	sample_close(s);
}
