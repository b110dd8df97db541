/* linalg: what has one vector. */
#include <string.h>

#include "model/linalg.h"
#include "model/linalg_kernel.h"

#define ROWS 4			/* chains at a time */

/* Rows i to i + 3 take their products with x_0 to x_(i-1), which are
 * solved.  A row is one chain of differences: four hide each other's
 * latency. */
static void
take_products(size_t i, const double *l, size_t ldl, double *x)
{
	const double *l0 = l + i * ldl, *l1 = l0 + ldl;
	const double *l2 = l1 + ldl, *l3 = l2 + ldl;
	double s0 = x[i], s1 = x[i + 1], s2 = x[i + 2], s3 = x[i + 3];
	size_t k;

	for (k = 0; k < i; k++) {
		s0 -= l0[k] * x[k];
		s1 -= l1[k] * x[k];
		s2 -= l2[k] * x[k];
		s3 -= l3[k] * x[k];
	}
	x[i] = s0;
	x[i + 1] = s1;
	x[i + 2] = s2;
	x[i + 3] = s3;
}

void
la_trsv_lower(size_t n, const double *l, size_t ldl, double *x)
{
	size_t i, k, done = 0;

	for (i = 0; i < n; i++) {
		if (i % ROWS == 0 && i + ROWS <= n) {
			take_products(i, l, ldl, x);
			done = i;
		} else if (i % ROWS == 0) {
			done = 0;
		}
		for (k = done; k < i; k++)
			x[i] -= l[i * ldl + k] * x[k];
		x[i] /= l[i * ldl + i];
	}
}

/* Solve rows from to from + size - 1, which have taken all others'
 * products. */
static void
solve_corner_t(size_t from, size_t size, const double *l, size_t ldl,
    double *x)
{
	size_t i, k;

	for (k = from + size; k-- > from; ) {
		x[k] /= l[k * ldl + k];
		for (i = from; i < k; i++)
			x[i] -= l[k * ldl + i] * x[k];
	}
}

void
la_trsv_lower_t(size_t n, const double *l, size_t ldl, double *x)
{
	const struct la_kernel *kernel = la_kernel(0);
	double last_first[LA_STRIP];
	size_t r;

	for (; n > LA_STRIP; n -= LA_STRIP) {
		solve_corner_t(n - LA_STRIP, LA_STRIP, l, ldl, x);
		for (r = 0; r < LA_STRIP; r++)
			last_first[r] = x[n - 1 - r];
		kernel->sweep(n - LA_STRIP, l + (n - 1) * ldl,
		    -(ptrdiff_t)ldl, last_first, x);
	}
	solve_corner_t(0, n, l, ldl, x);
}

double
la_dot(size_t n, const double *x, const double *y)
{
	return la_kernel(0)->dot(n, x, y);
}

void
la_gemv(size_t n, size_t m, const double *a, size_t lda, const double *x,
    double *y)
{
	const struct la_kernel *kernel = la_kernel(0);
	size_t i;

	for (i = 0; i < n; i++)
		y[i] = kernel->dot(m, a + i * lda, x);
}

void
la_gemv_t(size_t n, size_t m, const double *a, size_t lda, const double *x,
    double *y)
{
	const struct la_kernel *kernel = la_kernel(0);
	double minus[LA_STRIP];
	size_t i, j, r;

	memset(y, 0, m * sizeof(double));
	for (i = 0; i + LA_STRIP <= n; i += LA_STRIP) {
		for (r = 0; r < LA_STRIP; r++)
			minus[r] = -x[i + r];
		kernel->sweep(m, a + i * lda, (ptrdiff_t)lda, minus, y);
	}
	for (; i < n; i++)
		for (j = 0; j < m; j++)
			y[j] += x[i] * a[i * lda + j];
}
