/*
 * call: system calls that change or open files, and what they are about.
 */
#ifndef TESTS_FAULT_CALL_H
#define TESTS_FAULT_CALL_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Where a call names what it changes. */
enum form {
	FD0, FD2,	/* a descriptor, in that argument */
	PATH0, PATH1,	/* a path */
	AT0, AT1,	/* a directory's descriptor, and a path after it */
	AT0_AT2,	/* two such pairs */
	PATH0_PATH1
};

struct call {
	long nr;
	const char *name;
	enum form form;
};

struct place {
	char name[PATH_MAX];
};

/* NULL: none of them. */
const struct call *call_find(uint64_t nr);
/* Does it open something, and make and cut nothing? */
bool	call_opens_only(const struct call *, const uint64_t *arg);
bool	call_is_write(const struct call *);
bool	call_needs_room(const struct call *);
/* What it is about in that process: one place, or two, of which the second
 * is the name that will be. */
int	call_places(const struct call *, const uint64_t *arg, pid_t,
	    struct place [2]);
/* From now on this process stops at those calls, and at no other, if it is
 * traced: 0, or -1 and errno. */
int	call_filter(void);

#endif
