/*
 * when: the conditions under which parameters are active.
 */
#ifndef LO_CONTRACT_WHEN_H
#define LO_CONTRACT_WHEN_H

#include <stdbool.h>

#include "base/err.h"
#include "contract/space.h"
#include "store/json.h"

/* Read the conditions of every parameter, all of which were read before,
 * and put the space in order.  list is the "parameters" of the document.
 * Conditions that run in a circle are an error that prints it: a -> b -> a,
 * each parameter followed by the one that it hangs on. */
int	when_from_json(struct space *, const struct json *list, struct err *);

/* Is the parameter active, given the values of its controllers? */
bool	when_holds(const struct param *, const double *point);
/* Is the value of the controller among those listed?  NaN is not. */
bool	when_lists(const struct condition *, double value);

#endif
