/*
 * record: an observation on its way into a campaign or out of it, in the
 * two notations of lo-import(1) and lo-export(1).
 *
 * JSONL has a JSON object for each, CSV a record with a column for each of
 * its members: param_NAME and objective_NAME for those of params and
 * objectives, heartbeat_meta_json for heartbeat_meta.  A CSV record is
 * turned into the text of such an object first, so that both are judged
 * alike.
 */
#ifndef LO_CONTRACT_RECORD_H
#define LO_CONTRACT_RECORD_H

#include <stddef.h>
#include <stdint.h>

#include <jv.h>

#include "base/buf.h"
#include "base/err.h"
#include "contract/config.h"
#include "contract/objective.h"
#include "contract/space.h"
#include "store/json.h"

/* The members, in the order in which both notations have them; NULL behind
 * the last. */
extern const char *const record_key[];

/* What an object says.  Bounds are not checked: a point beyond them teaches
 * as well as another. */
struct record {
	enum trial_status status;
	double *point;		/* space->n, inactive ones dropped */
	double *y;		/* objectives->n, NaN where null */
	double suggested_at;	/* NaN: not known */
	double completed_at;	/* likewise */
	struct span text;	/* borrowed */
	jv doc;
};

/* Judge scanned text.  where names its place: "FILE: row 3".  Release it in
 * either case. */
int	record_read(struct record *, struct span text, const char *where,
	    const struct space *, const struct objectives *, struct err *);
void	record_release(struct record *);
/* The observation of the state, with this id; what the record calls
 * source_trial_id, or else trial_id, is its source_trial_id. */
void	record_write(const struct record *, const struct space *,
	    const struct objectives *, int64_t id, struct jw *);
/* The id that the object brings with it, a whole number or a text that is
 * not empty; else an empty span. */
struct span record_source(struct span object);

/* ---------------------------------------------------------------- CSV */

/* What the columns of a table mean. */
struct record_columns;
/* field and len are the header's, n of them.  NULL if a name is there
 * twice. */
struct record_columns *record_columns_new(const struct space *,
	    const struct objectives *, char *const *field,
	    const size_t *len, size_t n, const char *file, struct err *);
void	record_columns_free(struct record_columns *);
/* A record's text as an object, appended.  A cell that is not what its
 * column should hold becomes a string, about which record_read will
 * complain; -1 for a cell that has no meaning at all. */
struct record_cells {
	char *const *field;	/* as table_read has them */
	const size_t *len;
	size_t n;
};
int	record_from_cells(const struct record_columns *,
	    const struct record_cells *, const char *where, struct buf *out,
	    struct err *);
/* The record as it was: {"COLUMN": "CELL", ...}. */
void	record_cells_write(const struct record_columns *,
	    const struct record_cells *, struct jw *);

#endif
