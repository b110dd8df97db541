#include <math.h>

#include "contract/constraint.h"
#include "contract/constraint_rules.h"

size_t
constraints_linear(const struct constraints *c)
{
	return c != NULL ? c->ninequality : 0;
}

bool
constraints_excess(const struct constraints *c, size_t rule,
    const double *point, double *excess, double *slope)
{
	const struct inequality *q = &c->inequality[rule];
	double sign = q->at_least ? -1 : 1, sum = 0;
	size_t i;

	for (i = 0; i < c->space->n; i++)
		slope[i] = 0;
	for (i = 0; i < q->n; i++) {
		if (isnan(point[q->param[i]]))
			return false;
		sum += q->coefficient[i] * point[q->param[i]];
		slope[q->param[i]] = sign * q->coefficient[i];
	}
	*excess = sign * (sum - q->rhs);
	return true;
}
