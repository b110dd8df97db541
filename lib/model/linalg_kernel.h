/*
 * linalg_kernel: the innermost loops of linalg, once for each vector width.
 *
 * Kernels differ in how many elements they compute at a time, never in an
 * element's order of operations.  This header is linalg's own and its
 * tests'; -DLA_NO_CLONES leaves the plain kernel alone.
 *
 * A strip is 8 rows of a matrix, packed column by column: element k of row
 * r stands at strip[8 * k + r].  A panel is up to 48 columns wide.
 */
#ifndef LO_MODEL_LINALG_KERNEL_H
#define LO_MODEL_LINALG_KERNEL_H

#include <stddef.h>

#define LA_STRIP 8
#define LA_PANEL 48
#define LA_STRIP_SIZE (LA_PANEL * LA_STRIP)

struct la_kernel {
	const char *name;
	/* c (8 x 8, rows ld apart): c_rs -= a_r0 b_s0, then a_r1 b_s1, ...,
	 * n products, with strips a and b.  c may be the part of a or b that
	 * begins at column n. */
	void (*tile)(size_t n, const double *a, const double *b, double *c,
	    ptrdiff_t ld);
	/* The n x n lower triangle l, packed as a strip, and x, n rows of 8
	 * right-hand sides: x becomes l^-1 x, n <= 8. */
	void (*solve)(size_t n, const double *l, double *x);
	/* y (n) -= x_0 a_0, then x_1 a_1, ..., x_7 a_7: 8 rows of a, ld
	 * apart. */
	void (*sweep)(size_t n, const double *a, ptrdiff_t ld,
	    const double *x, double *y);
	/* As la_dot. */
	double (*dot)(size_t n, const double *x, const double *y);
};

/* The kernels that this CPU can run, the widest (i = 0) first; the last is
 * "plain", after it comes NULL. */
const struct la_kernel *la_kernel(size_t i);

/* A matrix to read: element (i,j) at at[i * row + j * col]. */
struct la_view {
	const double *at;
	ptrdiff_t row, col;
};

/* l x = b: n x n and n x m.  x takes b's place, its rows are ldb apart. */
struct la_system {
	size_t n, m;
	struct la_view l;
	double *b;
	ptrdiff_t ldb;
};

/* As la_chol, la_trsm_lower and la_inv_from_chol, with a given kernel. */
size_t	la_chol_on(const struct la_kernel *, size_t n, double *a,
	    size_t lda);
void	la_trsm_on(const struct la_kernel *, const struct la_system *);
void	la_inv_on(const struct la_kernel *, size_t n, struct la_view l,
	    double *out, size_t ldo);

#endif
