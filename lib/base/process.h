/*
 * process: who this process is, for claims and the lock file, and random
 * bytes of the system.
 */
#ifndef LO_BASE_PROCESS_H
#define LO_BASE_PROCESS_H

#include <stddef.h>

struct process_id {
	char host[256];
	char boot_id[64];	/* "" where the system has none */
	long pid;
	double start_time;	/* clock ticks since boot; 0 if unknown */
};

void	process_self(struct process_id *);
/* 1 lives, 0 is dead, -1 cannot be told from here: another host, or one
 * that has the same name or was booted again. */
int	process_alive(const struct process_id *);

/* Fill with random bytes of the system's; ends the program if there are
 * none to be had. */
void	process_random(void *, size_t);
/* n random hexadecimal digits and a NUL. */
void	process_random_hex(char *out, size_t n);

#endif
