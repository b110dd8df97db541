/* f1 to f14: separable, and those with one valley.  See bbob.h. */
#include <math.h>

#include "bbob_functions.h"
#include "bbob_transform.h"

static double
squares(const double *z, size_t n)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < n; i++)
		sum += z[i] * z[i];
	return sum;
}

/* Axes with lengths from 1 to condition, squared. */
static double
ellipsoid(const struct bbob *b, double condition, const double *z)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < b->d; i++)
		sum += bbob_power(b, condition, i) * z[i] * z[i];
	return sum;
}

/* z = Q Lambda^10 R (x - x_opt) */
static void
skew(const struct bbob *b, const double *x, double *z)
{
	bbob_shift(b, x, z);
	bbob_rotate(b, b->r, z);
	bbob_lambda(b, 10, z);
	bbob_rotate(b, b->q, z);
}

double
bbob_rastrigin(const struct bbob *b, const double *z)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < b->d; i++)
		sum += 10 * (1 - cos(2 * BBOB_PI * z[i]));
	return sum + squares(z, b->d);
}

double
bbob_banana(const double *z)
{
	double curve = z[0] * z[0] - z[1], along = z[0] - 1;

	return 100 * curve * curve + along * along;
}

/* ----------------------------------------------------------- separable */

/* sphere */
double
bbob_f01(const struct bbob *b, const double *x)
{
	double z[BBOB_MAX];

	bbob_shift(b, x, z);
	return squares(z, b->d);
}

/* ellipsoid, separable */
double
bbob_f02(const struct bbob *b, const double *x)
{
	double z[BBOB_MAX];

	bbob_shift(b, x, z);
	bbob_tosz(b, z);
	return ellipsoid(b, 1e6, z);
}

/* Rastrigin, separable */
double
bbob_f03(const struct bbob *b, const double *x)
{
	double z[BBOB_MAX];

	bbob_shift(b, x, z);
	bbob_tosz(b, z);
	bbob_tasy(b, 0.2, z);
	bbob_lambda(b, 10, z);
	return bbob_rastrigin(b, z);
}

/* Bueche-Rastrigin: the report's odd variables are even from 0. */
double
bbob_f04(const struct bbob *b, const double *x)
{
	double z[BBOB_MAX];
	size_t i;

	bbob_shift(b, x, z);
	bbob_tosz(b, z);
	bbob_lambda(b, 10, z);
	for (i = 0; i < b->d; i += 2)
		z[i] *= z[i] > 0 ? 10 : 1;
	return bbob_rastrigin(b, z) + 100 * bbob_fpen(b, x);
}

/* linear slope, its optimum a corner */
double
bbob_f05(const struct bbob *b, const double *x)
{
	double sum = 0, z;
	size_t i;

	for (i = 0; i < b->d; i++) {
		z = fmin(copysign(x[i], x[i] * b->xopt[i]), BBOB_BOUND);
		sum += bbob_power(b, 10, i) * (BBOB_BOUND - z);
	}
	return sum;
}

/* ---------------------------------------- low or moderate conditioning */

/* attractive sector */
double
bbob_f06(const struct bbob *b, const double *x)
{
	double z[BBOB_MAX];
	size_t i;

	skew(b, x, z);
	for (i = 0; i < b->d; i++)
		z[i] *= z[i] * b->xopt[i] > 0 ? 100 : 1;
	return pow(bbob_tosz_one(squares(z, b->d)), 0.9);
}

/* step ellipsoid */
double
bbob_f07(const struct bbob *b, const double *x)
{
	double z[BBOB_MAX], first;
	size_t i;

	bbob_shift(b, x, z);
	bbob_rotate(b, b->r, z);
	bbob_lambda(b, 10, z);
	first = fabs(z[0]);
	for (i = 0; i < b->d; i++)
		z[i] = fabs(z[i]) > 0.5 ? floor(0.5 + z[i]) :
		    floor(0.5 + 10 * z[i]) / 10;
	bbob_rotate(b, b->q, z);
	return 0.1 * fmax(first / 1e4, ellipsoid(b, 100, z)) +
	    bbob_fpen(b, x);
}

static double
rosenbrock(const struct bbob *b, const double *z)
{
	double sum = 0;
	size_t i;

	for (i = 0; i + 1 < b->d; i++)
		sum += bbob_banana(z + i);
	return sum;
}

/* Rosenbrock */
double
bbob_f08(const struct bbob *b, const double *x)
{
	double z[BBOB_MAX];
	size_t i;

	bbob_shift(b, x, z);
	for (i = 0; i < b->d; i++)
		z[i] = bbob_stretch(b) * z[i] + 1;
	return rosenbrock(b, z);
}

/* Rosenbrock, rotated: R (x - x_opt) + 1 is R x + 1/2 of the report */
double
bbob_f09(const struct bbob *b, const double *x)
{
	double z[BBOB_MAX];
	size_t i;

	bbob_shift(b, x, z);
	bbob_rotate(b, b->r, z);
	for (i = 0; i < b->d; i++)
		z[i] = bbob_stretch(b) * z[i] + 1;
	return rosenbrock(b, z);
}

/* --------------------------------------- high conditioning, one valley */

/* z = T_osz(R (x - x_opt)) */
static void
turn(const struct bbob *b, const double *x, double *z)
{
	bbob_shift(b, x, z);
	bbob_rotate(b, b->r, z);
	bbob_tosz(b, z);
}

/* ellipsoid */
double
bbob_f10(const struct bbob *b, const double *x)
{
	double z[BBOB_MAX];

	turn(b, x, z);
	return ellipsoid(b, 1e6, z);
}

/* discus */
double
bbob_f11(const struct bbob *b, const double *x)
{
	double z[BBOB_MAX];

	turn(b, x, z);
	return 1e6 * z[0] * z[0] + squares(z + 1, b->d - 1);
}

/* bent cigar */
double
bbob_f12(const struct bbob *b, const double *x)
{
	double z[BBOB_MAX];

	bbob_shift(b, x, z);
	bbob_rotate(b, b->r, z);
	bbob_tasy(b, 0.5, z);
	bbob_rotate(b, b->r, z);
	return z[0] * z[0] + 1e6 * squares(z + 1, b->d - 1);
}

/* sharp ridge */
double
bbob_f13(const struct bbob *b, const double *x)
{
	double z[BBOB_MAX];

	skew(b, x, z);
	return z[0] * z[0] + 100 * sqrt(squares(z + 1, b->d - 1));
}

/* different powers */
double
bbob_f14(const struct bbob *b, const double *x)
{
	double z[BBOB_MAX], sum = 0;
	size_t i;

	bbob_shift(b, x, z);
	bbob_rotate(b, b->r, z);
	for (i = 0; i < b->d; i++)
		sum += pow(fabs(z[i]), 2 + 4 * (double)i /
		    (double)(b->d - 1));
	return sqrt(sum);
}
