/*
 * file: bytes of files, read whole and written so that they stay.
 *
 * Paths are opened relative to a directory descriptor (absolute ones from
 * the root); every component is opened with O_NOFOLLOW, so that a symbolic
 * link planted in a campaign leads nowhere.  Nothing here is retried after
 * a failed fsync.
 */
#ifndef LO_STORE_FILE_H
#define LO_STORE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"

/* Read a whole regular file (no FIFO, no directory).  Returns 1, 0 if
 * there is no such file, -1 on error.  name is for messages. */
int	file_slurp(int dir, const char *path, const char *name, struct buf *,
	    struct err *);
/* The same through a path that may contain links: the user's own files. */
int	file_slurp_path(const char *path, struct buf *, struct err *);
/* Everything that a descriptor gives until its end. */
int	file_slurp_fd(int fd, const char *name, struct buf *, struct err *);

/* Open the directory of path's last component below dir; *base points into
 * path.  With create, missing directories are made (and their parents
 * fsynced when sync).  Returns a descriptor or -1. */
int	file_open_parent(int dir, const char *path, bool create, bool sync,
	    const char **base, struct err *);

/* Write all bytes; short writes are continued, EINTR is retried. */
int	file_write_all(int fd, const void *, size_t);
int	file_pwrite_all(int fd, const void *, size_t, off_t);

/* Put a file in place: temporary file beside it (O_EXCL, random name that
 * begins with FILE_TEMP), write, fsync, rename.  The directory is not
 * fsynced: the caller does that once for several files. */
#define FILE_TEMP ".looptimum.tmp-"
int	file_replace(int dirfd, const char *base, const void *, size_t,
	    bool sync, struct err *);
/* The same in a directory that is swept by nobody: the temporary file's name
 * follows from owner and base, and what an interrupted call left there goes
 * first.  A lock of the owner's keeps two of its calls apart. */
struct file_place {
	int dir;
	const char *base;
	const char *owner;
	bool sync;
};
int	file_replace_owned(const struct file_place *, const void *, size_t,
	    struct err *);
/* Its halves, for who has to look once more before the rename: the
 * temporary file, complete and fsynced; then its placing, or its removal.
 * What fails leaves no temporary file. */
struct file_temp {
	int dir;		/* set by the caller, and so is base */
	const char *base;
	char name[64];
};
int	file_prepare(struct file_temp *, const void *, size_t, bool sync,
	    struct err *);
int	file_place(struct file_temp *, struct err *);
void	file_drop(const struct file_temp *);
void	file_temp_name(struct file_temp *);	/* a name that nothing has */
int	file_sync_dir(int dirfd, const char *name, struct err *);
/* Everything that was written so far to the file system of a directory, on
 * disk; only where FILE_SYNCS_DEVICES.  name is for messages. */
#ifdef __linux__
#define FILE_SYNCS_DEVICES 1
#else
#define FILE_SYNCS_DEVICES 0
#endif
int	file_sync_device(int dirfd, const char *name, struct err *);
/* Remove what interrupted replaces left in a directory. */
void	file_sweep_temps(int dirfd);
/* Put a file in place below dir, with the directories above it. */
int	file_put(int dir, const char *path, const struct buf *, bool sync,
	    struct err *);

/* CRC-32 (zlib's), for recognising content, not for security. */
uint32_t file_crc(const void *, size_t);

/* Descriptors 0, 1, 2 are opened on /dev/null if closed; SIGXFSZ and
 * SIGPIPE ignored, so that a write says why it failed. */
void	file_process_init(void);

#endif
