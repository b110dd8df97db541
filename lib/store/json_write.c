#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/xmem.h"
#include "store/json.h"
#include "store/json_text.h"

/* Colours of jq 1.6: what a terminal's user is used to. */
#define COLOUR_KEY	"\033[34;1m"
#define COLOUR_NULL	"\033[1;30m"
#define COLOUR_PLAIN	"\033[0;39m"
#define COLOUR_STRING	"\033[0;32m"
#define COLOUR_END	"\033[0m"

/* A member of an object whose keys will be sorted at its end. */
struct member {
	char *key;
	size_t start, end;	/* in out */
};

struct jw_level {
	bool object;
	size_t count;
	size_t start;		/* in out, behind the bracket */
	struct member *member;	/* JW_LOG objects only */
	size_t cap;
};

void
jw_init(struct jw *w, struct buf *out, enum jw_style style)
{
	memset(w, 0, sizeof(*w));
	w->out = out;
	w->style = style;
}

void
jw_release(struct jw *w)
{
	while (w->nstack > 0)
		jw_end(w);
	free(w->stack);
	w->stack = NULL;
	w->cap = 0;
}

static struct jw_level *
top(struct jw *w)
{
	return w->nstack > 0 ? &w->stack[w->nstack - 1] : NULL;
}

static void
new_line(struct jw *w)
{
	size_t i, indent = 2 * (w->nstack + (size_t)w->depth);

	buf_addc(w->out, '\n');
	for (i = 0; i < indent; i++)
		buf_addc(w->out, ' ');
}

/* What stands between this element or key and the one before. */
static void
separate(struct jw *w)
{
	struct jw_level *level = top(w);

	if (w->after_key) {
		w->after_key = false;
		return;
	}
	if (level == NULL)
		return;
	if (w->style == JW_LOG && level->object) {
		level->count++;
		return;
	}
	if (level->count++ > 0)
		buf_adds(w->out, w->style == JW_LOG ? ", " : ",");
	if (w->style == JW_PRETTY)
		new_line(w);
}

static void
open_level(struct jw *w, bool object)
{
	struct jw_level *level;

	separate(w);
	buf_addc(w->out, object ? '{' : '[');
	w->stack = xgrow(w->stack, w->nstack, &w->cap, sizeof(*w->stack));
	level = &w->stack[w->nstack++];
	memset(level, 0, sizeof(*level));
	level->object = object;
	level->start = w->out->len;
}

void
jw_object(struct jw *w)
{
	open_level(w, true);
}

void
jw_array(struct jw *w)
{
	open_level(w, false);
}

static int
by_key(const void *a, const void *b)
{
	const struct member *x = a, *y = b;

	return strcmp(x->key, y->key);
}

/* Put the members that were written one after the other in order. */
static void
sort_members(struct buf *out, struct jw_level *level)
{
	struct buf sorted = BUF_INIT;
	struct member *m = level->member;
	size_t i, n = level->count;

	for (i = 0; i < n; i++)
		m[i].end = i + 1 < n ? m[i + 1].start : out->len;
	qsort(m, n, sizeof(*m), by_key);
	for (i = 0; i < n; i++) {
		buf_adds(&sorted, i > 0 ? ", " : "");
		buf_add(&sorted, out->p + m[i].start, m[i].end - m[i].start);
		free(m[i].key);
	}
	buf_cut(out, level->start);
	buf_add(out, buf_str(&sorted), sorted.len);
	buf_release(&sorted);
}

void
jw_end(struct jw *w)
{
	struct jw_level *level = top(w);

	if (level->member != NULL)
		sort_members(w->out, level);
	free(level->member);
	w->nstack--;
	if (w->style == JW_PRETTY && level->count > 0)
		new_line(w);
	buf_addc(w->out, level->object ? '}' : ']');
}

static void
paint(struct jw *w, const char *colour)
{
	if (w->colour)
		buf_adds(w->out, colour);
}

static void
put_key(struct jw *w, const char *escaped, size_t len)
{
	paint(w, COLOUR_KEY);
	buf_addc(w->out, '"');
	buf_add(w->out, escaped, len);
	buf_addc(w->out, '"');
	paint(w, COLOUR_END);
	buf_adds(w->out, w->style == JW_COMPACT ? ":" : ": ");
	w->after_key = true;
}

void
jw_keyn(struct jw *w, const char *key, size_t len)
{
	struct jw_level *level = top(w);
	struct buf text = BUF_INIT;

	if (w->style == JW_LOG) {
		level->member = xgrow(level->member, level->count,
		    &level->cap, sizeof(*level->member));
		level->member[level->count].key = xstrndup(key, len);
		level->member[level->count].start = w->out->len;
	}
	separate(w);
	json_escape(key, len, w->style == JW_LOG, &text);
	put_key(w, buf_str(&text), text.len);
	buf_release(&text);
}

void
jw_key(struct jw *w, const char *key)
{
	jw_keyn(w, key, strlen(key));
}

static void
put_word(struct jw *w, const char *colour, const char *word, size_t len)
{
	separate(w);
	paint(w, colour);
	buf_add(w->out, word, len);
	paint(w, COLOUR_END);
}

void
jw_null(struct jw *w)
{
	put_word(w, COLOUR_NULL, "null", 4);
}

void
jw_bool(struct jw *w, bool value)
{
	put_word(w, COLOUR_PLAIN, value ? "true" : "false", value ? 4 : 5);
}

void
jw_int(struct jw *w, int64_t value)
{
	struct buf text = BUF_INIT;

	buf_addf(&text, "%lld", (long long)value);
	put_word(w, COLOUR_PLAIN, text.p, text.len);
	buf_release(&text);
}

void
jw_real(struct jw *w, double value)
{
	char text[NUM_TEXT];

	if (!isfinite(value)) {
		jw_null(w);
		return;
	}
	num_real(text, value);
	put_word(w, COLOUR_PLAIN, text, strlen(text));
}

void
jw_textn(struct jw *w, const char *text, size_t len)
{
	separate(w);
	paint(w, COLOUR_STRING);
	buf_addc(w->out, '"');
	json_escape(text, len, w->style == JW_LOG, w->out);
	buf_addc(w->out, '"');
	paint(w, COLOUR_END);
}

void
jw_text(struct jw *w, const char *text)
{
	if (text == NULL)
		jw_null(w);
	else
		jw_textn(w, text, strlen(text));
}

static void
put_number(struct jw *w, double value)
{
	if (value == floor(value) && fabs(value) <= (double)NUM_INT_MAX)
		jw_int(w, (int64_t)value);
	else
		jw_real(w, value);
}

static void
put_array(struct jw *w, jv v)
{
	int i, n = jv_array_length(jv_copy(v));
	jv element;

	jw_array(w);
	for (i = 0; i < n; i++) {
		element = jv_array_get(jv_copy(v), i);
		jw_jv(w, element);
		jv_free(element);
	}
	jw_end(w);
}

static void
put_object(struct jw *w, jv v)
{
	int i;
	jv key, value;

	jw_object(w);
	for (i = jv_object_iter(v); jv_object_iter_valid(v, i);
	    i = jv_object_iter_next(v, i)) {
		key = jv_object_iter_key(v, i);
		value = jv_object_iter_value(v, i);
		jw_keyn(w, jv_string_value(key),
		    (size_t)jv_string_length_bytes(jv_copy(key)));
		jw_jv(w, value);
		jv_free(key);
		jv_free(value);
	}
	jw_end(w);
}

void
jw_jv(struct jw *w, jv v)
{
	switch (jv_get_kind(v)) {
	case JV_KIND_TRUE:
	case JV_KIND_FALSE:
		jw_bool(w, jv_get_kind(v) == JV_KIND_TRUE);
		break;
	case JV_KIND_NUMBER:
		put_number(w, jv_number_value(v));
		break;
	case JV_KIND_STRING:
		jw_textn(w, jv_string_value(v),
		    (size_t)jv_string_length_bytes(jv_copy(v)));
		break;
	case JV_KIND_ARRAY:
		put_array(w, v);
		break;
	case JV_KIND_OBJECT:
		put_object(w, v);
		break;
	default:
		jw_null(w);
	}
}

static void
raw_string(struct jw *w, struct span inside)
{
	struct buf plain = BUF_INIT;

	if (w->style != JW_LOG) {
		/* its escapes are valid as they are */
		separate(w);
		paint(w, COLOUR_STRING);
		buf_addc(w->out, '"');
		buf_add(w->out, inside.p, inside.len);
		buf_addc(w->out, '"');
		paint(w, COLOUR_END);
		return;
	}
	json_unescape(inside, &plain);
	jw_textn(w, buf_str(&plain), plain.len);
	buf_release(&plain);
}

static void
raw_key(struct jw *w, struct span key)
{
	struct buf plain = BUF_INIT;

	json_unescape(key, &plain);
	jw_keyn(w, buf_str(&plain), plain.len);
	buf_release(&plain);
}

static void
raw_container(struct jw *w, struct span s)
{
	struct json_walk walk = json_walk(s);

	open_level(w, walk.object);
	while (json_next(&walk)) {
		if (walk.object)
			raw_key(w, walk.key);
		jw_raw(w, walk.value);
	}
	jw_end(w);
}

void
jw_raw(struct jw *w, struct span s)
{
	const char *end;

	if (s.len == 0) {	/* then p may be NULL */
		jw_null(w);
		return;
	}
	end = s.p + s.len;
	s.p = json_skip_space(s.p, end);
	s.len = (size_t)(json_skip(s.p, end) - s.p);
	switch (*s.p) {
	case '{':
	case '[':
		raw_container(w, s);
		break;
	case '"':
		s.p++;
		s.len -= 2;
		raw_string(w, s);
		break;
	case 'n':
		jw_null(w);
		break;
	default:
		put_word(w, COLOUR_PLAIN, s.p, s.len);
	}
}

void
jw_bytes(struct jw *w, struct span s)
{
	separate(w);
	buf_add(w->out, s.p, s.len);
}

void
json_restyle(struct span s, enum jw_style style, bool colour,
    struct buf *out)
{
	struct jw w;

	jw_init(&w, out, style);
	w.colour = colour;
	jw_raw(&w, s);
	jw_release(&w);
}
