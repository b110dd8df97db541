/* clock: time as the documents hold it. */
#ifndef LO_BASE_CLOCK_H
#define LO_BASE_CLOCK_H

#include <stdint.h>

#include "base/buf.h"

/* Seconds since the epoch, microsecond digits. */
double	clock_now(void);
/* Nanoseconds since the epoch, and such a count as clock_now has it. */
int64_t	clock_now_ns(void);
double	clock_of_ns(int64_t);
/* Seconds of a clock that never jumps, for durations and deadlines. */
double	clock_steady(void);
/* Sleep for so many seconds, or until a signal comes. */
void	clock_sleep(double seconds);
/* For people: "12.5 s", "3.2 min", "1.5 h", "4 days". */
void	clock_words(double seconds, struct buf *);

#endif
