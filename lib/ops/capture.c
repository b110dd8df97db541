#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ops/capture.h"
#include "store/file.h"
#include "store/json.h"

void
capture_init(struct capture *c)
{
	memset(c, 0, sizeof(*c));
	c->log = -1;
}

static void
close_log(struct capture *c)
{
	if (c->log >= 0)
		close(c->log);
	c->log = -1;
}

void
capture_release(struct capture *c)
{
	close_log(c);
	buf_release(&c->text);
	buf_release(&c->rest);
}

void
capture_reset(struct capture *c)
{
	buf_cut(&c->text, 0);
	buf_cut(&c->rest, 0);
	c->cut = false;
}

/* Pass on the whole lines. */
static void
pass_lines(struct capture *c, const char *p, size_t len)
{
	const char *end = p + len, *stop;

	while (p < end) {
		stop = memchr(p, '\n', (size_t)(end - p));
		buf_add(&c->rest, p, (size_t)((stop ? stop : end) - p));
		if (stop == NULL && c->rest.len < CAPTURE_LINE)
			return;
		c->line(c->line_arg, c->rest.p, c->rest.len);
		buf_cut(&c->rest, 0);
		p = stop != NULL ? stop + 1 : end;
	}
}

void
capture_add(struct capture *c, const char *p, size_t len)
{
	size_t drop;

	if (c->log >= 0 && file_write_all(c->log, p, len) != 0)
		close_log(c);
	buf_add(&c->text, p, len);
	if (c->text.len > CAPTURE_MAX) {
		drop = c->text.len - CAPTURE_KEEP;
		memmove(c->text.p, c->text.p + drop, CAPTURE_KEEP);
		buf_cut(&c->text, CAPTURE_KEEP);
		c->cut = true;
	}
	if (c->line != NULL)
		pass_lines(c, p, len);
}

void
capture_end(struct capture *c)
{
	if (c->line != NULL && c->rest.len > 0)
		c->line(c->line_arg, c->rest.p, c->rest.len);
	buf_cut(&c->rest, 0);
}

/* A regular file, made or emptied; anything else is left alone. */
static int
open_log(int dir, const char *base)
{
	struct stat st;
	int fd = openat(dir, base, O_WRONLY | O_CREAT | O_NOFOLLOW |
	    O_NONBLOCK | O_CLOEXEC, 0666);

	if (fd < 0)
		return -1;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_nlink == 1 &&
	    ftruncate(fd, 0) == 0)
		return fd;
	close(fd);
	return -1;
}

void
capture_log(struct capture *c, const struct paths *paths, int64_t id,
    const char *name)
{
	struct err ignored;
	const char *base;
	char *path;
	int state, dir = -1;

	if (paths == NULL)
		return;
	state = open(paths->state_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	path = paths_trial_real(paths, id, name);
	if (state >= 0)
		dir = file_open_parent(state, path, false, false, &base,
		    &ignored);
	if (dir >= 0) {
		c->log = open_log(dir, base);
		close(dir);
	}
	if (state >= 0)
		close(state);
	free(path);
}

static size_t
utf8_length(unsigned char c)
{
	if (c >= 0xc2 && c < 0xe0)
		return 2;
	if ((c & 0xf0) == 0xe0)
		return 3;
	return c >= 0xf0 && c < 0xf5 ? 4 : 0;
}

/* Length of the character at p, 0 if it is not one to print. */
static size_t
character(const char *p, size_t left)
{
	unsigned char c = (unsigned char)p[0], d;
	size_t i, len;

	if (c < 0x80)
		return c >= ' ' && c != 0x7f;
	len = utf8_length(c);
	if (len == 0 || len > left)
		return 0;
	for (i = 1; i < len; i++)
		if (((unsigned char)p[i] & 0xc0) != 0x80)
			return 0;
	d = (unsigned char)p[1];
	if ((c == 0xe0 && d < 0xa0) || (c == 0xed && d >= 0xa0) ||
	    (c == 0xf0 && d < 0x90) || (c == 0xf4 && d >= 0x90) ||
	    (c == 0xc2 && d < 0xa0))
		return 0;
	return len;
}

void
capture_clean(const char *p, size_t len, size_t max, struct buf *out)
{
	const char *end = p + len;
	size_t n, start = out->len;

	buf_adds(out, "");
	while (p < end) {
		n = character(p, (size_t)(end - p));
		if (out->len - start + (n > 0 ? n : 1) > max) {
			buf_adds(out, "...");
			return;
		}
		if (n > 0)
			buf_add(out, p, n);
		else
			buf_addc(out, *p == '\t' ? ' ' : '?');
		p += n > 0 ? n : 1;
	}
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct span
capture_last_line(const char *p, size_t len)
{
	struct span line = { p, 0 };
	size_t start;

	while (len > 0 && is_blank(p[len - 1]))
		len--;
	for (start = len; start > 0 && p[start - 1] != '\n'; start--)
		;
	while (start < len && is_blank(p[start]))
		start++;
	line.p = p + start;
	line.len = len - start;
	return line;
}

size_t
capture_tail(const char *p, size_t len, int n)
{
	size_t at = len;

	if (at > 0 && p[at - 1] == '\n')
		at--;
	for (; at > 0; at--)
		if (p[at - 1] == '\n' && --n == 0)
			break;
	return at;
}
