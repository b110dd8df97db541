#define _GNU_SOURCE		/* flock, F_OFD_SETLK */

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/process.h"
#include "store/file.h"
#include "store/probe.h"

/* A writer that begins its work sweeps our files away: then once more. */
#define TRIES 20
#define SUFFIX 16		/* random digits */
#define ROOM 65536
#define NAME_SIZE (sizeof(FILE_TEMP) + SUFFIX)

/* Two descriptors of one file, each opened by itself. */
struct pair {
	char name[NAME_SIZE];
	int first, second;
};

static void
make_name(char name[NAME_SIZE])
{
	memcpy(name, FILE_TEMP, sizeof(FILE_TEMP));
	process_random_hex(name + sizeof(FILE_TEMP) - 1, SUFFIX);
}

static int
open_pair(struct pair *p, int dirfd)
{
	int tries;

	for (tries = 0; tries < TRIES; tries++) {
		make_name(p->name);
		p->first = openat(dirfd, p->name, O_RDWR | O_CREAT | O_EXCL |
		    O_NOFOLLOW | O_CLOEXEC, 0600);
		if (p->first < 0)
			return -1;
		p->second = openat(dirfd, p->name, O_RDWR | O_NOFOLLOW |
		    O_CLOEXEC);
		if (p->second >= 0)
			return 0;
		close(p->first);
		if (errno != ENOENT) {
			unlinkat(dirfd, p->name, 0);
			return -1;
		}
	}
	return -1;
}

static void
close_pair(struct pair *p, int dirfd)
{
	unlinkat(dirfd, p->name, 0);
	close(p->first);
	close(p->second);
}

/* ---------------------------------------------------------------- locks */

typedef int lock_call(int fd, bool lock);

static int
call_flock(int fd, bool lock)
{
	return flock(fd, lock ? LOCK_EX | LOCK_NB : LOCK_UN);
}

static bool
is_kept_out(int fd, lock_call *call)
{
	return call(fd, true) != 0 && (errno == EWOULDBLOCK ||
	    errno == EAGAIN || errno == EACCES);
}

/* Another process opens the file by itself. */
static bool
another_is_kept_out(int dirfd, const char *name, lock_call *call)
{
	int status, fd;
	pid_t child = fork();

	if (child == 0) {
		fd = openat(dirfd, name, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
		_exit(fd >= 0 && is_kept_out(fd, call) ? 0 : 1);
	}
	while (child > 0 && waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return false;
	return child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Who holds it keeps the others out until it lets go. */
static enum probe_result
try_lock(const struct pair *p, int dirfd, lock_call *call)
{
	if (call(p->first, true) != 0 || !is_kept_out(p->second, call) ||
	    !another_is_kept_out(dirfd, p->name, call))
		return PROBE_FAILS;
	if (call(p->first, false) != 0 || call(p->second, true) != 0)
		return PROBE_FAILS;
	return call(p->second, false) == 0 ? PROBE_WORKS : PROBE_FAILS;
}

/* A writer's sweep in between looks like a failure, hence again. */
static enum probe_result
try_locks(int dirfd, lock_call *call)
{
	enum probe_result r = PROBE_FAILS;
	struct pair p;
	int tries;

	for (tries = 0; tries < TRIES && r != PROBE_WORKS; tries++) {
		if (open_pair(&p, dirfd) != 0)
			return PROBE_FAILS;
		r = try_lock(&p, dirfd, call);
		close_pair(&p, dirfd);
	}
	return r;
}

#ifdef F_OFD_SETLK
static int
call_ofd(int fd, bool lock)
{
	struct flock whole;

	memset(&whole, 0, sizeof(whole));
	whole.l_type = lock ? F_WRLCK : F_UNLCK;
	whole.l_whence = SEEK_SET;
	return fcntl(fd, F_OFD_SETLK, &whole);
}

static enum probe_result
try_ofd(int dirfd)
{
	return try_locks(dirfd, call_ofd);
}
#else
static enum probe_result
try_ofd(int dirfd)
{
	(void)dirfd;
	return PROBE_UNTRIED;
}
#endif

/* ---------------------------------------------------------------- files */

static double
clock_of(int fd)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return NAN;
	return (double)st.st_mtim.tv_sec +
	    (double)st.st_mtim.tv_nsec / 1e9 - clock_now();
}

static void
try_fsync(struct probe *p, int fd, int dirfd)
{
	struct err ignored;
	double start = clock_steady(), middle;
	bool file = fsync(fd) == 0, dir;

	middle = clock_steady();
	dir = file_sync_dir(dirfd, "", &ignored) == 0;
	p->fsync = file && dir ? PROBE_WORKS : PROBE_FAILS;
	if (file)
		p->fsync_seconds = middle - start;
	if (dir)
		p->sync_dir_seconds = clock_steady() - middle;
}

static enum probe_result
try_room(int fd)
{
	char part[4096];
	size_t n;

	memset(part, 'x', sizeof(part));
	for (n = 0; n < ROOM; n += sizeof(part))
		if (file_write_all(fd, part, sizeof(part)) != 0)
			return PROBE_FAILS;
	return fsync(fd) == 0 ? PROBE_WORKS : PROBE_FAILS;
}

/* One name, one file; and a second name for it. */
static void
try_names(struct probe *p, int dirfd)
{
	struct pair pair;
	char other[NAME_SIZE];
	int tries, fd;
	bool there = false;

	for (tries = 0; tries < TRIES && !there; tries++) {
		if (open_pair(&pair, dirfd) != 0)
			return;
		make_name(other);
		fd = openat(dirfd, pair.name, O_RDWR | O_CREAT | O_EXCL |
		    O_NOFOLLOW | O_CLOEXEC, 0600);
		p->exclusive = fd < 0 && errno == EEXIST ? PROBE_WORKS :
		    PROBE_FAILS;
		if (fd >= 0)
			close(fd);
		p->link = linkat(dirfd, pair.name, dirfd, other, 0) == 0 ?
		    PROBE_WORKS : PROBE_FAILS;
		there = p->exclusive == PROBE_WORKS &&
		    (p->link == PROBE_WORKS || errno != ENOENT);
		unlinkat(dirfd, other, 0);
		close_pair(&pair, dirfd);
	}
}

/* Is it the file behind fd that the name leads to? */
static bool
leads_to(int dirfd, const char *name, int fd)
{
	struct stat there, ours;

	return fstatat(dirfd, name, &there, AT_SYMLINK_NOFOLLOW) == 0 &&
	    fstat(fd, &ours) == 0 && there.st_ino == ours.st_ino &&
	    there.st_dev == ours.st_dev;
}

/* A writer's sweep in between looks like a failure, hence again. */
static enum probe_result
try_rename(int dirfd)
{
	struct pair from, to;
	bool works = false;
	char old;		/* who reads it keeps what was there */
	int tries;

	for (tries = 0; tries < TRIES && !works; tries++) {
		if (open_pair(&from, dirfd) != 0)
			return PROBE_FAILS;
		if (open_pair(&to, dirfd) == 0) {
			works = file_write_all(to.first, "x", 1) == 0 &&
			    renameat(dirfd, from.name, dirfd,
			    to.name) == 0 &&
			    pread(to.second, &old, 1, 0) == 1 &&
			    leads_to(dirfd, to.name, from.first) &&
			    !leads_to(dirfd, from.name, from.first);
			close_pair(&to, dirfd);
		}
		close_pair(&from, dirfd);
	}
	return works ? PROBE_WORKS : PROBE_FAILS;
}

int
probe_directory(int dirfd, const char *name, struct probe *p, struct err *err)
{
	struct pair pair;

	memset(p, 0, sizeof(*p));
	p->clock_difference = p->fsync_seconds = p->sync_dir_seconds = NAN;
	if (open_pair(&pair, dirfd) != 0)
		return err_sys(err, "%s: cannot make a file", name);
	if (file_write_all(pair.first, "x", 1) == 0)
		p->clock_difference = clock_of(pair.first);
	try_fsync(p, pair.first, dirfd);
	p->room = try_room(pair.first);
	close_pair(&pair, dirfd);
	p->flock = try_locks(dirfd, call_flock);
	p->ofd = try_ofd(dirfd);
	p->rename = try_rename(dirfd);
	try_names(p, dirfd);
	return 0;
}
