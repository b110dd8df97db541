/* trials: verbs on several trials at once, one commit; private to ops. */
#ifndef LO_OPS_TRIALS_H
#define LO_OPS_TRIALS_H

#include "base/buf.h"
#include "ops/common.h"

/* LO_USAGE if an id is named twice. */
int	trials_distinct(const int64_t *id, size_t n, struct err *);
/* Set err: there is no such pending trial, and what it is instead. */
int	trials_not_pending(const struct state *, int64_t id, struct err *);
/* Every one is pending. */
int	trials_pending(const struct state *, const int64_t *id, size_t n,
	    struct err *);
/* The reason without blanks around it, or otherwise if that is nothing; the
 * caller frees. */
char	*trials_reason(const char *text, const char *otherwise);
/* {"trial_id":7,"result":RESULT,"status":"killed","reason":REASON}; reason
 * NULL: none. */
void	trials_line(const struct state *, int64_t id, const char *result,
	    const char *reason, struct buf *out);

#endif
