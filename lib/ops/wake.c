#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ops/wake.h"

static const int watched[WAKE_SIGNALS] = {
	SIGCHLD, SIGINT, SIGTERM, SIGHUP
};

/* What the handler writes. */
static volatile sig_atomic_t wake_pipe = -1;
static volatile sig_atomic_t stop_count;
static volatile sig_atomic_t stop_signal;

static void
on_signal(int number)
{
	int saved = errno;

	if (number != SIGCHLD) {
		stop_signal = number;
		if (stop_count < 100)
			stop_count++;
	}
	/* A full pipe wakes just as well. */
	if (write((int)wake_pipe, "", 1) < 0)
		errno = saved;
	errno = saved;
}

static int
set_flags(int fd)
{
	if (fcntl(fd, F_SETFD, FD_CLOEXEC) != 0)
		return -1;
	return fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

static void
watch(struct wake *w)
{
	struct sigaction sa;
	sigset_t set;
	int i;

	memset(&sa, 0, sizeof(sa));
	sa.sa_handler = on_signal;
	sa.sa_flags = SA_NOCLDSTOP | SA_RESTART;
	sigemptyset(&sa.sa_mask);
	sigemptyset(&set);
	for (i = 0; i < WAKE_SIGNALS; i++) {
		sigaction(watched[i], NULL, &w->old[i]);
		if (watched[i] != SIGCHLD && w->old[i].sa_handler == SIG_IGN)
			continue;
		sigaction(watched[i], &sa, NULL);
		sigaddset(&set, watched[i]);
	}
	sigprocmask(SIG_UNBLOCK, &set, &w->old_mask);
}

int
wake_open(struct wake *w, struct err *err)
{
	if (pipe(w->pipe) != 0)
		return err_sys(err, "cannot make a pipe");
	if (set_flags(w->pipe[0]) != 0 || set_flags(w->pipe[1]) != 0) {
		err_sys(err, "cannot set up a pipe");
		close(w->pipe[0]);
		close(w->pipe[1]);
		return -1;
	}
	wake_pipe = w->pipe[1];
	stop_count = 0;
	stop_signal = 0;
	watch(w);
	return 0;
}

int
wake_fd(const struct wake *w)
{
	return w->pipe[0];
}

void
wake_drain(struct wake *w)
{
	char bytes[64];

	while (read(w->pipe[0], bytes, sizeof(bytes)) > 0)
		;
}

int
wake_stops(int *number)
{
	*number = (int)stop_signal;
	return (int)stop_count;
}

void
wake_close(struct wake *w)
{
	int i;

	for (i = 0; i < WAKE_SIGNALS; i++)
		sigaction(watched[i], &w->old[i], NULL);
	sigprocmask(SIG_SETMASK, &w->old_mask, NULL);
	wake_pipe = -1;
	close(w->pipe[0]);
	close(w->pipe[1]);
}

_Noreturn void
wake_die(int number)
{
	sigset_t set;

	signal(number, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, number);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	raise(number);
	_exit(128 + number);
}
