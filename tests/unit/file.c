/* file: where paths lead and where they do not. */
#define _XOPEN_SOURCE 700	/* nftw, mkdtemp */

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "scratch.h"
#include "store/tree.h"

static int
slurp(const struct scratch *s, const char *path, struct err *err)
{
	struct buf text = BUF_INIT;
	int there = file_slurp(s->dir, path, path, &text, err);

	if (there > 0)
		assert_text(&text, "x");
	buf_release(&text);
	return there;
}

static int
put(const struct scratch *s, const char *path, struct err *err)
{
	const char *base;
	int status, dir = file_open_parent(s->dir, path, true, true, &base,
	    err);

	if (dir < 0)
		return -1;
	status = file_replace(dir, base, "x", 1, true, err);
	if (status == 0)
		status = file_sync_dir(dir, path, err);
	close(dir);
	return status;
}

static void
test_directories_are_made_on_the_way(void **state)
{
	const struct scratch *s = *state;
	char whole[100];
	struct err err;

	assert_int_equal(slurp(s, "a/b/c/file", &err), 0);
	assert_true(scratch_absent(s, "a"));
	assert_int_equal(put(s, "a/b//c/file", &err), 0);
	assert_int_equal(slurp(s, "a/b/c/file", &err), 1);
	assert_int_equal(put(s, "file", &err), 0);
	snprintf(whole, sizeof(whole), "%s/d/file", s->path);
	assert_int_equal(put(s, whole, &err), 0);
	assert_int_equal(slurp(s, "d/file", &err), 1);
	assert_int_equal(slurp(s, whole, &err), 1);
}

static void
test_no_way_out(void **state)
{
	const struct scratch *s = *state;
	struct err err;
	char far[400];

	assert_int_equal(put(s, "a/file", &err), 0);
	assert_int_equal(put(s, "a/../../file", &err), -1);
	assert_int_equal(err.status, LO_REFUSED);
	assert_int_equal(symlinkat("a", s->dir, "link"), 0);
	assert_int_equal(put(s, "link/other", &err), -1);
	assert_has(err.text, "cannot open directory link");
	assert_has(err.text, "symbolic link");
	assert_int_equal(slurp(s, "link/file", &err), -1);
	assert_int_equal(symlinkat("file", s->dir, "a/link"), 0);
	assert_int_equal(slurp(s, "a/link", &err), -1);
	assert_int_equal(slurp(s, "a/file/x", &err), -1);
	memset(far, 'n', sizeof(far));
	strcpy(far + 300, "/file");
	assert_int_equal(put(s, far, &err), -1);
	assert_int_equal(err.status, LO_REFUSED);
}

static void
test_only_regular_files_are_read(void **state)
{
	const struct scratch *s = *state;
	struct err err;

	assert_int_equal(mkfifoat(s->dir, "fifo", 0666), 0);
	assert_int_equal(slurp(s, "fifo", &err), -1);
	assert_has(err.text, "fifo: not a regular file");
	assert_int_equal(mkdirat(s->dir, "dir", 0777), 0);
	assert_int_equal(slurp(s, "dir", &err), -1);
}

/* As one who may go through a directory, but not list it. */
static void
go_through(const struct scratch *s)
{
	struct err err;
	char whole[100];

	if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
		_exit(77);
	snprintf(whole, sizeof(whole), "%s/a/b/file", s->path);
	if (slurp(s, whole, &err) != 1 || slurp(s, "a/b/file", &err) != 1)
		_exit(1);
	strcpy(strrchr(whole, '/'), "/new/file");
	_exit(put(s, whole, &err) == 0 ? 0 : 2);
}

static void
test_directories_on_the_way_need_not_be_readable(void **state)
{
	const struct scratch *s = *state;
	struct err err;
	int status;
	pid_t pid;

	assert_int_equal(put(s, "a/b/file", &err), 0);
	assert_int_equal(fchmodat(s->dir, "a/b", 0777, 0), 0);
	assert_int_equal(fchmodat(s->dir, "a", 0311, 0), 0);
	assert_int_equal(chmod(s->path, 0711), 0);
	if ((pid = fork()) == 0)
		go_through(s);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(fchmodat(s->dir, "a", 0777, 0), 0);
	assert_int_equal(status, 0);
}

/* The temporary files of one owner and target are one. */
static void
test_what_was_left_of_an_owned_replace_goes(void **state)
{
	const struct scratch *s = *state;
	struct file_place at = { .dir = s->dir, .base = "target",
	    .owner = "me" };
	struct dirent *e;
	struct err err;
	DIR *d;
	pid_t pid;
	int status, entries = 0;

	/* a file of which no more than two bytes get written */
	if ((pid = fork()) == 0) {
		setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
		setrlimit(RLIMIT_FSIZE, &(struct rlimit){ 2, 2 });
		signal(SIGXFSZ, SIG_DFL);
		file_replace_owned(&at, "whole", 5, &err);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	at.base = "other";
	assert_int_equal(file_replace_owned(&at, "x", 1, &err), 0);
	at.base = "target";
	assert_int_equal(file_replace_owned(&at, "whole", 5, &err), 0);
	scratch_has(s, "target", "whole");
	scratch_has(s, "other", "x");
	d = opendir(s->path);
	assert_non_null(d);
	while ((e = readdir(d)) != NULL)
		entries++;
	closedir(d);
	assert_int_equal(entries, 4);	/* ., .., and both */
}

static void
test_a_held_directory_is_not_swept(void **state)
{
	const struct scratch *s = *state;
	char path[100];
	const char *name;
	int fd;

	snprintf(path, sizeof(path), "%s/" FILE_TEMP "XXXXXX", s->path);
	name = path + strlen(s->path) + 1;
	fd = tree_make_held(path);
	assert_true(fd >= 0);
	tree_sweep_unheld(s->path);
	assert_false(scratch_absent(s, name));
	close(fd);
	tree_sweep_unheld(s->path);
	assert_true(scratch_absent(s, name));
	/* a file, or another directory, is not its business */
	scratch_write(s, FILE_TEMP "file", "");
	assert_int_equal(mkdirat(s->dir, "mine", 0777), 0);
	tree_sweep_unheld(s->path);
	assert_false(scratch_absent(s, FILE_TEMP "file"));
	assert_false(scratch_absent(s, "mine"));
}

#define IN_SCRATCH(f) \
	cmocka_unit_test_setup_teardown(f, scratch_make, scratch_remove)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_SCRATCH(test_directories_are_made_on_the_way),
		IN_SCRATCH(test_no_way_out),
		IN_SCRATCH(test_only_regular_files_are_read),
		IN_SCRATCH(test_what_was_left_of_an_owned_replace_goes),
		IN_SCRATCH(test_a_held_directory_is_not_swept),
		IN_SCRATCH(test_directories_on_the_way_need_not_be_readable),
	};

	return cmocka_run_group_tests_name("file", tests, NULL, NULL);
}
