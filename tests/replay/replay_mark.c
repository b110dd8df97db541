/* replay_mark: the arithmetic of a machine in a number.  See replay.h. */
#include <math.h>
#include <stdio.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sf_erf.h>

#include "model/rng.h"
#include "store/file.h"

#include "replay.h"

/* The functions that the optimizer calls, at arguments of all sizes. */
void
print_mark(void)
{
	uint32_t mark = 0;
	struct rng rng;
	double v[10], x, u;
	int i;

	rng_init(&rng, 1, 1, RNG_RANDOM);
	for (i = 0; i < 20000; i++) {
		u = rng_uniform(&rng);
		x = 40 * rng_uniform(&rng) - 20;
		v[0] = mark;
		v[1] = exp(x);
		v[2] = log(u + 1e-300);
		v[3] = log1p(u);
		v[4] = pow(10, x);
		v[5] = pow(u, x / 10);
		v[6] = gsl_cdf_ugaussian_Pinv(u > 0 ? u : 0.5);
		v[7] = gsl_sf_hazard(x);
		v[8] = erfc(x / 4);
		v[9] = expm1(u);
		mark = file_crc(v, sizeof(v));
	}
	printf("%08lx\n", (unsigned long)mark);
}
