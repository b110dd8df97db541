#include <stdarg.h>
#include <stdlib.h>

#include "campaign/paths.h"
#include "ops/common.h"
#include "ops/ops.h"

int
op_locate(struct op *op, const char *dir, struct err *err)
{
	op->root = campaign_find(dir, err);
	return op->root != NULL ? 0 : -1;
}

void
op_release(struct op *op)
{
	free(op->root);
	op->root = NULL;
}

void
op_say(const struct op *op, const char *fmt, ...)
{
	struct err e;		/* as much as an error may say */
	va_list ap;

	if (op->notice == NULL)
		return;
	va_start(ap, fmt);
	err_vset(&e, LO_DONE, fmt, ap);
	va_end(ap);
	op->notice(op->notice_arg, e.text);
}

static struct campaign *
warned(const struct op *op, struct campaign *c)
{
	if (c != NULL && c->warning != NULL)
		op_say(op, "%s", c->warning);
	return c;
}

struct campaign *
op_open_write(const struct op *op, const char *command, struct err *err)
{
	struct campaign_open how = { op->root, command, op->lock_timeout,
	    false, false };

	return warned(op, campaign_open_write(&how, err));
}

struct campaign *
op_open_write_bare(const struct op *op, const char *command, struct err *err)
{
	struct campaign_open how = { op->root, command, op->lock_timeout,
	    true, false };

	return warned(op, campaign_open_write(&how, err));
}

struct campaign *
op_open_read(const struct op *op, struct err *err)
{
	struct campaign *c = campaign_open_read(op->root, err);

	if (c == NULL || !c->damaged)
		return warned(op, c);
	err_set(err, LO_REFUSED, "%s", c->warning);
	campaign_close(c);
	return NULL;
}

struct campaign *
op_open_read_damaged(const struct op *op, struct err *err)
{
	return warned(op, campaign_open_read(op->root, err));
}

struct campaign *
op_open_read_bare(const struct op *op, struct err *err)
{
	return warned(op, campaign_open_read_bare(op->root, err));
}
