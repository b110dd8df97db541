/*
 * feed: suggestions as they arrive.
 *
 * Reads one object, a bundle {"suggestions":[...]}, an array, concatenated
 * values or JSONL, and never waits: feed_next says when more is needed,
 * and feed_fill reads what there is once poll(2) finds feed_fd readable.
 * The descriptor stays in blocking mode, for others may share it.
 */
#ifndef LO_OPS_FEED_H
#define LO_OPS_FEED_H

#include <stdint.h>

#include "base/err.h"
#include "ops/template.h"
#include "store/json.h"

struct suggestion {
	int64_t id;
	char *text;		/* compact, one line */
	size_t len;
	/* Members, in text; empty where missing or null. */
	struct span params, schema_version, lease_token;
	char *lease;		/* lease_token's value, or NULL */
	struct template_params values;
};
/* From one compact value; where is for messages.  NULL: it is none. */
struct suggestion *suggestion_read(struct span text, const char *where,
	    struct err *);
void	suggestion_free(struct suggestion *);	/* accepts NULL */

struct feed;
struct feed *feed_new(int fd, const char *name, struct err *);
void	feed_free(struct feed *);		/* accepts NULL */

enum feed_state {
	FEED_BAD = -1,		/* no suggestion; the next may be one */
	FEED_END,
	FEED_ONE,
	FEED_WAIT		/* feed_fill, then ask again */
};
/* The error of FEED_BAD names line and trial. */
enum feed_state feed_next(struct feed *, struct suggestion **,
	    struct err *);
int	feed_fd(const struct feed *);
/* Only after FEED_WAIT.  May block if the descriptor is not readable. */
int	feed_fill(struct feed *, struct err *);

#endif
