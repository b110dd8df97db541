#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"

static void
mark_cut(struct err *e, int wanted)
{
	if (wanted >= (int)sizeof(e->text))
		memcpy(e->text + sizeof(e->text) - 4, "...", 4);
}

int
err_vset(struct err *e, int status, const char *fmt, va_list ap)
{
	e->status = status;
	mark_cut(e, vsnprintf(e->text, sizeof(e->text), fmt, ap));
	return -1;
}

int
err_set(struct err *e, int status, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	err_vset(e, status, fmt, ap);
	va_end(ap);
	return -1;
}

int
err_sys(struct err *e, const char *fmt, ...)
{
	int saved = errno;
	size_t used;
	va_list ap;

	va_start(ap, fmt);
	err_vset(e, LO_IO, fmt, ap);
	va_end(ap);
	used = strlen(e->text);
	mark_cut(e, (int)used + snprintf(e->text + used,
	    sizeof(e->text) - used, ": %s", strerror(saved)));
	errno = saved;
	return -1;
}

int
err_prefix(struct err *e, const char *fmt, ...)
{
	char old[sizeof(e->text)];
	size_t used;
	va_list ap;

	memcpy(old, e->text, sizeof(old));
	va_start(ap, fmt);
	err_vset(e, e->status, fmt, ap);
	va_end(ap);
	used = strlen(e->text);
	mark_cut(e, (int)used + snprintf(e->text + used,
	    sizeof(e->text) - used, "%s", old));
	return -1;
}
