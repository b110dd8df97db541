#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ops/child.h"

extern char **environ;

/* Where descriptors cannot be listed, so many are tried. */
#define SEAL_MAX 4096

static void
seal(int fd)
{
	int flags = fcntl(fd, F_GETFD);

	if (flags >= 0)
		(void)fcntl(fd, F_SETFD, flags | FD_CLOEXEC);
}

void
child_seal(void)
{
	DIR *d = opendir("/dev/fd");
	struct dirent *e;
	int fd;

	for (fd = 3; d == NULL && fd < SEAL_MAX; fd++)
		seal(fd);
	while (d != NULL && (e = readdir(d)) != NULL) {
		fd = (int)strtol(e->d_name, NULL, 10);
		if (fd > 2)
			seal(fd);
	}
	if (d != NULL)
		closedir(d);
}

static void
close_end(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static int
make_pipe(int p[2])
{
	if (pipe(p) != 0) {
		p[0] = p[1] = -1;
		return -1;
	}
	seal(p[0]);
	seal(p[1]);
	return 0;
}

enum { IN, OUT, ERR, EXEC, PIPES };

static void
close_pipes(int p[PIPES][2])
{
	int i;

	for (i = 0; i < PIPES; i++) {
		close_end(&p[i][0]);
		close_end(&p[i][1]);
	}
}

static int
make_pipes(int p[PIPES][2])
{
	int i;

	memset(p, -1, sizeof(int[PIPES][2]));
	for (i = 0; i < PIPES; i++)
		if (make_pipe(p[i]) != 0) {
			close_pipes(p);
			return -1;
		}
	return 0;
}

/* In the child: become the command, or say why not through the pipe that
 * closes when it does. */
static _Noreturn void
become(int p[PIPES][2], char *const *argv, char **env)
{
	sigset_t none;
	int why;

	setpgid(0, 0);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (dup2(p[IN][0], 0) >= 0 && dup2(p[OUT][1], 1) >= 0 &&
	    dup2(p[ERR][1], 2) >= 0) {
		environ = env;
		execvp(argv[0], argv);
	}
	why = errno;
	while (write(p[EXEC][1], &why, sizeof(why)) < 0 && errno == EINTR)
		;
	_exit(127);
}

/* 0 once the command runs, else the errno of its exec. */
static int
wait_exec(int fd)
{
	int why = 0;
	ssize_t n;

	do
		n = read(fd, &why, sizeof(why));
	while (n < 0 && errno == EINTR);
	return n == (ssize_t)sizeof(why) ? why : 0;
}

static int
our_end(int *fd)
{
	int taken = *fd;

	(void)fcntl(taken, F_SETFL, fcntl(taken, F_GETFL) | O_NONBLOCK);
	*fd = -1;
	return taken;
}

int
child_start(struct child *c, char *const *argv, char **env, struct err *err)
{
	int p[PIPES][2], why;

	if (make_pipes(p) != 0)
		return err_sys(err, "cannot make a pipe");
	c->pid = fork();
	if (c->pid < 0) {
		err_sys(err, "cannot start a process");
		close_pipes(p);
		c->pid = 0;
		return -1;
	}
	if (c->pid == 0)
		become(p, argv, env);
	setpgid(c->pid, c->pid);
	close_end(&p[EXEC][1]);
	why = wait_exec(p[EXEC][0]);
	if (why != 0) {
		child_collect(c->pid);
		c->pid = 0;
		close_pipes(p);
		return child_cannot_run(argv[0], why, err);
	}
	c->in = our_end(&p[IN][1]);
	c->out = our_end(&p[OUT][0]);
	c->err = our_end(&p[ERR][0]);
	close_pipes(p);
	return 0;
}

void
child_signal(const struct child *c, int signal)
{
	if (c->pid <= 0)
		return;
	kill(-c->pid, signal);
	if (signal != SIGKILL)
		kill(-c->pid, SIGCONT);
}

pid_t
child_ended(void)
{
	siginfo_t info;

	info.si_pid = 0;
	if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) != 0)
		return 0;
	return info.si_pid;
}

int
child_collect(pid_t pid)
{
	int status = 0;

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

void
child_close(struct child *c)
{
	close_end(&c->in);
	close_end(&c->out);
	close_end(&c->err);
}

char *
child_signal_name(int signal, char out[CHILD_SIGNAL_NAME])
{
	static const struct {
		int number;
		const char *name;
	} known[] = {
		{ SIGHUP, "HUP" }, { SIGINT, "INT" }, { SIGQUIT, "QUIT" },
		{ SIGILL, "ILL" }, { SIGTRAP, "TRAP" }, { SIGABRT, "ABRT" },
		{ SIGBUS, "BUS" }, { SIGFPE, "FPE" }, { SIGKILL, "KILL" },
		{ SIGUSR1, "USR1" }, { SIGSEGV, "SEGV" },
		{ SIGUSR2, "USR2" }, { SIGPIPE, "PIPE" },
		{ SIGALRM, "ALRM" }, { SIGTERM, "TERM" },
		{ SIGXCPU, "XCPU" }, { SIGXFSZ, "XFSZ" },
		{ SIGVTALRM, "VTALRM" }, { SIGPROF, "PROF" },
		{ SIGSYS, "SYS" }
	};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i].number == signal) {
			snprintf(out, CHILD_SIGNAL_NAME, "SIG%s",
			    known[i].name);
			return out;
		}
	snprintf(out, CHILD_SIGNAL_NAME, "SIG%d", signal);
	return out;
}
