/* child: processes, groups, what they inherit and how they end. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "ops/child.h"

static char *environment[] = { (char *)"PATH=/usr/local/bin:/usr/bin:/bin",
    (char *)"ONLY=this", NULL };

static void
start(struct child *c, const char *script)
{
	char *argv[] = { (char *)"sh", (char *)"-c", (char *)script, NULL };
	struct err err;

	*c = (struct child)CHILD_NONE;
	if (child_start(c, argv, environment, &err) != 0)
		fail_msg("%s", err.text);
	assert_true(c->pid > 0);
}

/* All that it prints, then its wait status. */
static int
finish(struct child *c, struct buf *out)
{
	char bytes[4096];
	ssize_t n;
	int status;

	close(c->in);
	c->in = -1;
	(void)fcntl(c->out, F_SETFL, 0);
	while ((n = read(c->out, bytes, sizeof(bytes))) > 0)
		buf_add(out, bytes, (size_t)n);
	while (child_ended() != c->pid)
		;
	child_signal(c, SIGKILL);
	status = child_collect(c->pid);
	assert_int_equal(child_ended(), 0);
	child_close(c);
	return status;
}

static void
expect(const char *script, const char *output, int status)
{
	struct child c;
	struct buf out = BUF_INIT;

	start(&c, script);
	assert_int_equal(finish(&c, &out), status);
	assert_string_equal(buf_str(&out), output);
	buf_release(&out);
}

#define EXITED(n) ((n) << 8)	/* as Linux and the BSDs encode it */

static void
status_and_environment(void **state)
{
	(void)state;
	expect("echo $ONLY$HOME", "this\n", EXITED(0));
	expect("exit 7", "", EXITED(7));
	expect("exit 127", "", EXITED(127));
	expect("kill -USR1 $$", "", SIGUSR1);
}

static void
its_own_group(void **state)
{
	struct child c;
	struct buf out = BUF_INIT;

	(void)state;
	start(&c, "read line");
	assert_int_equal(getpgid(c.pid), c.pid);
	assert_int_equal(finish(&c, &out), EXITED(1));
	buf_release(&out);
}

static void
no_other_descriptor(void **state)
{
	int fd = open("/dev/null", O_RDONLY), high = dup2(fd, 57);

	(void)state;
	assert_int_equal(high, 57);
	if (access("/proc/self/fd", R_OK) != 0)
		skip();
	child_seal();
	expect("i=0; while [ $i -lt 100 ]; do test -e /proc/$$/fd/$i && "
	    "echo $i; i=$((i + 1)); done; true", "0\n1\n2\n", 0);
	close(high);
	close(fd);
}

static void
default_signals(void **state)
{
	sigset_t all, old;

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &old);
	expect("kill -PIPE $$; echo alive", "", SIGPIPE);
	expect("kill -XFSZ $$; echo alive", "", SIGXFSZ);
	expect("kill -TERM $$; echo alive", "", SIGTERM);
	sigprocmask(SIG_SETMASK, &old, NULL);
}

static void
refused(const char *command, const char *words)
{
	char *argv[] = { (char *)command, NULL };
	struct child c = CHILD_NONE;
	struct err err;

	assert_int_equal(child_start(&c, argv, environment, &err), -1);
	assert_int_equal(err.status, LO_REFUSED);
	if (strstr(err.text, words) == NULL)
		fail_msg("%s", err.text);
	assert_int_equal(c.pid, 0);
	assert_int_equal(c.in, -1);
	assert_int_equal(child_ended(), 0);
}

static void
write_file(const char *path, const char *text, int mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static void
what_cannot_be_executed(void **state)
{
	char plain[64], script[80];

	(void)state;
	snprintf(plain, sizeof(plain), "/tmp/lo-child-%ld", (long)getpid());
	snprintf(script, sizeof(script), "%s.sh", plain);
	refused("/nowhere/to/be/found", "No such file or directory");
	refused("lo-no-such-command", "in PATH");
	write_file(plain, "echo hi\n", 0644);
	refused(plain, "Permission denied");
	write_file(script, "#!/no/such/interpreter\n", 0755);
	refused(script, "interpreter");
	refused("/tmp", "Permission denied");
	unlink(plain);
	unlink(script);
}

static void
signals_reach_the_group(void **state)
{
	struct child c;
	struct buf out = BUF_INIT;
	char byte;

	(void)state;
	start(&c, "sleep 1000 & echo x; wait");
	(void)fcntl(c.out, F_SETFL, 0);
	assert_int_equal(read(c.out, &byte, 1), 1);
	child_signal(&c, SIGTERM);
	/* the end of its output shows that the sleeper is gone, too */
	assert_int_equal(finish(&c, &out), SIGTERM);
	buf_release(&out);
}

static void
a_stopped_one_is_ended(void **state)
{
	struct child c;
	struct buf out = BUF_INIT;

	(void)state;
	start(&c, "kill -STOP $$; echo alive");
	child_signal(&c, SIGTERM);
	assert_int_equal(finish(&c, &out), SIGTERM);
	assert_int_equal(out.len, 0);
	buf_release(&out);
}

static void
names_of_signals(void **state)
{
	char name[CHILD_SIGNAL_NAME];

	(void)state;
	assert_string_equal(child_signal_name(SIGSEGV, name), "SIGSEGV");
	assert_string_equal(child_signal_name(SIGKILL, name), "SIGKILL");
	assert_string_equal(child_signal_name(60, name), "SIG60");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(status_and_environment),
		cmocka_unit_test(its_own_group),
		cmocka_unit_test(no_other_descriptor),
		cmocka_unit_test(default_signals),
		cmocka_unit_test(what_cannot_be_executed),
		cmocka_unit_test(signals_reach_the_group),
		cmocka_unit_test(a_stopped_one_is_ended),
		cmocka_unit_test(names_of_signals)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
