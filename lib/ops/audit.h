/*
 * audit: decisions joined with what became of them; private to ops.
 *
 * Spans and trials are borrowed from the audit and its campaign.
 */
#ifndef LO_OPS_AUDIT_H
#define LO_OPS_AUDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "campaign/campaign.h"
#include "ops/common.h"

struct audited {
	int64_t id;		/* of one that failed: that it would have got */
	struct span line;	/* of the acquisition log; len 0: none */
	struct span decision;	/* in it */
	bool no_trial;		/* the decision failed */
	size_t warmup;		/* the how-manieth of the warm-up, or 0 */
	const struct observation *o;
	const struct pending *p;	/* neither: the state has no such */
	size_t order;		/* in the log */
};

struct audit {
	struct campaign *c;
	struct buf log;
	struct audited *trial;	/* by id, failed decisions first */
	size_t n, cap;
	size_t bad;		/* lines that are none, which were said */
};

/* Open and read; audit_release also after an error. */
int	audit_init(struct audit *, const struct op *, struct err *);
void	audit_release(struct audit *);
/* All entries of an id, the last one its trial if there is any; NULL and
 * LO_REFUSED if nothing is known of it. */
const struct audited *audit_find(const struct audit *, int64_t id,
	    size_t *n, struct err *);
/* LO_REFUSED with empty text if lines were bad. */
int	audit_verdict(const struct audit *, struct err *);

/* "ok" ..., "pending", "none" (the decision failed) or "lost" (there was a
 * decision, but the state has no such trial). */
const char *audit_status(const struct audited *);
/* A member that is a number, or NaN. */
double	audit_number(struct span object, const char *key);
/* A member that is a text, appended; false if there is none. */
bool	audit_text(struct span object, const char *key, struct buf *);
/* Is a member that text? */
bool	audit_is(struct span object, const char *key, const char *text);

/* A value that was predicted, and measured. */
struct forecast {
	const char *objective;
	bool maximize;
	double mean, sd;
	double measured;	/* NaN: not yet, or never */
};
/* Those of a trial: first of what ranks trials, then of single objectives
 * if each had a model.  Room for 1 + objectives; returns how many. */
size_t	audit_forecasts(const struct audit *, const struct audited *,
	    struct forecast *);
/* By how many deviations it is off; NaN where that is nothing to tell. */
double	audit_deviations(const struct forecast *);

#endif
