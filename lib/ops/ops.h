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
	/* What is printed is claimed for this process in the same commit,
	 * so that nobody else takes it up; resume then prints up to count
	 * (0: all). */
	bool claim;
	bool forsaken;		/* resume only what was claimed before */
	int64_t below;		/* resume only smaller ids; 0: any */
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

/* How observations are written in a file.  FORMAT_AUTO: by its name, .csv,
 * .jsonl or .ndjson; FORMAT_JSONL on a pipe; else LO_USAGE. */
enum record_format { FORMAT_AUTO, FORMAT_CSV, FORMAT_JSONL };
/* The format of that name: 0, or -1 for another one. */
int	op_format(const char *name, enum record_format *);

/* Take in observations from elsewhere, under new ids, in one commit.
 * Document: {"imported","rejected","format","mode","next_trial_id",
 * "remaining","repeated"?,"import_report_path"?}.  LO_REFUSED if trials are
 * pending, if a row is refused and not permissive, or if every row is. */
struct import_request {
	const char *file;	/* "-": standard input */
	enum record_format format;
	bool permissive;	/* the good rows without the bad ones */
	/* Called now and then with the rows done of all, and at the end;
	 * may be NULL. */
	void (*progress)(void *, const char *what, size_t done, size_t all);
	void *progress_arg;
};
int	op_import(const struct op *, const struct import_request *,
	    struct buf *out, struct err *);

/* Write all observations.  Without a file nothing is changed and out gets
 * the text: CSV, or JSONL, one a line.  With one it is replaced and the
 * export logged, and out gets the document {"exported","format","path"}. */
struct export_request {
	const char *file;	/* NULL: none */
	enum record_format format;
};
int	op_export(const struct op *, const struct export_request *,
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

/* Make a new state of manifests, payload copies and logs: beside the old
 * one, which need not be there, or in its place if that one cannot be read
 * (it is kept under another name).  What could not be known is said and
 * stands in the document {"rebuilt","placed","kept","observations",
 * "pending","next_trial_id","best","lost":[ids],"unknown":[...]}. */
int	op_rebuild(const struct op *, bool in_place, struct buf *out,
	    struct err *);

/* The health document.  Its health_state decides: 0 for ok, and for warning
 * if not strict; else -1, LO_REFUSED and empty text.  The document is there
 * in either case. */
struct health_request {
	bool strict;
};
int	op_health(const struct op *, const struct health_request *,
	    struct buf *out, struct err *);

/* The metrics document, or text for Prometheus (format 0.0.4); else as
 * op_health. */
struct metrics_request {
	bool strict;
	bool prometheus;
};
int	op_metrics(const struct op *, const struct metrics_request *,
	    struct buf *out, struct err *);

/* The doctor document.  -1, LO_REFUSED and empty text if something is wrong;
 * notice has said what, and the document is there all the same. */
int	op_doctor(const struct op *, struct buf *out, struct err *);

/* Run evaluators.  See ops/evaluate.h, and ops/run.h for the whole loop. */

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

/* Give pending trials up: killed, and no result of theirs is taken any more.
 * All or none.  Lines: {"trial_id","result":"canceled","status","reason"}. */
struct cancel_request {
	const int64_t *id;	/* each once */
	size_t n;
	const char *reason;	/* NULL or blank: "canceled" */
};
int	op_cancel(const struct op *, const struct cancel_request *,
	    struct buf *out, struct err *);

/* The same, but a result that comes late replaces it.  Lines as above,
 * "retired"; none, and 0, when nothing is stale. */
struct retire_request {
	const int64_t *id;
	size_t n;
	const char *reason;	/* NULL: "retired_manual", "retired_stale" */
	bool stale;		/* all that are older than max_age, too */
	double max_age;		/* seconds; 0: the config's */
};
int	op_retire(const struct op *, const struct retire_request *,
	    struct buf *out, struct err *);

/* Reserve the params of trials that failed once more, under new ids.  No
 * ids: of all that have one of the statuses, are not voided and were not
 * retried yet.  Lines as op_suggest's, with retry_of; none, and 0, when no
 * trial is left.  LO_SPENT and LO_AGAIN as there. */
struct retry_request {
	const int64_t *id;
	size_t n;
	unsigned statuses;	/* bits 1 << enum trial_status */
};
int	op_retry(const struct op *, const struct retry_request *,
	    struct buf *out, struct err *);
/* "failed,timeout" as such bits; LO_USAGE. */
int	op_retry_statuses(const char *text, unsigned *statuses,
	    struct err *);

/* Take results out of ranking and model, or undo that.  All or none.
 * Lines: {"trial_id","result":"voided"|"restored","status","reason"?}. */
struct void_request {
	const int64_t *id;
	size_t n;
	bool undo;
	const char *reason;	/* needed, but not to undo */
};
int	op_void(const struct op *, const struct void_request *,
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
/* Put an archive's content in the place of what is there, if all of it can be
 * read, or damaged as it may be.  Document:
 * {"archive_id","result":"restored","legacy","restored","removed",
 * "ignored"}, the last three lists of paths. */
int	op_archive_restore(const struct op *, const char *id, bool damaged,
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

/* Write report.json, report.md and, if asked for, report.html, in one
 * change.  Line: {"report_json","report_md","report_html"?}, paths. */
struct report_request {
	int64_t top;		/* best trials in it; 0: 5 */
	bool html;
};
int	op_report(const struct op *, const struct report_request *,
	    struct buf *out, struct err *);
/* The same text, nothing written; html is not looked at. */
enum report_form { REPORT_JSON, REPORT_MD, REPORT_HTML };
int	op_report_print(const struct op *, const struct report_request *,
	    enum report_form, struct buf *out, struct err *);

/* Draw a picture, for a terminal or as SVG.  LO_REFUSED, and why, where
 * there is nothing to be drawn. */
struct plot_request {
	const char *kind;	/* "history" ... */
	const char *param;	/* of a slice, else NULL */
	bool svg;
	int width;		/* of a terminal, columns */
	bool braille;		/* it takes UTF-8 */
};
int	op_plot(const struct op *, const struct plot_request *,
	    struct buf *out, struct err *);
/* How many operands the kind takes besides itself; -1: there is no such
 * kind. */
int	op_plot_operands(const char *kind);
/* "history, trials, ..." */
void	op_plot_kinds(struct buf *);

/* Each decision with what became of it, for these trials or all, by id; a
 * failed decision comes before the trial that later got its id.  Lines as
 * trace.schema.json has them.  A line of the acquisition log that is none
 * is said, and LO_REFUSED with empty text in the end; out has the others.
 * LO_REFUSED and no output for an id that nothing is known of. */
struct trace_request {
	const int64_t *id;
	size_t n;		/* 0: all */
};
int	op_trace(const struct op *, const struct trace_request *,
	    struct buf *out, struct err *);
/* The same of one trial in words for a person; errors alike. */
int	op_explain(const struct op *, int64_t id, struct buf *out,
	    struct err *);

/* Events of the log for other programs, from the cursor on; lines as
 * event.schema.json has them go to emit a few at a time, and the cursor
 * follows once it returned 0.  Lines that are none are said; then
 * LO_REFUSED with empty text in the end. */
struct events_request {
	unsigned topics;	/* from op_events_topic; 0: all */
	bool follow;		/* wait for more, until an error */
	const char *cursor;	/* file with the position, or NULL */
	int (*emit)(void *, const struct buf *lines, struct err *);
	void *emit_arg;
	int watch;		/* a descriptor whose reader may go away */
};
int	op_events(const struct op *, const struct events_request *,
	    struct err *);
/* Add the topic of that name; LO_USAGE. */
int	op_events_topic(const char *name, unsigned *topics, struct err *);

#endif
