/*
 * oom: memory that runs out, preloaded into a tool.
 *
 * OOM_AT=N: the N-th allocation fails, and with OOM_ON=1 every later one,
 * too.  OOM_SEEN names a file into which a failed allocation puts one byte,
 * so that the driver knows when N was beyond the last.
 */

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

/* glibc's own, so that nothing is asked for while dlsym allocates. */
void	*__libc_malloc(size_t);
void	*__libc_calloc(size_t, size_t);
void	*__libc_realloc(void *, size_t);

static long at = -1, count;
static int on;

static void
say(void)
{
	const char *path = getenv("OOM_SEEN");
	int fd;

	if (path == NULL ||
	    (fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600)) < 0)
		return;
	if (write(fd, "x", 1) < 0)
		_exit(99);
	close(fd);
}

static int
fails(void)
{
	const char *text;

	if (at < 0) {
		text = getenv("OOM_AT");
		at = text != NULL ? atol(text) : 0;
		on = getenv("OOM_ON") != NULL;
	}
	if (at == 0)
		return 0;
	count++;
	if (count != at && !(on && count > at))
		return 0;
	if (count == at)
		say();
	errno = ENOMEM;
	return 1;
}

void *
malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

void *
calloc(size_t n, size_t size)
{
	return fails() ? NULL : __libc_calloc(n, size);
}

void *
realloc(void *p, size_t size)
{
	return fails() ? NULL : __libc_realloc(p, size);
}
