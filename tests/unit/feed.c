/* feed: suggestions out of a stream, as soon as they are complete. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "ops/feed.h"

#define ONE "{\"trial_id\":1,\"params\":{\"x\":1}}"
#define TWO "{\"trial_id\":2,\"params\":{\"x\":2}}"

struct source {
	int pipe[2];
	struct feed *feed;
};

static void
begin(struct source *s)
{
	struct err err;

	assert_int_equal(pipe(s->pipe), 0);
	s->feed = feed_new(s->pipe[0], "in", &err);
	assert_non_null(s->feed);
}

static void
end(struct source *s)
{
	feed_free(s->feed);
	close(s->pipe[0]);
	if (s->pipe[1] >= 0)
		close(s->pipe[1]);
}

static void
give(struct source *s, const char *text)
{
	struct err err;

	assert_int_equal(write(s->pipe[1], text, strlen(text)),
	    strlen(text));
	assert_int_equal(feed_fill(s->feed, &err), 0);
}

static void
give_end(struct source *s)
{
	struct err err;

	close(s->pipe[1]);
	s->pipe[1] = -1;
	assert_int_equal(feed_fill(s->feed, &err), 0);
}

static void
expect(struct source *s, int state, int64_t id)
{
	struct suggestion *found;
	struct err err;

	assert_int_equal(feed_next(s->feed, &found, &err), state);
	if (state == FEED_ONE)
		assert_int_equal(found->id, id);
	else
		assert_null(found);
	suggestion_free(found);
}

static void
all_shapes(void **state)
{
	static const char *const shape[] = {
		ONE "\n" TWO "\n", ONE TWO, "[" ONE "," TWO "]",
		"{\"count\":2,\"suggestions\":[" ONE ",\n" TWO "]}",
		"[" ONE "]" TWO, "[]" ONE "{\"suggestions\":[]}" TWO,
		" \n" ONE "\n\n\n" TWO
	};
	struct source s;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(shape) / sizeof(shape[0]); i++) {
		begin(&s);
		give(&s, shape[i]);
		expect(&s, FEED_ONE, 1);
		expect(&s, FEED_ONE, 2);
		expect(&s, FEED_WAIT, 0);
		give_end(&s);
		expect(&s, FEED_END, 0);
		expect(&s, FEED_END, 0);
		end(&s);
	}
}

static void
one_is_there_while_the_writer_stays(void **state)
{
	struct source s;

	(void)state;
	begin(&s);
	expect(&s, FEED_WAIT, 0);
	give(&s, "{\"trial_id\":1,");
	expect(&s, FEED_WAIT, 0);
	give(&s, "\"params\":{\"x\":1}}");
	expect(&s, FEED_ONE, 1);
	expect(&s, FEED_WAIT, 0);
	end(&s);
}

static void
text_is_kept(void **state)
{
	struct source s;
	struct suggestion *found;
	struct err err;

	(void)state;
	begin(&s);
	give(&s, "{\n \"trial_id\": 3, \"schema_version\":\"0.3.0\",\n"
	    " \"params\": { \"x\": 1.50e-3, \"\\u0061\": \"b\\/c\" },\n"
	    " \"lease_token\": \"ab\\u0063\", \"mine\": 1.0 }");
	assert_int_equal(feed_next(s.feed, &found, &err), FEED_ONE);
	assert_null(strchr(found->text, '\n'));
	assert_int_equal(found->len, strlen(found->text));
	assert_non_null(strstr(found->text, "\"x\":1.50e-3"));
	assert_non_null(strstr(found->text, "\"mine\":1.0"));
	assert_string_equal(found->lease, "abc");
	assert_memory_equal(found->schema_version.p, "\"0.3.0\"", 7);
	assert_int_equal(found->values.n, 2);
	assert_string_equal(found->values.value[0].text, "1.50e-3");
	assert_string_equal(found->values.value[1].name, "a");
	assert_string_equal(found->values.value[1].text, "b/c");
	suggestion_free(found);
	end(&s);
}

static void
bad(const char *text, const char *words)
{
	struct source s;
	struct suggestion *found;
	struct err err;

	begin(&s);
	give(&s, "\n");
	give(&s, text);
	give(&s, " " TWO);
	assert_int_equal(feed_next(s.feed, &found, &err), FEED_BAD);
	assert_null(found);
	if (strstr(err.text, words) == NULL)
		fail_msg("%s: %s", text, err.text);
	expect(&s, FEED_ONE, 2);	/* the rest is handled */
	end(&s);
}

static void
what_is_no_suggestion(void **state)
{
	(void)state;
	bad("17", "in:2: .: expected an object, got 17");
	bad("{\"params\":{}}", "in:2: .trial_id: missing");
	bad("{\"trial_id\":0,\"params\":{}}", ".trial_id: expected");
	bad("{\"trial_id\":1.5,\"params\":{}}", ".trial_id: expected");
	bad("{\"trial_id\":\"1\",\"params\":{}}", ".trial_id: expected");
	bad("{\"trial_id\":1}", ".params: missing");
	bad("{\"trial_id\":1,\"params\":[]}", ".params: expected an object");
	bad("{\"trial_id\":1,\"params\":{},\"lease_token\":5}",
	    ".lease_token: expected");
	bad("{\"trial_id\":4,\"params\":{\"a-b\":1,\"a b\":1}}",
	    "in:2: trial 4: parameters \"a-b\" and \"a b\"");
	bad("[3]", "expected an object, got 3");
}

static void
a_syntax_error_ends_the_stream(void **state)
{
	struct source s;
	struct suggestion *found;
	struct err err;

	(void)state;
	begin(&s);
	give(&s, ONE "\n{\"trial_id\":NaN}\n" TWO);
	expect(&s, FEED_ONE, 1);
	assert_int_equal(feed_next(s.feed, &found, &err), FEED_BAD);
	assert_non_null(strstr(err.text, "in: line 2 column 13"));
	expect(&s, FEED_END, 0);
	end(&s);
}

static void
a_torn_end(void **state)
{
	struct source s;

	(void)state;
	begin(&s);
	give(&s, "{\"trial_id\":1");
	give_end(&s);
	expect(&s, FEED_BAD, 0);
	expect(&s, FEED_END, 0);
	end(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_shapes),
		cmocka_unit_test(one_is_there_while_the_writer_stays),
		cmocka_unit_test(text_is_kept),
		cmocka_unit_test(what_is_no_suggestion),
		cmocka_unit_test(a_syntax_error_ends_the_stream),
		cmocka_unit_test(a_torn_end)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
