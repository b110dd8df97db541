/*
 * governance: a campaign held against its policies.  See bo_config(5).
 *
 * What a campaign may hold is bounded by governance.allowed_statuses and
 * the limits below retention; nothing is refused or removed because of
 * them.  Tools that read do
 *
 *	governance_look(&g, campaign, now, &err);
 *	governance_judge(&g, campaign);
 *	... g.warning, g.violation ...
 *	governance_release(&g);
 *
 * Tools that write call governance_commit where they would call txn_commit:
 * it judges what the change leaves behind, its own log lines included, and
 * logs governance_violations_detected as part of it.  One that makes or
 * removes archives says with governance_commit_as which there will be.
 */
#ifndef LO_OPS_GOVERNANCE_H
#define LO_OPS_GOVERNANCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "campaign/campaign.h"
#include "campaign/txn.h"
#include "store/json.h"

/* One thing found. */
struct governance_finding {
	const char *policy_id;	/* static: "retention.archives.max_count" */
	char *message;
	struct buf details;	/* JSON text of an object, compact */
};

/* An archive of a reset. */
struct governance_archive {
	char *id;
	char *path;		/* relative to the campaign */
	int64_t size;		/* bytes of all files in it */
	double age;		/* seconds, >= 0; NaN: not known */
};

/* A log; [0] is the acquisition log, [1] the event log. */
struct governance_log {
	const char *label;	/* static: "acquisition_log_file" */
	const char *path;	/* borrowed from the campaign's paths */
	bool exists;
	int64_t size;
};

struct governance {
	char *archives_root;	/* relative to the campaign */
	char *logs_root;	/* likewise: where the state is */
	bool archives_exist;	/* is there such a directory? */
	struct governance_archive *archive;	/* by id */
	size_t narchive, archive_cap;
	struct governance_log log[2];
	struct governance_finding *warning, *violation;
	size_t nwarning, warning_cap, nviolation, violation_cap;
};

/* Measure archives and logs, as of now.  On failure what could be read is
 * there all the same; release it in either case. */
int	governance_look(struct governance *, const struct campaign *,
	    double now, struct err *);
void	governance_release(struct governance *);
/* As if there were this archive, or this one no more. */
void	governance_add_archive(struct governance *, const char *id,
	    int64_t size, double age);
void	governance_drop_archive(struct governance *, const char *id);
/* Fill warning and violation anew, in the order of the policies' list, from
 * what was measured, the campaign's config and its state (if it has one). */
void	governance_judge(struct governance *, const struct campaign *);

/* The event's line, with its newline, appended; nothing if there is no
 * violation. */
void	governance_event(const struct governance *, const char *command,
	    double now, struct buf *line);
/* Judge, log what was found, commit. */
int	governance_commit(struct campaign *, struct txn *, struct err *);
/* The same after foretell (may be NULL) has added and dropped archives. */
struct governance_change {
	void (*foretell)(void *, struct governance *);
	void *arg;
};
int	governance_commit_as(struct campaign *, struct txn *,
	    const struct governance_change *, struct err *);
/* Commit what was found and nothing else, if anything was: of a command that
 * was refused after it had changed something. */
int	governance_tell(struct campaign *, struct txn *, struct err *);
/* A tool ends this trial with a status of its own making: log
 * governance_override_used unless that status is allowed. */
struct governance_override {
	int64_t trial;
	enum trial_status status;
	const char *source;	/* "manual_cancel", "retire_command", ... */
	const char *reason;	/* or NULL */
};
void	governance_override(const struct campaign *, struct txn *,
	    const struct governance_override *);

/* Parts of documents, each one value. */
/* ["failed","ok"], sorted. */
void	governance_write_statuses(const struct config *, struct jw *);
/* {"archives":{...},"logs":{...}}: the limits, null where there is none. */
void	governance_write_retention(const struct config *, struct jw *);
/* {"archives":{...},"logs":{...}}: what was measured. */
void	governance_write_footprints(const struct governance *, struct jw *);
/* [{"policy_id","message","details"},...] */
void	governance_write_findings(const struct governance_finding *,
	    size_t n, struct jw *);

#endif
