#define _GNU_SOURCE		/* F_OFD_SETLK, flock, setitimer */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/xmem.h"
#include "store/file.h"
#include "store/json.h"
#include "store/lock.h"

#define TICK_USEC 50000

struct lock {
	int fd;
	char *dir, *base;
	double waited;
};

/* The alarm's only purpose is to interrupt a blocked call. */
static void
on_alarm(int sig)
{
	(void)sig;
}

struct ticking {
	struct sigaction action;
	struct itimerval timer;
	sigset_t mask;
};

static void
start_ticking(struct ticking *before)
{
	struct sigaction action;
	struct itimerval timer = { { 0, TICK_USEC }, { 0, TICK_USEC } };
	sigset_t set;

	memset(&action, 0, sizeof(action));
	action.sa_handler = on_alarm;	/* no SA_RESTART */
	sigaction(SIGALRM, &action, &before->action);
	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	sigprocmask(SIG_UNBLOCK, &set, &before->mask);
	setitimer(ITIMER_REAL, &timer, &before->timer);
}

static void
stop_ticking(const struct ticking *before)
{
	setitimer(ITIMER_REAL, &before->timer, NULL);
	sigprocmask(SIG_SETMASK, &before->mask, NULL);
	sigaction(SIGALRM, &before->action, NULL);
}

typedef int lock_call(int fd, bool wait);

static int
call_flock(int fd, bool wait)
{
	return flock(fd, LOCK_EX | (wait ? 0 : LOCK_NB));
}

static int
call_ofd(int fd, bool wait)
{
#ifdef F_OFD_SETLKW
	struct flock whole;

	memset(&whole, 0, sizeof(whole));
	whole.l_type = F_WRLCK;
	whole.l_whence = SEEK_SET;
	if (fcntl(fd, wait ? F_OFD_SETLKW : F_OFD_SETLK, &whole) == 0)
		return 0;
	/* a kernel or filesystem without them: flock has to do */
	return errno == EINVAL || errno == ENOSYS || errno == ENOTSUP ||
	    errno == ENOLCK ? 0 : -1;
#else
	(void)fd;
	(void)wait;
	return 0;
#endif
}

/* 0 taken, 1 busy until the deadline, -1 errno. */
static int
take_one(lock_call *call, int fd, double deadline)
{
	struct ticking before;
	int status;

	if (call(fd, false) == 0)
		return 0;
	if (errno != EWOULDBLOCK && errno != EAGAIN && errno != EACCES)
		return -1;
	if (clock_steady() >= deadline)
		return 1;
	start_ticking(&before);
	while ((status = call(fd, true)) != 0 && errno == EINTR)
		if (clock_steady() >= deadline) {
			status = 1;
			break;
		}
	stop_ticking(&before);
	return status;
}

static bool
same_file(int fd, const char *dir, const char *base)
{
	struct stat ours, there;
	int dirfd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), same;

	if (dirfd < 0)
		return false;
	same = fstat(fd, &ours) == 0 &&
	    fstatat(dirfd, base, &there, AT_SYMLINK_NOFOLLOW) == 0 &&
	    ours.st_ino == there.st_ino && ours.st_dev == there.st_dev;
	close(dirfd);
	return same;
}

static int
open_lock(const char *dir, const char *base, struct err *err)
{
	struct stat st;
	int dirfd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), fd;

	if (dirfd < 0)
		return err_sys(err, "%s: cannot open the directory of the "
		    "lock", dir);
	fd = openat(dirfd, base, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC |
	    O_NONBLOCK, 0666);
	if (fd < 0)
		err_sys(err, "%s/%s: cannot open the lock file", dir, base);
	else if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		err_set(err, LO_IO, "%s/%s: the lock is not a regular file",
		    dir, base);
		close(fd);
		fd = -1;
	}
	close(dirfd);
	return fd;
}

/* Who holds it, as far as the lock file tells; for a message. */
static int
busy(int fd, const char *dir, const char *base, struct err *err)
{
	struct buf text = BUF_INIT;
	struct err ignored;
	struct json root, pid, host, command;
	jv doc;

	err_set(err, LO_AGAIN, "%s/%s: locked by another process", dir, base);
	if (lseek(fd, 0, SEEK_SET) != 0 ||
	    file_slurp_fd(fd, base, &text, &ignored) != 0)
		text.len = 0;
	doc = json_parse(buf_str(&text), text.len, base, &ignored);
	root = json_root(doc, base);
	pid = json_member(&root, "pid");
	host = json_member(&root, "host");
	command = json_member(&root, "command");
	if (jv_get_kind(pid.v) == JV_KIND_NUMBER)
		err_set(err, LO_AGAIN, "%s/%s: locked by process %.0f%s%s "
		    "(%s); try again, or wait longer with --lock-timeout",
		    dir, base, jv_number_value(pid.v),
		    jv_get_kind(host.v) == JV_KIND_STRING ? " on " : "",
		    jv_get_kind(host.v) == JV_KIND_STRING ?
		    jv_string_value(host.v) : "",
		    jv_get_kind(command.v) == JV_KIND_STRING ?
		    jv_string_value(command.v) : "unknown command");
	jv_free(doc);
	buf_release(&text);
	return -1;
}

static void
write_holder(const struct lock *l, const char *command)
{
	struct process_id self;
	struct buf text = BUF_INIT;
	struct jw w;

	process_self(&self);
	jw_init(&w, &text, JW_LOG);
	jw_object(&w);
	JW_KEY(&w, "acquired_at", real, clock_now());
	JW_KEY(&w, "boot_id", text, self.boot_id);
	JW_KEY(&w, "command", text, command);
	JW_KEY(&w, "host", text, self.host);
	JW_KEY(&w, "pid", int, self.pid);
	JW_KEY(&w, "wait_seconds", real, l->waited);
	jw_end(&w);
	jw_release(&w);
	buf_addc(&text, '\n');
	/* for people to read; losing it loses nothing */
	if (ftruncate(l->fd, 0) == 0)
		(void)!file_pwrite_all(l->fd, text.p, text.len, 0);
	buf_release(&text);
}

/* A descriptor of the file that the path names, locked; or -1. */
static int
take(const char *dir, const char *base, double deadline, struct err *err)
{
	int fd, status;

	for (;;) {
		if ((fd = open_lock(dir, base, err)) < 0)
			return -1;
		status = take_one(call_flock, fd, deadline);
		if (status == 0)
			status = take_one(call_ofd, fd, deadline);
		if (status == 0 && same_file(fd, dir, base))
			return fd;
		if (status != 0)
			break;
		close(fd);	/* it was unlinked while we waited */
	}
	if (status > 0)
		busy(fd, dir, base, err);
	else
		err_sys(err, "%s/%s: cannot lock", dir, base);
	close(fd);
	return -1;
}

struct lock *
lock_take(const char *dir, const char *base, double seconds,
    const char *command, struct err *err)
{
	double start = clock_steady();
	struct lock *l;
	int fd = take(dir, base, start + seconds, err);

	if (fd < 0)
		return NULL;
	l = xcalloc(1, sizeof(*l));
	l->fd = fd;
	l->dir = xstrdup(dir);
	l->base = xstrdup(base);
	l->waited = clock_steady() - start;
	write_holder(l, command);
	return l;
}

double
lock_waited(const struct lock *l)
{
	return l->waited;
}

int
lock_check(const struct lock *l, struct err *err)
{
	if (same_file(l->fd, l->dir, l->base))
		return 0;
	return err_set(err, LO_IO, "%s/%s: the lock file was replaced while "
	    "it was held; nothing more is written", l->dir, l->base);
}

void
lock_release(struct lock *l)
{
	if (l == NULL)
		return;
	close(l->fd);
	free(l->dir);
	free(l->base);
	free(l);
}

int
lock_share(int dirfd, const char *base)
{
	int fd = openat(dirfd, base, O_RDONLY | O_NOFOLLOW | O_CLOEXEC |
	    O_NONBLOCK);

	if (fd < 0)
		return -1;
	if (flock(fd, LOCK_SH | LOCK_NB) == 0)
		return fd;
	close(fd);
	return -1;
}
