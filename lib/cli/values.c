/* The part of tool.h that reads operands: values and ids. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/num.h"
#include "base/xmem.h"
#include "cli/tool.h"

/* Whom to hand the values to, and whether that wants more. */
struct reader {
	tool_value *each;
	void *arg;
	bool stopped;
};

static int
hand_over(struct reader *r, struct span value, const char *file, size_t line)
{
	char *where = xasprintf("%s:%zu", file, line);

	r->stopped = r->each(r->arg, value, where) != 0;
	free(where);
	return r->stopped;
}

static int
read_stream(struct reader *r, int fd, const char *file, struct err *err)
{
	struct json_stream *s = json_stream_new(fd, file);
	struct span value;
	size_t line;
	int got;

	do
		got = json_stream_next(s, &value, &line, err);
	while (got > 0 && hand_over(r, value, file, line) == 0);
	json_stream_free(s);
	return got < 0 ? -1 : 0;
}

static int
read_operand(struct reader *r, const char *file, struct err *err)
{
	int fd, result;

	if (strcmp(file, "-") == 0)
		return read_stream(r, STDIN_FILENO, "<stdin>", err);
	fd = open(file, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_sys(err, "%s", file);
	result = read_stream(r, fd, file, err);
	close(fd);
	return result;
}

int
tool_values(const struct tool *t, tool_value *each, void *arg,
    struct err *err)
{
	struct reader r = { .each = each, .arg = arg };
	int i, result = 0;

	if (t->argc == 0)
		return read_operand(&r, "-", err);
	for (i = 0; i < t->argc && result == 0 && !r.stopped; i++)
		result = read_operand(&r, t->argv[i], err);
	return result;
}

int64_t *
tool_ids(const struct tool *t)
{
	int64_t *id = xcalloc((size_t)t->argc + 1, sizeof(*id));
	int i;

	for (i = 0; i < t->argc; i++)
		if (!num_read_int(t->argv[i], strlen(t->argv[i]), &id[i]) ||
		    id[i] < 1)
			tool_usage(t, "expected the id of a trial, an "
			    "integer >= 1, got '%s'", t->argv[i]);
	return id;
}
