/*
 * strike: run a program and do something to its K-th call that changes a
 * file.
 *
 *	strike [-r] [-k K -m MODE] [-i DIR]... [-l LOG] COMMAND [ARG...]
 *
 * Counted are calls that create, write, cut, rename, link, remove, chmod or
 * fsync something in one of the DIRs, and writes to standard output, where
 * they are the acknowledgement; with -r, those that open something there for
 * reading, and only those.  Only calls of COMMAND itself count; what
 * it starts is followed and dies with it.  LOG gets a line for each one,
 * "K CALL PATH", and "struck K CALL PATH" for the one that was hit.
 *
 * Modes: kill-before, kill-after; tear (half of a write, then killed);
 * shorten (half of a write, and on it goes); or the name of an error, which
 * the call fails with, and with a plus sign behind it each later call that
 * needs room, too: ENOSPC, EIO, EDQUOT, EINTR, EMFILE, EROFS.
 *
 * The exit status is the command's, 137 if it was killed, 125 if strike
 * itself failed.  Linux on x86-64 and aarch64.
 */
#define _GNU_SOURCE		/* pipe2 */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "call.h"
#include "tracee.h"

#define FAILED 125
#define MAX_INSIDE 4

enum mode { NOTHING, KILL_BEFORE, KILL_AFTER, TEAR, SHORTEN, FAIL, FAIL_ON };

static const struct {
	const char *name;
	int number;
} error_table[] = {
	{ "ENOSPC", ENOSPC }, { "EIO", EIO }, { "EDQUOT", EDQUOT },
	{ "EINTR", EINTR }, { "EMFILE", EMFILE }, { "EROFS", EROFS }
};

struct strike {
	enum mode mode;
	int error;
	long k;			/* 0: none */
	bool reads;		/* it counts what only reads */
	char *inside[MAX_INSIDE];
	int ninside;
	FILE *log;
	pid_t main;
	long seen;		/* calls that counted */
	bool dying;		/* once the call under way has returned */
};

_Noreturn static void
give_up(const char *what)
{
	fprintf(stderr, "strike: %s: %s\n", what, strerror(errno));
	exit(FAILED);
}

/* ----------------------------------------------------------- arguments */

static void
set_mode(struct strike *s, const char *text)
{
	static const char *const name[] = { "", "kill-before", "kill-after",
	    "tear", "shorten" };
	size_t i, n = strlen(text);
	bool on = n > 0 && text[n - 1] == '+';

	for (i = KILL_BEFORE; i <= SHORTEN; i++)
		if (strcmp(text, name[i]) == 0) {
			s->mode = (enum mode)i;
			return;
		}
	for (i = 0; i < sizeof(error_table) / sizeof(error_table[0]); i++)
		if (strncmp(text, error_table[i].name, n - on) == 0 &&
		    error_table[i].name[n - on] == '\0') {
			s->mode = on ? FAIL_ON : FAIL;
			s->error = error_table[i].number;
			return;
		}
	errno = EINVAL;
	give_up(text);
}

static void
add_inside(struct strike *s, const char *dir)
{
	char *real = realpath(dir, NULL);

	if (s->ninside == MAX_INSIDE)
		errno = E2BIG;
	if (real == NULL || s->ninside == MAX_INSIDE)
		give_up(dir);
	s->inside[s->ninside++] = real;
}

static void
options(struct strike *s, int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "+rk:m:i:l:")) != -1)
		switch (c) {
		case 'r':
			s->reads = true;
			break;
		case 'k':
			s->k = strtol(optarg, NULL, 10);
			break;
		case 'm':
			set_mode(s, optarg);
			break;
		case 'i':
			add_inside(s, optarg);
			break;
		case 'l':
			s->log = fopen(optarg, "we");
			if (s->log == NULL)
				give_up(optarg);
			break;
		default:
			exit(FAILED);
		}
	if (optind < argc)
		return;
	fprintf(stderr, "usage: strike [-r] [-k K -m MODE] [-i DIR]... "
	    "[-l LOG] COMMAND [ARG...]\n");
	exit(FAILED);
}

/* ------------------------------------------------------------ the child */

_Noreturn static void
child(char **argv, int go)
{
	char c;

	if (read(go, &c, 1) != 1)
		exit(FAILED);
	close(go);
	if (call_filter() != 0)
		give_up("seccomp");
	execvp(argv[0], argv);
	give_up(argv[0]);
}

static void
start(struct strike *s, char **argv)
{
	int go[2];

	if (pipe2(go, O_CLOEXEC) != 0)
		give_up("pipe");
	s->main = fork();
	if (s->main < 0)
		give_up("fork");
	if (s->main == 0)
		child(argv, go[0]);
	if (ptrace(PTRACE_SEIZE, s->main, 0, PTRACE_O_EXITKILL |
	    PTRACE_O_TRACESECCOMP | PTRACE_O_TRACESYSGOOD |
	    PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
	    PTRACE_O_TRACECLONE) != 0)
		give_up("ptrace");
	if (write(go[1], "", 1) != 1)
		give_up("pipe");
	close(go[0]);
	close(go[1]);
}

/* ----------------------------------------------------------- the strike */

static bool
is_inside(const struct strike *s, const struct place *p)
{
	size_t n;
	int i;

	for (i = 0; i < s->ninside; i++) {
		n = strlen(s->inside[i]);
		if (strncmp(p->name, s->inside[i], n) == 0 &&
		    (p->name[n] == '/' || p->name[n] == '\0'))
			return true;
	}
	return false;
}

static void
go_on(pid_t pid, int signal)
{
	/* it may have been killed meanwhile */
	if (ptrace(PTRACE_CONT, pid, 0, signal) != 0 && errno != ESRCH)
		give_up("continue");
}

static void
go_to_return(pid_t pid)
{
	if (ptrace(PTRACE_SYSCALL, pid, 0, 0) != 0 && errno != ESRCH)
		give_up("continue");
}

/* At the entry of the K-th call. */
static void
hit(struct strike *s, const struct call *c, const uint64_t *arg)
{
	bool halves = s->mode == TEAR || s->mode == SHORTEN;

	if (halves && (!call_is_write(c) || arg[2] < 2)) {
		go_on(s->main, 0);
		return;
	}
	if ((halves && tracee_set_length(s->main, arg[2] / 2) != 0) ||
	    ((s->mode == FAIL || s->mode == FAIL_ON) &&
	    tracee_fail(s->main, s->error) != 0))
		give_up("registers");
	if (s->mode == KILL_BEFORE)
		kill(s->main, SIGKILL);
	s->dying = s->mode == KILL_AFTER || s->mode == TEAR;
	if (s->dying)
		go_to_return(s->main);
	else
		go_on(s->main, 0);
}

static void
tell(const struct strike *s, bool struck, const struct call *c,
    const struct place *p)
{
	if (s->log == NULL)
		return;
	fprintf(s->log, "%s%ld %s %s\n", struck ? "struck " : "", s->seen,
	    c->name, p->name);
}

/* Does it count, and what is it about? */
static bool
counts(const struct strike *s, const struct call *c, const uint64_t *arg,
    struct place *about)
{
	struct place p[2];
	int n;

	if (c == NULL || call_opens_only(c, arg) != s->reads)
		return false;
	if (c->nr == __NR_write && arg[0] == STDOUT_FILENO) {
		strcpy(about->name, "stdout");
		return true;
	}
	n = call_places(c, arg, s->main, p);
	*about = p[n - 1];
	return is_inside(s, &p[0]) || is_inside(s, &p[n - 1]);
}

static void
at_entry(struct strike *s)
{
	const struct call *c;
	struct place about;
	uint64_t nr, arg[6];
	bool struck;

	if (tracee_call(s->main, &nr, arg) != 0)
		give_up("system call");
	c = call_find(nr);
	if (!counts(s, c, arg, &about)) {
		go_on(s->main, 0);
		return;
	}
	s->seen++;
	struck = s->mode != NOTHING && (s->seen == s->k ||
	    (s->mode == FAIL_ON && s->seen > s->k && call_needs_room(c)));
	tell(s, struck, c, &about);
	if (struck)
		hit(s, c, arg);
	else
		go_on(s->main, 0);
}

static void
stopped(struct strike *s, pid_t pid, int status)
{
	int event = status >> 16, signal = WSTOPSIG(status);

	if (event == PTRACE_EVENT_SECCOMP && pid == s->main)
		at_entry(s);
	else if (signal == (SIGTRAP | 0x80) && pid == s->main && s->dying)
		kill(pid, SIGKILL);
	else
		go_on(pid, event != 0 || signal == (SIGTRAP | 0x80) ? 0 :
		    signal);
}

int
main(int argc, char **argv)
{
	struct strike s = { .mode = NOTHING };
	int status;
	pid_t pid;

	options(&s, argc, argv);
	start(&s, argv + optind);
	for (;;) {
		pid = waitpid(-1, &status, __WALL);
		if (pid < 0 && errno == EINTR)
			continue;
		if (pid < 0)
			give_up("wait");
		if (WIFSTOPPED(status))
			stopped(&s, pid, status);
		else if (pid == s.main)
			break;
	}
	if (s.log != NULL && fclose(s.log) != 0)
		give_up("log");
	return WIFEXITED(status) ? WEXITSTATUS(status) :
	    128 + WTERMSIG(status);
}
