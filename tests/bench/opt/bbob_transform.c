/* bbob_transform: see bbob_transform.h. */
#include <math.h>
#include <string.h>

#include "bbob_transform.h"
#include "task.h"

double
bbob_power(const struct bbob *b, double alpha, size_t i)
{
	return pow(alpha, (double)i / (double)(b->d - 1));
}

double
bbob_stretch(const struct bbob *b)
{
	return fmax(1, sqrt((double)b->d) / 8);
}

void
bbob_shift(const struct bbob *b, const double *x, double *z)
{
	size_t i;

	for (i = 0; i < b->d; i++)
		z[i] = x[i] - b->xopt[i];
}

void
bbob_rotate(const struct bbob *b, const double *matrix, double *z)
{
	double in[BBOB_MAX];
	size_t i, j;

	memcpy(in, z, b->d * sizeof(*in));
	for (i = 0; i < b->d; i++) {
		z[i] = 0;
		for (j = 0; j < b->d; j++)
			z[i] += matrix[i * b->d + j] * in[j];
	}
}

void
bbob_lambda(const struct bbob *b, double alpha, double *z)
{
	size_t i;

	for (i = 0; i < b->d; i++)
		z[i] *= bbob_power(b, sqrt(alpha), i);
}

void
bbob_tasy(const struct bbob *b, double beta, double *z)
{
	double rise;
	size_t i;

	for (i = 0; i < b->d; i++) {
		if (z[i] <= 0)
			continue;
		rise = beta * (double)i / (double)(b->d - 1);
		z[i] = pow(z[i], 1 + rise * sqrt(z[i]));
	}
}

double
bbob_tosz_one(double x)
{
	double l, wave;

	if (x == 0)
		return 0;
	l = log(fabs(x));
	wave = x > 0 ? sin(10 * l) + sin(7.9 * l) :
	    sin(5.5 * l) + sin(3.1 * l);
	return copysign(exp(l + 0.049 * wave), x);
}

void
bbob_tosz(const struct bbob *b, double *z)
{
	size_t i;

	for (i = 0; i < b->d; i++)
		z[i] = bbob_tosz_one(z[i]);
}

double
bbob_fpen(const struct bbob *b, const double *x)
{
	double beyond, sum = 0;
	size_t i;

	for (i = 0; i < b->d; i++) {
		beyond = fmax(0, fabs(x[i]) - BBOB_BOUND);
		sum += beyond * beyond;
	}
	return sum;
}

static double
dot(const double *a, const double *b, size_t d)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < d; i++)
		sum += a[i] * b[i];
	return sum;
}

/* Make row k orthogonal to those before it. */
static void
straighten(double *matrix, size_t d, size_t k)
{
	double *row = matrix + k * d, *other, along;
	size_t i;

	for (other = matrix; other < row; other += d) {
		along = dot(row, other, d);
		for (i = 0; i < d; i++)
			row[i] -= along * other[i];
	}
	along = sqrt(dot(row, row, d));
	for (i = 0; i < d; i++)
		row[i] /= along;
}

void
bbob_rotation(double *matrix, size_t d, struct rng *rng)
{
	size_t i;

	for (i = 0; i < d * d; i++)
		matrix[i] = task_normal(rng);
	/* Twice: what is left of nearly parallel rows is mostly rounding. */
	for (i = 0; i < d; i++) {
		straighten(matrix, d, i);
		straighten(matrix, d, i);
	}
}
