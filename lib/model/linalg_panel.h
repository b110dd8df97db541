/*
 * linalg_panel: packed panels of linalg, and tiles at a matrix's edge.
 */
#ifndef LO_MODEL_LINALG_PANEL_H
#define LO_MODEL_LINALG_PANEL_H

#include "model/linalg_kernel.h"

/* Room for strips of LA_STRIP_SIZE each, aligned to a cache line. */
struct la_panel {
	void *memory;
	double *at;
};

/* For that many rows. */
void	la_panel_init(struct la_panel *, size_t rows);
void	la_panel_release(struct la_panel *);

/* The view's part that begins at (i,j). */
struct la_view la_view_at(struct la_view, size_t i, size_t j);

/* Pack rows x cols elements (cols <= 48) into strips; what the last strip
 * has too much is 0. */
void	la_pack(struct la_view, size_t rows, size_t cols, double *strips);

/* One use of a kernel's tile: c -= a b^T over n columns. */
struct la_tile {
	size_t n;
	const double *a, *b;
	double *c;
	ptrdiff_t ld;
	size_t rows, cols;	/* how much of c there is */
	int lower;		/* only i >= j of c is read and written */
};

void	la_tile(const struct la_kernel *, const struct la_tile *);

/* How many of size are left from there on, at most a strip. */
static inline size_t
la_left(size_t size, size_t from)
{
	return size - from < LA_STRIP ? size - from : LA_STRIP;
}

#endif
