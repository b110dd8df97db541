/*
 * linalg_lanes: the kernels of linalg_kernel for one vector width.
 *
 * A template: linalg_kernel.c includes it once for each kernel, with
 * LANES (doubles in a vector), LANES_NAME, and LANES_TARGET (an attribute
 * of functions, or nothing).  It has no guard for that reason.
 *
 * Loops over registers are unrolled by name, since neither compiler does so
 * reliably at -O2.  Vectors are never arguments: their way of being passed
 * depends on the target.
 */
#define PASTE2(a, b) a##_##b
#define PASTE(a, b) PASTE2(a, b)
#define NAME(x) PASTE(x, LANES_NAME)
#define TEXT2(x) #x
#define TEXT(x) TEXT2(x)
#define VEC NAME(vec)

/* Not aligned to its size: matrices of callers need not be. */
typedef double VEC
    __attribute__((vector_size(LANES * sizeof(double)), aligned(8),
    may_alias));

#define AT(p) (*(VEC *)(p))
#define READ(p) (*(const VEC *)(p))

LANES_TARGET static void
NAME(tile)(size_t n, const double *a, const double *b, double *c,
    ptrdiff_t ld)
{
	VEC s[8], line;
	size_t k;
	int r, v;

	for (v = 0; v < 8; v += LANES) {
		UNROLL for (r = 0; r < 8; r++)
			s[r] = READ(c + r * ld + v);
		for (k = 0; k < n; k++) {
			line = READ(b + 8 * k + v);
			UNROLL for (r = 0; r < 8; r++)
				s[r] -= a[8 * k + (size_t)r] * line;
		}
		UNROLL for (r = 0; r < 8; r++)
			AT(c + r * ld + v) = s[r];
	}
}

LANES_TARGET static void
NAME(solve)(size_t n, const double *l, double *x)
{
	size_t j, i;
	VEC pivot;
	int v;

	for (v = 0; v < 8; v += LANES) {
		for (j = 0; j < n; j++) {
			pivot = READ(x + 8 * j + v) / l[8 * j + j];
			AT(x + 8 * j + v) = pivot;
			for (i = j + 1; i < n; i++)
				AT(x + 8 * i + v) -= l[8 * j + i] * pivot;
		}
	}
}

LANES_TARGET static void
NAME(sweep)(size_t n, const double *a, ptrdiff_t ld, const double *x,
    double *y)
{
	size_t i;
	VEC s;
	int r;

	for (i = 0; i + LANES <= n; i += LANES) {
		s = READ(y + i);
		UNROLL for (r = 0; r < 8; r++)
			s -= x[r] * READ(a + r * ld + i);
		AT(y + i) = s;
	}
	for (; i < n; i++)
		for (r = 0; r < 8; r++)
			y[i] -= x[r] * *(a + r * ld + i);
}

LANES_TARGET static double
NAME(dot)(size_t n, const double *x, const double *y)
{
	VEC s[8 / LANES] = { { 0 } };
	double p[8];
	size_t k, left = n % 8;
	int v;

	for (k = 0; k + 8 <= n; k += 8)
		UNROLL for (v = 0; v < 8; v += LANES)
			s[v / LANES] += READ(x + k + v) * READ(y + k + v);
	UNROLL for (v = 0; v < 8; v += LANES)
		AT(p + v) = s[v / LANES];
	for (k = 0; k < left; k++)
		p[k] += x[n - left + k] * y[n - left + k];
	return ((p[0] + p[4]) + (p[2] + p[6])) +
	    ((p[1] + p[5]) + (p[3] + p[7]));
}

static const struct la_kernel NAME(kernel) = {
	TEXT(LANES_NAME), NAME(tile), NAME(solve), NAME(sweep), NAME(dot)
};

#undef PASTE2
#undef PASTE
#undef NAME
#undef TEXT2
#undef TEXT
#undef VEC
#undef AT
#undef READ
#undef LANES
#undef LANES_NAME
#undef LANES_TARGET
