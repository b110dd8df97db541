/*
 * probe: does the file system of a directory do what the tools rely on?
 *
 * It is tried on files of the probe's own, which have names that begin with
 * FILE_TEMP and are removed at once: that a lock keeps out other descriptors
 * and another process, that a rename puts one file in the place of another
 * whose readers keep it, that a name is made only once, and that fsync
 * succeeds.
 */
#ifndef LO_STORE_PROBE_H
#define LO_STORE_PROBE_H

#include "base/err.h"

enum probe_result { PROBE_UNTRIED, PROBE_WORKS, PROBE_FAILS };

struct probe {
	enum probe_result flock;	/* flock(2) */
	enum probe_result ofd;	/* open-file-description locks; untried where
				 * the system has none */
	enum probe_result rename;	/* over a file, and one that is open */
	enum probe_result exclusive;	/* O_EXCL */
	enum probe_result link;		/* a second name */
	enum probe_result fsync;	/* of files and of the directory */
	enum probe_result room;		/* for a file of 64 kB; a quota that
					 * is used up shows here */
	double fsync_seconds;		/* NaN: not known; of a file ... */
	double sync_dir_seconds;	/* ... and of its directory */
	double clock_difference;	/* seconds that its clock is ahead of
					 * ours; NaN: not known */
};

/* 0, or -1 if no file can be made there; everything is untried then. */
int	probe_directory(int dirfd, const char *name, struct probe *,
	    struct err *);

#define PROBE_TYPE 32
/* The type of the file system, in the words of stat(1), or its number in
 * hexadecimal; "unknown" where the system does not tell. */
void	probe_type(int dirfd, char type[PROBE_TYPE]);
/* Does such a file system lie on another machine, as far as its name tells?
 * Then what to know about campaigns on it; NULL if not. */
const char *probe_advice(const char *type);

#endif
