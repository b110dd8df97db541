/*
 * runtime: the files that tools make in a campaign, which a reset takes
 * away and a restore puts back.
 *
 * Those of an archive have labels, and the lock file stays where it is:
 * who waits for it must get the one that others get.  report.html, beside
 * report.json, is removed with the others and goes into no archive.
 */
#ifndef LO_CAMPAIGN_RUNTIME_H
#define LO_CAMPAIGN_RUNTIME_H

#include <stdbool.h>

#include "base/err.h"
#include "campaign/campaign.h"
#include "store/tree.h"

#define ARCHIVES_NAME "reset_archives"	/* beside the state file */

enum runtime_id {
	RUNTIME_STATE, RUNTIME_CSV, RUNTIME_ACQUISITION, RUNTIME_EVENTS,
	RUNTIME_LOCK, RUNTIME_REPORT_JSON, RUNTIME_REPORT_MD,
	RUNTIME_TRIALS, RUNTIME_DEMO, RUNTIME_LABELS,
	RUNTIME_REPORT_HTML = RUNTIME_LABELS, RUNTIME_COUNT
};

struct runtime_file {
	const char *label;	/* NULL: in no archive */
	char *shown, *real;	/* as in paths.h */
	bool directory;
	enum tree_kind there;	/* after runtime_look */
};

struct runtime {
	struct runtime_file file[RUNTIME_COUNT];
};

void	runtime_init(struct runtime *, const struct paths *);
void	runtime_release(struct runtime *);
/* The file of that label, or NULL. */
struct runtime_file *runtime_find(struct runtime *, const char *label);
/* See what is there.  Refused is a campaign of which something cannot be
 * taken away by itself: a link, a mount, a directory in place of a file or
 * one that holds more than its name says, a file of the user's. */
int	runtime_look(struct runtime *, const struct campaign *,
	    struct err *);
/* May a recovery write there?  (For is_path_of of recover.) */
bool	runtime_owns(const struct paths *, const char *path);
/* Remove what interrupted resets and restores prepared. */
void	runtime_sweep(const struct campaign *);

#endif
