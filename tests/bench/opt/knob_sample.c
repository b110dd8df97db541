/* knob_sample: a C program that is written by rule.  See knob.h. */
#include "knob.h"
#include "model/rng.h"

/* Shapes that optimisations differ on: a loop over an array, a dense
 * switch, a helper that may be inlined, copies of structs, text, nested
 * loops.  i is the number of the function, k are its constants. */
static void
add_sum(struct buf *out, unsigned i, const unsigned *k)
{
	buf_addf(out, "static int half%u(int x) { return x < %u ? x / %u : "
	    "x - %u; }\n", i, k[0], k[1] % 7 + 2, k[2]);
	buf_addf(out, "int sum%u(const int *a, int n)\n{\n\tint i, s = %u;\n"
	    "\tfor (i = 0; i < n; i++)\n\t\ts += half%u(a[i]) * %u;\n"
	    "\treturn s + half%u(n);\n}\n", i, k[1], i, k[3] % 9 + 1, i);
}

static void
add_switch(struct buf *out, unsigned i, const unsigned *k)
{
	unsigned c;

	buf_addf(out, "int choose%u(int c, int x)\n{\n\tswitch (c) {\n", i);
	for (c = 0; c < 4 + k[0] % 8; c++)
		buf_addf(out, "\tcase %u: return x %c %u;\n", c,
		    "+-*^|"[(k[1] + c) % 5], k[(2 + c) % 4]);
	buf_addf(out, "\tdefault: return x;\n\t}\n}\n");
}

static void
add_copy(struct buf *out, unsigned i, const unsigned *k)
{
	buf_addf(out, "struct box%u { int a[%u]; double d; char t[%u]; };\n",
	    i, k[0] % 12 + 1, k[1] % 30 + 1);
	buf_addf(out, "void copy%u(struct box%u *p, const struct box%u *q, "
	    "int n)\n{\n\tint i;\n\tfor (i = 0; i < n; i++)\n"
	    "\t\tif (q[i].d > %u)\n\t\t\tp[i] = q[i];\n"
	    "\t\telse\n\t\t\tp[i].t[0] = %u;\n}\n", i, i, i, k[2],
	    k[3] % 100);
}

static void
add_text(struct buf *out, unsigned i, const unsigned *k)
{
	buf_addf(out, "int scan%u(const char *s)\n{\n\tint n = 0;\n"
	    "\twhile (*s == ' ' || *s == %u)\n\t\ts++;\n"
	    "\tfor (; *s >= '0' && *s <= '9'; s++)\n"
	    "\t\tn = n * 10 + (*s - '0');\n"
	    "\treturn *s == 0 ? n : n %% %u == %u ? -1 : -%u;\n}\n", i,
	    k[0] % 100 + 1, k[1] % 50 + 2, k[2] % 50, k[3]);
}

static void
add_matrix(struct buf *out, unsigned i, const unsigned *k)
{
	unsigned n = k[0] % 6 + 3;

	buf_addf(out, "void mul%u(float *c, const float *a, const float *b, "
	    "int scale)\n{\n\tint i, j, k;\n\tfor (i = 0; i < %u; i++)\n"
	    "\t\tfor (j = 0; j < %u; j++) {\n\t\t\tfloat s = %u;\n"
	    "\t\t\tfor (k = 0; k < %u; k++)\n"
	    "\t\t\t\ts += a[i * %u + k] * b[k * %u + j];\n"
	    "\t\t\tif (scale)\n\t\t\t\ts *= %u;\n"
	    "\t\t\tc[i * %u + j] = s;\n\t\t}\n}\n", i, n, n, k[1], n, n, n,
	    k[2], n);
}

void
knob_sample(struct buf *out, size_t n)
{
	static void (*const add[])(struct buf *, unsigned,
	    const unsigned *) = { add_sum, add_switch, add_copy, add_text,
		add_matrix };
	unsigned i, j, k[4];
	struct rng rng;

	rng_init(&rng, 1, 1, RNG_RANDOM);
	for (i = 0; i < n; i++) {
		for (j = 0; j < 4; j++)
			k[j] = rng_below(&rng, 1000);
		add[i % 5](out, i, k);
	}
}
