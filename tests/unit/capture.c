/* capture: streams, lines, copies. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/xmem.h"
#include "ops/capture.h"

static void
collect(void *arg, const char *p, size_t len)
{
	buf_add(arg, p, len);
	buf_addc(arg, '|');
}

static void
lines_are_passed_on_whole(void **state)
{
	struct capture c;
	struct buf seen = BUF_INIT;

	(void)state;
	capture_init(&c);
	c.line = collect;
	c.line_arg = &seen;
	capture_add(&c, "on", 2);
	assert_int_equal(seen.len, 0);
	capture_add(&c, "e\ntwo\n\nth", 9);
	assert_string_equal(seen.p, "one|two||");
	capture_end(&c);
	capture_end(&c);
	assert_string_equal(seen.p, "one|two||th|");
	assert_string_equal(c.text.p, "one\ntwo\n\nth");
	capture_reset(&c);
	assert_int_equal(c.text.len, 0);
	capture_release(&c);
	buf_release(&seen);
}

static void
a_line_without_end_comes_in_pieces(void **state)
{
	struct capture c;
	struct buf seen = BUF_INIT;
	char *bytes = xcalloc(1, CAPTURE_LINE);

	(void)state;
	memset(bytes, 'x', CAPTURE_LINE);
	capture_init(&c);
	c.line = collect;
	c.line_arg = &seen;
	capture_add(&c, bytes, CAPTURE_LINE);
	assert_int_equal(seen.len, CAPTURE_LINE + 1);
	capture_end(&c);
	assert_int_equal(seen.len, CAPTURE_LINE + 1);
	capture_release(&c);
	buf_release(&seen);
	free(bytes);
}

static void
of_too_much_the_end_is_kept(void **state)
{
	struct capture c;
	char *bytes = xcalloc(1, CAPTURE_KEEP);
	size_t i;

	(void)state;
	memset(bytes, 'x', CAPTURE_KEEP);
	capture_init(&c);
	for (i = 0; i <= CAPTURE_MAX / CAPTURE_KEEP; i++) {
		assert_false(c.cut);
		capture_add(&c, bytes, CAPTURE_KEEP);
	}
	capture_add(&c, "\nlast", 5);
	assert_true(c.cut);
	assert_int_equal(c.text.len, CAPTURE_KEEP + 5);
	assert_string_equal(c.text.p + c.text.len - 5, "\nlast");
	capture_release(&c);
	free(bytes);
}

/* ------------------------------------------------------------- copies */

struct place {
	char dir[64];
	struct paths paths;
};

static void
make_place(struct place *p)
{
	char path[160];

	memset(p, 0, sizeof(*p));
	strcpy(p->dir, "/tmp/lo-capture-XXXXXX");
	assert_non_null(mkdtemp(p->dir));
	snprintf(path, sizeof(path), "%s/trials", p->dir);
	assert_int_equal(mkdir(path, 0777), 0);
	snprintf(path, sizeof(path), "%s/trials/trial_1", p->dir);
	assert_int_equal(mkdir(path, 0777), 0);
	p->paths.state_dir = p->dir;
	p->paths.real[PATH_TRIALS] = (char *)"trials";
}

static void
remove_place(struct place *p)
{
	char command[160];

	snprintf(command, sizeof(command), "rm -rf %s", p->dir);
	assert_int_equal(system(command), 0);
}

static void
in_place(const struct place *p, const char *name, char path[160])
{
	snprintf(path, 160, "%s/trials/%s", p->dir, name);
}

/* Capture "hello" for a trial; is there a copy? */
static bool
copies(const struct place *p, int64_t id)
{
	struct capture c;
	bool open;

	capture_init(&c);
	capture_log(&c, &p->paths, id, "stdout.log");
	open = c.log >= 0;
	capture_add(&c, "hello", 5);
	assert_string_equal(c.text.p, "hello");
	capture_release(&c);
	return open;
}

static void
expect_file(const char *path, const char *text)
{
	char bytes[64] = "";
	int fd = open(path, O_RDONLY);

	assert_true(fd >= 0);
	assert_true(read(fd, bytes, sizeof(bytes) - 1) >= 0);
	assert_string_equal(bytes, text);
	close(fd);
}

static void
a_copy_in_the_trials_directory(void **state)
{
	struct place p;
	char path[160];

	(void)state;
	make_place(&p);
	in_place(&p, "trial_1/stdout.log", path);
	assert_true(copies(&p, 1));
	expect_file(path, "hello");
	assert_true(copies(&p, 1));
	expect_file(path, "hello");
	assert_false(copies(&p, 2));	/* no such directory: none is made */
	in_place(&p, "trial_2", path);
	assert_int_not_equal(access(path, F_OK), 0);
	remove_place(&p);
}

static void
no_link_is_followed(void **state)
{
	struct place p;
	char path[160], victim[160];

	(void)state;
	make_place(&p);
	in_place(&p, "victim", victim);
	close(open(victim, O_WRONLY | O_CREAT, 0666));
	in_place(&p, "trial_1/stdout.log", path);
	assert_int_equal(symlink(victim, path), 0);
	assert_false(copies(&p, 1));
	expect_file(victim, "");
	unlink(path);
	assert_int_equal(link(victim, path), 0);
	assert_false(copies(&p, 1));
	expect_file(victim, "");
	unlink(path);
	assert_int_equal(mkfifo(path, 0666), 0);
	assert_false(copies(&p, 1));
	in_place(&p, "trial_3", path);
	in_place(&p, "trial_1", victim);
	assert_int_equal(symlink(victim, path), 0);
	assert_false(copies(&p, 3));
	remove_place(&p);
}

/* --------------------------------------------------------------- text */

static void
clean(const char *text, size_t max, const char *expected)
{
	struct buf b = BUF_INIT;

	capture_clean(text, strlen(text), max, &b);
	assert_string_equal(b.p, expected);
	buf_release(&b);
}

static void
text_for_messages(void **state)
{
	(void)state;
	clean("", 10, "");
	clean("plain", 10, "plain");
	clean("plain", 5, "plain");
	clean("plain", 4, "plai...");
	clean("a\tb\033[1m\x7f", 20, "a b?[1m?");
	clean("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", 20,
	    "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
	clean("\xc3\xa9\xe2\x82\xac", 3, "\xc3\xa9...");
	clean("\xc3", 9, "?");
	clean("\xff\x80x", 9, "??x");
	clean("\xed\xa0\x80", 9, "???");	/* a surrogate */
	clean("\xc0\xaf", 9, "??");		/* overlong */
	clean("\xc2\x9b", 9, "??");		/* a control character */
}

static void
last(const char *text, const char *expected)
{
	struct span s = capture_last_line(text, strlen(text));

	assert_int_equal(s.len, strlen(expected));
	assert_memory_equal(s.p, expected, s.len);
}

static void
last_lines(void **state)
{
	(void)state;
	last("", "");
	last("\n\n", "");
	last("a", "a");
	last("a\nb\n", "b");
	last("a\n  b \r\n \n\n", "b");
	assert_int_equal(capture_tail("a\nb\nc\n", 6, 1), 4);
	assert_int_equal(capture_tail("a\nb\nc", 5, 2), 2);
	assert_int_equal(capture_tail("a\nb\nc", 5, 9), 0);
	assert_int_equal(capture_tail("", 0, 3), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_passed_on_whole),
		cmocka_unit_test(a_line_without_end_comes_in_pieces),
		cmocka_unit_test(of_too_much_the_end_is_kept),
		cmocka_unit_test(a_copy_in_the_trials_directory),
		cmocka_unit_test(no_link_is_followed),
		cmocka_unit_test(text_for_messages),
		cmocka_unit_test(last_lines)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
