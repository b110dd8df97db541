#define _DEFAULT_SOURCE	/* struct winsize */
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "cli/progress.h"
#include "store/file.h"

#define COLUMNS 80	/* of a terminal that does not say */

void
progress_init(struct progress *p)
{
	memset(p, 0, sizeof(*p));
	p->on = isatty(STDERR_FILENO);
}

void
progress_release(struct progress *p)
{
	progress_hide(p);
	buf_release(&p->shown);
}

static size_t
width(void)
{
	struct winsize size;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < 2)
		return COLUMNS - 1;
	return size.ws_col - 1U;
}

/* Blanks rather than an escape sequence: any terminal knows them. */
static void
add_wipe(const struct progress *p, size_t from, struct buf *out)
{
	for (; from < p->shown.len; from++)
		buf_addc(out, ' ');
	buf_addc(out, '\r');
}

void
progress_show(struct progress *p, const char *text)
{
	struct buf out = BUF_INIT;
	size_t len = strlen(text), room = width();

	if (len > room)
		len = room;
	if (!p->on || (len == p->shown.len &&
	    memcmp(text, buf_str(&p->shown), len) == 0))
		return;
	buf_add(&out, text, len);
	add_wipe(p, len, &out);
	buf_cut(&p->shown, 0);
	buf_add(&p->shown, text, len);
	file_write_all(STDERR_FILENO, out.p, out.len);
	buf_release(&out);
}

void
progress_hide(struct progress *p)
{
	struct buf out = BUF_INIT;

	if (p->shown.len == 0)
		return;
	add_wipe(p, 0, &out);
	buf_cut(&p->shown, 0);
	file_write_all(STDERR_FILENO, out.p, out.len);
	buf_release(&out);
}
