/* report_text: words of a report for people; private to ops. */
#ifndef LO_OPS_REPORT_TEXT_H
#define LO_OPS_REPORT_TEXT_H

#include "ops/report.h"

/* "x=0.5  n=4": a point, or the text of params that fit no space. */
void	report_point(const struct report *, const struct observation *,
	    struct buf *);

/* What a report says in its first lines: label and value. */
typedef void report_fact(void *arg, const char *label, const char *value);
void	report_facts(const struct report *, report_fact *, void *arg);

#endif
