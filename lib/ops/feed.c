#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/num.h"
#include "base/xmem.h"
#include "ops/feed.h"
#include "store/file.h"

/* A pipe that is empty takes so much at once. */
#define CHUNK _POSIX_PIPE_BUF

/*
 * The stream reads from a pipe of ours, which does not block and which
 * feed_fill fills: so it can be asked for what is complete at any time.
 */
struct feed {
	int fd;
	char *name;
	int pipe[2];
	struct json_stream *stream;
	struct buf value;	/* the value being handed out, compact */
	struct json_walk walk;	/* its suggestions, if it is several */
	size_t line;
	bool several;
};

struct feed *
feed_new(int fd, const char *name, struct err *err)
{
	struct feed *f = xcalloc(1, sizeof(*f));
	int i;

	if (pipe(f->pipe) != 0) {
		err_sys(err, "cannot make a pipe");
		free(f);
		return NULL;
	}
	for (i = 0; i < 2; i++) {
		(void)fcntl(f->pipe[i], F_SETFD, FD_CLOEXEC);
		(void)fcntl(f->pipe[i], F_SETFL,
		    fcntl(f->pipe[i], F_GETFL) | O_NONBLOCK);
	}
	f->fd = fd;
	f->name = xstrdup(name);
	f->stream = json_stream_new(f->pipe[0], name);
	return f;
}

static void
end_input(struct feed *f)
{
	if (f->pipe[1] >= 0)
		close(f->pipe[1]);
	f->pipe[1] = -1;
}

void
feed_free(struct feed *f)
{
	if (f == NULL)
		return;
	json_stream_free(f->stream);
	end_input(f);
	close(f->pipe[0]);
	buf_release(&f->value);
	free(f->name);
	free(f);
}

int
feed_fd(const struct feed *f)
{
	return f->fd;
}

int
feed_fill(struct feed *f, struct err *err)
{
	char bytes[CHUNK];
	ssize_t n = read(f->fd, bytes, sizeof(bytes));

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return 0;
	if (n < 0)
		return err_sys(err, "%s: cannot read", f->name);
	if (n == 0)
		end_input(f);
	else if (file_write_all(f->pipe[1], bytes, (size_t)n) != 0)
		return err_sys(err, "%s: cannot pass on", f->name);
	return 0;
}

/* ------------------------------------------------------- suggestions */

void
suggestion_free(struct suggestion *s)
{
	if (s == NULL)
		return;
	template_release(&s->values);
	free(s->text);
	free(s->lease);
	free(s);
}

static struct span
find(const struct suggestion *s, const char *key)
{
	struct span whole = { s->text, s->len };
	struct span value = json_find(whole, key);

	if (value.len == 4 && memcmp(value.p, "null", 4) == 0)
		value.len = 0;
	return value;
}

static int
check_lease(struct suggestion *s, const struct json *root, struct err *err)
{
	struct json lease = json_member(root, "lease_token");
	const char *token;

	if (json_is_null(&lease))
		return 0;
	if (json_text(&lease, &token, err) != 0)
		return -1;
	s->lease = xstrdup(token);
	return 0;
}

static int
check(struct suggestion *s, jv v, const char *file, struct err *err)
{
	struct json root = json_root(v, file), id, params;

	if (json_object(&root, err) != 0)
		return -1;
	id = json_member(&root, "trial_id");
	if (json_int(&id, 1, NUM_INT_MAX, &s->id, err) != 0)
		return -1;
	params = json_member(&root, "params");
	if (json_object(&params, err) != 0 ||
	    check_lease(s, &root, err) != 0)
		return -1;
	s->params = find(s, "params");
	s->schema_version = find(s, "schema_version");
	s->lease_token = find(s, "lease_token");
	if (template_params(&s->values, s->params, err) != 0)
		return err_prefix(err, "%s: trial %lld: ", file,
		    (long long)s->id);
	return 0;
}

struct suggestion *
suggestion_read(struct span text, const char *where, struct err *err)
{
	struct suggestion *s = xcalloc(1, sizeof(*s));
	jv v;
	int status = -1;

	s->text = xstrndup(text.p, text.len);
	s->len = text.len;
	v = json_parse_scanned(text, err);
	if (jv_is_valid(v))
		status = check(s, v, where, err);
	jv_free(v);
	if (status == 0)
		return s;
	suggestion_free(s);
	return NULL;
}

static struct suggestion *
take(const struct feed *f, struct span text, struct err *err)
{
	char *where = xasprintf("%s:%zu", f->name, f->line);
	struct suggestion *s = suggestion_read(text, where, err);

	free(where);
	return s;
}

/* Take the next value of the stream; are there several in it? */
static enum feed_state
next_value(struct feed *f, struct err *err)
{
	struct span value, list;
	int status = json_stream_next(f->stream, &value, &f->line, err);

	if (status != 1)
		return status == 2 ? FEED_WAIT :
		    status == 0 ? FEED_END : FEED_BAD;
	buf_cut(&f->value, 0);
	json_restyle(value, JW_COMPACT, false, &f->value);
	value = (struct span){ f->value.p, f->value.len };
	list = *value.p == '[' ? value : json_find(value, "suggestions");
	f->several = list.len > 0 && *list.p == '[';
	if (f->several)
		f->walk = json_walk(list);
	return FEED_ONE;
}

enum feed_state
feed_next(struct feed *f, struct suggestion **out, struct err *err)
{
	struct span text;
	enum feed_state state;

	*out = NULL;
	for (;;) {
		if (f->several && json_next(&f->walk)) {
			text = f->walk.value;
			break;
		}
		f->several = false;
		state = next_value(f, err);
		if (state != FEED_ONE)
			return state;
		text = (struct span){ f->value.p, f->value.len };
		if (!f->several)
			break;
	}
	*out = take(f, text, err);
	return *out != NULL ? FEED_ONE : FEED_BAD;
}
