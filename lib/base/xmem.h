/*
 * xmem: memory that is there or the program ends.
 *
 * Out of memory is the one failure that does not come back to the caller:
 * the process says so and exits with status 4.  The campaign is untouched
 * by that, since every change of it is committed in one step.
 * All sizes are checked for overflow.  Release with free(3).
 */
#ifndef LO_BASE_XMEM_H
#define LO_BASE_XMEM_H

#include <stddef.h>

void	*xmalloc(size_t size);
void	*xcalloc(size_t n, size_t size);
void	*xrealloc(void *, size_t n, size_t size);
char	*xstrdup(const char *);
char	*xstrndup(const char *, size_t len);
char	*xasprintf(const char *fmt, ...)
	    __attribute__((format(printf, 1, 2)));

/* Make room for one more element: grows *cap geometrically when n == *cap
 * and returns the (possibly moved) array. */
void	*xgrow(void *array, size_t n, size_t *cap, size_t size);

#endif
