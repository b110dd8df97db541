#include <math.h>
#include <time.h>

#include "base/clock.h"

static double
read_clock(clockid_t id)
{
	struct timespec t = { 0, 0 };

	clock_gettime(id, &t);
	return (double)t.tv_sec + floor((double)t.tv_nsec / 1e3) / 1e6;
}

double
clock_now(void)
{
	return read_clock(CLOCK_REALTIME);
}

int64_t
clock_now_ns(void)
{
	struct timespec t = { 0, 0 };

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

double
clock_of_ns(int64_t ns)
{
	return (double)(ns / 1000000000) +
	    floor((double)(ns % 1000000000) / 1e3) / 1e6;
}

double
clock_steady(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

void
clock_sleep(double seconds)
{
	struct timespec t;

	if (!(seconds > 0))
		return;
	t.tv_sec = (time_t)seconds;
	t.tv_nsec = (long)((seconds - (double)t.tv_sec) * 1e9);
	nanosleep(&t, NULL);
}

void
clock_words(double seconds, struct buf *out)
{
	if (seconds < 120)
		buf_addf(out, "%.3g s", seconds);
	else if (seconds < 7200)
		buf_addf(out, "%.3g min", seconds / 60);
	else if (seconds < 2 * 86400)
		buf_addf(out, "%.3g h", seconds / 3600);
	else
		buf_addf(out, "%.3g days", seconds / 86400);
}
