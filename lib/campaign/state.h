/*
 * state: bo_state.json, the authority.  See bo_state(5).
 *
 * Observations are kept as the bytes they were, plus the few things that
 * every command needs; those that did not change are written as they were.
 * Pending entries are few and kept whole, unknown keys included.
 */
#ifndef LO_CAMPAIGN_STATE_H
#define LO_CAMPAIGN_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jv.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/num.h"
#include "contract/config.h"
#include "contract/objective.h"
#include "contract/space.h"
#include "store/json.h"

struct observation {
	int64_t id;
	enum trial_status status;
	bool scored;		/* ok, and every objective has its value */
	bool usable;		/* point fits today's space; if ok, scored */
	bool voided;		/* its result was taken back */
	double *point;		/* space->n, see point.h */
	double *y;		/* objectives->n, NaN where null */
	double suggested_at;	/* NaN if not known */
	double completed_at;	/* NaN if not known */
	struct span raw;	/* the JSON object */
};

struct pending {
	int64_t id;
	bool usable;		/* point fits today's space */
	double *point;
	double suggested_at;	/* NaN if missing */
	double last_heartbeat_at;	/* NaN if none came */
	const char *lease_token;	/* NULL if none; borrowed from doc */
	jv doc;			/* the whole entry */
	struct span raw;	/* its bytes in the file, if it has any */
	bool changed;		/* doc differs from them */
};

struct best {
	bool present;
	int64_t id;
	double value;
	double updated_at;
};

struct state {
	bool exists;		/* there was a file */
	bool legacy;		/* 0.2.x or no schema_version */
	char *schema_version;	/* as it will be written */
	jv meta;
	jv extra;		/* unknown top-level keys */
	struct observation *obs;	/* in file order */
	size_t nobs, obs_cap;
	struct pending *pend;
	size_t npend, pend_cap;
	int64_t next_trial_id;
	struct best best;
	struct span best_raw;	/* as read; p NULL once it must be rewritten */

	const struct space *space;
	const struct objectives *objectives;
	struct buf text;	/* what was read; spans point here */
	struct buf *own;	/* texts of observations that were added */
	size_t nown, own_cap;
	size_t nloaded;		/* observations that the file had */
	bool reordered;		/* one of them was replaced */
};

#define STATE_VERSION "0.3.0"
/* So deep may an observation or pending entry be that the state around it
 * can be read back. */
#define STATE_ROW_DEPTH (JSON_DEPTH - 2)
/* The last id: the one to come after it can still be written. */
#define TRIAL_ID_MAX (NUM_INT_MAX - 1)

/* Members of an observation or pending entry. */
double	trial_real(const struct json *trial, const char *key);	/* or NaN */
const char *trial_text(const struct json *trial, const char *key);

/* An empty campaign's state. */
struct state *state_new(const struct space *, const struct objectives *,
	    double now);
/* Parse; takes text over (even on error).  name is for messages. */
struct state *state_parse(struct buf *text, const struct space *,
	    const struct objectives *, const char *name, struct err *);
/* The same of text that json_scan accepted. */
struct state *state_parse_scanned(struct buf *text, const struct space *,
	    const struct objectives *, const char *name, struct err *);
void	state_free(struct state *);
void	state_write(const struct state *, struct buf *out);

struct observation *state_observation(const struct state *, int64_t id);
struct pending *state_pending(const struct state *, int64_t id);

/* Add a pending entry made of doc (consumed). */
int	state_add_pending(struct state *, jv doc, struct err *);
/* Replace the document of a pending entry (consumed). */
void	state_change_pending(struct state *, struct pending *, jv doc);
void	state_drop_pending(struct state *, struct pending *);
/* Add an observation of that JSON text (taken over), or put it in place of
 * the one with its id. */
int	state_put_observation(struct state *, struct buf *text, struct err *);

/* Seed that rules: meta.seed, or the config's before the first suggest. */
int64_t	state_seed(const struct state *, const struct config *);
/* Recompute best from the observations; updated_at changes only if the
 * best trial, its value or what that is called does. */
void	state_update_best(struct state *, double now);
/* The best observation by the contract's ranking, or NULL. */
const struct observation *state_find_best(const struct state *);
/* Write a pending entry, its numbers in the form of its parameters. */
void	pending_write(const struct state *, const struct pending *,
	    struct jw *);
/* Write the best entry (an object or null). */
void	state_write_best(const struct state *, struct jw *);
/* When its age begins: the later of suggestion and heartbeat. */
double	pending_since(const struct pending *);
size_t	state_count_status(const struct state *, enum trial_status);

#endif
