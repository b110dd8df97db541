/*
 * linalg: dense linear algebra with the same digits on every machine.
 *
 * Matrices are row-major doubles: element (i,j) of a stands at
 * a[i * lda + j], lda >= the number of columns.  Arguments come as in BLAS:
 * sizes, then each matrix with its distance between rows.  A lower
 * triangular argument is read on and below its diagonal only.  Arguments do
 * not overlap unless it says so.  Sizes may be 0.
 *
 * Every element is computed in one order, stated below, each product and
 * each difference rounded on its own: blocks, vector width, CPU and compiler
 * do not show in the result, if they keep to IEEE 754 and contract nothing
 * (-ffp-contract=off).  Only NaNs may differ, in sign and payload.
 *
 * Nothing is checked but pivots: NaN and infinity in, NaN and infinity out.
 * Memory is taken for packed panels only (48 columns of each operand), by
 * la_chol, la_trsm_* and la_inv_from_chol; see base/xmem for its end.
 */
#ifndef LO_MODEL_LINALG_H
#define LO_MODEL_LINALG_H

#include <stddef.h>

/*
 * Cholesky factor L of a symmetric positive definite a (n x n), a = L L^T.
 * Only the lower triangle is read, L takes its place; what is above the
 * diagonal stays as it is.  Returns 0, or 1 + the index of the first pivot
 * that is not a positive finite number; a's lower triangle is spoilt then.
 *	l_ij = (a_ij - l_i0 l_j0 - l_i1 l_j1 - ...) / l_jj, left to right;
 *	l_ii = sqrt(the same with j = i)
 */
size_t	la_chol(size_t n, double *a, size_t lda);

/*
 * Extend the factor of an n x n matrix by one row: row holds the n
 * covariances with what is there, diag the new diagonal element.  Writes
 * row n of l, n + 1 elements (ldl > n); row may be that very place.  The
 * same digits as la_chol of the larger matrix.  Returns 0, or n + 1 if the
 * new pivot is not a positive finite number; row n is spoilt then.
 */
size_t	la_chol_append(size_t n, double *l, size_t ldl, const double *row,
	    double diag);

/*
 * b (n x m, a right-hand side a column) becomes L^-1 b, or L^-T b.
 *	lower:	x_i = (b_i - l_i0 x_0 - l_i1 x_1 - ...) / l_ii
 *	t:	x_i = (b_i - l_(n-1)i x_(n-1) - l_(n-2)i x_(n-2) - ...) / l_ii
 * A column's result does not depend on the others.
 */
void	la_trsm_lower(size_t n, size_t m, const double *l, size_t ldl,
	    double *b, size_t ldb);
void	la_trsm_lower_t(size_t n, size_t m, const double *l, size_t ldl,
	    double *b, size_t ldb);

/* The same for one vector of n, with the same digits. */
void	la_trsv_lower(size_t n, const double *l, size_t ldl, double *x);
void	la_trsv_lower_t(size_t n, const double *l, size_t ldl, double *x);

/*
 * out = (L L^T)^-1, all n x n elements, exactly symmetric.  With
 * X = L^-1 in the order of la_trsm_lower (from the diagonal of the identity
 * downwards),
 *	out_ij = x_pi x_pj + x_(p+1)i x_(p+1)j + ..., p = max(i, j)
 */
void	la_inv_from_chol(size_t n, const double *l, size_t ldl, double *out,
	    size_t ldo);

/* Sum of x_k y_k in eight parts, s_c over k = c, c + 8, c + 16, ...; then
 * ((s0 + s4) + (s2 + s6)) + ((s1 + s5) + (s3 + s7)). */
double	la_dot(size_t n, const double *x, const double *y);

/* y (n) = a x with a n x m, each y_i as la_dot of a row with x. */
void	la_gemv(size_t n, size_t m, const double *a, size_t lda,
	    const double *x, double *y);

/* y (m) = a^T x with a n x m: y_j = 0 + x_0 a_0j + x_1 a_1j + ... */
void	la_gemv_t(size_t n, size_t m, const double *a, size_t lda,
	    const double *x, double *y);

#endif
