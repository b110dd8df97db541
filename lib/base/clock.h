/* clock: time as the documents hold it. */
#ifndef LO_BASE_CLOCK_H
#define LO_BASE_CLOCK_H

/* Seconds since the epoch, microsecond digits. */
double	clock_now(void);
/* Seconds of a clock that never jumps, for durations and deadlines. */
double	clock_steady(void);
/* Sleep for so many seconds, or until a signal comes. */
void	clock_sleep(double seconds);

#endif
