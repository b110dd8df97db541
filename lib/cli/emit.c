#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jv.h>

#include "base/buf.h"
#include "base/xmem.h"
#include "cli/emit.h"
#include "store/file.h"
#include "store/filter.h"

struct emit {
	struct filter *filter;
	bool raw, pretty, colour, closed;
	bool quiet;		/* about a reader that went away */
	struct buf out;
};

static bool
wants_colour(void)
{
	const char *no = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	return (no == NULL || *no == '\0') && term != NULL &&
	    strcmp(term, "dumb") != 0;
}

static int
compile(struct emit *e, const struct emit_options *o, struct err *err)
{
	jv args = jv_object();
	size_t i;

	for (i = 0; o->args != NULL && i + 1 < o->args->n; i += 2)
		args = jv_object_set(args, jv_string(o->args->item[i]),
		    jv_string(o->args->item[i + 1]));
	e->filter = filter_new(o->filter, args, err);
	return e->filter != NULL ? 0 : -1;
}

struct emit *
emit_new(const struct emit_options *o, struct err *err)
{
	struct emit *e = xcalloc(1, sizeof(*e));
	bool terminal = !o->closed && isatty(STDOUT_FILENO);

	e->raw = o->raw;
	e->closed = o->closed;
	e->pretty = terminal && !o->compact;
	e->colour = terminal && wants_colour();
	if (o->filter != NULL && compile(e, o, err) != 0) {
		emit_free(e);
		return NULL;
	}
	return e;
}

void
emit_quiet(struct emit *e)
{
	e->quiet = true;
}

/* Write what was collected and forget it. */
static int
flush(struct emit *e, struct err *err)
{
	int result = 0;

	if (e->out.len == 0)
		return 0;
	if (e->closed)
		errno = EBADF;
	if (e->closed || file_write_all(STDOUT_FILENO, e->out.p,
	    e->out.len) != 0)
		result = e->quiet && errno == EPIPE ? err_set(err, LO_IO, "%s",
		    "") : err_sys(err, "standard output");
	buf_cut(&e->out, 0);
	return result;
}

static void
add_jv(struct emit *e, jv v)
{
	int flags = e->pretty ? JV_PRINT_INDENT_FLAGS(2) : 0;

	if (e->colour)
		flags |= JV_PRINT_COLOR;
	if (!e->raw || jv_get_kind(v) != JV_KIND_STRING)
		v = jv_dump_string(v, flags);
	buf_add(&e->out, jv_string_value(v),
	    (size_t)jv_string_length_bytes(jv_copy(v)));
	buf_addc(&e->out, '\n');
	jv_free(v);
}

static int
add_result(void *arg, jv v)
{
	add_jv(arg, v);
	return 0;
}

static int
add_document(struct emit *e, struct span text, struct err *err)
{
	jv v;

	if (e->filter != NULL) {
		v = json_parse_scanned(text, err);
		if (!jv_is_valid(v)) {
			jv_free(v);
			return -1;
		}
		return filter_run(e->filter, v, add_result, e, err);
	}
	if (e->pretty || e->colour)
		json_restyle(text, e->pretty ? JW_PRETTY : JW_COMPACT,
		    e->colour, &e->out);
	else
		buf_add(&e->out, text.p, text.len);
	buf_addc(&e->out, '\n');
	return 0;
}

int
emit_document(struct emit *e, struct span text, struct err *err)
{
	struct err lost;

	if (add_document(e, text, err) == 0)
		return flush(e, err);
	flush(e, &lost);	/* the first error is the one to report */
	return -1;
}

int
emit_text(struct emit *e, const char *text, size_t len, struct err *err)
{
	buf_add(&e->out, text, len);
	return flush(e, err);
}

int
emit_close(struct emit *e, struct err *err)
{
	if (e->closed)
		return 0;
	e->closed = true;
	return close(STDOUT_FILENO) == 0 ? 0 : err_sys(err, "standard output");
}

void
emit_free(struct emit *e)
{
	if (e == NULL)
		return;
	filter_free(e->filter);
	buf_release(&e->out);
	free(e);
}
