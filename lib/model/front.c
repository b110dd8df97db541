/* front: Pareto fronts and what they leave.  See front.h. */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "model/front.h"

/* Is a no larger than b anywhere? */
static bool
covers(size_t k, const double *a, const double *b)
{
	size_t j;

	for (j = 0; j < k; j++)
		if (!(a[j] <= b[j]))
			return false;
	return true;
}

/* Vectors that sort, though their length is known at run time only. */
struct entry {
	const double *y;
	size_t k;
};

static int
by_numbers(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	size_t j;

	for (j = 0; j < x->k; j++)
		if (x->y[j] != y->y[j])
			return x->y[j] < y->y[j] ? -1 : 1;
	return 0;
}

static int
by_last_number(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	size_t last = x->k - 1;

	if (x->y[last] != y->y[last])
		return x->y[last] < y->y[last] ? -1 : 1;
	return by_numbers(a, b);
}

static struct entry *
entries(size_t n, size_t k, const double *y)
{
	struct entry *e = xcalloc(n, sizeof(*e));
	size_t i;

	for (i = 0; i < n; i++) {
		e[i].y = y + i * k;
		e[i].k = k;
	}
	return e;
}

/* In order, what covers a vector comes before it. */
size_t
front_filter(size_t n, size_t k, double *y)
{
	struct entry *e = entries(n, k, y);
	double *kept = xcalloc(n, k * sizeof(*kept));
	size_t i, j, nkept = 0;

	qsort(e, n, sizeof(*e), by_numbers);
	for (i = 0; i < n; i++) {
		for (j = 0; j < nkept; j++)
			if (covers(k, kept + j * k, e[i].y))
				break;
		if (j == nkept)
			memcpy(kept + nkept++ * k, e[i].y, k * sizeof(*kept));
	}
	memcpy(y, kept, nkept * k * sizeof(*kept));
	free(kept);
	free(e);
	return nkept;
}

/* -------------------------------------------------------- hypervolume */

/* Of the first k numbers of n vectors of row numbers each. */
static double volume(struct entry *, size_t n, size_t k,
    const double *reference);

static double
slices(const struct entry *sorted, size_t n, size_t k, const double *reference)
{
	struct entry *below = xcalloc(n, sizeof(*below));
	double sum = 0, top, height;
	size_t i;

	for (i = 0; i < n; i++) {
		top = i + 1 < n ? sorted[i + 1].y[k - 1] : reference[k - 1];
		height = top - sorted[i].y[k - 1];
		if (!(height > 0))
			continue;
		memcpy(below, sorted, (i + 1) * sizeof(*below));
		sum += height * volume(below, i + 1, k - 1, reference);
	}
	free(below);
	return sum;
}

static double
volume(struct entry *e, size_t n, size_t k, const double *reference)
{
	size_t i;

	if (n == 0)
		return 0;
	for (i = 0; i < n; i++)
		e[i].k = k;
	qsort(e, n, sizeof(*e), by_last_number);
	if (k == 1)
		return reference[0] - e[0].y[0];
	return slices(e, n, k, reference);
}

double
front_hypervolume(size_t n, size_t k, const double *y,
    const double *reference)
{
	struct entry *e = entries(n, k, y);
	size_t i, j, m = 0;
	double v;

	for (i = 0; i < n; i++) {
		for (j = 0; j < k; j++)
			if (!(e[i].y[j] < reference[j]))
				break;
		if (j == k)
			e[m++] = e[i];
	}
	v = volume(e, m, k, reference);
	free(e);
	return v;
}

/* -------------------------------------------------------------- boxes */

/* Between left and right, all below the ceiling is free, as it is since
 * the level from of the sweep.  Stripes stand in the order of left, their
 * ceilings fall. */
struct stripe {
	double left, right, ceiling, from;
};

struct stripes {
	struct stripe *s;
	size_t n, cap;
};

static void
add_stripe(struct stripes *list, struct stripe s)
{
	list->s = xgrow(list->s, list->n, &list->cap, sizeof(*list->s));
	list->s[list->n++] = s;
}

static void
add_box(struct boxes *b, const struct stripe *s, double level)
{
	double *lo, *hi;

	if (!(s->left < s->right) || (b->k == 3 && !(s->from < level)))
		return;
	b->bound = xgrow(b->bound, b->n, &b->cap,
	    2 * b->k * sizeof(*b->bound));
	lo = b->bound + b->n++ * 2 * b->k;
	hi = lo + b->k;
	lo[0] = s->left;
	hi[0] = s->right;
	lo[1] = -INFINITY;
	hi[1] = s->ceiling;
	if (b->k == 3) {
		lo[2] = s->from;
		hi[2] = level;
	}
}

/* A vector lowers the ceiling to its right; what stood there ends in boxes,
 * if the sweep has come from somewhere. */
static void
cover(struct stripes *list, struct boxes *b, const double *y)
{
	double level = b->k == 3 ? y[2] : -INFINITY;
	struct stripes new = { NULL, 0, 0 };
	struct stripe s, low = { y[0], y[0], y[1], level };
	size_t i;

	for (i = 0; i < list->n && list->s[i].right <= y[0]; i++)
		add_stripe(&new, list->s[i]);
	for (; i < list->n && list->s[i].ceiling > y[1]; i++) {
		s = list->s[i];
		low.right = s.right;
		if (s.left < y[0]) {
			s.right = y[0];
			add_stripe(&new, s);
			s.left = y[0];
			s.right = low.right;
		}
		if (b->k == 3)
			add_box(b, &s, level);
	}
	if (low.left < low.right)
		add_stripe(&new, low);
	for (; i < list->n; i++)
		add_stripe(&new, list->s[i]);
	free(list->s);
	*list = new;
}

void
boxes_init(struct boxes *b, size_t n, size_t k, const double *y,
    const double *reference)
{
	struct entry *e = entries(n, k, y);
	struct stripes list = { NULL, 0, 0 };
	struct stripe all = { -INFINITY, reference[0], reference[1],
	    -INFINITY };
	double last = k == 3 ? reference[2] : INFINITY;
	size_t i;

	memset(b, 0, sizeof(*b));
	b->k = k;
	add_stripe(&list, all);
	qsort(e, n, sizeof(*e), by_last_number);
	for (i = 0; i < n; i++)
		if (k == 2 || e[i].y[2] < last)
			cover(&list, b, e[i].y);
	for (i = 0; i < list.n; i++)
		add_box(b, &list.s[i], last);
	free(list.s);
	free(e);
}

void
boxes_release(struct boxes *b)
{
	free(b->bound);
	memset(b, 0, sizeof(*b));
}

const double *
boxes_lo(const struct boxes *b, size_t i)
{
	return b->bound + i * 2 * b->k;
}

const double *
boxes_hi(const struct boxes *b, size_t i)
{
	return boxes_lo(b, i) + b->k;
}
