#include <stdint.h>
#include <string.h>

#include "store/json.h"

/* libjq repeats the whole text behind its words. */
static int
not_parsed(jv message, struct err *err)
{
	const char *words = jv_get_kind(message) == JV_KIND_STRING ?
	    jv_string_value(message) : "no JSON value";
	const char *end = strstr(words, " (while parsing");
	size_t len = end != NULL ? (size_t)(end - words) : strlen(words);

	err_set(err, LO_REFUSED, "%.*s", len < 200 ? (int)len : 200, words);
	jv_free(message);
	return -1;
}

jv
json_parse_scanned(struct span s, struct err *err)
{
	jv v;

	if (s.len > INT32_MAX) {
		err_set(err, LO_REFUSED, "JSON value over 2 GB");
		return jv_invalid();
	}
	v = jv_parse_sized(s.p, (int)s.len);
	if (jv_is_valid(v))
		return v;
	not_parsed(jv_invalid_get_msg(v), err);
	return jv_invalid();
}

jv
json_parse(const char *text, size_t len, const char *file, struct err *err)
{
	struct span s = { text, len };
	jv v;

	if (json_scan(text, len, file, 1, err) != 0)
		return jv_invalid();
	v = json_parse_scanned(s, err);
	if (!jv_is_valid(v))
		err_prefix(err, "%s: ", file);
	return v;
}
