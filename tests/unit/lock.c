/* lock: exclusion, deadline, replaced file, dead holders. */
#define _GNU_SOURCE		/* nftw, flock, F_OFD_SETLK */

#include <signal.h>
#include <sys/file.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "scratch.h"
#include "store/lock.h"

/* A child that holds the lock until it is killed. */
static pid_t
holder(const struct scratch *s)
{
	struct err err;
	int fd[2];
	pid_t pid;
	char c;

	assert_int_equal(pipe(fd), 0);
	if ((pid = fork()) == 0) {
		c = lock_take(s->path, "lock", 0, "holding", &err) != NULL;
		if (write(fd[1], &c, 1) == 1)
			for (;;)
				pause();
		_exit(1);
	}
	assert_int_equal(read(fd[0], &c, 1), 1);
	assert_int_equal(c, 1);
	close(fd[0]);
	close(fd[1]);
	return pid;
}

static void
end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void
test_busy_says_who(void **state)
{
	const struct scratch *s = *state;
	pid_t pid = holder(s);
	struct err err;
	char text[32];

	assert_null(lock_take(s->path, "lock", 0, "me", &err));
	assert_int_equal(err.status, LO_AGAIN);
	snprintf(text, sizeof(text), "process %ld", (long)pid);
	assert_has(err.text, text);
	assert_has(err.text, "holding");
	end(pid);
}

static void
test_waits_until_the_deadline(void **state)
{
	const struct scratch *s = *state;
	pid_t pid = holder(s);
	double start = clock_steady();
	struct err err;

	assert_null(lock_take(s->path, "lock", 0.3, "me", &err));
	assert_int_equal(err.status, LO_AGAIN);
	assert_true(clock_steady() - start >= 0.3);
	end(pid);
}

static void
test_a_dead_holder_frees_it(void **state)
{
	const struct scratch *s = *state;
	pid_t pid = holder(s);
	struct lock *l;
	struct err err;

	end(pid);
	l = lock_take(s->path, "lock", 0, "me", &err);
	assert_non_null(l);
	lock_release(l);
}

static void
test_takes_over_when_released(void **state)
{
	const struct scratch *s = *state;
	pid_t pid = holder(s), killer;
	struct lock *l;
	struct err err;

	if ((killer = fork()) == 0) {
		clock_sleep(0.2);
		kill(pid, SIGKILL);
		_exit(0);
	}
	l = lock_take(s->path, "lock", 20, "me", &err);
	assert_non_null(l);
	assert_true(lock_waited(l) > 0.1);
	lock_release(l);
	waitpid(killer, NULL, 0);
	waitpid(pid, NULL, 0);
}

/* Looptimum takes flock alone, an NFS server sees record locks alone. */
static void
test_either_lock_excludes(void **state)
{
	const struct scratch *s = *state;
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	struct err err;
	int fd = openat(s->dir, "lock", O_RDWR | O_CREAT, 0666);

	assert_int_equal(flock(fd, LOCK_EX), 0);
	assert_null(lock_take(s->path, "lock", 0, "me", &err));
	assert_int_equal(flock(fd, LOCK_UN), 0);
#ifdef F_OFD_SETLK
	assert_int_equal(fcntl(fd, F_OFD_SETLK, &whole), 0);
	assert_null(lock_take(s->path, "lock", 0, "me", &err));
	assert_int_equal(err.status, LO_AGAIN);
#endif
	(void)whole;
	close(fd);
}

static void
test_replaced_file_is_noticed(void **state)
{
	const struct scratch *s = *state;
	struct err err;
	struct lock *l = lock_take(s->path, "lock", 0, "me", &err), *other;

	assert_int_equal(lock_check(l, &err), 0);
	assert_int_equal(unlinkat(s->dir, "lock", 0), 0);
	assert_int_equal(lock_check(l, &err), -1);
	assert_int_equal(err.status, LO_IO);
	other = lock_take(s->path, "lock", 0, "you", &err);
	assert_non_null(other);
	assert_int_equal(lock_check(l, &err), -1);
	assert_int_equal(lock_check(other, &err), 0);
	lock_release(other);
	lock_release(l);
}

/* Unlinked while we wait: the new file is taken, not the old one. */
/* A server gave it to another, who wrote into it, without our knowledge. */
static void
test_another_holder_is_noticed(void **state)
{
	const struct scratch *s = *state;
	struct err err;
	struct lock *l = lock_take(s->path, "lock", 0, "one", &err);
	int fd = openat(s->dir, "lock", O_WRONLY | O_CLOEXEC);

	assert_non_null(l);
	assert_int_equal(lock_check(l, &err), 0);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "{\"pid\": 1", 9), 9);
	close(fd);
	assert_int_equal(lock_check(l, &err), -1);
	assert_int_equal(err.status, LO_IO);
	assert_non_null(strstr(err.text, "another process"));
	lock_release(l);
}

static void
test_unlinked_while_waiting(void **state)
{
	const struct scratch *s = *state;
	pid_t pid = holder(s), killer;
	struct lock *l;
	struct err err;

	if ((killer = fork()) == 0) {
		clock_sleep(0.2);
		unlinkat(s->dir, "lock", 0);
		kill(pid, SIGKILL);
		_exit(0);
	}
	l = lock_take(s->path, "lock", 20, "me", &err);
	assert_non_null(l);
	assert_int_equal(lock_check(l, &err), 0);
	lock_release(l);
	waitpid(killer, NULL, 0);
	waitpid(pid, NULL, 0);
}

static void
test_readers_share_and_never_create(void **state)
{
	const struct scratch *s = *state;
	struct err err;
	struct lock *l;
	int fd;

	assert_int_equal(lock_share(s->dir, "lock"), -1);
	assert_true(scratch_absent(s, "lock"));
	l = lock_take(s->path, "lock", 0, "me", &err);
	assert_int_equal(lock_share(s->dir, "lock"), -1);
	lock_release(l);
	fd = lock_share(s->dir, "lock");
	assert_true(fd >= 0);
	close(fd);
}

static void
test_only_a_regular_file(void **state)
{
	const struct scratch *s = *state;
	struct err err;

	assert_int_equal(mkfifoat(s->dir, "lock", 0666), 0);
	assert_null(lock_take(s->path, "lock", 0, "me", &err));
	assert_has(err.text, "not a regular file");
	scratch_write(s, "other", "x");
	assert_int_equal(symlinkat("other", s->dir, "link"), 0);
	assert_null(lock_take(s->path, "link", 0, "me", &err));
	scratch_has(s, "other", "x");
}

static void
test_its_directories_are_made_and_no_links(void **state)
{
	const struct scratch *s = *state;
	struct err err;
	struct lock *l = lock_take(s->path, "a/b/lock", 0, "me", &err);
	char whole[100];

	assert_non_null(l);
	assert_false(scratch_absent(s, "a/b/lock"));
	assert_int_equal(lock_check(l, &err), 0);
	assert_int_equal(lock_share(s->dir, "a/b/lock"), -1);
	lock_release(l);
	snprintf(whole, sizeof(whole), "%s/a/lock", s->path);
	l = lock_take("/", whole, 0, "me", &err);
	assert_non_null(l);
	lock_release(l);
	assert_false(scratch_absent(s, "a/lock"));
	assert_int_equal(symlinkat("a", s->dir, "link"), 0);
	assert_null(lock_take(s->path, "link/other", 0, "me", &err));
	assert_has(err.text, "link");
	assert_true(scratch_absent(s, "a/other"));
}

/* 16 processes count to 320 in a file, each step under the lock. */
static void
test_nobody_overlaps(void **state)
{
	const struct scratch *s = *state;
	struct buf text = BUF_INIT;
	struct err err;
	int i, k, n;

	scratch_write(s, "count", "0");
	for (i = 0; i < 16; i++) {
		if (fork() != 0)
			continue;
		for (k = 0; k < 20; k++) {
			struct lock *l = lock_take(s->path, "lock", 60, "me",
			    &err);

			if (l == NULL)
				_exit(1);
			buf_cut(&text, 0);
			file_slurp(s->dir, "count", "count", &text, &err);
			n = atoi(text.p) + 1;
			buf_cut(&text, 0);
			buf_addf(&text, "%d", n);
			file_replace(s->dir, "count", text.p, text.len, false,
			    &err);
			lock_release(l);
		}
		_exit(0);
	}
	for (i = 0; i < 16; i++) {
		wait(&n);
		assert_int_equal(n, 0);
	}
	scratch_has(s, "count", "320");
}

#define IN_SCRATCH(f) \
	cmocka_unit_test_setup_teardown(f, scratch_make, scratch_remove)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_SCRATCH(test_busy_says_who),
		IN_SCRATCH(test_waits_until_the_deadline),
		IN_SCRATCH(test_a_dead_holder_frees_it),
		IN_SCRATCH(test_takes_over_when_released),
		IN_SCRATCH(test_either_lock_excludes),
		IN_SCRATCH(test_replaced_file_is_noticed),
		IN_SCRATCH(test_another_holder_is_noticed),
		IN_SCRATCH(test_unlinked_while_waiting),
		IN_SCRATCH(test_readers_share_and_never_create),
		IN_SCRATCH(test_only_a_regular_file),
		IN_SCRATCH(test_its_directories_are_made_and_no_links),
		IN_SCRATCH(test_nobody_overlaps),
	};

	return cmocka_run_group_tests_name("lock", tests, NULL, NULL);
}
