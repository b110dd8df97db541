/* f15 to f24: many valleys, with a structure (to f19) and with a weak one.
 * See bbob.h. */
#include <math.h>

#include "bbob_functions.h"
#include "bbob_transform.h"

#define WAVES 12		/* of Weierstrass */
#define DIGITS 32		/* of Katsuura, in base 2 */
#define FUNNEL 2.5		/* mu_0 of Lunacek */

/* ------------------------------------------------- with global structure */

/* Rastrigin */
double
bbob_f15(const struct bbob *b, const double *x)
{
	double z[BBOB_MAX];

	bbob_shift(b, x, z);
	bbob_rotate(b, b->r, z);
	bbob_tosz(b, z);
	bbob_tasy(b, 0.2, z);
	bbob_rotate(b, b->q, z);
	bbob_lambda(b, 10, z);
	bbob_rotate(b, b->r, z);
	return bbob_rastrigin(b, z);
}

/* Its own minimum, f_0 of the report, is at z = 0: -1 in each cosine. */
static double
weierstrass(double z)
{
	double amplitude = 1, frequency = 1, sum = 0;
	int k;

	for (k = 0; k < WAVES; k++) {
		sum += amplitude *
		    (cos(2 * BBOB_PI * frequency * (z + 0.5)) + 1);
		amplitude /= 2;
		frequency *= 3;
	}
	return sum;
}

/* Weierstrass */
double
bbob_f16(const struct bbob *b, const double *x)
{
	double z[BBOB_MAX], sum = 0, d = (double)b->d;
	size_t i;

	bbob_shift(b, x, z);
	bbob_rotate(b, b->r, z);
	bbob_tosz(b, z);
	bbob_rotate(b, b->q, z);
	bbob_lambda(b, 0.01, z);
	bbob_rotate(b, b->r, z);
	for (i = 0; i < b->d; i++)
		sum += weierstrass(z[i]);
	sum /= d;
	return 10 * sum * sum * sum + 10 / d * bbob_fpen(b, x);
}

static double
schaffer(const struct bbob *b, double condition, const double *x)
{
	double z[BBOB_MAX], sum = 0, s, wave;
	size_t i;

	bbob_shift(b, x, z);
	bbob_rotate(b, b->r, z);
	bbob_tasy(b, 0.5, z);
	bbob_rotate(b, b->q, z);
	bbob_lambda(b, condition, z);
	for (i = 0; i + 1 < b->d; i++) {
		s = sqrt(z[i] * z[i] + z[i + 1] * z[i + 1]);
		wave = sin(50 * pow(s, 0.2));
		sum += sqrt(s) * (1 + wave * wave);
	}
	sum /= (double)(b->d - 1);
	return sum * sum + 10 * bbob_fpen(b, x);
}

/* Schaffer's F7 */
double
bbob_f17(const struct bbob *b, const double *x)
{
	return schaffer(b, 10, x);
}

/* Schaffer's F7, ill-conditioned */
double
bbob_f18(const struct bbob *b, const double *x)
{
	return schaffer(b, 1000, x);
}

/* Griewank-Rosenbrock; shifted as f9 */
double
bbob_f19(const struct bbob *b, const double *x)
{
	double z[BBOB_MAX], sum = 0, s;
	size_t i;

	bbob_shift(b, x, z);
	bbob_rotate(b, b->r, z);
	for (i = 0; i < b->d; i++)
		z[i] = bbob_stretch(b) * z[i] + 1;
	for (i = 0; i + 1 < b->d; i++) {
		s = bbob_banana(z + i);
		sum += s / 4000 + 1 - cos(s);
	}
	return 10 * sum / (double)(b->d - 1);
}

/* -------------------------------------------- with weak global structure */

/* Schwefel's x sin(sqrt(x)) */
double
bbob_f20(const struct bbob *b, const double *x)
{
	double z[BBOB_MAX], away, before = 0, sum = 0;
	size_t i;

	for (i = 0; i < b->d; i++) {
		away = 2 * (copysign(x[i], x[i] * b->xopt[i]) -
		    fabs(b->xopt[i]));
		z[i] = bbob_power(b, sqrt(10), i) * (away + 0.25 * before) +
		    2 * fabs(b->xopt[i]);
		before = away;
		sum += 100 * z[i] * sin(sqrt(fabs(100 * z[i])));
	}
	return 4.189828872724339 - sum / (100 * (double)b->d) +
	    100 * bbob_fpen(b, z);
}

/* The report's sum within the exponent. */
static double
peak_distance(const struct bbob *b, size_t k, const double *z)
{
	double sum = 0, away;
	size_t i;

	for (i = 0; i < b->d; i++) {
		away = z[i] - b->centre[k][i];
		sum += b->shape[k][i] * away * away;
	}
	return sum / (2 * (double)b->d);
}

static double
gallagher(const struct bbob *b, const double *x)
{
	double z[BBOB_MAX], highest = 0, below;
	size_t i;

	for (i = 0; i < b->d; i++)
		z[i] = x[i];
	bbob_rotate(b, b->r, z);
	for (i = 0; i < b->npeaks; i++)
		highest = fmax(highest, b->height[i] *
		    exp(-peak_distance(b, i, z)));
	below = bbob_tosz_one(10 - highest);
	return below * below + bbob_fpen(b, x);
}

/* Gallagher's 101 Gaussian peaks */
double
bbob_f21(const struct bbob *b, const double *x)
{
	return gallagher(b, x);
}

/* Gallagher's 21 Gaussian peaks */
double
bbob_f22(const struct bbob *b, const double *x)
{
	return gallagher(b, x);
}

/* z = Q Lambda^100 R z */
static void
squeeze(const struct bbob *b, double *z)
{
	bbob_rotate(b, b->r, z);
	bbob_lambda(b, 100, z);
	bbob_rotate(b, b->q, z);
}

static double
ruggedness(double z)
{
	double scale = 1, sum = 0;
	int j;

	for (j = 0; j < DIGITS; j++) {
		scale *= 2;
		sum += fabs(scale * z - floor(scale * z + 0.5)) / scale;
	}
	return sum;
}

/* Katsuura */
double
bbob_f23(const struct bbob *b, const double *x)
{
	double z[BBOB_MAX], product = 1, d = (double)b->d;
	size_t i;

	bbob_shift(b, x, z);
	squeeze(b, z);
	for (i = 0; i < b->d; i++)
		product *= 1 + (double)(i + 1) * ruggedness(z[i]);
	return 10 / (d * d) * (pow(product, 10 / pow(d, 1.2)) - 1) +
	    bbob_fpen(b, x);
}

/* Lunacek's bi-Rastrigin: two funnels, the wrong one wider */
double
bbob_f24(const struct bbob *b, const double *x)
{
	double z[BBOB_MAX], good = 0, bad = 0, waves = 0;
	double d = (double)b->d, s = 1 - 1 / (2 * sqrt(d + 20) - 8.2);
	double other = -sqrt((FUNNEL * FUNNEL - 1) / s);
	size_t i;

	for (i = 0; i < b->d; i++) {
		z[i] = 2 * copysign(x[i], x[i] * b->xopt[i]) - FUNNEL;
		good += z[i] * z[i];
		bad += (z[i] + FUNNEL - other) * (z[i] + FUNNEL - other);
	}
	squeeze(b, z);
	for (i = 0; i < b->d; i++)
		waves += 10 * (1 - cos(2 * BBOB_PI * z[i]));
	return fmin(good, d + s * bad) + waves + 1e4 * bbob_fpen(b, x);
}
