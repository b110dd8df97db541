/*
 * rebuild: a lost state from what else there is; private to ops.
 *
 *	rebuild_gather(&r)	which trials there were, and what the logs say
 *	rebuild_rows(&r)	each one from its manifest or payload copy
 *
 * What cannot be known is said in words and makes nothing fail; but what is
 * there and cannot be read just now does: a state without it would be taken
 * for all there was.
 */
#ifndef LO_OPS_REBUILD_H
#define LO_OPS_REBUILD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "campaign/campaign.h"

/* How the event log says that a trial ended. */
enum rebuild_end { END_NONE, END_RESULT, END_GIVEN_UP };

struct rebuild_trial {
	int64_t id;
	bool suggested;		/* the logs name it as one */
	bool voided;		/* by the event log */
	enum rebuild_end end;
	double created, ended;	/* by the event log, or NaN */
	size_t rank;		/* of its row in the CSV, SIZE_MAX: none */
};

struct rebuild {
	struct campaign *c;
	double now;
	struct state *s;	/* what comes of it */
	struct rebuild_trial *trial;	/* by id */
	size_t n;
	int64_t last_id;	/* the highest that was seen anywhere */
	double begun;		/* the first time seen anywhere */
	bool seed_known;
	int64_t seed;
	int64_t *lost;		/* trials of which nothing is left */
	size_t nlost, lost_cap;
	struct buf unknown;	/* sentences, a NUL behind each */
	bool unread;		/* why says of which file */
	struct err why;
};

int	rebuild_gather(struct rebuild *, struct err *);
void	rebuild_rows(struct rebuild *);
void	rebuild_release(struct rebuild *);
/* A read of that file failed.  Links, pipes and directories in its place do
 * not count: what they hold is not of this campaign. */
void	rebuild_unread(struct rebuild *, const char *real,
	    const struct err *);
/* One more thing that could not be known. */
void	rebuild_say(struct rebuild *, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));

#endif
