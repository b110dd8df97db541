/*
 * csv: observations.csv, the flat copy of the observations.
 *
 * Columns are the sorted union of what the rows have.  Values are the text
 * that the state has, so that nothing is rounded; booleans are True and
 * False, null and inactive cells are empty.
 */
#ifndef LO_CAMPAIGN_CSV_H
#define LO_CAMPAIGN_CSV_H

#include <stdbool.h>

#include "base/buf.h"
#include "campaign/state.h"

struct csv_columns {
	char **name;
	size_t n, cap;
};

void	csv_columns_release(struct csv_columns *);
/* Read the header line; -1 if its names are not sorted. */
int	csv_columns_read(struct csv_columns *, const char *text, size_t len);
/* Does every value of the observation have its column? */
bool	csv_covers(const struct csv_columns *, const struct observation *);
void	csv_row(const struct csv_columns *, const struct observation *,
	    struct buf *);
/* The whole file; empty without observations. */
void	csv_render(const struct state *, struct buf *);

/* Bring the file in line with the state: nothing, rows for the new
 * observations, or all of it.  What it will be is noted in the state's
 * meta.txn, so that a file that somebody else wrote since is known. */
struct campaign;
struct journal;
int	csv_stage(struct campaign *, struct journal *, struct err *);

#endif
