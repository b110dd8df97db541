/*
 * constraint: constraints.json as a struct.  See constraints(5).
 */
#ifndef LO_CONTRACT_CONSTRAINT_H
#define LO_CONTRACT_CONSTRAINT_H

#include <stdbool.h>
#include <stddef.h>

#include <jv.h>

#include "base/err.h"
#include "contract/encode.h"
#include "contract/space.h"

struct constraints;

/* The space is borrowed and must outlive the result. */
struct constraints *constraints_from_json(jv borrowed,
	    const struct space *, const char *file, struct err *);
void	constraints_free(struct constraints *);

/* The space's bounds narrowed by bound_tightening: space->n ranges.  Int
 * ranges are integral.  Works with NULL constraints. */
void	constraints_box(const struct constraints *, const struct space *,
	    struct range *box);
/* Rules that reject points: how many, and each one's id such as
 * "linear_inequalities[0]". */
size_t	constraints_rules(const struct constraints *);
const char *constraints_rule_id(const struct constraints *, size_t rule);
/* The first rule that the point breaks, or -1 if it breaks none.
 * bound_tightening is not looked at; see constraints_inside. */
int	constraints_broken(const struct constraints *, const double *point);
bool	constraints_breaks(const struct constraints *, size_t rule,
	    const double *point);
/* The first so many rules are linear.  By how much a point is beyond the
 * limit of one (negative: so much room is left), the tolerance left aside,
 * and what a unit of each parameter adds to that, in slope[space->n].
 * False if the rule does not apply. */
size_t	constraints_linear(const struct constraints *);
bool	constraints_excess(const struct constraints *, size_t rule,
	    const double *point, double *excess, double *slope);
/* Every rule broken by a point, bound tightening included, as text: for
 * points that users bring.  0 if feasible. */
int	constraints_inside(const struct constraints *, const double *point,
	    struct err *);

#endif
