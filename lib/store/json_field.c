#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "store/json.h"

/* So much of a wrong value is shown in a message. */
#define GOT_SHOWN 120

struct json
json_root(jv v, const char *file)
{
	struct json j = { v, NULL, NULL, -1, file };

	return j;
}

/*
 * The getters of libjq give a counted reference.  Since the container that
 * we borrow holds one too, ours can be dropped at once: the value lives as
 * long as the container does.
 */
static jv
borrow(jv v)
{
	jv_free(v);
	return v;
}

struct json
json_member(const struct json *object, const char *key)
{
	struct json j = { jv_invalid(), object, key, -1, object->file };

	if (jv_get_kind(object->v) == JV_KIND_OBJECT)
		j.v = borrow(jv_object_get(jv_copy(object->v),
		    jv_string(key)));
	return j;
}

struct json
json_element(const struct json *array, int index)
{
	struct json j = { jv_invalid(), array, NULL, index, array->file };

	if (jv_get_kind(array->v) == JV_KIND_ARRAY && index >= 0 &&
	    index < jv_array_length(jv_copy(array->v)))
		j.v = borrow(jv_array_get(jv_copy(array->v), index));
	return j;
}

bool
json_present(const struct json *j)
{
	return jv_get_kind(j->v) != JV_KIND_INVALID;
}

bool
json_is_null(const struct json *j)
{
	return !json_present(j) || jv_get_kind(j->v) == JV_KIND_NULL;
}

static bool
plain_key(const char *key)
{
	static const char word[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";

	return *key != '\0' && key[strspn(key, word)] == '\0';
}

void
json_path(const struct json *j, struct buf *out)
{
	if (j->up == NULL) {
		if (out->len == 0)
			buf_addc(out, '.');
		return;
	}
	if (j->up->up != NULL)
		json_path(j->up, out);
	if (j->key == NULL)
		buf_addf(out, "%s[%d]", out->len == 0 ? "." : "", j->index);
	else if (plain_key(j->key))
		buf_addf(out, ".%s", j->key);
	else
		buf_addf(out, "%s[\"%s\"]", out->len == 0 ? "." : "", j->key);
}

int
json_complain(const struct json *j, struct err *err, const char *fmt, ...)
{
	struct buf path = BUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	err_vset(err, LO_REFUSED, fmt, ap);
	va_end(ap);
	json_path(j, &path);
	err_prefix(err, "%s: %s: ", j->file, buf_str(&path));
	buf_release(&path);
	return -1;
}

/* At the end of a character. */
static void
shorten(struct buf *got)
{
	size_t len = GOT_SHOWN - strlen("...");

	while (len > 0 && ((unsigned char)got->p[len] & 0xc0) == 0x80)
		len--;
	buf_cut(got, len);
	buf_adds(got, "...");
}

int
json_expected(const struct json *j, const char *expected, struct err *err)
{
	struct buf got = BUF_INIT;
	struct jw w;

	if (!json_present(j))
		return json_complain(j, err, "missing, expected %s", expected);
	jw_init(&w, &got, JW_COMPACT);
	jw_jv(&w, j->v);
	jw_release(&w);
	if (got.len > GOT_SHOWN)
		shorten(&got);
	json_complain(j, err, "expected %s, got %s", expected, buf_str(&got));
	buf_release(&got);
	return -1;
}

int
json_real(const struct json *j, double *out, struct err *err)
{
	if (jv_get_kind(j->v) != JV_KIND_NUMBER)
		return json_expected(j, "a number", err);
	*out = jv_number_value(j->v);
	return 0;
}

int
json_int(const struct json *j, int64_t lo, int64_t hi, int64_t *out,
    struct err *err)
{
	char wanted[80];
	double x;

	if (jv_get_kind(j->v) == JV_KIND_NUMBER) {
		x = jv_number_value(j->v);
		if (x == floor(x) && x >= (double)lo && x <= (double)hi) {
			*out = (int64_t)x;
			return 0;
		}
	}
	if (hi >= NUM_INT_MAX && lo <= -NUM_INT_MAX)
		snprintf(wanted, sizeof(wanted), "an integer");
	else if (hi >= NUM_INT_MAX)
		snprintf(wanted, sizeof(wanted), "an integer >= %lld",
		    (long long)lo);
	else
		snprintf(wanted, sizeof(wanted), "an integer from %lld to "
		    "%lld", (long long)lo, (long long)hi);
	return json_expected(j, wanted, err);
}

int
json_bool(const struct json *j, bool *out, struct err *err)
{
	jv_kind kind = jv_get_kind(j->v);

	if (kind != JV_KIND_TRUE && kind != JV_KIND_FALSE)
		return json_expected(j, "true or false", err);
	*out = kind == JV_KIND_TRUE;
	return 0;
}

int
json_text(const struct json *j, const char **out, struct err *err)
{
	if (jv_get_kind(j->v) != JV_KIND_STRING)
		return json_expected(j, "a string", err);
	*out = jv_string_value(j->v);
	if (strlen(*out) != (size_t)jv_string_length_bytes(jv_copy(j->v)))
		return json_complain(j, err, "NUL character in a string");
	return 0;
}

int
json_object(const struct json *j, struct err *err)
{
	if (jv_get_kind(j->v) != JV_KIND_OBJECT)
		return json_expected(j, "an object", err);
	return 0;
}

int
json_array(const struct json *j, int *length, struct err *err)
{
	if (jv_get_kind(j->v) != JV_KIND_ARRAY)
		return json_expected(j, "an array", err);
	*length = jv_array_length(jv_copy(j->v));
	return 0;
}

bool
json_is_one_of(const char *key, const char *const keys[])
{
	for (; *keys != NULL; keys++)
		if (strcmp(key, *keys) == 0)
			return true;
	return false;
}

bool
json_each(const struct json *object, int *i, const char **key,
    struct json *member)
{
	if (!jv_object_iter_valid(object->v, *i))
		return false;
	*key = jv_string_value(borrow(jv_object_iter_key(object->v, *i)));
	member->v = borrow(jv_object_iter_value(object->v, *i));
	member->up = object;
	member->key = *key;
	member->index = -1;
	member->file = object->file;
	*i = jv_object_iter_next(object->v, *i);
	return true;
}

int
json_only(const struct json *object, const char *const keys[],
    struct err *err)
{
	struct json member;
	const char *key;
	int i;

	if (json_object(object, err) != 0)
		return -1;
	i = jv_object_iter(object->v);
	while (json_each(object, &i, &key, &member))
		if (!json_is_one_of(key, keys)) {
			struct buf known = BUF_INIT;

			for (; *keys != NULL; keys++)
				buf_addf(&known, "%s%s", known.len > 0 ?
				    ", " : "", *keys);
			json_complain(&member, err, "unknown key (known "
			    "here: %s)", buf_str(&known));
			buf_release(&known);
			return -1;
		}
	return 0;
}
