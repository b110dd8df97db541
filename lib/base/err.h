/*
 * err: what went wrong, in the words the user will read.
 *
 * A library function that can fail returns 0 or -1 (or NULL) and fills the
 * struct err that its caller passed.  The text is lower case, has no full
 * stop and names the thing, what was expected and what was found.  The
 * status is the exit status that the tool ends with.
 */
#ifndef LO_BASE_ERR_H
#define LO_BASE_ERR_H

#include <stdarg.h>

/* Exit statuses, the same for every tool; see looptimum(7). */
enum lo_status {
	LO_DONE = 0,
	LO_REFUSED = 1,	/* contract violation, conflict, nothing feasible */
	LO_USAGE = 2,
	LO_SPENT = 3,	/* nothing more to suggest */
	LO_IO = 4,	/* input or output failed */
	LO_AGAIN = 75	/* try again later: lock busy, too many pending */
};

struct err {
	int status;
	char text[8192];
};

/* Set status and text; always returns -1 so that "return err_set(...)"
 * reads well.  An overlong text ends in "...". */
int	err_set(struct err *, int status, const char *fmt, ...)
	    __attribute__((format(printf, 3, 4)));
int	err_vset(struct err *, int status, const char *fmt, va_list)
	    __attribute__((format(printf, 3, 0)));

/* As err_set with LO_IO and ": strerror(errno)" appended. */
int	err_sys(struct err *, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));

/* Put words in front of the text that is there ("FILE: trial 3: ..."). */
int	err_prefix(struct err *, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));

#endif
