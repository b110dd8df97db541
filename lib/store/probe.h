/*
 * probe: does the file system of a directory do what the tools rely on?
 *
 * That a lock keeps others out, that a rename puts one file in the place of
 * another, and that fsync succeeds is tried on files of the probe's own,
 * which have names that begin with FILE_TEMP and are removed at once.
 */
#ifndef LO_STORE_PROBE_H
#define LO_STORE_PROBE_H

#include "base/err.h"

enum probe_result { PROBE_UNTRIED, PROBE_WORKS, PROBE_FAILS };

struct probe {
	enum probe_result flock;	/* flock(2) */
	enum probe_result ofd;	/* open-file-description locks; untried where
				 * the system has none */
	enum probe_result rename;
	enum probe_result fsync;	/* of files and of the directory */
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

#endif
