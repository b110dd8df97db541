/*
 * tree: a file, or a directory with all that is in it.
 *
 * Paths are as in store/file: below a directory descriptor or absolute,
 * and no link is followed on the way.  A tree that is copied or measured
 * holds files and directories only; a symbolic link, a FIFO or a device in
 * it is refused (LO_REFUSED) and named.  Removal takes links as what they
 * are and looks at none.
 */
#ifndef LO_STORE_TREE_H
#define LO_STORE_TREE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/* What is being prepared has such a name beside the place it is meant for
 * until a journal moves it there; what a journal took away, until it is
 * removed.  Nothing else has. */
#define TREE_STAGE ".looptimum.stage-"

enum tree_kind { TREE_NONE, TREE_FILE, TREE_DIRECTORY, TREE_OTHER };

/* What stands there; TREE_OTHER: a link or something special. */
int	tree_kind(int dir, const char *path, enum tree_kind *, struct err *);
/* A new name of that form beside path; the caller frees. */
char	*tree_stage_name(const char *path);
bool	tree_is_stage_of(const char *stage, const char *path);

/* Bytes in all files of it.  With links, they and special files are passed
 * over instead of refused. */
int	tree_measure(int dir, const char *path, bool links, uint64_t *bytes,
	    struct err *);
/* Make to, which must not exist, and what is missing above it. */
enum { TREE_LINK = 1, TREE_SYNC = 2 };	/* hard links where they can be */
int	tree_copy(int dir, const char *from, const char *to, unsigned how,
	    struct err *);
/* Fsync all of it; a large one together with its whole filesystem, where
 * the system can do that. */
int	tree_sync(int dir, const char *path, struct err *);
/* What is not there is removed already. */
int	tree_remove(int dir, const char *path, struct err *);
/* A directory with a temporary name (file.h) outside of a campaign's lock:
 * made in parent and held as long as the descriptor is open; path must hold
 * mkdtemp's template.  -1 and errno. */
int	tree_make_held(char *path);
/* Remove those in a directory that nobody holds, as far as that can be
 * told; tells nobody. */
void	tree_sweep_unheld(const char *dir);
/* Remove what has a stage's name in a directory; tells nobody. */
void	tree_sweep(int dir, const char *path);

#endif
