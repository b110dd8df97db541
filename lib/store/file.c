#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <zlib.h>

#include "base/process.h"
#include "base/xmem.h"
#include "store/file.h"

int
file_slurp_fd(int fd, const char *name, struct buf *out, struct err *err)
{
	struct stat st;
	size_t want = 65536;
	ssize_t n;

	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0)
		want = (size_t)st.st_size + 1;
	for (;;) {
		buf_reserve(out, want);
		n = read(fd, out->p + out->len, want);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_sys(err, "%s: cannot read", name);
		out->len += (size_t)n;
		out->p[out->len] = '\0';
		if (n == 0)
			return 0;
		if (want < out->len)
			want = out->len;
	}
}

/* A descriptor that is a regular file, or the reason why not. */
static int
slurp_open(int fd, const char *name, struct buf *out, struct err *err)
{
	struct stat st;
	int status = -1;

	if (fstat(fd, &st) != 0)
		err_sys(err, "%s", name);
	else if (!S_ISREG(st.st_mode))
		err_set(err, LO_IO, "%s: not a regular file", name);
	else if (file_slurp_fd(fd, name, out, err) == 0)
		status = 1;
	close(fd);
	return status;
}

static int
not_opened(const char *name, struct err *err)
{
	if (errno == ENOENT)
		return 0;
	if (errno == ELOOP || errno == EMLINK)
		return err_set(err, LO_IO, "%s: is a symbolic link, which is "
		    "not followed here", name);
	return err_sys(err, "%s: cannot open", name);
}

int
file_slurp(int dir, const char *path, const char *name, struct buf *out,
    struct err *err)
{
	const char *base;
	int parent, fd;

	errno = 0;
	parent = file_open_parent(dir, path, false, false, &base, err);
	if (parent < 0)
		return errno == ENOENT ? 0 : -1;
	/* O_NONBLOCK: a FIFO in place of a file must not hang us */
	fd = openat(parent, base, O_RDONLY | O_NOFOLLOW | O_CLOEXEC |
	    O_NONBLOCK);
	if (fd < 0) {
		int status = not_opened(name, err);

		close(parent);
		return status;
	}
	close(parent);
	return slurp_open(fd, name, out, err);
}

int
file_slurp_path(const char *path, struct buf *out, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	return fd < 0 ? not_opened(path, err) : slurp_open(fd, path, out, err);
}

int
file_write_all(int fd, const void *data, size_t len)
{
	const char *p = data;
	ssize_t n;

	while (len > 0) {
		n = write(fd, p, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		p += n;
		len -= (size_t)n;
	}
	return 0;
}

int
file_pwrite_all(int fd, const void *data, size_t len, off_t at)
{
	const char *p = data;
	ssize_t n;

	while (len > 0) {
		n = pwrite(fd, p, len, at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		p += n;
		at += n;
		len -= (size_t)n;
	}
	return 0;
}

static int
create(const struct file_temp *t)
{
	return openat(t->dir, t->name, O_WRONLY | O_CREAT | O_EXCL |
	    O_NOFOLLOW | O_CLOEXEC, 0666);
}

void
file_temp_name(struct file_temp *t)
{
	char random[17];

	process_random_hex(random, 16);
	snprintf(t->name, sizeof(t->name), FILE_TEMP "%s", random);
}

static int
open_temp(struct file_temp *t)
{
	int fd, tries;

	for (tries = 0; tries < 100; tries++) {
		file_temp_name(t);
		fd = create(t);
		if (fd >= 0 || errno != EEXIST)
			return fd;
	}
	return -1;
}

/* A file that is replaced keeps its mode. */
static int
keep_mode(int fd, int dirfd, const char *base)
{
	struct stat st;

	if (fstatat(dirfd, base, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
	    !S_ISREG(st.st_mode))
		return 0;
	return fchmod(fd, st.st_mode & 07777);
}

/* What fd, the temporary file's, is to hold; fd is closed. */
static int
fill(const struct file_temp *t, int fd, const struct buf *data, bool sync,
    struct err *err)
{
	int bad;

	if (fd < 0)
		return err_sys(err, "%s: cannot create a temporary file "
		    "beside it", t->base);
	bad = keep_mode(fd, t->dir, t->base) != 0 ||
	    file_write_all(fd, data->p, data->len) != 0 ||
	    (sync && fsync(fd) != 0);
	if (bad)
		err_sys(err, "%s: cannot write", t->base);
	if (close(fd) != 0 && !bad) {
		err_sys(err, "%s: cannot close", t->base);
		bad = 1;
	}
	if (bad)
		file_drop(t);
	return bad ? -1 : 0;
}

int
file_prepare(struct file_temp *t, const void *data, size_t len, bool sync,
    struct err *err)
{
	const struct buf bytes = { .p = (char *)data, .len = len };
	int fd = open_temp(t);

	return fill(t, fd, &bytes, sync, err);
}

int
file_place(struct file_temp *t, struct err *err)
{
	if (renameat(t->dir, t->name, t->dir, t->base) == 0)
		return 0;
	err_sys(err, "%s: cannot rename into place", t->base);
	file_drop(t);
	return -1;
}

void
file_drop(const struct file_temp *t)
{
	unlinkat(t->dir, t->name, 0);
}

int
file_replace(int dirfd, const char *base, const void *data, size_t len,
    bool sync, struct err *err)
{
	struct file_temp t = { .dir = dirfd, .base = base };

	return file_prepare(&t, data, len, sync, err) != 0 ? -1 :
	    file_place(&t, err);
}

int
file_replace_owned(const struct file_place *at, const void *data, size_t len,
    struct err *err)
{
	const struct buf bytes = { .p = (char *)data, .len = len };
	struct file_temp t = { .dir = at->dir, .base = at->base };

	snprintf(t.name, sizeof(t.name), FILE_TEMP "%08x%08x",
	    (unsigned)file_crc(at->owner, strlen(at->owner)),
	    (unsigned)file_crc(at->base, strlen(at->base)));
	file_drop(&t);
	return fill(&t, create(&t), &bytes, at->sync, err) != 0 ? -1 :
	    file_place(&t, err);
}

int
file_sync_dir(int dirfd, const char *name, struct err *err)
{
	if (fsync(dirfd) != 0)
		return err_sys(err, "%s: cannot fsync the directory", name);
	return 0;
}

void
file_sweep_temps(int dirfd)
{
	int copy = openat(dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = copy >= 0 ? fdopendir(copy) : NULL;
	struct dirent *e;

	if (d == NULL) {
		if (copy >= 0)
			close(copy);
		return;
	}
	while ((e = readdir(d)) != NULL)
		if (strncmp(e->d_name, FILE_TEMP, sizeof(FILE_TEMP) - 1) == 0)
			unlinkat(dirfd, e->d_name, 0);
	closedir(d);
}

int
file_put(int dir, const char *path, const struct buf *data, bool sync,
    struct err *err)
{
	const char *base;
	int status, parent = file_open_parent(dir, path, true, sync, &base,
	    err);

	if (parent < 0)
		return -1;
	status = file_replace(parent, base, data->p, data->len, sync, err);
	if (status == 0 && sync)
		status = file_sync_dir(parent, path, err);
	close(parent);
	return status;
}

uint32_t
file_crc(const void *data, size_t len)
{
	const Bytef *p = data;
	uLong crc = crc32(0, NULL, 0);
	size_t n;

	for (; len > 0; p += n, len -= n) {
		n = len < 1 << 30 ? len : 1 << 30;
		crc = crc32(crc, p, (uInt)n);
	}
	return (uint32_t)crc;
}

void
file_process_init(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
}
