/*
 * point_value: one value of one parameter, as JSON or as text, and the
 * double that stands for it in a point (see point.h).
 */
#ifndef LO_CONTRACT_POINT_VALUE_H
#define LO_CONTRACT_POINT_VALUE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "contract/space.h"
#include "store/json.h"

/* Read a value of the parameter's type.  Choices must always be among those
 * of the parameter; bounds are checked if bounded. */
int	point_value_from_json(const struct param *, const struct json *,
	    bool bounded, double *, struct err *);

/* One value or a non-empty list of them, within bounds, as conditions have
 * them; with distinct, none twice.  *list is the caller's, and NULL after
 * an error. */
int	point_value_list(const struct param *, const struct json *,
	    bool distinct, double **list, size_t *n, struct err *);

/* Read what point_value_text writes, the quoted form first, and the usual words
 * for true and false.  Bounds are checked. */
int	point_value_read(const struct param *, const char *text, double *,
	    struct err *);
/* The same without the bounds. */
int	point_value_read_any(const struct param *, const char *text,
	    double *, struct err *);
/* 0.01, 4, true, adam; JSON's spelling with quoted.  NaN: nothing, or
 * null. */
void	point_value_text(const struct param *, double, bool quoted,
	    struct buf *);
void	point_value_write(const struct param *, double, struct jw *);

#endif
