/*
 * campaign: a directory on disk, opened.
 *
 * For reading nothing is created, changed or waited for; a journal that a
 * crash left is looked through in memory.  For writing the lock is taken, a
 * journal found there is finished first, and everything is read after that;
 * the lock is held until campaign_unlock or campaign_close.
 *
 * Opened bare, nothing but bo_config.json is parsed: state is NULL, and so
 * are space and objectives.  So can be opened what is out of order.
 */
#ifndef LO_CAMPAIGN_CAMPAIGN_H
#define LO_CAMPAIGN_CAMPAIGN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "campaign/paths.h"
#include "campaign/state.h"
#include "contract/config.h"
#include "contract/constraint.h"
#include "contract/objective.h"
#include "contract/space.h"
#include "store/journal.h"
#include "store/lock.h"

/* The user's files, parsed. */
struct contracts {
	struct config *config;
	struct space *space;
	struct objectives *objectives;
	struct constraints *constraints;	/* NULL if there is no file */
};

/* How a file looked, to notice that it changed. */
struct campaign_seen {
	uint64_t inode;
	int64_t size, seconds, nanoseconds;
};

struct campaign {
	struct contracts c;
	struct paths paths;
	struct state *state;
	int dir;		/* the state directory, -1 if there is none */
	struct lock *lock;	/* writers only */
	const char *command;	/* as in the event log: "suggest" */
	struct journal journal;	/* readers: found and looked through */
	struct campaign_seen seen[2];	/* readers: state and journal */
	/* Readers: the state is gone beside what only a used campaign has;
	 * warning says so, and state is an empty one. */
	bool damaged;
	char *warning;		/* for stderr, or NULL (older version, ...) */
};

struct campaign_open {
	const char *root;	/* from campaign_find */
	const char *command;	/* of writers: the event log's name for it */
	double lock_timeout;	/* < 0: the config's; 0: do not wait */
	bool bare;
	bool stateless;		/* state is NULL, the rest as ever */
};

/* Parse the contract files below root; or bo_config.json alone. */
int	contracts_load(struct contracts *, const char *root, struct err *);
int	contracts_load_config(struct contracts *, const char *root,
	    struct err *);
void	contracts_release(struct contracts *);

struct campaign *campaign_open_read(const char *root, struct err *);
struct campaign *campaign_open_read_bare(const char *root, struct err *);
struct campaign *campaign_open_write(const struct campaign_open *,
	    struct err *);
void	campaign_unlock(struct campaign *);
void	campaign_close(struct campaign *);	/* accepts NULL */

/* Read a runtime file as the last commit left it (a reader's journal is
 * looked through).  1, 0 if there is none, -1.  real as in paths.h. */
int	campaign_read_file(const struct campaign *, const char *real,
	    struct buf *, struct err *);
/* Open a directory of it to be listed, likewise; -1 and errno. */
int	campaign_open_dir(const struct campaign *, const char *real);
/* What stands at a path, likewise, and the size of a file.  No link is
 * followed. */
enum campaign_there { THERE_NOTHING, THERE_FILE, THERE_OTHER };
enum campaign_there campaign_stat(const struct campaign *, const char *real,
	    int64_t *size);
/* A reader that took several files: did state or journal change since it
 * opened the campaign?  Then open it again. */
bool	campaign_changed(const struct campaign *);
/* For a reader that stays: what campaign_read_file gives is from then on as
 * it is now.  State and contracts remain those of the opening. */
void	campaign_look_again(struct campaign *, struct err *);

#endif
