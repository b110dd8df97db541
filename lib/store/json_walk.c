#include <string.h>

#include "store/json.h"
#include "store/json_text.h"

struct json_walk
json_walk(struct span s)
{
	struct json_walk w;
	const char *end;

	memset(&w, 0, sizeof(w));
	if (s.len == 0)		/* then p may be NULL */
		return w;
	end = s.p + s.len;
	w.end = end;
	w.at = end;
	s.p = json_skip_space(s.p, end);
	if (s.p < end && (*s.p == '{' || *s.p == '[')) {
		w.object = *s.p == '{';
		w.at = s.p + 1;
	}
	return w;
}

bool
json_next(struct json_walk *w)
{
	const char *p = json_skip_space(w->at, w->end);

	if (p < w->end && *p == ',')
		p = json_skip_space(p + 1, w->end);
	if (p >= w->end || *p == '}' || *p == ']')
		return false;
	if (w->object) {
		w->key.p = p + 1;
		p = json_skip(p, w->end);
		w->key.len = (size_t)(p - 1 - w->key.p);
		p = json_skip_space(p, w->end);
		p = json_skip_space(p + 1, w->end);	/* the colon */
	}
	w->value.p = p;
	w->at = json_skip(p, w->end);
	w->value.len = (size_t)(w->at - p);
	return true;
}

/* The key as it is written, or as it reads. */
static bool
key_is(struct span key, const char *name, size_t len)
{
	struct buf plain = BUF_INIT;
	bool same;

	if (key.len == len && memcmp(key.p, name, len) == 0)
		return true;
	if (key.len <= len || memchr(key.p, '\\', key.len) == NULL)
		return false;
	json_unescape(key, &plain);
	same = plain.len == len && memcmp(plain.p, name, len) == 0;
	buf_release(&plain);
	return same;
}

struct span
json_find(struct span object, const char *key)
{
	struct json_walk w = json_walk(object);
	struct span none = { NULL, 0 };
	size_t len = strlen(key);

	while (w.object && json_next(&w))
		if (key_is(w.key, key, len))
			return w.value;
	return none;
}

void
json_find_all(struct span object, const char *const keys[],
    struct span *found)
{
	struct json_walk w = json_walk(object);
	size_t i;

	for (i = 0; keys[i] != NULL; i++)
		found[i] = (struct span){ NULL, 0 };
	while (w.object && json_next(&w))
		for (i = 0; keys[i] != NULL; i++)
			if (key_is(w.key, keys[i], strlen(keys[i])))
				found[i] = w.value;
}

bool
json_split(struct span *text, struct span *value)
{
	const char *end = text->p + text->len;

	value->p = json_skip_space(text->p, end);
	text->p = json_skip(value->p, end);
	value->len = (size_t)(text->p - value->p);
	text->len = (size_t)(end - text->p);
	return value->len > 0;
}

size_t
json_depth(struct span s)
{
	const char *p = s.p, *end = s.len > 0 ? p + s.len : p;
	size_t depth = 0, most = 0;

	while (p < end) {
		if (*p == '"') {
			p = json_skip(p, end);
			continue;
		}
		if (*p == '{' || *p == '[')
			depth++;
		else if (*p == '}' || *p == ']')
			depth--;
		most = depth > most ? depth : most;
		p++;
	}
	return most;
}
