/*
 * validate: the parts of op_validate that know each other.
 *
 * Each part reads its files leniently, says all that is wrong with them
 * and leaves behind what the others compare with: the contracts first, then
 * the state, then whatever repeats or explains it.  Nothing is created,
 * changed or waited for.
 */
#ifndef LO_OPS_VALIDATE_H
#define LO_OPS_VALIDATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "campaign/campaign.h"
#include "ops/ops.h"
#include "store/json.h"

enum finding_kind { FINDING_ERROR, FINDING_WARNING };

struct finding {
	enum finding_kind kind;
	char *file;
	char *path;		/* where in it, or NULL */
	char *text;
};

/* What logs, CSV and directories said of a trial of the state. */
enum trial_seen {
	SEEN_DECISION = 1,	/* in the acquisition log */
	SEEN_CREATED = 2,	/* suggestion_created in the event log */
	SEEN_ENDED = 4,		/* an event that ends it */
	SEEN_CSV = 8,
	SEEN_MANIFEST = 16
};

#define VTRIAL_PENDING (-1)
#define VTRIAL_BROKEN (-2)	/* an observation with a bad status */

/* An entry of the state that has an id. */
struct vtrial {
	int64_t id;
	int status;		/* enum trial_status, or one of the above */
	bool imported;
	int index;		/* in .observations or .pending */
	struct span raw;
	double *point;		/* NULL if it does not fit the space */
	double *y;		/* NULL if not one number per objective */
	unsigned seen;
};

/* What the acquisition log tells of how long suggestions took. */
struct vlatency {
	size_t count;		/* of the entries that tell */
	double min, max, total, latest;
};

struct vcheck {
	struct campaign c;	/* opened part by part, the state last */
	/* Only what a glance shows: of CSV, manifests and payload copies no
	 * more than whether trial directories have a manifest. */
	bool brief;
	bool no_lock;		/* not even shared */
	bool alone;		/* no writer is at work */
	bool lock_exists;
	int lock_errno;		/* why the lock could not be shared, or 0 */
	bool config_ok;		/* else c.c.config holds the defaults */
	struct finding *finding;
	size_t nfinding, finding_cap;

	bool state_exists;
	bool state_whole;	/* its text is JSON, so trials are known */
	struct buf state_text;
	struct vtrial *trial;	/* by id */
	size_t ntrial, trial_cap;
	int64_t next_trial_id;	/* 0 if it is not known */
	size_t ndecision;	/* lines of the acquisition log */
	struct vlatency latency;
	size_t ndirectory;	/* of trials */
};

/* Check the whole campaign, again if it changed meanwhile.  Release in any
 * case.  Paths and config are there afterwards (the defaults if they are
 * broken), and the journal is looked through. */
enum { VCHECK_BRIEF = 1, VCHECK_NO_LOCK = 2 };
void	vcheck_run(struct vcheck *, const char *root, unsigned how);
void	vcheck_release(struct vcheck *);
size_t	vcheck_count(const struct vcheck *, enum finding_kind);
/* After all checks: c.state as the tools read it, an empty one where there is
 * no file; NULL if they could not. */
void	vcheck_read_state(struct vcheck *);
/* Is there a trial that was not imported? */
bool	vcheck_any_own(const struct vcheck *);

/* ---------------------------------------------------------- findings */

void	find_text(struct vcheck *, enum finding_kind, const char *file,
	    const char *path, const char *fmt, ...)
	    __attribute__((format(printf, 5, 6)));
void	find_at(struct vcheck *, enum finding_kind, const struct json *,
	    const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* An error's own words, its file and path taken out of them. */
void	find_err(struct vcheck *, enum finding_kind, const char *file,
	    const struct err *);
/* "WHAT of 3 trials: 1, 2, 5", if there are any that pass the test. */
void	find_trials(struct vcheck *, const char *file, const char *what,
	    bool (*test)(const struct vtrial *));

/* Kinds of a member, as bits. */
enum field_kind {
	FIELD_REAL = 1, FIELD_INT = 2, FIELD_TEXT = 4, FIELD_OBJECT = 8,
	FIELD_NULL = 16, FIELD_ID = 32, FIELD_TOKEN = 64,
	FIELD_COUNT = 128	/* an integer >= 0 */
};
enum field_need { FIELD_OPTIONAL, FIELD_WANTED, FIELD_REQUIRED };
struct field {
	const char *key;
	unsigned kinds;
	enum field_need need;	/* missing: nothing, warning, error */
};
/* Check members against a table that ends in a NULL key; a wrong type is an
 * error.  True if all that are there have the right types. */
bool	check_fields(struct vcheck *, const struct json *object,
	    const struct field *);

/* A piece of scanned text, parsed, that knows where it stands; the caller
 * frees v of the result. */
struct json part_of(const struct json *up, const char *key, int index,
	    struct span);

/* ------------------------------------------------------------- parts */

void	validate_contracts(struct vcheck *, const char *root);
void	validate_state(struct vcheck *);
/* One entry; row knows its array and index.  Adds a trial if it has an id. */
void	validate_row(struct vcheck *, const struct json *row, struct span raw,
	    bool pending);
/* The same for an observation, but only if all of it is right and plain
 * (false: nothing was done). */
bool	validate_plain(struct vcheck *, struct span raw, int index);
extern const struct field observation_fields[];
void	validate_best(struct vcheck *, const struct json *best);
void	validate_logs(struct vcheck *);
void	validate_csv(struct vcheck *);
void	validate_leases(struct vcheck *);
/* Needs vcheck_read_state. */
void	validate_governance(struct vcheck *);
void	validate_trials(struct vcheck *);
/* The manifest of a trial, whether the state has it or not: 1, 0 if there is
 * none, -1 if it cannot be read. */
int	validate_manifest(struct vcheck *, int64_t id);
/* Compare a trial with the copy of its payload. */
void	validate_payload(struct vcheck *, const struct vtrial *,
	    const struct json *entry);
/* The journal, which later parts look through, and the directory. */
void	validate_directory(struct vcheck *);
/* What interrupted writers left in a directory; shown is its name and a
 * slash.  Closes dirfd. */
void	validate_leftovers(struct vcheck *, int dirfd, const char *shown);

void	vtrial_add(struct vcheck *, const struct vtrial *);
struct vtrial *vtrial_find(const struct vcheck *, int64_t id);
/* As campaign_read_file; a failure is reported as an error of shown. */
int	vcheck_read(struct vcheck *, const char *real, const char *shown,
	    struct buf *);
/* The same parsed, which the caller frees; jv_invalid() if there is no such
 * file (*found 0) or it is not JSON (*found 1, reported as kind). */
jv	vcheck_parse(struct vcheck *, const char *real, const char *shown,
	    enum finding_kind, int *found);
/* Number of a span, or -1 if it is no trial id. */
int64_t	span_id(struct span);

#endif
