/* journal_text: what the parts of the journal share; private to them. */
#ifndef LO_STORE_JOURNAL_TEXT_H
#define LO_STORE_JOURNAL_TEXT_H

#include <sys/stat.h>

#include "base/buf.h"
#include "store/journal.h"

#define JOURNAL_TAIL 4096	/* bytes before an append that are looked at */
#define JOURNAL_HEAD 46		/* length of the first line */
#define JOURNAL_WHAT "journal"

void	journal_text(const struct journal *, struct buf *);
int	journal_from_text(struct journal *, const struct buf *, struct err *);
/* CRC of what stands before an append; -1 and errno. */
int	journal_tail_crc(int fd, uint64_t offset, uint32_t *crc);
/* Bytes of a file, appended to the buf; -1 and errno. */
int	journal_read(int fd, uint64_t from, uint64_t to, struct buf *);
/* Open a file of the campaign: 1, 0 if there is none or no directory for
 * it, -1. */
int	journal_open(int dir, const char *path, int flags, int *fd,
	    struct err *);

/* One application of a journal. */
struct journal_run {
	const struct journal_place *at;
	const struct journal_judge *judge;
	struct stat id;		/* of the journal's file */
	bool replay;		/* files may be in any state */
	bool many;		/* those that may be are synced together ... */
	int unsynced;		/* ... on this directory's device, or -1 */
	dev_t device;
	struct err *err;
};

/* The lock and the journal must still be ours: looked at as late as can
 * be before each change. */
int	journal_still_ours(struct journal_run *);
/* Removals, which can be taken back if the last look came too late: of an
 * entry's file, and of the journal itself. */
int	journal_apply_remove(struct journal_run *,
	    const struct journal_entry *);
int	journal_end(struct journal_run *);
int	journal_apply_append(struct journal_run *, struct journal_entry *);
int	journal_apply_move(struct journal_run *, const struct journal_entry *);
int	journal_apply_clear(struct journal_run *,
	    const struct journal_entry *);
/* alone: fsynced by itself. */
int	journal_put_whole(struct journal_run *, const char *path,
	    const struct buf *, bool alone);
/* Is the entry to be applied to a file that others have changed? */
bool	journal_wanted(struct journal_run *, struct journal_entry *,
	    const struct buf *found);

#endif
