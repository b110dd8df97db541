/*
 * linalg_chol: Cholesky factors, from the left to the right.
 *
 * A panel of columns, from its diagonal down, is packed into strips and
 * factorized there; what is right of it takes the panel's products.  Each
 * element so meets its products in the order of their columns.
 */
#include <float.h>
#include <math.h>
#include <string.h>

#include "model/linalg.h"
#include "model/linalg_panel.h"

#define BLOCK (LA_STRIP * LA_STRIP)

/* The part of the matrix from (from,from) on. */
struct rest {
	size_t n;		/* rows */
	size_t cols;		/* of the panel */
	double *a;
	size_t lda;
	double *strips;
};

/* sqrt(pivot), or 0 if there is none. */
static double
root(double pivot)
{
	return pivot > 0 && pivot <= DBL_MAX ? sqrt(pivot) : 0;
}

/* Factorize a packed n x n lower triangle, n <= 8. */
static size_t
factor_corner(size_t n, double *c)
{
	size_t i, j, k;
	double *col;

	for (j = 0; j < n; j++) {
		col = c + LA_STRIP * j;
		if ((col[j] = root(col[j])) == 0)
			return j + 1;
		for (i = j + 1; i < n; i++)
			col[i] /= col[j];
		for (k = j + 1; k < n; k++)
			for (i = k; i < n; i++)
				c[LA_STRIP * k + i] -= col[k] * col[i];
	}
	return 0;
}

/* Factorize strip s; those above it are done. */
static size_t
factor_strip(const struct la_kernel *kernel, const struct rest *p, size_t s)
{
	double *strip = p->strips + s * LA_STRIP_SIZE, *above = p->strips;
	size_t k, bad;

	for (k = 0; k < p->cols && k < s * LA_STRIP; k += LA_STRIP) {
		kernel->tile(k, above, strip, strip + LA_STRIP * k, LA_STRIP);
		kernel->solve(LA_STRIP, above + LA_STRIP * k,
		    strip + LA_STRIP * k);
		above += LA_STRIP_SIZE;
	}
	if (k >= p->cols)
		return 0;
	kernel->tile(k, strip, strip, strip + s * BLOCK, LA_STRIP);
	bad = factor_corner(la_left(p->cols, k), strip + s * BLOCK);
	return bad == 0 ? 0 : k + bad;
}

static void
unpack(const struct rest *p)
{
	const double *from;
	size_t i, k;

	for (i = 0; i < p->n; i++) {
		from = p->strips + i / LA_STRIP * LA_STRIP_SIZE +
		    i % LA_STRIP;
		for (k = 0; k < p->cols && k <= i; k++)
			p->a[i * p->lda + k] = from[LA_STRIP * k];
	}
}

static size_t
factor_panel(const struct la_kernel *kernel, const struct rest *p)
{
	struct la_view v = { p->a, (ptrdiff_t)p->lda, 1 };
	size_t s, bad;

	la_pack(v, p->n, p->cols, p->strips);
	for (s = 0; s * LA_STRIP < p->n; s++) {
		bad = factor_strip(kernel, p, s);
		if (bad != 0)
			return bad;
	}
	unpack(p);
	return 0;
}

/* Take the panel's products from the triangle right of it. */
static void
update(const struct la_kernel *kernel, const struct rest *p)
{
	struct la_tile t = { .n = p->cols, .ld = (ptrdiff_t)p->lda,
		.cols = LA_STRIP };
	size_t i, j;

	for (i = p->cols; i < p->n; i += LA_STRIP) {
		t.a = p->strips + i / LA_STRIP * LA_STRIP_SIZE;
		t.rows = la_left(p->n, i);
		for (j = p->cols; j <= i; j += LA_STRIP) {
			t.b = p->strips + j / LA_STRIP * LA_STRIP_SIZE;
			t.c = p->a + i * p->lda + j;
			t.lower = i == j;
			la_tile(kernel, &t);
		}
	}
}

size_t
la_chol_on(const struct la_kernel *kernel, size_t n, double *a, size_t lda)
{
	struct la_panel panel;
	struct rest p = { .lda = lda };
	size_t from, bad = 0;

	la_panel_init(&panel, n);
	p.strips = panel.at;
	for (from = 0; from < n && bad == 0; from += LA_PANEL) {
		p.n = n - from;
		p.cols = p.n < LA_PANEL ? p.n : LA_PANEL;
		p.a = a + from * lda + from;
		bad = factor_panel(kernel, &p);
		if (bad == 0)
			update(kernel, &p);
		else
			bad += from;
	}
	la_panel_release(&panel);
	return bad;
}

size_t
la_chol(size_t n, double *a, size_t lda)
{
	return la_chol_on(la_kernel(0), n, a, lda);
}

size_t
la_chol_append(size_t n, double *l, size_t ldl, const double *row,
    double diag)
{
	double *last = l + n * ldl;
	size_t k;

	memmove(last, row, n * sizeof(double));
	la_trsv_lower(n, l, ldl, last);
	for (k = 0; k < n; k++)
		diag -= last[k] * last[k];
	last[n] = root(diag);
	return last[n] == 0 ? n + 1 : 0;
}
