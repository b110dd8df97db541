/*
 * payload: what an evaluator's result looks like on its way in.
 * See lo-pipeline(7).
 */
#ifndef LO_CONTRACT_PAYLOAD_H
#define LO_CONTRACT_PAYLOAD_H

#include <stdbool.h>
#include <stdint.h>

#include <jv.h>

#include "base/buf.h"
#include "base/err.h"
#include "contract/config.h"
#include "contract/objective.h"
#include "contract/point.h"
#include "contract/space.h"

struct payload {
	int64_t trial_id;
	double *point;		/* space->n, inactive dropped */
	double *y;		/* objectives->n, NaN where null */
	enum trial_status status;
	bool legacy_success;	/* status was "success": warn */
	bool has_penalty;
	double penalty;
	char *terminal_reason;	/* of non-ok, trimmed, never empty */
	bool has_runtime;
	double runtime;
	bool has_heartbeat_at;
	double heartbeat_at;
	char *heartbeat_note;	/* or NULL */
	jv heartbeat_meta;	/* object or invalid */
	char *lease_token;	/* or NULL */
	char *schema_version;	/* or NULL */
	jv extra;		/* object: keys that we do not know */
};

/* The trial id of a payload, for messages and look-up before the rest is
 * judged; -1 and the error if there is none. */
int	payload_trial_id(jv borrowed, const char *file, int64_t *,
	    struct err *);
/* Check and normalize.  Messages begin with "FILE: trial N: ".  The result
 * is freed with payload_free. */
struct payload *payload_from_json(jv borrowed, const char *file,
	    const struct space *, const struct objectives *, struct err *);
void	payload_free(struct payload *);

/* The normalized payload as it is kept in ingest_payload.json: pretty,
 * point being the pending trial's, without the lease token. */
void	payload_write(const struct payload *, const struct space *,
	    const struct objectives *, const double *point, struct buf *);

/* Does a payload hold the params of that point?  Parameters that are
 * inactive in the point are not looked at.  If not, the message lists every
 * field that differs, is missing or is not a parameter. */
int	payload_params_match(jv borrowed, const char *file,
	    const struct space *, const double *expected, struct err *);
/* List how two points differ: "lr: expected 0.1, got 0.2; ...".  Returns
 * the number of differing fields. */
int	payload_params_diff(const struct space *, const double *expected,
	    const double *got, struct buf *);

#endif
