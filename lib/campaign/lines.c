/* lines: see lines.h. */
#include <string.h>

#include "campaign/lines.h"

struct lines
lines_of(const struct buf *text)
{
	return (struct lines){ .text = text };
}

bool
lines_next(struct lines *l)
{
	const char *p, *newline;
	size_t left = l->text->len - l->next;

	if (left == 0)
		return false;
	p = l->text->p + l->next;
	newline = memchr(p, '\n', left);
	if (newline == NULL)
		return false;
	l->line = (struct span){ p, (size_t)(newline - p) };
	l->next += l->line.len + 1;
	l->number++;
	return true;
}

int
lines_object(const struct lines *l, const char *name, struct err *err)
{
	struct span s = l->line;
	size_t blank = 0;

	while (blank < s.len && strchr(" \t\r", s.p[blank]) != NULL)
		blank++;
	if (blank < s.len && s.p[blank] == '{') {
		if (json_scan(s.p, s.len, name, l->number, err) == 0)
			return 0;
		err->status = LO_REFUSED;
		return -1;
	}
	return err_set(err, LO_REFUSED, "%s line %zu: expected a JSON object, "
	    "got %s", name, l->number, blank == s.len ? "an empty line" :
	    "something else");
}
