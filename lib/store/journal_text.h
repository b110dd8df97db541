/* journal_text: what the parts of the journal share; private to them. */
#ifndef LO_STORE_JOURNAL_TEXT_H
#define LO_STORE_JOURNAL_TEXT_H

#include "base/buf.h"
#include "store/journal.h"

#define JOURNAL_TAIL 4096	/* bytes before an append that are looked at */
#define JOURNAL_HEAD 46		/* length of the first line */
#define JOURNAL_WHAT "journal"

void	journal_text(const struct journal *, struct buf *);
int	journal_from_text(struct journal *, const struct buf *, struct err *);
uint32_t journal_tail_crc(int fd, uint64_t offset);
/* Open a file of the campaign: 1, 0 if there is none, -1. */
int	journal_open(int dir, const char *path, int flags, int *fd,
	    struct err *);

#endif
