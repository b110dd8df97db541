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
#define TAKE_TRIES 1000		/* of a file that vanishes under our hands */

struct lock {
	int fd;
	char *dir, *path;
	char *name;		/* for messages */
	double waited;
	struct buf said;	/* what we wrote into it; empty: nothing */
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

/* The directory in which the file lies, found anew each time. */
static int
open_parent(const struct lock *l, bool create, const char **base,
    struct err *err)
{
	int dir = open(l->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), parent;

	if (dir < 0)
		return err_sys(err, "%s: cannot open the directory of the "
		    "lock", l->dir);
	parent = file_open_parent(dir, l->path, create, false, base, err);
	close(dir);
	return parent;
}

/* Is the locked file the one that the path names? */
static bool
same_file(const struct lock *l)
{
	struct stat ours, there;
	struct err ignored;
	const char *base;
	int parent = open_parent(l, false, &base, &ignored);
	bool same;

	if (parent < 0)
		return false;
	same = fstat(l->fd, &ours) == 0 &&
	    fstatat(parent, base, &there, AT_SYMLINK_NOFOLLOW) == 0 &&
	    ours.st_ino == there.st_ino && ours.st_dev == there.st_dev;
	close(parent);
	return same;
}

static int
open_file(struct lock *l, struct err *err)
{
	struct stat st;
	const char *base;
	int parent = open_parent(l, true, &base, err);

	if (parent < 0)
		return -1;
	l->fd = openat(parent, base, O_RDWR | O_CREAT | O_NOFOLLOW |
	    O_CLOEXEC | O_NONBLOCK, 0666);
	if (l->fd < 0)
		err_sys(err, "%s: cannot open the lock file", l->name);
	close(parent);
	if (l->fd < 0)
		return -1;
	if (fstat(l->fd, &st) == 0 && S_ISREG(st.st_mode))
		return 0;
	return err_set(err, LO_IO, "%s: the lock is not a regular file",
	    l->name);
}

static void
close_file(struct lock *l)
{
	if (l->fd >= 0)
		close(l->fd);
	l->fd = -1;
}

/* Who holds it, as far as the lock file tells; for a message. */
static int
busy(const struct lock *l, struct err *err)
{
	struct buf text = BUF_INIT;
	struct err ignored;
	struct json root, pid, host, command;
	jv doc;

	err_set(err, LO_AGAIN, "%s: locked by another process; try again, or "
	    "wait longer with --lock-timeout", l->name);
	if (lseek(l->fd, 0, SEEK_SET) != 0 ||
	    file_slurp_fd(l->fd, l->name, &text, &ignored) != 0)
		text.len = 0;
	doc = json_parse(buf_str(&text), text.len, l->name, &ignored);
	root = json_root(doc, l->name);
	pid = json_member(&root, "pid");
	host = json_member(&root, "host");
	command = json_member(&root, "command");
	if (jv_get_kind(pid.v) == JV_KIND_NUMBER)
		err_set(err, LO_AGAIN, "%s: locked by process %.0f%s%s "
		    "(%s); try again, or wait longer with --lock-timeout",
		    l->name, jv_number_value(pid.v),
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
write_holder(struct lock *l, const char *command)
{
	struct process_id self;
	struct jw w;

	process_self(&self);
	jw_init(&w, &l->said, JW_LOG);
	jw_object(&w);
	JW_KEY(&w, "acquired_at", real, clock_now());
	JW_KEY(&w, "boot_id", text, self.boot_id);
	JW_KEY(&w, "command", text, command);
	JW_KEY(&w, "host", text, self.host);
	JW_KEY(&w, "pid", int, self.pid);
	JW_KEY(&w, "wait_seconds", real, l->waited);
	jw_end(&w);
	jw_release(&w);
	buf_addc(&l->said, '\n');
	/* a full disk must not keep away those who make room */
	if (ftruncate(l->fd, 0) != 0 ||
	    file_pwrite_all(l->fd, l->said.p, l->said.len, 0) != 0)
		buf_cut(&l->said, 0);
	/* a network's client brings to the server what was written before
	 * it locks: so others see our line from now on */
	(void)!call_ofd(l->fd, false);
}

/* Does the file still say what we wrote?  The next holder writes over it,
 * even if the lock was taken from us without our knowledge. */
static bool
still_says(const struct lock *l)
{
	struct buf text = BUF_INIT;
	struct err ignored;
	const char *base;
	int parent, fd;
	bool same = false;

	if (l->said.len == 0)
		return true;
	/* opened anew: so a network's client looks at the server's */
	parent = open_parent(l, false, &base, &ignored);
	if (parent < 0)
		return false;
	fd = openat(parent, base, O_RDONLY | O_NOFOLLOW | O_CLOEXEC |
	    O_NONBLOCK);
	close(parent);
	if (fd < 0)
		return false;
	same = file_slurp_fd(fd, l->name, &text, &ignored) == 0 &&
	    text.len == l->said.len &&
	    memcmp(text.p, l->said.p, text.len) == 0;
	close(fd);
	buf_release(&text);
	return same;
}

/* Lock the file that the path names. */
static int
take(struct lock *l, double deadline, struct err *err)
{
	int status, tries;

	for (tries = 0; tries < TAKE_TRIES; tries++) {
		if (open_file(l, err) != 0)
			return -1;
		status = take_one(call_flock, l->fd, deadline);
		if (status == 0)
			status = take_one(call_ofd, l->fd, deadline);
		if (status < 0)
			return err_sys(err, "%s: cannot lock", l->name);
		if (status > 0)
			return busy(l, err);
		if (same_file(l))
			return 0;
		close_file(l);	/* it was unlinked while we waited */
	}
	return err_set(err, LO_IO, "%s: the lock file is replaced again and "
	    "again", l->name);
}

struct lock *
lock_take(const char *dir, const char *path, double seconds,
    const char *command, struct err *err)
{
	double start = clock_steady();
	struct lock *l = xcalloc(1, sizeof(*l));

	l->fd = -1;
	l->dir = xstrdup(dir);
	l->path = xstrdup(path);
	l->name = *path == '/' ? xstrdup(path) :
	    xasprintf("%s/%s", dir, path);
	if (take(l, start + seconds, err) != 0) {
		lock_release(l);
		return NULL;
	}
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
	if (!same_file(l))
		return err_set(err, LO_IO, "%s: the lock file was replaced "
		    "while it was held; nothing more is written", l->name);
	if (!still_says(l))
		return err_set(err, LO_IO, "%s: another process took the lock "
		    "while this one was cut off; nothing more is written",
		    l->name);
	return 0;
}

void
lock_release(struct lock *l)
{
	if (l == NULL)
		return;
	close_file(l);
	buf_release(&l->said);
	free(l->dir);
	free(l->path);
	free(l->name);
	free(l);
}

int
lock_share(int dirfd, const char *path)
{
	struct err ignored;
	const char *base;
	int parent = file_open_parent(dirfd, path, false, false, &base,
	    &ignored), fd;

	if (parent < 0)
		return -1;
	fd = openat(parent, base, O_RDONLY | O_NOFOLLOW | O_CLOEXEC |
	    O_NONBLOCK);
	close(parent);
	if (fd < 0)
		return -1;
	if (flock(fd, LOCK_SH | LOCK_NB) == 0)
		return fd;
	close(fd);
	return -1;
}
