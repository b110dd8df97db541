/* json: what is refused and where, paths, streams, writing. */
#include <unistd.h>

#include "store/json.h"
#include "unit.h"

static void
refused(const char *text, const char *part)
{
	struct err err;

	if (json_scan(text, strlen(text), "f.json", 1, &err) == 0)
		fail_msg("accepted: %s", text);
	assert_has(err.text, "f.json: ");
	assert_has(err.text, part);
	assert_int_equal(err.status, LO_REFUSED);
}

static void
accepted(const char *text)
{
	struct err err;

	if (json_scan(text, strlen(text), "f.json", 1, &err) != 0)
		fail_msg("%s: %s", text, err.text);
}

static void
test_accepts_json(void **state)
{
	(void)state;
	accepted("null");
	accepted(" [] ");
	accepted("{\"a\":{\"a\":1},\"b\":[1,-0.5e-3,0,\"\\u00e9\\n\"]}");
	accepted("\"\\ud83d\\ude00 \xf0\x9f\x98\x80\"");
	accepted("9007199254740992");
	accepted("1.7976931348623157e308");
	accepted("1e-400");
}

static void
test_refuses_with_line_and_column(void **state)
{
	(void)state;
	refused("", "empty");
	refused("  \n ", "empty");
	refused("{\"a\":1,\n  \"a\":2}",
	    "line 2 column 3: duplicate key \"a\"");
	refused("{\"a\":1,\"\\u0061\":2}", "duplicate key");
	refused("[1,\n NaN]", "line 2 column 2: NaN");
	refused("[Infinity]", "line 1 column 2: NaN and infinities");
	refused("[-Infinity]", "line 1 column 3: expected a digit");
	refused("[1e999]", "line 1 column 2: number too large");
	refused("[-1e400]", "number too large");
	refused("{\"n\": 9007199254740993}", "column 7: integer beyond 2^53");
	refused("[1] x", "line 1 column 5: text after the end");
	refused("{} {}", "text after the end");
	refused("[1,]", "comma before the end");
	refused("[1 2]", "expected ',' or ']', got '2'");
	refused("{\"a\" 1}", "expected ':'");
	refused("{a:1}", "expected a key in double quotes");
	refused("[01]", "leading zero");
	refused("[.5]", "expected a value, got '.'");
	refused("[1.]", "expected a digit");
	refused("[+1]", "expected a value");
	refused("'a'", "expected a value");
	refused("[\"a]", "string without end");
	refused("[\"a\tb\"]", "control character");
	refused("[\"\\x\"]", "unknown escape");
	refused("[\"\\ud800\"]", "half of a surrogate pair");
	refused("{\"a\\u0000b\":1}", "column 2: NUL character in a key");
	refused("[\"\\ude00\"]", "half of a surrogate pair");
	refused("[\"\\u12g4\"]", "four hexadecimal digits");
	refused("[tru]", "expected a value");
	refused("{", "end of the text");
	refused("\xef\xbb\xbf{}", "byte order mark");
	refused("// c\n1", "expected a value");
}

static void
test_refuses_bad_utf8(void **state)
{
	(void)state;
	refused("[\"\x80\"]", "line 1 column 3: invalid UTF-8");
	refused("[\"\xc0\xaf\"]", "invalid UTF-8");		/* overlong */
	refused("[\"\xed\xa0\x80\"]", "invalid UTF-8");	/* surrogate */
	refused("[\"\xf4\x90\x80\x80\"]", "invalid UTF-8");
	refused("[\"\xe2\x82\"]", "invalid UTF-8");		/* cut */
	/* columns count characters, not bytes */
	refused("[\"\xc3\xa9\xc3\xa9\x80\"]", "column 5: invalid UTF-8");
}

static void
test_refuses_nul(void **state)
{
	struct err err;

	(void)state;
	assert_int_equal(json_scan("[\0]", 3, "f", 1, &err), -1);
	assert_has(err.text, "got byte 0x00");
	assert_int_equal(json_scan("[\"\0\"]", 5, "f", 1, &err), -1);
	assert_has(err.text, "control character");
}

static void
test_depth_is_limited(void **state)
{
	char text[2 * 257 + 1];

	(void)state;
	memset(text, '[', 257);
	memset(text + 257, ']', 257);
	text[514] = '\0';
	refused(text, "nested deeper than 256");
	text[513] = '\0';
	accepted(text + 1);
}

static void
test_many_keys(void **state)
{
	struct buf text = BUF_INIT;
	int i;

	(void)state;
	buf_addc(&text, '{');
	for (i = 0; i < 20000; i++)
		buf_addf(&text, "%s\"k%d\":%d", i > 0 ? "," : "", i, i);
	buf_addc(&text, '}');
	accepted(text.p);
	text.p[text.len - 1] = ',';
	buf_adds(&text, "\"k7\":1}");
	refused(text.p, "duplicate key \"k7\"");
	buf_release(&text);
}

/* Keys made so that their hashes (FNV-1a) agree: each of the pairs leaves
 * the same hash behind. */
static void
colliding_key(struct buf *out, int choice)
{
	static const char *const pair[3][2] = {
		{ "l9On", "H8aa" }, { "mCCn", "q2aa" }, { "lCCn", "p2aa" }
	};
	int i;

	for (i = 0; i < 15; i++)
		buf_adds(out, pair[i < 2 ? i : 2][choice >> i & 1]);
}

static void
test_many_keys_of_one_hash(void **state)
{
	struct buf text = BUF_INIT, key = BUF_INIT;
	int i;

	(void)state;
	for (i = 0; i < 1 << 15; i++) {
		buf_adds(&text, i > 0 ? "\":1,\"" : "{\"");
		colliding_key(&text, i);
	}
	buf_adds(&text, "\":1}");
	accepted(text.p);
	colliding_key(&key, 0x1234);
	buf_cut(&text, text.len - 1);
	buf_addf(&text, ",\"\\u%04x%s\":1}", key.p[0], key.p + 1);
	refused(text.p, "duplicate key \"\\u006c9On");
	buf_release(&text);
	buf_release(&key);
}

static void
test_fields_name_their_path(void **state)
{
	static const char *const keys[] = { "list", "odd key", NULL };
	const char *text = "{\"list\":[1,{\"n\":\"x\"}],\"odd key\":{\"b\":1}}";
	struct buf path = BUF_INIT;
	struct err err;
	jv doc = json_parse(text, strlen(text), "f.json", &err);
	struct json root = json_root(doc, "f.json"), list, one, n;
	double x;
	int64_t i;
	int len;

	(void)state;
	list = json_member(&root, "list");
	assert_int_equal(json_array(&list, &len, &err), 0);
	assert_int_equal(len, 2);
	one = json_element(&list, 1);
	n = json_member(&one, "n");
	assert_int_equal(json_real(&n, &x, &err), -1);
	assert_string_equal(err.text, "f.json: .list[1].n: expected a number, "
	    "got \"x\"");
	n = json_member(&one, "m");
	assert_int_equal(json_int(&n, 1, 5, &i, &err), -1);
	assert_string_equal(err.text, "f.json: .list[1].m: missing, expected "
	    "an integer from 1 to 5");
	one = json_member(&root, "odd key");
	n = json_member(&one, "b");
	json_path(&n, &path);
	assert_text(&path, ".[\"odd key\"].b");
	assert_int_equal(json_only(&root, keys, &err), 0);
	assert_int_equal(json_only(&one, keys, &err), -1);
	assert_has(err.text, "unknown key (known here: list, odd key)");
	buf_release(&path);
	jv_free(doc);
}

/* A wrong value is cut between characters. */
static void
test_long_values_are_cut(void **state)
{
	struct buf text = BUF_INIT;
	struct json root, f;
	struct err err;
	double x;
	int i, shift;
	jv doc;

	(void)state;
	for (shift = 0; shift < 3; shift++) {
		buf_cut(&text, 0);
		buf_addf(&text, "[\"%.*s", shift, "ab");
		for (i = 0; i < 100; i++)
			buf_adds(&text, "\xe2\x82\xac");
		buf_adds(&text, "\"]");
		doc = json_parse(text.p, text.len, "f", &err);
		root = json_root(doc, "f");
		f = json_element(&root, 0);
		assert_int_equal(json_real(&f, &x, &err), -1);
		assert_has(err.text, "\xe2\x82\xac...");
		assert_true(strlen(err.text) < 160);
		jv_free(doc);
	}
	buf_release(&text);
}

static void
test_what_is_no_utf8_is_not_written(void **state)
{
	struct buf out = BUF_INIT;
	struct jw w;

	(void)state;
	jw_init(&w, &out, JW_COMPACT);
	jw_text(&w, "a\xff\xc3\xa9\xc3");
	jw_release(&w);
	assert_text(&out, "\"a\\ufffd\xc3\xa9\\ufffd\"");
	buf_release(&out);
}

/* Numbers keep their form, wherever their member stands in the text. */
static void
test_like(void **state)
{
	static const char text[] = "{\"\\u00e9\": 1.0, "
	    "\"b\": {\"\\u0061\": 2e0}, \"c\": [3.0, 4], "
	    "\"gone\": 5.0, \"d\": 6.0}";
	struct span like = { text, strlen(text) }, none = { "[7.0]", 5 };
	struct buf out = BUF_INIT;
	struct err err;
	struct jw w;
	jv doc = json_parse(text, strlen(text), "f", &err);

	(void)state;
	doc = jv_object_delete(doc, jv_string("gone"));
	jw_init(&w, &out, JW_COMPACT);
	jw_array(&w);
	jw_like(&w, doc, like);
	jw_like(&w, doc, none);
	jw_end(&w);
	jw_release(&w);
	assert_text(&out, "[{\"\xc3\xa9\":1.0,\"b\":{\"a\":2.0},"
	    "\"c\":[3.0,4],\"d\":6.0},"
	    "{\"\xc3\xa9\":1,\"b\":{\"a\":2},\"c\":[3,4],\"d\":6}]");
	buf_release(&out);
	jv_free(doc);
}

/* libjq counts an object's depth twice, and repeats the text. */
static void
test_what_libjq_refuses_is_said_shortly(void **state)
{
	struct buf text = BUF_INIT;
	struct err err;
	int i;

	(void)state;
	for (i = 0; i < 200; i++)
		buf_adds(&text, "{\"a\":");
	buf_adds(&text, "1");
	for (i = 0; i < 200; i++)
		buf_adds(&text, "}");
	assert_false(jv_is_valid(json_parse(text.p, text.len, "f", &err)));
	assert_has(err.text, "f: ");
	assert_true(strlen(err.text) < 100);
	buf_release(&text);
}

/* ------------------------------------------------------------ streams */

static void
put(int fd, const char *text)
{
	assert_int_equal(write(fd, text, strlen(text)), (int)strlen(text));
}

static void
expect(struct json_stream *s, const char *text, size_t at_line)
{
	struct span value;
	struct err err;
	size_t line;

	assert_int_equal(json_stream_next(s, &value, &line, &err), 1);
	assert_int_equal(value.len, strlen(text));
	assert_memory_equal(value.p, text, value.len);
	assert_int_equal(line, at_line);
}

static void
test_stream_gives_values_while_writer_is_open(void **state)
{
	struct json_stream *s;
	struct span value;
	struct err err;
	size_t line;
	int fd[2];

	(void)state;
	assert_int_equal(pipe(fd), 0);
	s = json_stream_new(fd[0], "in");
	put(fd[1], "{\"a\":\"}\\\"\"}\n\n{\n\"b\":2}");
	expect(s, "{\"a\":\"}\\\"\"}", 1);
	expect(s, "{\n\"b\":2}", 3);
	put(fd[1], "[1][2] 3 {}");
	expect(s, "[1]", 4);
	expect(s, "[2]", 4);
	expect(s, "3", 4);
	expect(s, "{}", 4);
	put(fd[1], "\n4");
	close(fd[1]);
	expect(s, "4", 5);
	assert_int_equal(json_stream_next(s, &value, &line, &err), 0);
	json_stream_free(s);
	close(fd[0]);
}

static void
test_stream_stops_at_an_error(void **state)
{
	struct json_stream *s;
	struct span value;
	struct err err;
	size_t line;
	int fd[2];

	(void)state;
	assert_int_equal(pipe(fd), 0);
	s = json_stream_new(fd[0], "in");
	put(fd[1], "{}\n{\"a\":nul}\n{}\n");
	close(fd[1]);
	expect(s, "{}", 1);
	assert_int_equal(json_stream_next(s, &value, &line, &err), -1);
	assert_has(err.text, "in: line 2 column 6");
	assert_int_equal(json_stream_next(s, &value, &line, &err), 0);
	json_stream_free(s);
	close(fd[0]);
}

/* ------------------------------------------------------------ writing */

static void
write_sample(enum jw_style style, struct buf *out)
{
	struct jw w;

	jw_init(&w, out, style);
	jw_object(&w);
	JW_KEY(&w, "b", real, 2.0);
	JW_KEY(&w, "a", int, 3);
	jw_key(&w, "l");
	jw_array(&w);
	jw_text(&w, "\xc3\xa9\"\n");
	jw_bool(&w, true);
	jw_null(&w);
	jw_object(&w);
	jw_end(&w);
	jw_end(&w);
	jw_end(&w);
	jw_release(&w);
}

static void
test_styles(void **state)
{
	struct buf out = BUF_INIT;

	(void)state;
	write_sample(JW_COMPACT, &out);
	assert_text(&out, "{\"b\":2.0,\"a\":3,\"l\":[\"\xc3\xa9\\\"\\n\","
	    "true,null,{}]}");
	buf_cut(&out, 0);
	/* as json.dumps(..., indent=2, ensure_ascii=False) */
	write_sample(JW_PRETTY, &out);
	assert_text(&out, "{\n  \"b\": 2.0,\n  \"a\": 3,\n  \"l\": [\n"
	    "    \"\xc3\xa9\\\"\\n\",\n    true,\n    null,\n    {}\n  ]\n}");
	buf_cut(&out, 0);
	/* as json.dumps(..., sort_keys=True) */
	write_sample(JW_LOG, &out);
	assert_text(&out, "{\"a\": 3, \"b\": 2.0, \"l\": [\"\\u00e9\\\"\\n\", "
	    "true, null, {}]}");
	buf_release(&out);
}

static void
test_restyle_keeps_numbers_and_order(void **state)
{
	static const char text[] = "{\"z\":1.0,\"a\":[1e5,-0.0,\"\\u2028\"],"
	    "\"\xf0\x9f\x98\x80\":{}}";
	struct span s = { text, sizeof(text) - 1 };
	struct buf out = BUF_INIT;

	(void)state;
	json_restyle(s, JW_COMPACT, false, &out);
	assert_text(&out, text);
	buf_cut(&out, 0);
	json_restyle(s, JW_LOG, false, &out);
	assert_text(&out, "{\"a\": [1e5, -0.0, \"\\u2028\"], \"z\": 1.0, "
	    "\"\\ud83d\\ude00\": {}}");
	buf_release(&out);
}

static void
test_non_finite_is_null(void **state)
{
	struct buf out = BUF_INIT;
	struct jw w;

	(void)state;
	jw_init(&w, &out, JW_COMPACT);
	jw_array(&w);
	jw_real(&w, strtod("nan", NULL));
	jw_real(&w, strtod("inf", NULL));
	jw_end(&w);
	jw_release(&w);
	assert_text(&out, "[null,null]");
	buf_release(&out);
}

static void
test_walk_and_find(void **state)
{
	static const char text[] = "{ \"a\" : [1, {\"x\": \"]\"} ], \"b\":2 }";
	struct span s = { text, sizeof(text) - 1 }, v;
	struct json_walk w = json_walk(s);

	(void)state;
	assert_true(json_next(&w));
	assert_memory_equal(w.key.p, "a", w.key.len);
	assert_int_equal(w.value.len, strlen("[1, {\"x\": \"]\"} ]"));
	assert_true(json_next(&w));
	assert_int_equal(w.value.len, 1);
	assert_false(json_next(&w));
	v = json_find(s, "b");
	assert_memory_equal(v.p, "2", v.len);
	assert_int_equal(json_find(s, "c").len, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_accepts_json),
		cmocka_unit_test(test_refuses_with_line_and_column),
		cmocka_unit_test(test_refuses_bad_utf8),
		cmocka_unit_test(test_refuses_nul),
		cmocka_unit_test(test_depth_is_limited),
		cmocka_unit_test(test_many_keys),
		cmocka_unit_test(test_many_keys_of_one_hash),
		cmocka_unit_test(test_fields_name_their_path),
		cmocka_unit_test(test_long_values_are_cut),
		cmocka_unit_test(test_what_is_no_utf8_is_not_written),
		cmocka_unit_test(test_like),
		cmocka_unit_test(test_what_libjq_refuses_is_said_shortly),
		cmocka_unit_test(test_stream_gives_values_while_writer_is_open),
		cmocka_unit_test(test_stream_stops_at_an_error),
		cmocka_unit_test(test_styles),
		cmocka_unit_test(test_restyle_keeps_numbers_and_order),
		cmocka_unit_test(test_non_finite_is_null),
		cmocka_unit_test(test_walk_and_find),
	};

	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
