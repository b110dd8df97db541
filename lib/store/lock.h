/*
 * lock: one writer at a time on a campaign.
 *
 * The lock file is taken by flock(2) (which excludes Looptimum's own
 * processes), then by an open-file-description lock where the system has
 * them (which also holds on an NFS server's own mount).  Both block in the
 * kernel; a repeating 50 ms interval timer interrupts them, so that the
 * deadline is met even if the signal comes just before the call.  Taken
 * locks are compared with the path's inode and taken again if the file was
 * unlinked meanwhile.  A lock is never broken by age: the kernel frees a
 * dead holder's.
 */
#ifndef LO_STORE_LOCK_H
#define LO_STORE_LOCK_H

#include <stdbool.h>

#include "base/err.h"
#include "base/process.h"

struct lock;

/* Take the lock exclusively within so many seconds (0: do not wait).
 * path is the file's below dir, or absolute; what is missing below dir is
 * created, and no symbolic link there is followed.
 * Writes the holder's pid, host, boot id and command into the file.
 * On failure NULL; status LO_AGAIN if the lock stayed busy, and the
 * message then names the holder as far as the file tells it. */
struct lock *lock_take(const char *dir, const char *path, double seconds,
	    const char *command, struct err *);
double	lock_waited(const struct lock *);	/* seconds */
/* Is this still the file that the path names, and does it still say that we
 * hold it?  LO_IO if not: then a server or a person took the lock away. */
int	lock_check(const struct lock *, struct err *);
void	lock_release(struct lock *);	/* accepts NULL */

/* For readers: try to share, never wait, never create.  Returns a
 * descriptor to close, or -1 (also when there is no lock file). */
int	lock_share(int dirfd, const char *path);

#endif
