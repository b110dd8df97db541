#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xmem.h"
#include "store/json.h"

#define CHUNK 65536

/*
 * Values are found by counting brackets outside strings, byte after byte,
 * whatever size the reads have; only then is the value scanned in full.
 */
struct json_stream {
	int fd;
	char *file;
	struct buf text;
	size_t begin;		/* of the value sought */
	size_t seen;		/* up to here brackets are counted */
	size_t line;		/* on which text.p[begin] stands */
	int depth;
	bool in_string, escaped;
	bool started;		/* past the white space before the value */
	bool scalar;		/* neither bracket nor quote came first */
	bool complete;		/* the value was handed out */
	bool eof, dead;
};

struct json_stream *
json_stream_new(int fd, const char *file)
{
	struct json_stream *s = xcalloc(1, sizeof(*s));

	s->fd = fd;
	s->file = xstrdup(file);
	s->line = 1;
	return s;
}

void
json_stream_free(struct json_stream *s)
{
	if (s == NULL)
		return;
	free(s->file);
	buf_release(&s->text);
	free(s);
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static bool
step_in_string(struct json_stream *s, char c)
{
	if (s->escaped)
		s->escaped = false;
	else if (c == '\\')
		s->escaped = true;
	else if (c == '"')
		s->in_string = false;
	return !s->in_string && s->depth == 0;
}

/* Take one byte into account; true if the value ends with it. */
static bool
step(struct json_stream *s, char c)
{
	if (s->in_string)
		return step_in_string(s, c);
	s->started = true;
	switch (c) {
	case '"':
		s->in_string = true;
		return false;
	case '{':
	case '[':
		s->depth++;
		return false;
	case '}':
	case ']':
		return --s->depth <= 0;
	default:
		if (s->depth == 0)
			s->scalar = true;
		return false;
	}
}

/* Does a bare word or number end before this byte? */
static bool
ends_scalar(const struct json_stream *s, char c)
{
	return s->scalar && s->depth == 0 &&
	    (is_space(c) || c == '{' || c == '[' || c == '"');
}

/* Look for the end of the value; its length, or 0 if more is needed. */
static size_t
find_end(struct json_stream *s)
{
	char c;

	for (; s->seen < s->text.len; s->seen++) {
		c = s->text.p[s->seen];
		if (!s->started && is_space(c)) {
			if (c == '\n')
				s->line++;
			s->begin = s->seen + 1;
			continue;
		}
		if (ends_scalar(s, c))
			return s->seen - s->begin;
		if (step(s, c)) {
			s->seen++;
			return s->seen - s->begin;
		}
	}
	return s->eof && s->started ? s->seen - s->begin : 0;
}

static int
fill(struct json_stream *s, struct err *err)
{
	ssize_t n;

	buf_reserve(&s->text, CHUNK);
	do
		n = read(s->fd, s->text.p + s->text.len, CHUNK);
	while (n < 0 && errno == EINTR);
	if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
		return 2;
	if (n < 0)
		return err_sys(err, "%s: cannot read", s->file);
	s->text.len += (size_t)n;
	s->text.p[s->text.len] = '\0';
	s->eof = n == 0;
	return 0;
}

/* Forget the value that was handed out. */
static void
advance(struct json_stream *s)
{
	size_t i;

	for (i = s->begin; i < s->seen; i++)
		if (s->text.p[i] == '\n')
			s->line++;
	if (s->seen > 0)
		memmove(s->text.p, s->text.p + s->seen, s->text.len - s->seen);
	s->text.len -= s->seen;
	s->begin = s->seen = 0;
	s->depth = 0;
	s->in_string = s->escaped = s->started = s->scalar = false;
	s->complete = false;
}

int
json_stream_next(struct json_stream *s, struct span *value, size_t *line,
    struct err *err)
{
	size_t len;
	int status;

	if (s->dead)
		return 0;
	if (s->complete)
		advance(s);
	while ((len = find_end(s)) == 0) {
		if (s->eof)
			return 0;
		status = fill(s, err);
		s->dead = status < 0;
		if (status != 0)
			return status;
	}
	s->complete = true;
	value->p = s->text.p + s->begin;
	value->len = len;
	*line = s->line;
	if (json_scan(value->p, len, s->file, s->line, err) == 0)
		return 1;
	s->dead = true;
	return -1;
}
