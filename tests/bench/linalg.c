/*
 * linalg: what the dense kernels cost, beside OpenBLAS if it is there.
 *
 *	linalg [SIZE...]
 *
 * Prints milliseconds (the fastest of some runs, so that other load does not
 * count) of the Cholesky factor, of n right-hand sides and of the inverse,
 * for each size and each kernel that this CPU runs, and of one vector.
 * OpenBLAS is loaded by name and runs on one thread; nothing depends on it.
 */
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/xmem.h"
#include "model/linalg.h"
#include "model/linalg_kernel.h"
#include "model/rng.h"

#define RUNS 100
#define SECONDS 0.5		/* for the runs of one figure, about */

/* LAPACK: uplo, n, a, lda, info. */
typedef void factor_fn(const char *, const int *, double *, const int *,
    int *);
/* BLAS: side, uplo, trans, diag, m, n, alpha, a, lda, b, ldb. */
typedef void trsm_fn(const char *, const char *, const char *, const char *,
    const int *, const int *, const double *, const double *, const int *,
    double *, const int *);

struct blas {
	factor_fn *potrf, *potri;
	trsm_fn *trsm;
};

struct bench {
	size_t n;
	const struct la_kernel *kernel;	/* NULL: OpenBLAS */
	struct blas blas;
	double *spd, *l, *out;
};

/* dlsym's answer as a function: ISO C has no cast for it, POSIX allows. */
static void
symbol(void *library, const char *name, void *function)
{
	void *p = dlsym(library, name);

	memcpy(function, &p, sizeof(p));
}

static int
load(struct blas *b)
{
	void *library = dlopen("libopenblas.so.0", RTLD_NOW);
	void (*threads)(int);

	if (library == NULL)
		return 0;
	symbol(library, "dpotrf_", &b->potrf);
	symbol(library, "dpotri_", &b->potri);
	symbol(library, "dtrsm_", &b->trsm);
	symbol(library, "openblas_set_num_threads", &threads);
	if (threads != NULL)
		threads(1);
	return b->potrf != NULL && b->potri != NULL && b->trsm != NULL;
}

static void
random_spd(size_t n, double *a)
{
	struct rng r;
	size_t i, j;

	rng_init(&r, 1, n, RNG_RANDOM);
	for (i = 0; i < n; i++) {
		for (j = 0; j < i; j++)
			a[i * n + j] = a[j * n + i] = rng_uniform(&r);
		a[i * n + i] = (double)n;
	}
}

static void
copy(struct bench *b, const double *from)
{
	memcpy(b->out, from, b->n * b->n * sizeof(double));
}

static void
chol(struct bench *b)
{
	int n = (int)b->n, info;

	if (b->kernel != NULL)
		la_chol_on(b->kernel, b->n, b->out, b->n);
	else
		b->blas.potrf("U", &n, b->out, &n, &info);
}

/* potri works in place and leaves one triangle. */
static void
inverse(struct bench *b)
{
	struct la_view l = { b->l, (ptrdiff_t)b->n, 1 };
	int n = (int)b->n, info;

	if (b->kernel != NULL)
		la_inv_on(b->kernel, b->n, l, b->out, b->n);
	else
		b->blas.potri("U", &n, b->out, &n, &info);
}

static void
trsm(struct bench *b)
{
	struct la_system s = { b->n, b->n, { b->l, (ptrdiff_t)b->n, 1 },
		b->out, (ptrdiff_t)b->n };
	const double one = 1;
	int n = (int)b->n;

	if (b->kernel != NULL)
		la_trsm_on(b->kernel, &s);
	else
		b->blas.trsm("R", "U", "N", "N", &n, &n, &one, b->l, &n,
		    b->out, &n);
}

static double
fastest(struct bench *b, void (*what)(struct bench *), const double *from)
{
	double best = 0, t, start, end = clock_steady() + SECONDS;
	int i;

	for (i = 0; i < RUNS && (i < 3 || clock_steady() < end); i++) {
		copy(b, from);
		start = clock_steady();
		what(b);
		t = clock_steady() - start;
		if (i == 0 || t < best)
			best = t;
	}
	return best * 1e3;
}

static void
report(struct bench *b, const char *name)
{
	double c = fastest(b, chol, b->spd);
	double s = fastest(b, trsm, b->spd), i = fastest(b, inverse, b->l);

	printf("%6zu  %-9s %9.3f %9.3f %9.3f\n", b->n, name, c, s, i);
	fflush(stdout);
}

static void
lower(struct bench *b)
{
	la_trsv_lower(b->n, b->l, b->n, b->out);
}

static void
lower_t(struct bench *b)
{
	la_trsv_lower_t(b->n, b->l, b->n, b->out);
}

static void
gemv(struct bench *b)
{
	la_gemv(b->n, b->n, b->spd, b->n, b->l, b->out);
}

static void
vectors(struct bench *b)
{
	printf("%6zu  one vector: l %.3f, l^T %.3f, a x %.3f\n", b->n,
	    fastest(b, lower, b->spd), fastest(b, lower_t, b->spd),
	    fastest(b, gemv, b->spd));
}

static void
run(struct bench *b, int have_blas)
{
	size_t size = b->n * b->n * sizeof(double), k;

	b->spd = xmalloc(size);
	b->l = xmalloc(size);
	b->out = xmalloc(size);
	random_spd(b->n, b->spd);
	memcpy(b->l, b->spd, size);
	la_chol(b->n, b->l, b->n);
	for (k = 0; (b->kernel = la_kernel(k)) != NULL; k++)
		report(b, b->kernel->name);
	if (have_blas)
		report(b, "OpenBLAS");
	vectors(b);
	free(b->spd);
	free(b->l);
	free(b->out);
}

int
main(int argc, char **argv)
{
	static const size_t usual[] = { 50, 200, 500, 1000 };
	struct bench b = { 0 };
	int have_blas = load(&b.blas);
	size_t i;

	printf("     n  kernel     factor     solve   inverse  (ms)\n");
	for (i = 1; i < (size_t)argc; i++) {
		b.n = strtoul(argv[i], NULL, 10);
		if (b.n > 0)
			run(&b, have_blas);
	}
	for (i = 0; argc == 1 && i < sizeof(usual) / sizeof(usual[0]); i++) {
		b.n = usual[i];
		run(&b, have_blas);
	}
	return 0;
}
