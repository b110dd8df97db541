/*
 * journal: several files change together or not at all.
 *
 * Claims, which the tests refer to by number:
 *  J1  The rename of the complete, fsynced journal to its name is the
 *      commit.  Before it the campaign is unchanged; after it every reader
 *      sees the new content (by overlay) and every writer finishes it.
 *  J2  Applying is idempotent: any prefix of it, torn anywhere, with zeros
 *      where bytes were lost, followed by a whole replay gives the same
 *      files as one undisturbed run.
 *  J3  A replace is applied through a temporary file and rename; an append
 *      writes at the recorded offset; neither is visible half-way after a
 *      replay.
 *  J4  The journal is removed only after every entry and its directory were
 *      fsynced; only then is anything acknowledged.
 *  J5  A damaged journal (wrong length or checksum) is reported, never
 *      guessed at and never removed.
 *  J6  A file changed by others since the commit is not overwritten
 *      blindly: logs get our bytes once at their end, and what to do about
 *      a replaced file that is neither old nor new is the caller's decision.
 *  J7  A move or a clearing takes one rename for whoever looks, whatever
 *      the size of the tree.  What was prepared aside is moved at most
 *      once: a replay that does not find it there finds it in its place.
 *      What stood there is removed only after it lost its name, and what
 *      cannot be removed then stops nobody.
 *  J8  Guard and journal are looked at right before each change.  A holder
 *      that lost its lock and comes too late all the same finds that its
 *      temporary file is gone, writes the same bytes at the same place, or
 *      gives back what it took away.
 *
 * States: absent -> written aside (invisible) -> committed (named) ->
 * applied -> removed.  A crash in any state leaves the previous one or that
 * one.  Paths are relative to the directory in which the journal lies, or
 * absolute.
 */
#ifndef LO_STORE_JOURNAL_H
#define LO_STORE_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

enum journal_op {
	JOURNAL_REPLACE,	/* the whole file is these bytes */
	JOURNAL_APPEND,		/* these bytes stand at offset */
	JOURNAL_REMOVE,		/* there is no such file */
	JOURNAL_MOVE,		/* the tree prepared aside stands here */
	JOURNAL_CLEAR		/* there is no such tree */
};

/* What a file was when the change was made. */
struct journal_old {
	bool exists;
	uint64_t size;
	uint32_t crc;	/* of all of it, or the <= 4 kB before an append */
};

struct journal_entry {
	enum journal_op op;
	char *path;		/* below the journal's directory, or absolute */
	struct journal_old old;
	uint64_t offset;	/* of an append; what lies behind it is cut */
	struct buf data;
	bool together;	/* see journal_together */
	/* Of a move and a clearing: a stage's name (store/tree.h) beside
	 * path, where the new tree is or the old one goes. */
	char *aside;
	struct journal_old moved;	/* of a move: the file, if it is one */
};

struct journal {
	struct journal_entry *entry;	/* the first one is the authority */
	size_t n, cap;
	char *note;	/* JSON text of the caller's, for its recovery */
};

/* Where a journal lives and how it is written. */
struct journal_place {
	int dir;		/* its directory; entry paths start here */
	const char *base;	/* its name in dir */
	bool sync;		/* false: no fsync at all */
	/* Looked at before each step; 0 to go on.  May be NULL. */
	int (*guard)(void *, struct err *);
	void *guard_arg;
};

/* What replay may do with an entry whose file is neither old nor new. */
enum journal_verdict { JOURNAL_SKIP, JOURNAL_APPLY };
struct journal_judge {
	/* May change entry->data of a replace (to merge).  found is the
	 * file's content; of an append, what stands behind its offset. */
	enum journal_verdict (*judge)(void *, struct journal_entry *,
	    const struct buf *found);
	void *arg;
};

void	journal_init(struct journal *);
void	journal_release(struct journal *);

/* Collect.  data is taken over and left empty. */
void	journal_replace(struct journal *, const char *path,
	    struct journal_old old, struct buf *data);
void	journal_append(struct journal *, const char *path,
	    struct journal_old old, uint64_t offset, struct buf *data);
void	journal_remove(struct journal *, const char *path,
	    struct journal_old old);
/* The entry last added is one of perhaps thousands of small files that are
 * replaced: where there are many and the system can, they are brought to
 * disk by one call instead of an fsync for each.  A file torn by a crash of
 * the machine before that must not keep a replay from replacing it. */
void	journal_together(struct journal *);
/* moved is what journal_look says of a file at aside. */
void	journal_place_tree(struct journal *, const char *path,
	    struct journal_old old, const char *aside,
	    struct journal_old moved);
void	journal_clear(struct journal *, const char *path, const char *aside);
/* All entries of one behind those of another. */
void	journal_move(struct journal *from, struct journal *to);
/* What is there now: of the whole file; for an append, whose offset is set
 * to behind the last newline, so that a torn last line will be cut (torn,
 * if not NULL, gets its bytes). */
int	journal_look(int dir, const char *path, struct journal_old *,
	    struct err *);
int	journal_look_tail(int dir, const char *path, struct journal_old *,
	    uint64_t *offset, struct buf *torn, struct err *);

/* J1..J4.  0 when everything is applied and the journal is gone.  On -1
 * *committed tells whether J1 happened. */
int	journal_commit(struct journal *, const struct journal_place *,
	    bool *committed, struct err *);

/* Read the journal that is there: 1, 0 if there is none, -1 (damaged). */
int	journal_load(struct journal *, const struct journal_place *,
	    struct err *);
/* Apply a loaded journal and remove it. */
int	journal_replay(struct journal *, const struct journal_place *,
	    const struct journal_judge *, struct err *);
/* Where the content of a path below dir is while the journal is not yet
 * applied: the path itself or one within a tree that waits aside; NULL if
 * there will be none.  The caller frees.  What waits aside may take its
 * place at any time: if it is not found, look at the path. */
char	*journal_where(const struct journal *, int dir, const char *path);
/* The entry of a path, or NULL. */
const struct journal_entry *journal_find(const struct journal *,
	    const char *path);
/* For readers: turn what a file holds now (nothing, if there is none; of a
 * moved one, what journal_where leads to) into what the entry leaves.  1,
 * or 0 if it leaves no file. */
int	journal_overlay(const struct journal_entry *, struct buf *);
/* Facts of a file's bytes. */
bool	journal_is_old(const struct journal_entry *, bool exists,
	    const struct buf *found);
bool	journal_is_new(const struct journal_entry *, bool exists,
	    const struct buf *found);

#endif
