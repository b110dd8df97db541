/*
 * paths: where the files of a campaign are.
 *
 * Each runtime path has two faces: as it is shown (relative to the campaign
 * root, as configured), and as it is opened: relative to the directory in
 * which the state file lies, or absolute when it was configured to lie
 * elsewhere.  The state directory may be a symbolic link; it is resolved
 * once.  Below it no link is followed.
 */
#ifndef LO_CAMPAIGN_PATHS_H
#define LO_CAMPAIGN_PATHS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "contract/config.h"

#define JOURNAL_NAME ".looptimum.journal"
/* Beside the state file, behind its name: one made of the other files, and
 * one that could not be read any more (and a time). */
#define STATE_REBUILT ".rebuilt"
#define STATE_DAMAGED ".damaged-"

struct paths {
	char *root;			/* absolute, resolved */
	char *state_dir;		/* absolute, resolved */
	char *shown[PATH_COUNT];
	char *real[PATH_COUNT];
};

/* Find the campaign: dir if not NULL, else $LO_CAMPAIGN, else the nearest
 * directory from here upwards that holds bo_config.json.  Returns its
 * absolute path (the caller's), or NULL. */
char	*campaign_find(const char *dir, struct err *);

/* With create, a missing state directory is made. */
int	paths_init(struct paths *, const char *root, const struct config *,
	    bool create, struct err *);
/* Fsync the directories above the runtime files, which create or an
 * interrupted run may have made, so that their names stay. */
int	paths_sync(const struct paths *, struct err *);
void	paths_release(struct paths *);
/* A file of the user's for messages and logs: relative to the campaign if
 * it lies inside, else absolute; links are resolved.  absolute, if not
 * NULL, gets that form.  Both are the caller's.  The file need not exist,
 * its directory must. */
char	*paths_of_user(const struct paths *, const char *path,
	    char **absolute, struct err *);
/* Is it one of the campaign's own files, or would it be? */
bool	paths_owns(const struct paths *, const char *absolute);
/* "state/trials/trial_3/NAME"; the caller frees. */
char	*paths_trial_shown(const struct paths *, int64_t id,
	    const char *name);
char	*paths_trial_real(const struct paths *, int64_t id,
	    const char *name);
/* The page that stands beside report.json (either face of its path): the
 * same name, with .html for .json.  The caller frees. */
char	*paths_report_html(const char *report_json);

#endif
