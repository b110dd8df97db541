#define _GNU_SOURCE		/* flock, F_OFD_SETLK */

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/process.h"
#include "store/file.h"
#include "store/probe.h"

/* A writer that begins its work sweeps our files away: then once more. */
#define TRIES 20
#define SUFFIX 16		/* random digits */
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

/* The one that holds keeps the other out until it lets go. */
static enum probe_result
try_lock(const struct pair *p, lock_call *call)
{
	if (call(p->first, true) != 0)
		return PROBE_FAILS;
	if (call(p->second, true) == 0)
		return PROBE_FAILS;
	if (errno != EWOULDBLOCK && errno != EAGAIN && errno != EACCES)
		return PROBE_FAILS;
	if (call(p->first, false) != 0 || call(p->second, true) != 0)
		return PROBE_FAILS;
	return call(p->second, false) == 0 ? PROBE_WORKS : PROBE_FAILS;
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
try_ofd(const struct pair *p)
{
	return try_lock(p, call_ofd);
}
#else
static enum probe_result
try_ofd(const struct pair *p)
{
	(void)p;
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

static enum probe_result
try_fsync(const struct pair *p, int dirfd)
{
	struct err ignored;

	return fsync(p->first) == 0 &&
	    file_sync_dir(dirfd, "", &ignored) == 0 ? PROBE_WORKS :
	    PROBE_FAILS;
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
	int tries;

	for (tries = 0; tries < TRIES && !works; tries++) {
		if (open_pair(&from, dirfd) != 0)
			return PROBE_FAILS;
		if (open_pair(&to, dirfd) == 0) {
			works = renameat(dirfd, from.name, dirfd,
			    to.name) == 0 &&
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
	p->clock_difference = NAN;
	if (open_pair(&pair, dirfd) != 0)
		return err_sys(err, "%s: cannot make a file", name);
	p->flock = try_lock(&pair, call_flock);
	p->ofd = try_ofd(&pair);
	if (file_write_all(pair.first, "x", 1) == 0)
		p->clock_difference = clock_of(pair.first);
	p->fsync = try_fsync(&pair, dirfd);
	close_pair(&pair, dirfd);
	p->rename = try_rename(dirfd);
	return 0;
}
