/* ingest: parts of op_ingest; private to ops. */
#ifndef LO_OPS_INGEST_H
#define LO_OPS_INGEST_H

#include "base/buf.h"
#include "base/err.h"
#include "campaign/campaign.h"
#include "campaign/txn.h"
#include "contract/payload.h"
#include "ops/ops.h"

enum ingested {
	INGESTED, INGEST_DUPLICATE,
	INGEST_LATE,		/* of a retired trial */
	INGEST_REJECTED
};

/* Judge one payload (borrowed) under the lock and stage what follows from
 * it.  -1 only if the campaign cannot be read; a rejection is
 * INGEST_REJECTED and its text in err. */
int	ingest_payload(struct campaign *, struct txn *, jv payload,
	    const struct ingest_request *, enum ingested *, struct err *);
/* A payload from what a person typed; the params are the trial's own. */
jv	ingest_typed(const struct campaign *, const struct ingest_request *,
	    struct err *);

#endif
