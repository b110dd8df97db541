/* rng: counter-based random numbers.  See rng.h. */
#include "model/rng.h"

#define ROUNDS 10
#define MUL0 0xd2511f53u
#define MUL1 0xcd9e8d57u
#define WEYL0 0x9e3779b9u	/* golden ratio */
#define WEYL1 0xbb67ae85u	/* sqrt(3) - 1 */

static void
one_round(uint32_t c[4], uint32_t key0, uint32_t key1)
{
	uint64_t p0 = (uint64_t)MUL0 * c[0];
	uint64_t p1 = (uint64_t)MUL1 * c[2];
	uint32_t c1 = c[1], c3 = c[3];

	c[0] = (uint32_t)(p1 >> 32) ^ c1 ^ key0;
	c[1] = (uint32_t)p1;
	c[2] = (uint32_t)(p0 >> 32) ^ c3 ^ key1;
	c[3] = (uint32_t)p0;
}

void
rng_philox(const uint32_t counter[4], const uint32_t key[2],
    uint32_t out[4])
{
	uint32_t key0 = key[0], key1 = key[1];
	int i;

	for (i = 0; i < 4; i++)
		out[i] = counter[i];
	for (i = 0; i < ROUNDS; i++) {
		one_round(out, key0, key1);
		key0 += WEYL0;
		key1 += WEYL1;
	}
}

/* counter[0] runs; the others name the stream. */
void
rng_init(struct rng *r, uint64_t seed, uint64_t trial,
    enum rng_purpose purpose)
{
	r->key[0] = (uint32_t)seed;
	r->key[1] = (uint32_t)(seed >> 32);
	r->counter[0] = 0;
	r->counter[1] = (uint32_t)purpose;
	r->counter[2] = (uint32_t)trial;
	r->counter[3] = (uint32_t)(trial >> 32);
	r->used = 4;
}

uint32_t
rng_u32(struct rng *r)
{
	if (r->used == 4) {
		rng_philox(r->counter, r->key, r->out);
		r->counter[0]++;
		r->used = 0;
	}
	return r->out[r->used++];
}

double
rng_uniform(struct rng *r)
{
	uint32_t high = rng_u32(r) >> 5;	/* 27 bits */
	uint32_t low = rng_u32(r) >> 6;		/* 26 bits */

	return (high * 0x1p26 + low) * 0x1p-53;
}

uint32_t
rng_below(struct rng *r, uint32_t n)
{
	return (uint32_t)(((uint64_t)rng_u32(r) * n) >> 32);
}
