/*
 * ops: every verb, its request and its contract, on one page.
 *
 * An operation opens the campaign itself, does one thing and returns 0, or
 * -1 and a filled struct err whose status is the tool's exit status.
 * Output is JSON text appended to a buf: one compact document, or one a
 * line where it says "lines".  Nothing is printed here.  What a person
 * should hear besides is handed to the notice function of struct op, which
 * may be NULL.
 */
#ifndef LO_OPS_OPS_H
#define LO_OPS_OPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/* What all operations share. */
struct op {
	char *root;		/* of the campaign, from op_locate */
	double lock_timeout;	/* mutating ones; < 0: the config's */
	void (*notice)(void *, const char *text);
	void *notice_arg;
};

/* Find the campaign: dir if not NULL, else $LO_CAMPAIGN, else upwards from
 * here; sets root, which op_release frees. */
int	op_locate(struct op *, const char *dir, struct err *);
void	op_release(struct op *);

/* Make a campaign.  Nothing is written unless all of it is in order. */
struct init_request {
	const char *dir;	/* made if it does not exist */
	const char *share;	/* where templates/ is */
	const char *template;	/* "demo", "client", "full", or NULL */
	const char *const *param;	/* NAME=TYPE... specifications */
	size_t nparam;
	/* NAME=minimize or NAME=maximize in command line order; the first
	 * is the primary objective */
	const struct init_objective {
		const char *name;
		bool maximize;
	} *objective;
	size_t nobjective;
	int64_t trials;		/* 0: not given */
	int64_t seed;
	bool has_seed;
	double eval_time;	/* seconds of one evaluation; 0: not given */
	bool compat;		/* only values that Looptimum accepts */
};
/* Document: {"campaign":DIR,"files":[...]}. */
int	op_init(const struct op *, const struct init_request *,
	    struct buf *out, struct err *);

/* Propose and reserve.  Lines: one suggestion each.  LO_SPENT when the
 * budget is used up or every point of a finite space is taken. */
struct suggest_request {
	int64_t count;		/* 0: the config's batch_size */
	bool resume;		/* reprint what nobody works on */
	const char *params;	/* JSON text of the user's own point, or NULL */
	const char *replicate;	/* "best" or an id, or NULL */
	const char *surrogate;	/* for this call, or NULL */
};
int	op_suggest(const struct op *, const struct suggest_request *,
	    struct buf *out, struct err *);

/* Commit results.  text holds scanned JSON values (spans of them); each is
 * a payload or a bundle (an array, or an object with "payloads"). Lines:
 * {"trial_id","result":"ingested"|"duplicate"|"rejected",...}.
 * 0 when all were taken, -1 and LO_REFUSED when some were not: out then
 * still has a line for each, and the error's text is empty. */
struct ingest_request {
	const char *text;	/* JSON values, syntax checked */
	size_t len;
	const char *file;	/* where they came from: "<stdin>:3" */
	const char *where;	/* of each value, a NUL behind each; or NULL */
	const char *lease_token;	/* for payloads without one, or NULL */
	bool batch;		/* all in one commit, all or nothing */
	/* Second form, for a person: text is NULL. */
	int64_t trial;
	const char *status;	/* NULL: ok */
	const char *reason;
	const char *const *value;	/* NAME=VALUE, objectives */
	size_t nvalue;
};
int	op_ingest(const struct op *, const struct ingest_request *,
	    struct buf *out, struct err *);

/* The status document. */
int	op_status(const struct op *, struct buf *out, struct err *);
/* The same for people: a table. */
int	op_status_table(const struct op *, struct buf *out, struct err *);

/* The best trial: {"trial_id","objective_name","objective_value",
 * "objectives","params",...}; LO_REFUSED while there is none. */
int	op_best(const struct op *, struct buf *out, struct err *);
/* As arguments (--lr=0.01 --depth=4) or LO_PARAM_lr=0.01 lines. */
enum best_form { BEST_ARGS, BEST_ENV };
int	op_best_text(const struct op *, enum best_form, struct buf *out,
	    struct err *);

/* {"valid","errors":[...],"warnings":[...]} and, through findings, one line
 * "FILE: path: error|warning: message" each.  0 if valid, -1 LO_REFUSED
 * with empty text if not (with strict: if there are warnings). */
struct validate_request {
	bool strict;
	void (*finding)(void *, const char *line);
	void *finding_arg;
};
int	op_validate(const struct op *, const struct validate_request *,
	    struct buf *out, struct err *);

/* Run evaluators.  See ops/evaluate.h. */

/* Say in a pending entry who evaluates it.  Whoever claimed it before is
 * replaced; notice hears of one that still lives. */
struct claim_request {
	int64_t trial;
	const char *lease_token;	/* or NULL */
};
int	op_claim(const struct op *, const struct claim_request *,
	    struct err *);

/* A sign of life of a pending trial.  Line:
 * {"trial_id","result":"heartbeat","heartbeat_at","heartbeat_count"}. */
struct heartbeat_request {
	int64_t trial;
	const char *lease_token;	/* or NULL */
	const char *note;	/* NULL: the one before stays */
	const char *meta;	/* text of a JSON object, likewise */
	double at;		/* seconds since the epoch; 0: now */
};
int	op_heartbeat(const struct op *, const struct heartbeat_request *,
	    struct buf *out, struct err *);

/* Take away what the campaign has made so far: state, logs, trials, reports;
 * into an archive, unless that is not wanted.  None of it is parsed.
 * Document: {"result":"reset","archive_id","archive_path","removed"}. */
struct reset_request {
	bool no_archive;
};
int	op_reset(const struct op *, const struct reset_request *,
	    struct buf *out, struct err *);

/* The archives, newest first.  Lines: {"archive_id","archive_path",
 * "created_at","age_seconds","size_bytes","integrity","entries"}. */
int	op_archive_list(const struct op *, struct buf *out, struct err *);
/* Could it be restored?  Of one or (NULL) each: {"archive_id","integrity",
 * "restorable","problem","entries"}.  -1 LO_REFUSED with empty text if one
 * could not; out then still has all lines. */
int	op_archive_verify(const struct op *, const char *id,
	    struct buf *out, struct err *);
/* Put an archive's content in the place of what is there.  Document:
 * {"archive_id","result":"restored","legacy","restored","removed",
 * "ignored"}, the last three lists of paths. */
int	op_archive_restore(const struct op *, const char *id,
	    struct buf *out, struct err *);
/* Remove archives: those that both rules allow, where both are given.
 * Lines: {"archive_id","result":"pruned","age_seconds","size_bytes"}. */
struct prune_request {
	int64_t keep_last;	/* the newest so many stay; < 0: not given */
	double older_than;	/* seconds; < 0: not given */
	bool look;		/* only tell what would go */
};
int	op_archive_prune(const struct op *, const struct prune_request *,
	    struct buf *out, struct err *);

/* May the bearer of this token (or of none: NULL) act on the trial?  An
 * entry with a token demands it, whatever the configuration says. */
struct pending;
int	op_check_lease(const struct pending *, const char *token,
	    struct err *);

#endif
