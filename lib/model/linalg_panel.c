/* linalg_panel: what is around the kernels: packing, edges, memory. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "model/linalg_panel.h"

#define LINE 64			/* bytes of a cache line, or of a vector */

void
la_panel_init(struct la_panel *p, size_t rows)
{
	size_t strips = (rows + LA_STRIP - 1) / LA_STRIP;
	size_t size = strips * LA_STRIP_SIZE * sizeof(double);
	uintptr_t start;

	p->memory = xmalloc(size + LINE);
	start = (uintptr_t)p->memory;
	p->at = (double *)(start + (LINE - start % LINE));
}

void
la_panel_release(struct la_panel *p)
{
	free(p->memory);
}

struct la_view
la_view_at(struct la_view v, size_t i, size_t j)
{
	v.at += (ptrdiff_t)i * v.row + (ptrdiff_t)j * v.col;
	return v;
}

static void
pack_strip(struct la_view v, size_t rows, size_t cols, double *out)
{
	size_t k, r;

	for (k = 0; k < cols; k++, out += LA_STRIP, v.at += v.col) {
		for (r = 0; r < rows; r++)
			out[r] = v.at[(ptrdiff_t)r * v.row];
		for (; r < LA_STRIP; r++)
			out[r] = 0;
	}
}

void
la_pack(struct la_view v, size_t rows, size_t cols, double *strips)
{
	size_t i;

	for (i = 0; i < rows; i += LA_STRIP, strips += LA_STRIP_SIZE)
		pack_strip(la_view_at(v, i, 0), la_left(rows, i), cols,
		    strips);
}

/* Elements of row r that there are. */
static size_t
width(const struct la_tile *t, size_t r)
{
	return (t->lower ? r + 1 : t->cols) * sizeof(double);
}

/* At an edge the kernel works on a copy. */
void
la_tile(const struct la_kernel *kernel, const struct la_tile *t)
{
	double copy[LA_STRIP * LA_STRIP] = { 0 };
	double *row;
	size_t r;

	if (t->rows == LA_STRIP && t->cols == LA_STRIP && !t->lower) {
		kernel->tile(t->n, t->a, t->b, t->c, t->ld);
		return;
	}
	for (r = 0, row = t->c; r < t->rows; r++, row += t->ld)
		memcpy(copy + LA_STRIP * r, row, width(t, r));
	kernel->tile(t->n, t->a, t->b, copy, LA_STRIP);
	for (r = 0, row = t->c; r < t->rows; r++, row += t->ld)
		memcpy(row, copy + LA_STRIP * r, width(t, r));
}
