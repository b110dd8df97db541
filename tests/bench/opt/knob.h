/*
 * knob: programs whose options are the parameters.
 *
 * knob_sample writes the program that they are given; knob_measure runs a
 * tool on it.  Values are kept in the directory that OPT_BENCH_CACHE names
 * (build/opt-bench-cache), one file for each command line and state of the
 * tool, since several optimizers evaluate the same points.
 */
#ifndef TESTS_BENCH_OPT_KNOB_H
#define TESTS_BENCH_OPT_KNOB_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/* Append n functions of C, always the same, that need no header. */
void	knob_sample(struct buf *, size_t n);

struct knob_tool {
	const char *name;	/* looked for in PATH */
	const char *source;	/* the sample's file name, it ends in .c */
	size_t functions;	/* of the sample */
	double (*size)(const char *path);	/* of what it wrote, or -1 */
};

bool	knob_exists(const struct knob_tool *);
/* The size of what "NAME ARGUMENTS -o OUTPUT SOURCE" writes; arguments are
 * split at blanks.  -1: it failed. */
double	knob_measure(const struct knob_tool *, const char *arguments);

/* Bytes of an object's executable sections (64-bit ELF), or of a file. */
double	knob_code_size(const char *path);
double	knob_file_size(const char *path);

#endif
