/*
 * archive: the directories in which resets keep what they took away.
 *
 * Each lies in reset_archives/ beside the state file, under its id, and
 * holds the files below the paths that they had in the campaign, and
 * archive_manifest.json, which lists them.  Archives without one are older
 * ("legacy"): they hold what lies there below a path that this campaign
 * uses.  An id is a single component of a path and begins with no dot.
 */
#ifndef LO_CAMPAIGN_ARCHIVE_H
#define LO_CAMPAIGN_ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "campaign/campaign.h"
#include "campaign/runtime.h"

#define ARCHIVE_MANIFEST "archive_manifest.json"

enum archive_integrity {
	ARCHIVE_OK,
	ARCHIVE_MISSING_FILES,		/* or others than the manifest says */
	ARCHIVE_INVALID_MANIFEST,
	ARCHIVE_LEGACY
};
extern const char *const archive_integrity_name[];

struct archive_entry {
	char *label;
	char *source_rel;	/* where it was in the campaign */
	char *archive_rel;	/* where it is in the archive */
	bool directory;
	bool present;
};

struct archive {
	char *id;
	char *real;		/* its directory, as in paths.h */
	bool unseen;		/* the system failed to read its manifest */
	bool dated;		/* created_at could be read */
	double created_at;
	uint64_t bytes;		/* of all files in it */
	enum archive_integrity integrity;
	char *problem;		/* why it is not ok, NULL if it is; legacy
				 * archives may have one, too */
	struct archive_entry *entry;	/* none if the manifest is invalid */
	size_t n, cap;
};

struct archives {
	struct archive *item;	/* newest first, unknown age last */
	size_t n, cap;
	bool unseen;		/* of one, or even whether it is one */
};

bool	archive_is_id(const char *);
/* "state/reset_archives/ID", or without "/ID"; the caller frees. */
char	*archive_shown(const struct paths *, const char *id);
/* Look at one, without a change: LO_REFUSED if there is none. */
int	archive_read(struct archive *, const struct campaign *,
	    const char *id, struct err *);
/* Read what it holds, too: is every document in it whole?  If not, problem
 * says what is not.  True if it can be restored and read. */
bool	archive_content(struct archive *, const struct campaign *);
void	archive_release(struct archive *);
/* All of them; no directory is none. */
int	archives_read(struct archives *, const struct campaign *,
	    struct err *);
void	archives_release(struct archives *);
/* Copy what an entry holds (there is one) to a path as in paths.h. */
int	archive_copy(const struct archive *, const struct archive_entry *,
	    const struct campaign *, const char *to, struct err *);

/* Prepare the archive of what runtime_look found: real is where it shall
 * stand, aside where it waits for txn_place.  On an error nothing of it is
 * left. */
struct archive_made {
	char *id, *real, *aside;
};
int	archive_make(struct archive_made *, const struct campaign *,
	    const struct runtime *, struct err *);
void	archive_made_release(struct archive_made *);

#endif
