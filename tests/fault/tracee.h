/*
 * tracee: a process that stopped at the entry of a system call.
 *
 * All return 0, or -1 and errno.
 */
#ifndef TESTS_FAULT_TRACEE_H
#define TESTS_FAULT_TRACEE_H

#include <stdint.h>
#include <sys/types.h>

int	tracee_call(pid_t, uint64_t *nr, uint64_t arg[6]);
/* It is not called, and fails so. */
int	tracee_fail(pid_t, int error);
/* Of a write. */
int	tracee_set_length(pid_t, uint64_t length);

#endif
