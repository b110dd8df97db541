/*
 * linalg_solve: triangular systems with many right-hand sides, and the
 * inverse.
 *
 * Panel by panel from the top: the panel's rows of x are solved in packed
 * form, then the rows below take their products.  The transposed system is
 * the same one read from its last element backwards.
 */
#include <string.h>

#include "model/linalg.h"
#include "model/linalg_panel.h"

#define SLAB 512		/* right-hand sides at a time: memory */

/* A panel at work. */
struct step {
	const struct la_kernel *kernel;
	struct la_panel l;	/* its columns of l, strips of rows */
	struct la_panel x;	/* its rows of x, strips of columns */
	size_t from, size;	/* its first row, and how many */
	size_t m;		/* columns of x that count */
};

static void
step_init(struct step *p, const struct la_kernel *kernel, size_t n, size_t m)
{
	p->kernel = kernel;
	la_panel_init(&p->l, n);
	la_panel_init(&p->x, m);
}

static void
step_release(struct step *p)
{
	la_panel_release(&p->l);
	la_panel_release(&p->x);
}

static void
set_panel(struct step *p, const struct la_system *s, size_t from)
{
	p->from = from;
	p->size = s->n - from < LA_PANEL ? s->n - from : LA_PANEL;
	p->m = s->m;
}

static void
solve_strip(const struct step *p, double *x)
{
	const double *l = p->l.at;
	size_t k;

	for (k = 0; k < p->size; k += LA_STRIP, l += LA_STRIP_SIZE) {
		p->kernel->tile(k, l, x, x + LA_STRIP * k, LA_STRIP);
		p->kernel->solve(la_left(p->size, k), l + LA_STRIP * k,
		    x + LA_STRIP * k);
	}
}

/* Pack the panel's part of the system and solve it. */
static void
solve(const struct step *p, const struct la_system *s)
{
	struct la_view columns = { s->b, 1, s->ldb };
	size_t j;

	la_pack(la_view_at(s->l, p->from, p->from), s->n - p->from, p->size,
	    p->l.at);
	la_pack(la_view_at(columns, 0, p->from), p->m, p->size, p->x.at);
	for (j = 0; j < p->m; j += LA_STRIP)
		solve_strip(p, p->x.at + j / LA_STRIP * LA_STRIP_SIZE);
}

static double *
row_of(const struct la_system *s, size_t i)
{
	return s->b + (ptrdiff_t)i * s->ldb;
}

static void
unpack(const struct step *p, const struct la_system *s)
{
	const double *from;
	double *row;
	size_t i, j;

	for (i = 0; i < p->size; i++) {
		row = row_of(s, p->from + i);
		from = p->x.at + LA_STRIP * i;
		for (j = 0; j < p->m; j += LA_STRIP, from += LA_STRIP_SIZE)
			memcpy(row + j, from,
			    la_left(p->m, j) * sizeof(double));
	}
}

/* The rows below take the products of the panel's l and x. */
static void
update(const struct step *p, const struct la_system *s)
{
	struct la_tile t = { .n = p->size, .ld = s->ldb };
	size_t i, j;

	for (i = p->from + p->size; i < s->n; i += LA_STRIP) {
		t.a = p->l.at + (i - p->from) / LA_STRIP * LA_STRIP_SIZE;
		t.b = p->x.at;
		t.rows = la_left(s->n, i);
		for (j = 0; j < p->m; j += LA_STRIP) {
			t.c = row_of(s, i) + j;
			t.cols = la_left(p->m, j);
			la_tile(p->kernel, &t);
			t.b += LA_STRIP_SIZE;
		}
	}
}

void
la_trsm_on(const struct la_kernel *kernel, const struct la_system *s)
{
	struct la_system part = *s;
	struct step p;
	size_t from, j;

	step_init(&p, kernel, s->n, s->m < SLAB ? s->m : SLAB);
	for (j = 0; j < s->m; j += SLAB) {
		part.b = s->b + j;
		part.m = s->m - j < SLAB ? s->m - j : SLAB;
		for (from = 0; from < s->n; from += LA_PANEL) {
			set_panel(&p, &part, from);
			solve(&p, &part);
			unpack(&p, &part);
			update(&p, &part);
		}
	}
	step_release(&p);
}

void
la_trsm_lower(size_t n, size_t m, const double *l, size_t ldl, double *b,
    size_t ldb)
{
	struct la_system s = { n, m, { l, (ptrdiff_t)ldl, 1 }, b,
		(ptrdiff_t)ldb };

	la_trsm_on(la_kernel(0), &s);
}

void
la_trsm_lower_t(size_t n, size_t m, const double *l, size_t ldl, double *b,
    size_t ldb)
{
	struct la_system s = { .n = n, .m = m };

	if (n == 0)
		return;
	s.l.at = l + (n - 1) * ldl + n - 1;
	s.l.row = -1;
	s.l.col = -(ptrdiff_t)ldl;
	s.b = b + (n - 1) * ldb;
	s.ldb = -(ptrdiff_t)ldb;
	la_trsm_on(la_kernel(0), &s);
}

static void
set_identity(const struct la_system *s)
{
	size_t i;

	for (i = 0; i < s->n; i++) {
		memset(row_of(s, i), 0, s->n * sizeof(double));
		row_of(s, i)[i] = 1;
	}
}

/*
 * x^T x, of the panel's rows x, is taken from the rows of out down to the
 * panel's last, on and below the diagonal.  The panel's own rows of x are
 * not needed any more: they begin anew at 0.
 */
static void
take_squares(const struct step *p, const struct la_system *s)
{
	struct la_tile t = { .n = p->size, .ld = s->ldb };
	size_t i, j;

	for (i = p->from; i < p->from + p->size; i++)
		memset(row_of(s, i), 0, s->n * sizeof(double));
	for (i = 0; i < p->m; i += LA_STRIP) {
		t.a = p->x.at + i / LA_STRIP * LA_STRIP_SIZE;
		t.b = p->x.at;
		t.rows = la_left(p->m, i);
		for (j = 0; j <= i; j += LA_STRIP) {
			t.c = row_of(s, i) + j;
			t.cols = la_left(p->m, j);
			la_tile(p->kernel, &t);
			t.b += LA_STRIP_SIZE;
		}
	}
}

/* Sums were taken away; 0 - x, so that no zero becomes negative. */
static void
negate_and_mirror(const struct la_system *s)
{
	size_t i, j, j0;

	for (j0 = 0; j0 < s->n; j0 += LA_STRIP) {
		for (i = j0; i < s->n; i++) {
			for (j = j0; j < j0 + LA_STRIP && j <= i; j++) {
				row_of(s, i)[j] = 0 - row_of(s, i)[j];
				row_of(s, j)[i] = row_of(s, i)[j];
			}
		}
	}
}

void
la_inv_on(const struct la_kernel *kernel, size_t n, struct la_view l,
    double *out, size_t ldo)
{
	struct la_system s = { n, n, l, out, (ptrdiff_t)ldo };
	struct step p;
	size_t from;

	step_init(&p, kernel, n, n);
	set_identity(&s);
	for (from = 0; from < n; from += LA_PANEL) {
		set_panel(&p, &s, from);
		/* l^-1 has nothing right of its diagonal. */
		p.m = from + p.size;
		solve(&p, &s);
		take_squares(&p, &s);
		update(&p, &s);
	}
	negate_and_mirror(&s);
	step_release(&p);
}

void
la_inv_from_chol(size_t n, const double *l, size_t ldl, double *out,
    size_t ldo)
{
	struct la_view v = { l, (ptrdiff_t)ldl, 1 };

	la_inv_on(la_kernel(0), n, v, out, ldo);
}
