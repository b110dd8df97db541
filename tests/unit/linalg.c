/*
 * linalg: against GSL, and against plain loops in the stated order, to the
 * bit, with every kernel that this CPU runs.
 */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_blas.h>
#include <gsl/gsl_linalg.h>

#include "base/xmem.h"
#include "model/linalg.h"
#include "model/linalg_kernel.h"
#include "model/rng.h"

#define PAD 3			/* columns between rows that stay as they are */
#define MARK -7777.0
#define TOLERANCE 1e-12

/* Around strips (8), panels (48) and their multiples, and some far off. */
static const size_t sizes[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13,
	14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
	32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49,
	50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64, 65, 66, 67,
	68, 69, 70, 100, 191, 192, 193, 500 };
#define NSIZES (sizeof(sizes) / sizeof(sizes[0]))

/* rows x cols, rows ld apart. */
struct matrix {
	size_t rows, cols, ld;
	double *at;
};

static double *
element(const struct matrix *m, size_t i, size_t j)
{
	return m->at + i * m->ld + j;
}

static struct matrix
matrix_new(size_t rows, size_t cols)
{
	struct matrix m = { rows, cols, cols + PAD, NULL };
	size_t i;

	m.at = xcalloc(rows * m.ld + 1, sizeof(double));
	for (i = 0; i < rows * m.ld; i++)
		m.at[i] = MARK;
	return m;
}

static struct matrix
matrix_copy(const struct matrix *from)
{
	struct matrix m = matrix_new(from->rows, from->cols);

	memcpy(m.at, from->at, m.rows * m.ld * sizeof(double));
	return m;
}

static struct matrix
random_matrix(size_t rows, size_t cols, uint64_t seed)
{
	struct matrix m = matrix_new(rows, cols);
	struct rng r;
	size_t i, j;

	rng_init(&r, seed, 0, RNG_RANDOM);
	for (i = 0; i < rows; i++)
		for (j = 0; j < cols; j++)
			*element(&m, i, j) = 2 * rng_uniform(&r) - 1;
	return m;
}

/* b b^T / n + I: eigenvalues from 1 to about 2.4. */
static struct matrix
random_spd(size_t n, uint64_t seed)
{
	struct matrix b = random_matrix(n, n, seed), a = matrix_new(n, n);
	size_t i, j, k;
	double s;

	for (i = 0; i < n; i++) {
		for (j = 0; j <= i; j++) {
			for (s = 0, k = 0; k < n; k++)
				s += *element(&b, i, k) * *element(&b, j, k);
			*element(&a, i, j) = s / (double)n + (i == j);
			*element(&a, j, i) = *element(&a, i, j);
		}
	}
	free(b.at);
	return a;
}

static gsl_matrix *
to_gsl(const struct matrix *m)
{
	gsl_matrix *g = gsl_matrix_alloc(m->rows, m->cols);
	size_t i, j;

	for (i = 0; i < m->rows; i++)
		for (j = 0; j < m->cols; j++)
			gsl_matrix_set(g, i, j, *element(m, i, j));
	return g;
}

/* Relative to the largest element; lower: on and below the diagonal. */
static void
assert_near(const struct matrix *m, const gsl_matrix *g, int lower)
{
	double largest = 0, expected;
	size_t i, j;

	for (i = 0; i < m->rows; i++)
		for (j = 0; j < (lower ? i + 1 : m->cols); j++)
			largest = fmax(largest, fabs(gsl_matrix_get(g, i, j)));
	for (i = 0; i < m->rows; i++) {
		for (j = 0; j < (lower ? i + 1 : m->cols); j++) {
			expected = gsl_matrix_get(g, i, j);
			if (!(fabs(*element(m, i, j) - expected) <=
			    TOLERANCE * largest))
				fail_msg("%zu x %zu: (%zu,%zu) is %.17g, "
				    "not %.17g", m->rows, m->cols, i, j,
				    *element(m, i, j), expected);
		}
	}
}

/* Whole rows with what stands between them. */
static void
assert_same(const struct matrix *a, const struct matrix *b)
{
	size_t i, j;

	for (i = 0; i < a->rows; i++)
		for (j = 0; j < a->ld; j++)
			if (memcmp(element(a, i, j), element(b, i, j),
			    sizeof(double)) != 0)
				fail_msg("%zu x %zu: (%zu,%zu) is %a, not %a",
				    a->rows, a->cols, i, j, *element(a, i, j),
				    *element(b, i, j));
}

/* The header's order, word by word. */
static void
plain_chol(struct matrix *a)
{
	size_t i, j, k;
	double s;

	for (i = 0; i < a->rows; i++) {
		for (j = 0; j <= i; j++) {
			s = *element(a, i, j);
			for (k = 0; k < j; k++)
				s -= *element(a, i, k) * *element(a, j, k);
			*element(a, i, j) = i == j ? sqrt(s) :
			    s / *element(a, j, j);
		}
	}
}

static void
plain_trsm(const struct matrix *l, struct matrix *b)
{
	size_t i, j, k;

	for (j = 0; j < b->cols; j++) {
		for (i = 0; i < b->rows; i++) {
			for (k = 0; k < i; k++)
				*element(b, i, j) -= *element(l, i, k) *
				    *element(b, k, j);
			*element(b, i, j) /= *element(l, i, i);
		}
	}
}

static void
plain_trsm_t(const struct matrix *l, struct matrix *b)
{
	size_t i, j, k;

	for (j = 0; j < b->cols; j++) {
		for (i = b->rows; i-- > 0; ) {
			for (k = b->rows; --k > i; )
				*element(b, i, j) -= *element(l, k, i) *
				    *element(b, k, j);
			*element(b, i, j) /= *element(l, i, i);
		}
	}
}

static void
plain_inverse(const struct matrix *l, struct matrix *out)
{
	struct matrix x = matrix_new(l->rows, l->rows);
	size_t i, j, k, n = l->rows;
	double s;

	for (i = 0; i < n; i++)
		for (j = 0; j < n; j++)
			*element(&x, i, j) = i == j;
	plain_trsm(l, &x);
	for (i = 0; i < n; i++) {
		for (j = 0; j < n; j++) {
			for (s = 0, k = i > j ? i : j; k < n; k++)
				s += *element(&x, k, i) * *element(&x, k, j);
			*element(out, i, j) = s;
		}
	}
	free(x.at);
}

static struct matrix
factor_of(const struct matrix *a)
{
	struct matrix l = matrix_copy(a);

	assert_int_equal(la_chol(l.rows, l.at, l.ld), 0);
	return l;
}

static void
factor_is_gsls(void **state)
{
	struct matrix a, l;
	gsl_matrix *g;
	size_t i;

	(void)state;
	for (i = 0; i < NSIZES; i++) {
		a = random_spd(sizes[i], i);
		l = factor_of(&a);
		g = to_gsl(&a);
		gsl_linalg_cholesky_decomp1(g);
		assert_near(&l, g, 1);
		gsl_matrix_free(g);
		free(a.at);
		free(l.at);
	}
}

static void
solutions_are_gsls(size_t n, size_t m)
{
	struct matrix a = random_spd(n, n), l = factor_of(&a);
	struct matrix b = random_matrix(n, m, m), bt = matrix_copy(&b);
	gsl_matrix *gl = to_gsl(&l), *g = to_gsl(&b), *gt = to_gsl(&b);

	la_trsm_lower(n, m, l.at, l.ld, b.at, b.ld);
	la_trsm_lower_t(n, m, l.at, l.ld, bt.at, bt.ld);
	gsl_blas_dtrsm(CblasLeft, CblasLower, CblasNoTrans, CblasNonUnit, 1,
	    gl, g);
	gsl_blas_dtrsm(CblasLeft, CblasLower, CblasTrans, CblasNonUnit, 1,
	    gl, gt);
	assert_near(&b, g, 0);
	assert_near(&bt, gt, 0);
	gsl_matrix_free(gl);
	gsl_matrix_free(g);
	gsl_matrix_free(gt);
	free(a.at);
	free(l.at);
	free(b.at);
	free(bt.at);
}

static void
triangular_solutions_are_gsls(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < NSIZES; i++)
		solutions_are_gsls(sizes[i], sizes[NSIZES - 1 - i]);
	solutions_are_gsls(30, 1030);
}

static void
inverse_is_gsls(void **state)
{
	struct matrix a, l, out;
	gsl_matrix *g;
	size_t i;

	(void)state;
	for (i = 0; i < NSIZES; i++) {
		a = random_spd(sizes[i], i);
		l = factor_of(&a);
		out = matrix_new(a.rows, a.rows);
		la_inv_from_chol(l.rows, l.at, l.ld, out.at, out.ld);
		g = to_gsl(&a);
		gsl_linalg_cholesky_decomp1(g);
		gsl_linalg_cholesky_invert(g);
		assert_near(&out, g, 0);
		gsl_matrix_free(g);
		free(a.at);
		free(l.at);
		free(out.at);
	}
}

/* Above the diagonal and between rows nothing moves: copies of the same
 * start are compared whole. */
static void
kernel_factors(const struct la_kernel *kernel, const struct matrix *a,
    const struct matrix *expected)
{
	struct matrix l = matrix_copy(a);

	assert_int_equal(la_chol_on(kernel, l.rows, l.at, l.ld), 0);
	assert_same(&l, expected);
	free(l.at);
}

static void
every_kernel_factors_in_the_stated_order(void **state)
{
	const struct la_kernel *kernel;
	struct matrix a, expected;
	size_t i, k;

	(void)state;
	for (i = 0; i < NSIZES; i++) {
		a = random_spd(sizes[i], i);
		expected = matrix_copy(&a);
		plain_chol(&expected);
		for (k = 0; (kernel = la_kernel(k)) != NULL; k++)
			kernel_factors(kernel, &a, &expected);
		free(a.at);
		free(expected.at);
	}
}

static void
kernel_solves(const struct la_kernel *kernel, const struct matrix *l,
    const struct matrix *b, const struct matrix *expected)
{
	struct matrix x = matrix_copy(b);
	struct la_system s = { x.rows, x.cols,
		{ l->at, (ptrdiff_t)l->ld, 1 }, x.at, (ptrdiff_t)x.ld };

	la_trsm_on(kernel, &s);
	assert_same(&x, expected);
	free(x.at);
}

static void
every_kernel_solves_in_the_stated_order(void **state)
{
	const struct la_kernel *kernel;
	struct matrix a, l, b, expected;
	size_t i, k;

	(void)state;
	for (i = 0; i < NSIZES; i++) {
		a = random_spd(sizes[i], i);
		l = factor_of(&a);
		b = random_matrix(a.rows, sizes[NSIZES - 1 - i], i);
		expected = matrix_copy(&b);
		plain_trsm(&l, &expected);
		for (k = 0; (kernel = la_kernel(k)) != NULL; k++)
			kernel_solves(kernel, &l, &b, &expected);
		free(a.at);
		free(l.at);
		free(b.at);
		free(expected.at);
	}
}

static void
transposed_solves_in_the_stated_order(void **state)
{
	struct matrix a, l, b, expected;
	size_t i;

	(void)state;
	for (i = 0; i < NSIZES; i++) {
		a = random_spd(sizes[i], i);
		l = factor_of(&a);
		b = random_matrix(a.rows, sizes[NSIZES - 1 - i], i);
		expected = matrix_copy(&b);
		plain_trsm_t(&l, &expected);
		la_trsm_lower_t(b.rows, b.cols, l.at, l.ld, b.at, b.ld);
		assert_same(&b, &expected);
		free(a.at);
		free(l.at);
		free(b.at);
		free(expected.at);
	}
}

static void
kernel_inverts(const struct la_kernel *kernel, const struct matrix *l,
    const struct matrix *expected)
{
	struct matrix out = matrix_new(l->rows, l->rows);
	struct la_view v = { l->at, (ptrdiff_t)l->ld, 1 };

	la_inv_on(kernel, l->rows, v, out.at, out.ld);
	assert_same(&out, expected);
	free(out.at);
}

static void
every_kernel_inverts_in_the_stated_order(void **state)
{
	const struct la_kernel *kernel;
	struct matrix a, l, expected;
	size_t i, k;

	(void)state;
	for (i = 0; i < NSIZES; i++) {
		a = random_spd(sizes[i], i);
		l = factor_of(&a);
		expected = matrix_new(a.rows, a.rows);
		plain_inverse(&l, &expected);
		for (k = 0; (kernel = la_kernel(k)) != NULL; k++)
			kernel_inverts(kernel, &l, &expected);
		free(a.at);
		free(l.at);
		free(expected.at);
	}
}

/* A column alone is the column among others. */
static void
one_vector_has_the_same_digits(void **state)
{
	struct matrix a, l, b, x;
	size_t i;

	(void)state;
	for (i = 0; i < NSIZES; i++) {
		a = random_spd(sizes[i], i);
		l = factor_of(&a);
		b = random_matrix(1, a.rows, i);
		x = matrix_copy(&b);
		la_trsm_lower(a.rows, 1, l.at, l.ld, b.at, 1);
		la_trsv_lower(a.rows, l.at, l.ld, x.at);
		assert_same(&x, &b);
		la_trsm_lower_t(a.rows, 1, l.at, l.ld, b.at, 1);
		la_trsv_lower_t(a.rows, l.at, l.ld, x.at);
		assert_same(&x, &b);
		free(a.at);
		free(l.at);
		free(b.at);
		free(x.at);
	}
}

static void
rows_append_to_the_whole_factor(void **state)
{
	struct matrix a = random_spd(120, 4), l = matrix_copy(&a);
	struct matrix expected = factor_of(&a);
	size_t n;

	(void)state;
	for (n = 0; n < a.rows; n++)
		assert_int_equal(la_chol_append(n, l.at, l.ld,
		    n % 2 ? element(&a, n, 0) : element(&l, n, 0),
		    *element(&a, n, n)), 0);
	assert_same(&l, &expected);
	free(a.at);
	free(l.at);
	free(expected.at);
}

/* What is not positive definite is found at its first bad pivot, wherever
 * in a panel that is, and NaN and infinity count. */
static void
bad_pivots_are_named(void **state)
{
	static const double bad[] = { 0, -1, -DBL_MIN, NAN, INFINITY,
		-INFINITY };
	const struct la_kernel *kernel;
	struct matrix a = random_spd(130, 5), l;
	size_t at, k;

	(void)state;
	for (at = 0; at < a.rows; at++) {
		for (k = 0; (kernel = la_kernel(k)) != NULL; k++) {
			l = matrix_copy(&a);
			*element(&l, at, at) = bad[at % 6];
			assert_int_equal(la_chol_on(kernel, l.rows, l.at,
			    l.ld), at + 1);
			free(l.at);
		}
	}
	l = factor_of(&a);
	for (k = 0; k < 6; k++)
		assert_int_equal(la_chol_append(129, l.at, l.ld,
		    element(&a, 129, 0), bad[k]), 130);
	free(l.at);
	free(a.at);
}

/* All ones: the second pivot is 1 - 1, exactly. */
static void
a_singular_matrix_is_no_factor(void **state)
{
	double a[9] = { 1, 1, 1, 1, 1, 1, 1, 1, 1 };

	(void)state;
	assert_int_equal(la_chol(3, a, 3), 2);
}

static void
nan_off_the_diagonal_reaches_its_pivot(void **state)
{
	struct matrix a = random_spd(70, 6);

	(void)state;
	*element(&a, 61, 5) = NAN;
	assert_int_equal(la_chol(a.rows, a.at, a.ld), 62);
	free(a.at);
}

/* Powers of two keep every result exact. */
static void
a_diagonal_matrix_is_exact(void **state)
{
	double a[4] = { 4, 0, 0, 0.25 }, out[4], b[2] = { 1, 1 };

	(void)state;
	assert_int_equal(la_chol(2, a, 2), 0);
	assert_true(a[0] == 2 && a[2] == 0 && a[3] == 0.5);
	la_inv_from_chol(2, a, 2, out, 2);
	assert_true(out[0] == 0.25 && out[3] == 4);
	assert_true(out[1] == 0 && !signbit(out[1]) && !signbit(out[2]));
	la_trsv_lower(2, a, 2, b);
	assert_true(b[0] == 0.5 && b[1] == 2);
}

static void
nothing_is_nothing(void **state)
{
	double x = MARK;

	(void)state;
	assert_int_equal(la_chol(0, &x, 1), 0);
	la_trsm_lower(0, 1, &x, 1, &x, 1);
	la_trsm_lower(1, 0, &x, 1, &x, 1);
	la_trsm_lower_t(0, 1, &x, 1, &x, 1);
	la_trsm_lower_t(1, 0, &x, 1, &x, 1);
	la_trsv_lower(0, &x, 1, &x);
	la_trsv_lower_t(0, &x, 1, &x);
	la_inv_from_chol(0, &x, 1, &x, 1);
	la_gemv(0, 1, &x, 1, &x, &x);
	la_gemv_t(1, 0, &x, 1, &x, &x);
	assert_true(x == MARK);
	assert_true(la_dot(0, &x, &x) == 0);
	la_gemv_t(0, 1, &x, 1, NULL, &x);
	assert_true(x == 0);
}

static double
plain_dot(size_t n, const double *x, const double *y)
{
	double s[8] = { 0 };
	size_t k;

	for (k = 0; k < n; k++)
		s[k % 8] += x[k] * y[k];
	return ((s[0] + s[4]) + (s[2] + s[6])) +
	    ((s[1] + s[5]) + (s[3] + s[7]));
}

static void
products_have_the_stated_order(void **state)
{
	struct matrix a = random_matrix(29, 200, 8);
	struct matrix x = random_matrix(1, 200, 9), y = matrix_new(1, 200);
	const struct la_kernel *kernel;
	size_t n, i, j, k;
	double s;

	(void)state;
	for (n = 0; n <= 200; n++)
		for (k = 0; (kernel = la_kernel(k)) != NULL; k++)
			assert_true(kernel->dot(n, a.at, x.at) ==
			    plain_dot(n, a.at, x.at));
	la_gemv(29, 197, a.at, a.ld, x.at, y.at);
	for (i = 0; i < 29; i++)
		assert_true(y.at[i] ==
		    plain_dot(197, element(&a, i, 0), x.at));
	assert_true(y.at[29] == MARK);
	la_gemv_t(29, 197, a.at, a.ld, x.at, y.at);
	for (j = 0; j < 197; j++) {
		for (s = 0, i = 0; i < 29; i++)
			s += x.at[i] * *element(&a, i, j);
		assert_true(y.at[j] == s);
	}
	assert_true(y.at[197] == MARK);
	free(a.at);
	free(x.at);
	free(y.at);
}

static void
sweeps_have_the_stated_order(void **state)
{
	struct matrix a = random_matrix(8, 40, 10), x, y, z;
	const struct la_kernel *kernel;
	size_t n, j, k, r;

	(void)state;
	x = random_matrix(1, 8, 11);
	for (n = 0; n <= 40; n++) {
		for (k = 0; (kernel = la_kernel(k)) != NULL; k++) {
			y = random_matrix(1, 40, n);
			z = matrix_copy(&y);
			kernel->sweep(n, element(&a, 7, 0),
			    -(ptrdiff_t)a.ld, x.at, y.at);
			for (j = 0; j < n; j++)
				for (r = 0; r < 8; r++)
					z.at[j] -= x.at[r] *
					    *element(&a, 7 - r, j);
			assert_same(&y, &z);
			free(y.at);
			free(z.at);
		}
	}
	free(a.at);
	free(x.at);
}

/* FNV-1a, a double at a time, on and below the diagonal. */
static uint64_t
digest(const struct matrix *m)
{
	uint64_t h = 0xcbf29ce484222325, bits;
	size_t i, j;

	for (i = 0; i < m->rows; i++) {
		for (j = 0; j <= i; j++) {
			memcpy(&bits, element(m, i, j), sizeof(bits));
			h = (h ^ bits) * 0x100000001b3;
		}
	}
	return h;
}

/* What the header's formulas give, word by word, in CPython's floats. */
static void
digits_are_those_of_another_language(void **state)
{
	struct matrix a = matrix_new(100, 100), out = matrix_new(100, 100);
	size_t i, j;

	(void)state;
	for (i = 0; i < 100; i++)
		for (j = 0; j < 100; j++)
			*element(&a, i, j) = i == j ? 2 :
			    1.0 / (double)(1 + (i > j ? i - j : j - i));
	assert_int_equal(la_chol(100, a.at, a.ld), 0);
	assert_true(digest(&a) == 0x952a8f4f27022bbc);
	la_inv_from_chol(100, a.at, a.ld, out.at, out.ld);
	assert_true(digest(&out) == 0x50b5a947282f497b);
	free(a.at);
	free(out.at);
}

/* The last is the one that every machine has. */
static void
kernels_end_with_the_plain_one(void **state)
{
	const struct la_kernel *last = NULL, *kernel;
	size_t k;

	(void)state;
	for (k = 0; (kernel = la_kernel(k)) != NULL; k++) {
		print_message("# kernel %s\n", kernel->name);
		last = kernel;
	}
	assert_non_null(last);
	assert_string_equal(last->name, "plain");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kernels_end_with_the_plain_one),
		cmocka_unit_test(factor_is_gsls),
		cmocka_unit_test(triangular_solutions_are_gsls),
		cmocka_unit_test(inverse_is_gsls),
		cmocka_unit_test(every_kernel_factors_in_the_stated_order),
		cmocka_unit_test(every_kernel_solves_in_the_stated_order),
		cmocka_unit_test(transposed_solves_in_the_stated_order),
		cmocka_unit_test(every_kernel_inverts_in_the_stated_order),
		cmocka_unit_test(digits_are_those_of_another_language),
		cmocka_unit_test(one_vector_has_the_same_digits),
		cmocka_unit_test(rows_append_to_the_whole_factor),
		cmocka_unit_test(bad_pivots_are_named),
		cmocka_unit_test(a_singular_matrix_is_no_factor),
		cmocka_unit_test(nan_off_the_diagonal_reaches_its_pivot),
		cmocka_unit_test(a_diagonal_matrix_is_exact),
		cmocka_unit_test(nothing_is_nothing),
		cmocka_unit_test(products_have_the_stated_order),
		cmocka_unit_test(sweeps_have_the_stated_order)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
