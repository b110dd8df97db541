#include <string.h>

#include "store/json.h"
#include "store/json_text.h"

static const struct span nothing = { "", 0 };

/* Is it a number with a point or an exponent? */
static bool
is_real(struct span s)
{
	size_t i;

	if (s.len == 0 || strchr("-0123456789", *s.p) == NULL)
		return false;
	for (i = 0; i < s.len; i++)
		if (s.p[i] == '.' || s.p[i] == 'e' || s.p[i] == 'E')
			return true;
	return false;
}

static void
array_like(struct jw *w, jv v, struct span like)
{
	struct json_walk walk = json_walk(like);
	int i, n = jv_array_length(jv_copy(v));
	jv element;

	jw_array(w);
	for (i = 0; i < n; i++) {
		element = jv_array_get(jv_copy(v), i);
		jw_like(w, element, json_next(&walk) ? walk.value : nothing);
		jv_free(element);
	}
	jw_end(w);
}

static bool
same_key(struct span raw, jv key)
{
	struct buf plain = BUF_INIT;
	size_t len = (size_t)jv_string_length_bytes(jv_copy(key));
	bool same;

	if (memchr(raw.p, '\\', raw.len) == NULL)
		return raw.len == len &&
		    memcmp(raw.p, jv_string_value(key), len) == 0;
	json_unescape(raw, &plain);
	same = plain.len == len &&
	    memcmp(buf_str(&plain), jv_string_value(key), len) == 0;
	buf_release(&plain);
	return same;
}

/* The member of that name.  They mostly come in the order of the text, so
 * the search goes on from the last one, and round once. */
static struct span
member_like(struct json_walk *walk, struct span like, jv key)
{
	int round;

	for (round = 0; round < 2 && walk->object; round++) {
		while (json_next(walk))
			if (same_key(walk->key, key))
				return walk->value;
		*walk = json_walk(like);
	}
	return nothing;
}

void
jw_members_like(struct jw *w, jv object, struct span like,
    const char *const but[])
{
	struct json_walk walk = json_walk(like);
	const char *name;
	jv key, value;
	int i;

	for (i = jv_object_iter(object); jv_object_iter_valid(object, i);
	    i = jv_object_iter_next(object, i)) {
		key = jv_object_iter_key(object, i);
		name = jv_string_value(key);
		if (but == NULL || !json_is_one_of(name, but)) {
			value = jv_object_iter_value(object, i);
			jw_keyn(w, name,
			    (size_t)jv_string_length_bytes(jv_copy(key)));
			jw_like(w, value, member_like(&walk, like, key));
			jv_free(value);
		}
		jv_free(key);
	}
}

void
jw_like(struct jw *w, jv v, struct span like)
{
	switch (jv_get_kind(v)) {
	case JV_KIND_NUMBER:
		if (is_real(like))
			jw_real(w, jv_number_value(v));
		else
			jw_jv(w, v);
		break;
	case JV_KIND_ARRAY:
		array_like(w, v, like);
		break;
	case JV_KIND_OBJECT:
		jw_object(w);
		jw_members_like(w, v, like, NULL);
		jw_end(w);
		break;
	default:
		jw_jv(w, v);
	}
}
