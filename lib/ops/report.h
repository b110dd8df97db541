/*
 * report: what a report is made of, and its three forms; private to ops.
 *
 * The lists are of borrowed observations: the campaign stays open.
 */
#ifndef LO_OPS_REPORT_H
#define LO_OPS_REPORT_H

#include <stddef.h>

#include "campaign/campaign.h"

struct runtimes {
	size_t n;		/* trials whose runtime is known */
	double least, most, total;
};

struct report {
	const struct campaign *c;
	double now;
	size_t top;		/* so many of the best */
	size_t n;
	const struct observation **trial;	/* all, by id */
	size_t nranked;
	const struct observation **ranked;	/* ok ones, the best first */
	size_t nfront;
	const struct observation **front;	/* of them, not dominated */
	struct runtimes runtimes;
};

void	report_init(struct report *, const struct campaign *, size_t top,
	    double now);
void	report_release(struct report *);
/* Not ok of all, 0 if there is none. */
double	report_failure_rate(const struct report *);
/* Why a trial did not end ok; false and nothing if nobody said. */
bool	report_reason(const struct observation *, struct buf *);

/* Append the document. */
void	report_json(const struct report *, enum jw_style, struct buf *);
void	report_md(const struct report *, struct buf *);
void	report_html(const struct report *, struct buf *);

#endif
