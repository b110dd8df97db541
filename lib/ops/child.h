/*
 * child: a command in a process group of its own, behind three pipes.
 *
 *	child_seal()		once, before the first
 *	child_check()		could it be executed?
 *	child_start()		running, or the reason why it cannot
 *	child_ended()		after SIGCHLD: whose end is to be collected
 *	child_collect()
 *	child_close()		the pipes
 *
 * The child gets pipes as descriptors 0, 1 and 2 and no other descriptor,
 * an empty signal mask, and SIGPIPE and SIGXFSZ with their default action.
 * Our ends do not block.
 */
#ifndef LO_OPS_CHILD_H
#define LO_OPS_CHILD_H

#include <stddef.h>
#include <sys/types.h>

#include "base/err.h"

struct child {
	pid_t pid;		/* and process group; 0: none */
	int in, out, err;	/* our ends, -1 once closed */
};

#define CHILD_NONE { 0, -1, -1, -1 }

/* Mark every descriptor above 2 that we inherited close-on-exec. */
void	child_seal(void);
/* 0, or -1: LO_REFUSED if argv[0] cannot be executed, LO_IO if there is
 * no process or pipe to be had. */
int	child_start(struct child *, char *const *argv, char **env,
	    struct err *);
/* Is there a program of this name, in PATH if it has no slash, that may be
 * executed, and its interpreter?  0 or -1 as child_start would say; but a
 * 0 is no promise. */
int	child_check(const char *command, struct err *);
/* The message for this errno of its exec; returns -1. */
int	child_cannot_run(const char *command, int why, struct err *);
/* Send a signal to the whole group; a stopped one is continued. */
void	child_signal(const struct child *, int signal);
/* The pid of a process that ended and was not collected, or 0.  It keeps
 * its number, so its group can still be signalled safely. */
pid_t	child_ended(void);
/* Its wait status. */
int	child_collect(pid_t);
void	child_close(struct child *);

/* "SIGSEGV", or "SIG" and its number; returns out. */
#define CHILD_SIGNAL_NAME 16
char	*child_signal_name(int signal, char out[CHILD_SIGNAL_NAME]);

#endif
