/*
 * replay: what the files of tests/replay/replay share.
 *
 * log_*: lines of the decision and the event log.  history_*: the state,
 * brought to where it was step by step.
 */
#ifndef TESTS_REPLAY_REPLAY_H
#define TESTS_REPLAY_REPLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "campaign/campaign.h"

struct replay {
	struct campaign *now;	/* as it is; its state is the one rebuilt */
	struct state *last;	/* what the state file holds */
	struct buf decisions, events;
	double tolerance;	/* < 0: to the bit */
	size_t replayed, same, passed_over, beyond;
	double largest;		/* parameter's deviation */
};

_Noreturn void replay_die(const char *what, const char *why);

/* The next line of a log, parsed; invalid at its end. */
jv	log_next(struct span *rest);
int64_t	log_id(jv borrowed);
/* Is that member this text? */
bool	log_says(jv borrowed, const char *key, const char *text);
/* The decision that made this trial, or invalid. */
jv	log_decision(const struct replay *, int64_t id);
/* Is there a result that replaced a retired trial's? */
bool	log_came_late(const struct replay *, int64_t id);

/* A trial as the state file has it. */
const double *history_point(const struct replay *, int64_t id);
void	history_pending(struct replay *, int64_t id);
/* killed: as it was before its result came after all. */
void	history_observed(struct replay *, int64_t id, bool killed);
void	history_imported(struct replay *, jv event);
/* Into the state's meta; value is consumed. */
void	history_remember(struct replay *, const char *key, jv value);

/* Make the suggestion of that trial again, and compare. */
void	suggest_again(struct replay *, int64_t id);

/* Print the mark of this machine's arithmetic. */
void	print_mark(void);

#endif
