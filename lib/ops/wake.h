/*
 * wake: signals make a descriptor readable.
 *
 * A loop over poll(2) cannot miss one between its test and its sleep.
 * SIGCHLD is watched, and SIGINT, SIGTERM and SIGHUP as far as the process
 * was not started with them ignored.  One at a time in a process.
 */
#ifndef LO_OPS_WAKE_H
#define LO_OPS_WAKE_H

#include <signal.h>

#include "base/err.h"

#define WAKE_SIGNALS 4

struct wake {
	int pipe[2];
	struct sigaction old[WAKE_SIGNALS];
	sigset_t old_mask;
};

int	wake_open(struct wake *, struct err *);
/* Readable when a signal came; then call this. */
int	wake_fd(const struct wake *);
void	wake_drain(struct wake *);
/* How often a signal asked to stop since wake_open, and the last one. */
int	wake_stops(int *signal);
void	wake_close(struct wake *);

/* Die by this signal, as if it had not been caught. */
_Noreturn void wake_die(int signal);

#endif
