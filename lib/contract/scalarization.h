/*
 * scalarization: how several objectives become one number; the part of
 * objective_schema.json that says so.  Private to contract/objective.
 */
#ifndef LO_CONTRACT_SCALARIZATION_H
#define LO_CONTRACT_SCALARIZATION_H

#include "base/err.h"
#include "contract/objective.h"
#include "store/json.h"

/* Set policy, weight and reference; the objectives were read before. */
int	scalarization_from_json(struct objectives *, const struct json *,
	    struct err *);

#endif
