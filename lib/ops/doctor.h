/* doctor: the parts of op_doctor; private to ops. */
#ifndef LO_OPS_DOCTOR_H
#define LO_OPS_DOCTOR_H

#include <stdbool.h>

#include "ops/snapshot.h"

struct doctor {
	const struct op *op;
	struct snapshot s;
	bool ill;		/* something was said */
};

/* Say what is wrong. */
void	doctor_say(struct doctor *, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));
/* The member "filesystem": what is tried, permissions and clock. */
void	doctor_filesystem(struct doctor *, struct jw *);
/* Of GSL: proposals alone know the models. */
const char *propose_version_gsl(void);

#endif
