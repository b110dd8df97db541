/*
 * buf: bytes that grow.
 *
 * A struct buf initialised with BUF_INIT (or zeroed) is empty.  After any
 * buf_add* call p is NUL-terminated at p[len], so it can be read as a
 * string.  buf_release frees and resets it; buf_detach hands the memory to
 * the caller, who frees it with free(3).
 */
#ifndef LO_BASE_BUF_H
#define LO_BASE_BUF_H

#include <stddef.h>

struct buf {
	char *p;
	size_t len;
	size_t cap;
};

#define BUF_INIT { NULL, 0, 0 }

void	buf_reserve(struct buf *, size_t more);
void	buf_add(struct buf *, const void *, size_t);
void	buf_addc(struct buf *, char);
void	buf_adds(struct buf *, const char *);
void	buf_addf(struct buf *, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));
void	buf_cut(struct buf *, size_t len);	/* shorten to len */
/* The text; "" while nothing was added. */
const char *buf_str(const struct buf *);
char	*buf_detach(struct buf *);
void	buf_release(struct buf *);

#endif
