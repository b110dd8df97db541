/*
 * late: preloaded into a tool, takes its locks away without its knowledge,
 * as a server does to a client that it does not hear of, and stops the tool
 * before its LATE_AT-th call that changes a file.  With LATE_CLOCK it says how
 * long ago each rename, write at a place or removal had its last look.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static int calls;
static struct timespec looked;

/* As POSIX says of dlsym; ISO C knows no such conversion. */
#define REAL(name) \
	(__extension__(__typeof__(&name))dlsym(RTLD_NEXT, #name))

static void
tell_window(const char *name)
{
	struct timespec now;

	if (getenv("LATE_CLOCK") == NULL || looked.tv_sec == 0)
		return;
	clock_gettime(CLOCK_MONOTONIC, &now);
	dprintf(STDERR_FILENO, "WINDOW %s %ld\n", name,
	    (now.tv_sec - looked.tv_sec) * 1000000 +
	    (now.tv_nsec - looked.tv_nsec) / 1000);
}

/* The driver reads which call it is. */
static void
step(const char *name, const char *path)
{
	const char *at = getenv("LATE_AT");

	tell_window(name);
	if (at == NULL || ++calls != atoi(at))
		return;
	dprintf(STDERR_FILENO, "LATE %s %s\n", name, path);
	raise(SIGSTOP);
}

int
flock(int fd, int op)
{
	return op & LOCK_EX ? 0 : REAL(flock)(fd, op);
}

static int
lost(int fd, int cmd, void *arg)
{
	if (cmd == F_OFD_SETLK || cmd == F_OFD_SETLKW)
		return 0;
	return REAL(fcntl)(fd, cmd, arg);
}

int
fcntl(int fd, int cmd, ...)
{
	va_list ap;
	void *arg;

	va_start(ap, cmd);
	arg = va_arg(ap, void *);
	va_end(ap);
	return lost(fd, cmd, arg);
}

int
fcntl64(int fd, int cmd, ...)
{
	va_list ap;
	void *arg;

	va_start(ap, cmd);
	arg = va_arg(ap, void *);
	va_end(ap);
	return lost(fd, cmd, arg);
}

int
openat(int dir, const char *path, int flags, ...)
{
	va_list ap;
	mode_t mode;

	va_start(ap, flags);
	mode = flags & O_CREAT ? va_arg(ap, mode_t) : 0;
	va_end(ap);
	if (flags & O_CREAT)
		step("openat", path);
	return REAL(openat)(dir, path, flags, mode);
}

int
openat64(int dir, const char *path, int flags, ...)
{
	va_list ap;
	mode_t mode;

	va_start(ap, flags);
	mode = flags & O_CREAT ? va_arg(ap, mode_t) : 0;
	va_end(ap);
	if (flags & O_CREAT)
		step("openat", path);
	return REAL(openat)(dir, path, flags, mode);
}

ssize_t
write(int fd, const void *data, size_t len)
{
	if (fd > STDERR_FILENO)
		step("write", "");
	return REAL(write)(fd, data, len);
}

ssize_t
pwrite(int fd, const void *data, size_t len, off_t at)
{
	step("pwrite", "");
	return REAL(pwrite)(fd, data, len, at);
}

ssize_t
pwrite64(int fd, const void *data, size_t len, off64_t at)
{
	step("pwrite", "");
	return REAL(pwrite64)(fd, data, len, at);
}

int
ftruncate(int fd, off_t len)
{
	step("ftruncate", "");
	return REAL(ftruncate)(fd, len);
}

int
ftruncate64(int fd, off64_t len)
{
	step("ftruncate", "");
	return REAL(ftruncate64)(fd, len);
}

int
fsync(int fd)
{
	step("fsync", "");
	return REAL(fsync)(fd);
}

int
renameat(int from, const char *a, int to, const char *b)
{
	step("renameat", b);
	return REAL(renameat)(from, a, to, b);
}

int
unlinkat(int dir, const char *path, int flags)
{
	step("unlinkat", path);
	return REAL(unlinkat)(dir, path, flags);
}

int
mkdirat(int dir, const char *path, mode_t mode)
{
	step("mkdirat", path);
	return REAL(mkdirat)(dir, path, mode);
}

int
fstatat(int dir, const char *path, struct stat *st, int flags)
{
	int status = REAL(fstatat)(dir, path, st, flags);

	clock_gettime(CLOCK_MONOTONIC, &looked);
	return status;
}

int
fstatat64(int dir, const char *path, struct stat64 *st, int flags)
{
	int status = REAL(fstatat64)(dir, path, st, flags);

	clock_gettime(CLOCK_MONOTONIC, &looked);
	return status;
}
