/*
 * capture: what an evaluator says on one of its streams.
 *
 * The text is kept in memory up to CAPTURE_MAX bytes; of more only the end
 * is kept.  A copy goes to the trial's directory if that exists: it is made
 * for people, neither durable nor authority, so a copy that cannot be
 * written is given up without harm to the evaluation.
 */
#ifndef LO_OPS_CAPTURE_H
#define LO_OPS_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "campaign/paths.h"
#include "store/json.h"

#define CAPTURE_MAX ((size_t)16 << 20)
#define CAPTURE_KEEP ((size_t)1 << 20)

struct capture {
	struct buf text;
	bool cut;		/* the beginning is gone */
	int log;		/* descriptor of the copy, -1: none */
	/* Called with each whole line (no newline), or NULL. */
	void (*line)(void *, const char *, size_t);
	void *line_arg;
	struct buf rest;	/* of the line that is not whole yet */
};

/* Lines longer than this are passed on in pieces. */
#define CAPTURE_LINE ((size_t)1 << 16)

void	capture_init(struct capture *);
void	capture_release(struct capture *);
/* Begin anew: another attempt.  The copy goes on. */
void	capture_reset(struct capture *);
void	capture_add(struct capture *, const char *, size_t);
/* The stream ended: pass on what is left of a line. */
void	capture_end(struct capture *);

/* Open trial_<id>/NAME for the copy.  Only in a directory that exists; no
 * link is followed; NULL paths: no copy. */
void	capture_log(struct capture *, const struct paths *, int64_t id,
	    const char *name);

/* Printable UTF-8 of one line, at most max bytes: other bytes become '?'. */
void	capture_clean(const char *, size_t len, size_t max, struct buf *);
/* The last non-empty line, without blanks around it. */
struct span capture_last_line(const char *, size_t len);
/* Where the last n lines begin. */
size_t	capture_tail(const char *, size_t len, int n);

#endif
