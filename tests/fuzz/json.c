/* json: what json_scan takes, libjq takes too, and no style changes it. */
#include <string.h>
#include <unistd.h>

#include "base/fuzz.h"

/* The same value, and the same text again. */
static void
restyle(struct span text, jv v, enum jw_style style)
{
	struct buf out = BUF_INIT, again = BUF_INIT;
	struct err err;
	struct span s;
	jv w;

	json_restyle(text, style, false, &out);
	w = json_parse(buf_str(&out), out.len, "restyled", &err);
	fuzz_check(jv_is_valid(w));
	fuzz_check(jv_equal(jv_copy(v), w));
	s.p = out.p;
	s.len = out.len;
	json_restyle(s, style, false, &again);
	fuzz_check(again.len == out.len &&
	    memcmp(again.p, out.p, out.len) == 0);
	buf_release(&out);
	buf_release(&again);
}

static void
written(jv v)
{
	struct buf out = BUF_INIT;
	struct err err;
	struct jw w;
	jv again;

	jw_init(&w, &out, JW_LOG);
	jw_jv(&w, v);
	jw_release(&w);
	again = json_parse(buf_str(&out), out.len, "written", &err);
	fuzz_check(jv_equal(jv_copy(v), again));
	buf_release(&out);
}

static void
whole(const uint8_t *data, size_t len)
{
	struct buf text = BUF_INIT;
	struct span s;
	struct err err;
	jv v;

	fuzz_text(data, len, &text);
	s.p = text.p;
	s.len = text.len;
	if (json_scan(s.p, s.len, "text", 1, &err) == 0) {
		v = json_parse_scanned(s, &err);
		fuzz_check(jv_is_valid(v));
		fuzz_check(json_depth(s) <= JSON_DEPTH);
		restyle(s, v, JW_COMPACT);
		restyle(s, v, JW_PRETTY);
		restyle(s, v, JW_LOG);
		written(v);
		jv_free(v);
	}
	buf_release(&text);
}

/* Ends, and every value of it stands by itself. */
static void
stream(const uint8_t *data, size_t len)
{
	int fd = fuzz_file(data, len);
	struct json_stream *s;
	struct span value;
	struct err err;
	size_t line;

	lseek(fd, 0, SEEK_SET);
	s = json_stream_new(fd, "stream");
	while (json_stream_next(s, &value, &line, &err) == 1)
		fuzz_check(json_scan(value.p, value.len, "value", line,
		    &err) == 0);
	json_stream_free(s);
	close(fd);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	whole(data, len);
	stream(data, len);
	return 0;
}
