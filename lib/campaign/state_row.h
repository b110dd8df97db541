/* state_row: reading one observation; private to state. */
#ifndef LO_CAMPAIGN_STATE_ROW_H
#define LO_CAMPAIGN_STATE_ROW_H

#include "campaign/state.h"

/* Fill an observation from its raw text; where is for messages. */
int	row_read(const struct space *, const struct objectives *,
	    struct observation *, const struct json *where, struct err *);
/* Do the params fit the space (bounds apart)? */
bool	row_params(const struct space *, const struct json *params,
	    double *point);

/* What state and its reader share. */
struct state *state_empty(const struct space *, const struct objectives *);
void	state_saw_id(struct state *, int64_t id);

/* A place for messages: FILE: .KEY[index] */
struct state_place {
	struct json root, list, element;
};
void	state_place(struct state_place *, const char *file, const char *key);
/* doc is consumed; raw is empty for a new entry. */
int	state_take_pending(struct state *, jv doc, struct span raw,
	    const struct json *where, struct err *);

#endif
