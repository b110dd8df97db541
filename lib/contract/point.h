/*
 * point: one assignment of the parameters.
 *
 * A point is an array of space->n doubles: a float's value, an int's value,
 * 0 or 1 of a bool, the index of a categorical's choice; NaN where the
 * parameter is inactive.
 */
#ifndef LO_CONTRACT_POINT_H
#define LO_CONTRACT_POINT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "contract/count.h"
#include "contract/point_value.h"
#include "contract/space.h"
#include "store/json.h"

/* How much of a params object must be right. */
enum point_rule {
	POINT_STRICT,	/* types, bounds and choices; all active ones there */
	POINT_LOOSE	/* bounds are not checked (imported, older rows) */
};

/* Read a params object.  Inactive parameters are dropped whatever they
 * hold; unknown names and missing active ones are errors. */
int	point_from_json(const struct space *, const struct json *params,
	    enum point_rule, double *point, struct err *);

/* The same, loosely, from scanned text in the form that documents mostly
 * have (no escapes), without a parser: ten thousand rows are read at each
 * command.  False says nothing but that point_from_json must look. */
bool	point_from_text(const struct space *, struct span params,
	    double *point);

/* Set NaN wherever a parameter's conditions do not hold.  Values of
 * inactive parameters must be set beforehand to anything valid. */
void	point_deactivate(const struct space *, double *point);
bool	point_equal(const struct space *, const double *, const double *);
/* A hash of the point under which equal points are equal. */
unsigned long point_hash(const struct space *, const double *);

/* Write {"name": value, ...} with the active ones, in file order. */
void	point_write(const struct space *, const double *, struct jw *);

#endif
