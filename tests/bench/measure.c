/*
 * measure: what whole processes cost.
 *
 *	measure RUNS PREPARE INPUT COMMAND [ARG...]
 *
 * Before each run, PREPARE is run by the shell; the command reads INPUT.
 * Prints a line for each run: CPU seconds (user and system), wall seconds
 * and peak resident memory in kB.
 *
 * A small program of its own, because a child's peak memory counts from
 * before its exec: measured from a large parent it would be the parent's.
 */
#define _DEFAULT_SOURCE	/* wait4 */
#include <sys/types.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

static double
seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static _Noreturn void
child(const char *input, char **command)
{
	int in = open(input, O_RDONLY);
	int out = open("/dev/null", O_WRONLY);

	if (in < 0 || out < 0 || dup2(in, STDIN_FILENO) < 0 ||
	    dup2(out, STDOUT_FILENO) < 0) {
		perror(input);
		_exit(126);
	}
	execvp(command[0], command);
	perror(command[0]);
	_exit(127);
}

/* Run once and print; -1 if the command failed. */
static int
run(const char *input, char **command)
{
	struct rusage use;
	double start = clock_steady();
	int status;
	pid_t pid = fork();

	if (pid == 0)
		child(input, command);
	if (pid < 0 || wait4(pid, &status, 0, &use) != pid) {
		perror("measure");
		return -1;
	}
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
		fprintf(stderr, "measure: %s: wait status %d\n", command[0],
		    status);
		return -1;
	}
	printf("%.6f %.6f %ld\n", seconds(use.ru_utime) +
	    seconds(use.ru_stime), clock_steady() - start, use.ru_maxrss);
	return 0;
}

int
main(int argc, char **argv)
{
	long i, runs;

	if (argc < 5) {
		fprintf(stderr,
		    "usage: measure RUNS PREPARE INPUT COMMAND [ARG...]\n");
		return 2;
	}
	runs = strtol(argv[1], NULL, 10);
	for (i = 0; i < runs; i++) {
		if (system(argv[2]) != 0) {
			fprintf(stderr, "measure: failed: %s\n", argv[2]);
			return 1;
		}
		if (run(argv[3], argv + 4) != 0)
			return 1;
	}
	return 0;
}
