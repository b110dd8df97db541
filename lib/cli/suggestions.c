/* How suggestions are printed: the part of tool.h that lo-suggest shares
 * with whatever else reserves trials. */
#include <string.h>

#include "cli/tool.h"
#include "store/json.h"

/* The next line of text, without its end; false after the last. */
static bool
next_line(const char **p, const char *end, struct span *line)
{
	const char *stop;

	while (*p < end && **p == '\n')
		(*p)++;
	stop = memchr(*p, '\n', (size_t)(end - *p));
	line->p = *p;
	line->len = (size_t)((stop != NULL ? stop : end) - *p);
	*p += line->len;
	return line->len > 0;
}

static void
bundle(const struct buf *lines, struct buf *out)
{
	const char *p = buf_str(lines), *end = p + lines->len;
	struct span line, version = { NULL, 0 };
	struct buf list = BUF_INIT;
	size_t n;

	for (n = 0; next_line(&p, end, &line); n++) {
		if (n == 0)
			version = json_find(line, "schema_version");
		else
			buf_addc(&list, ',');
		buf_add(&list, line.p, line.len);
	}
	if (n > 1)
		buf_addf(out, "{\"schema_version\":%.*s,\"count\":%zu,"
		    "\"suggestions\":[%s]}\n", (int)version.len, version.p,
		    n, list.p);
	else
		buf_add(out, buf_str(&list), list.len);
	buf_release(&list);
}

/* They are reserved, but nobody has seen them. */
static void
say_pending(const struct tool *t, const struct buf *lines)
{
	const char *p = buf_str(lines), *end = p + lines->len;
	struct buf ids = BUF_INIT;
	struct span line, id;
	size_t n;

	for (n = 0; next_line(&p, end, &line); n++) {
		id = json_find(line, "trial_id");
		buf_addf(&ids, "%s%.*s", n > 0 ? ", " : "", (int)id.len,
		    id.p);
	}
	if (n > 0)
		tool_warn(t, "%s %s remain%s pending; 'lo-suggest --resume' "
		    "prints %s again", n > 1 ? "trials" : "trial", ids.p,
		    n > 1 ? "" : "s", n > 1 ? "them" : "it");
	buf_release(&ids);
}

int
tool_put_suggestions(struct tool *t, const struct buf *lines, bool jsonl)
{
	struct buf text = BUF_INIT;
	int status;

	if (!jsonl)
		bundle(lines, &text);
	status = tool_put(t, jsonl ? lines : &text);
	if (status != LO_DONE)
		say_pending(t, lines);
	buf_release(&text);
	return status;
}
