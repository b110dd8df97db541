/* constraint_rules: the parsed rules; private to contract/constraint. */
#ifndef LO_CONTRACT_CONSTRAINT_RULES_H
#define LO_CONTRACT_CONSTRAINT_RULES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "contract/encode.h"
#include "contract/space.h"
#include "store/json.h"

struct tightening {
	size_t param;
	struct range range;	/* infinite where nothing is said */
};

/* sum of coefficient * value, at most or at least rhs */
struct inequality {
	size_t *param;
	double *coefficient;
	size_t n;
	bool at_least;
	double rhs;
};

/* All of these values together are forbidden. */
struct combination {
	struct condition *match;
	size_t n;
};

struct constraints {
	const struct space *space;
	struct tightening *tightening;
	size_t ntightening;
	struct inequality *inequality;
	size_t ninequality;
	struct combination *combination;
	size_t ncombination;
	char **id;		/* of the inequalities, then combinations */
};

/* Fill in the lists; what was read before an error stays for
 * constraints_free. */
int	constraint_rules_read(struct constraints *, const struct json *root,
	    struct err *);

#endif
