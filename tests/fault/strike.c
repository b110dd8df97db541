/*
 * strike: run a program and do something to its K-th call that changes a
 * file.
 *
 *	strike [-r] [-k K -m MODE] [-i DIR]... [-l LOG] COMMAND [ARG...]
 *
 * Counted are calls that create, write, cut, rename, link, remove, chmod or
 * fsync something in one of the DIRs, and writes to standard output, where
 * they are the acknowledgement; with -r, those that open something there for
 * reading, and only those.  Only calls of COMMAND itself count; what
 * it starts is followed and dies with it.  LOG gets a line for each one,
 * "K CALL PATH", and "struck K CALL PATH" for the one that was hit.
 *
 * Modes: kill-before, kill-after; tear (half of a write, then killed);
 * shorten (half of a write, and on it goes); or the name of an error, which
 * the call fails with, and with a plus sign behind it each later call that
 * needs room, too: ENOSPC, EIO, EDQUOT, EINTR, EMFILE, EROFS.
 *
 * The exit status is the command's, 137 if it was killed, 125 if strike
 * itself failed.  Linux on x86-64 and aarch64.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__x86_64__)
#define ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCH AUDIT_ARCH_AARCH64
#else
#error "strike knows the registers of x86-64 and aarch64 only"
#endif

#define FAILED 125
#define MAX_INSIDE 4

/* Where a call names what it changes. */
enum form {
	FD0, FD2,	/* a descriptor, in that argument */
	PATH0, PATH1,	/* a path */
	AT0, AT1,	/* a directory's descriptor, and a path after it */
	AT0_AT2,	/* two such pairs */
	PATH0_PATH1
};

static const struct call {
	long nr;
	const char *name;
	enum form form;
} call_table[] = {
	{ __NR_openat, "openat", AT0 },
	{ __NR_write, "write", FD0 },
	{ __NR_pwrite64, "pwrite64", FD0 },
	{ __NR_writev, "writev", FD0 },
	{ __NR_pwritev, "pwritev", FD0 },
	{ __NR_sendfile, "sendfile", FD0 },
	{ __NR_copy_file_range, "copy_file_range", FD2 },
	{ __NR_fsync, "fsync", FD0 },
	{ __NR_fdatasync, "fdatasync", FD0 },
	{ __NR_syncfs, "syncfs", FD0 },
	{ __NR_ftruncate, "ftruncate", FD0 },
	{ __NR_truncate, "truncate", PATH0 },
	{ __NR_fallocate, "fallocate", FD0 },
	{ __NR_fchmod, "fchmod", FD0 },
	{ __NR_fchmodat, "fchmodat", AT0 },
	{ __NR_renameat2, "renameat2", AT0_AT2 },
	{ __NR_linkat, "linkat", AT0_AT2 },
	{ __NR_symlinkat, "symlinkat", AT1 },
	{ __NR_unlinkat, "unlinkat", AT0 },
	{ __NR_mkdirat, "mkdirat", AT0 },
	{ __NR_mknodat, "mknodat", AT0 },
#ifdef __NR_renameat
	{ __NR_renameat, "renameat", AT0_AT2 },
#endif
#ifdef __NR_open
	{ __NR_open, "open", PATH0 },
	{ __NR_creat, "creat", PATH0 },
	{ __NR_rename, "rename", PATH0_PATH1 },
	{ __NR_link, "link", PATH0_PATH1 },
	{ __NR_symlink, "symlink", PATH1 },
	{ __NR_unlink, "unlink", PATH0 },
	{ __NR_mkdir, "mkdir", PATH0 },
	{ __NR_rmdir, "rmdir", PATH0 },
	{ __NR_chmod, "chmod", PATH0 },
	{ __NR_mknod, "mknod", PATH0 },
#endif
};
#define CALLS (sizeof(call_table) / sizeof(call_table[0]))

enum mode { NOTHING, KILL_BEFORE, KILL_AFTER, TEAR, SHORTEN, FAIL, FAIL_ON };

static const struct {
	const char *name;
	int number;
} error_table[] = {
	{ "ENOSPC", ENOSPC }, { "EIO", EIO }, { "EDQUOT", EDQUOT },
	{ "EINTR", EINTR }, { "EMFILE", EMFILE }, { "EROFS", EROFS }
};

struct strike {
	enum mode mode;
	int error;
	long k;			/* 0: none */
	bool reads;		/* it counts what only reads */
	char *inside[MAX_INSIDE];
	int ninside;
	FILE *log;
	pid_t main;
	long seen;		/* calls that counted */
	bool dying;		/* once the call under way has returned */
};

struct place {
	char name[PATH_MAX];
};

_Noreturn static void
give_up(const char *what)
{
	fprintf(stderr, "strike: %s: %s\n", what, strerror(errno));
	exit(FAILED);
}

/* ----------------------------------------------------------- arguments */

static void
set_mode(struct strike *s, const char *text)
{
	static const char *const name[] = { "", "kill-before", "kill-after",
	    "tear", "shorten" };
	size_t i, n = strlen(text);
	bool on = n > 0 && text[n - 1] == '+';

	for (i = KILL_BEFORE; i <= SHORTEN; i++)
		if (strcmp(text, name[i]) == 0) {
			s->mode = (enum mode)i;
			return;
		}
	for (i = 0; i < sizeof(error_table) / sizeof(error_table[0]); i++)
		if (strncmp(text, error_table[i].name, n - on) == 0 &&
		    error_table[i].name[n - on] == '\0') {
			s->mode = on ? FAIL_ON : FAIL;
			s->error = error_table[i].number;
			return;
		}
	errno = EINVAL;
	give_up(text);
}

static void
add_inside(struct strike *s, const char *dir)
{
	char *real = realpath(dir, NULL);

	if (s->ninside == MAX_INSIDE)
		errno = E2BIG;
	if (real == NULL || s->ninside == MAX_INSIDE)
		give_up(dir);
	s->inside[s->ninside++] = real;
}

static void
options(struct strike *s, int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "+rk:m:i:l:")) != -1)
		switch (c) {
		case 'r':
			s->reads = true;
			break;
		case 'k':
			s->k = strtol(optarg, NULL, 10);
			break;
		case 'm':
			set_mode(s, optarg);
			break;
		case 'i':
			add_inside(s, optarg);
			break;
		case 'l':
			s->log = fopen(optarg, "we");
			if (s->log == NULL)
				give_up(optarg);
			break;
		default:
			exit(FAILED);
		}
	if (optind < argc)
		return;
	fprintf(stderr, "usage: strike [-r] [-k K -m MODE] [-i DIR]... "
	    "[-l LOG] COMMAND [ARG...]\n");
	exit(FAILED);
}

/* ------------------------------------------------------------ the child */

/* Stop at the calls of the table and at no other. */
static void
filter_calls(void)
{
	struct sock_filter code[CALLS + 6];
	struct sock_fprog program = { .filter = code };
	unsigned short n = 0;
	size_t i;

	code[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
	    offsetof(struct seccomp_data, arch));
	code[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
	    ARCH, 0, CALLS + 1);
	code[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
	    offsetof(struct seccomp_data, nr));
	for (i = 0; i < CALLS; i++)
		code[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ |
		    BPF_K, (uint32_t)call_table[i].nr,
		    (uint8_t)(CALLS - i), 0);
	code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K,
	    SECCOMP_RET_ALLOW);
	code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K,
	    SECCOMP_RET_TRACE);
	program.len = n;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
		give_up("seccomp");
}

_Noreturn static void
child(char **argv, int go)
{
	char c;

	if (read(go, &c, 1) != 1)
		exit(FAILED);
	close(go);
	filter_calls();
	execvp(argv[0], argv);
	give_up(argv[0]);
}

static void
start(struct strike *s, char **argv)
{
	int go[2];

	if (pipe2(go, O_CLOEXEC) != 0)
		give_up("pipe");
	s->main = fork();
	if (s->main < 0)
		give_up("fork");
	if (s->main == 0)
		child(argv, go[0]);
	if (ptrace(PTRACE_SEIZE, s->main, 0, PTRACE_O_EXITKILL |
	    PTRACE_O_TRACESECCOMP | PTRACE_O_TRACESYSGOOD |
	    PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
	    PTRACE_O_TRACECLONE) != 0)
		give_up("ptrace");
	if (write(go[1], "", 1) != 1)
		give_up("pipe");
	close(go[0]);
	close(go[1]);
}

/* ------------------------------------------------- what a call is about */

/* A string of the tracee's, page by page: the next may not be there. */
static void
fetch(pid_t pid, uint64_t from, struct place *to)
{
	struct iovec here, there;
	size_t have = 0, want;
	ssize_t n;

	while (have < sizeof(to->name) - 1) {
		want = 4096 - (size_t)((from + have) % 4096);
		if (want > sizeof(to->name) - 1 - have)
			want = sizeof(to->name) - 1 - have;
		here = (struct iovec){ to->name + have, want };
		there = (struct iovec){ (void *)(uintptr_t)(from + have),
		    want };
		n = process_vm_readv(pid, &here, 1, &there, 1, 0);
		if (n <= 0 || memchr(to->name + have, '\0', (size_t)n))
			break;
		have += (size_t)n;
	}
	to->name[sizeof(to->name) - 1] = '\0';
}

static void
of_descriptor(pid_t pid, int fd, struct place *to)
{
	char link[64];
	ssize_t n;

	if (fd == AT_FDCWD)
		snprintf(link, sizeof(link), "/proc/%d/cwd", (int)pid);
	else
		snprintf(link, sizeof(link), "/proc/%d/fd/%d", (int)pid, fd);
	n = readlink(link, to->name, sizeof(to->name) - 1);
	to->name[n > 0 ? n : 0] = '\0';
}

static void
of_path(pid_t pid, int dir, uint64_t path, struct place *to)
{
	struct place base;
	size_t n;

	memset(to, 0, sizeof(*to));
	fetch(pid, path, to);
	if (to->name[0] == '/')
		return;
	of_descriptor(pid, dir, &base);
	n = strlen(base.name);
	if (n + strlen(to->name) + 2 > sizeof(to->name))
		return;
	memmove(to->name + n + 1, to->name, strlen(to->name) + 1);
	memcpy(to->name, base.name, n);
	to->name[n] = '/';
}

static bool
is_inside(const struct strike *s, const struct place *p)
{
	size_t n;
	int i;

	for (i = 0; i < s->ninside; i++) {
		n = strlen(s->inside[i]);
		if (strncmp(p->name, s->inside[i], n) == 0 &&
		    (p->name[n] == '/' || p->name[n] == '\0'))
			return true;
	}
	return false;
}

/* The second place, if it has one, is the name that will be. */
static bool
concerns(const struct strike *s, const struct call *c, const uint64_t *arg,
    struct place *p)
{
	struct place first;

	switch (c->form) {
	case FD0:
	case FD2:
		of_descriptor(s->main, (int)arg[c->form == FD0 ? 0 : 2], p);
		break;
	case PATH0:
	case PATH1:
		of_path(s->main, AT_FDCWD, arg[c->form == PATH0 ? 0 : 1], p);
		break;
	case AT0:
		of_path(s->main, (int)arg[0], arg[1], p);
		break;
	case AT1:
		of_path(s->main, (int)arg[1], arg[2], p);
		break;
	case AT0_AT2:
		of_path(s->main, (int)arg[0], arg[1], &first);
		of_path(s->main, (int)arg[2], arg[3], p);
		return is_inside(s, p) || is_inside(s, &first);
	case PATH0_PATH1:
		of_path(s->main, AT_FDCWD, arg[0], &first);
		of_path(s->main, AT_FDCWD, arg[1], p);
		return is_inside(s, p) || is_inside(s, &first);
	}
	return is_inside(s, p);
}

static bool
opens_only(const struct call *c, const uint64_t *arg)
{
	uint64_t flags = c->nr == __NR_openat ? arg[2] : arg[1];
	bool opens = c->nr == __NR_openat;

#ifdef __NR_open
	opens = opens || c->nr == __NR_open;
#endif
	return opens && (flags & (O_CREAT | O_TRUNC)) == 0;
}

static bool
is_write(const struct call *c)
{
	return c->nr == __NR_write || c->nr == __NR_pwrite64;
}

static bool
needs_room(const struct call *c)
{
	static const char *const name[] = { "open", "write", "pwrite",
	    "mkdir", "link", "rename", "symlink", "copy", NULL };
	int i;

	for (i = 0; name[i] != NULL; i++)
		if (strncmp(c->name, name[i], strlen(name[i])) == 0)
			return true;
	return false;
}

/* ---------------------------------------------------------- registers */

#if defined(__x86_64__)
static void
fail_call(pid_t pid, int error)
{
	struct user_regs_struct r;

	if (ptrace(PTRACE_GETREGS, pid, 0, &r) != 0)
		give_up("registers");
	r.orig_rax = (unsigned long long)-1;
	r.rax = (unsigned long long)-(long long)error;
	if (ptrace(PTRACE_SETREGS, pid, 0, &r) != 0)
		give_up("registers");
}

static void
set_length(pid_t pid, uint64_t length)
{
	struct user_regs_struct r;

	if (ptrace(PTRACE_GETREGS, pid, 0, &r) != 0)
		give_up("registers");
	r.rdx = length;
	if (ptrace(PTRACE_SETREGS, pid, 0, &r) != 0)
		give_up("registers");
}
#else
static void
set_register(pid_t pid, int number, uint64_t value)
{
	struct user_regs_struct r;
	struct iovec v = { &r, sizeof(r) };

	if (ptrace(PTRACE_GETREGSET, pid, NT_PRSTATUS, &v) != 0)
		give_up("registers");
	r.regs[number] = value;
	if (ptrace(PTRACE_SETREGSET, pid, NT_PRSTATUS, &v) != 0)
		give_up("registers");
}

static void
fail_call(pid_t pid, int error)
{
	int none = -1;
	struct iovec v = { &none, sizeof(none) };

	set_register(pid, 0, (uint64_t)-(int64_t)error);
	if (ptrace(PTRACE_SETREGSET, pid, NT_ARM_SYSTEM_CALL, &v) != 0)
		give_up("registers");
}

static void
set_length(pid_t pid, uint64_t length)
{
	set_register(pid, 2, length);
}
#endif

/* ----------------------------------------------------------- the strike */

static void
go_on(pid_t pid, int signal)
{
	/* it may have been killed meanwhile */
	if (ptrace(PTRACE_CONT, pid, 0, signal) != 0 && errno != ESRCH)
		give_up("continue");
}

static void
go_to_return(pid_t pid)
{
	if (ptrace(PTRACE_SYSCALL, pid, 0, 0) != 0 && errno != ESRCH)
		give_up("continue");
}

/* At the entry of the K-th call. */
static void
hit(struct strike *s, const struct call *c, const uint64_t *arg)
{
	bool halves = s->mode == TEAR || s->mode == SHORTEN;

	if (halves && (!is_write(c) || arg[2] < 2)) {
		go_on(s->main, 0);
		return;
	}
	if (halves)
		set_length(s->main, arg[2] / 2);
	if (s->mode == FAIL || s->mode == FAIL_ON)
		fail_call(s->main, s->error);
	if (s->mode == KILL_BEFORE)
		kill(s->main, SIGKILL);
	s->dying = s->mode == KILL_AFTER || s->mode == TEAR;
	if (s->dying)
		go_to_return(s->main);
	else
		go_on(s->main, 0);
}

static const struct call *
find_call(uint64_t nr)
{
	size_t i;

	for (i = 0; i < CALLS; i++)
		if (call_table[i].nr == (long)nr)
			return &call_table[i];
	return NULL;
}

static void
tell(const struct strike *s, bool struck, const struct call *c,
    const struct place *p)
{
	if (s->log == NULL)
		return;
	fprintf(s->log, "%s%ld %s %s\n", struck ? "struck " : "", s->seen,
	    c->name, p->name);
}

static void
at_entry(struct strike *s)
{
	struct __ptrace_syscall_info info;
	const struct call *c;
	const uint64_t *arg;
	struct place p;
	bool struck;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, s->main, sizeof(info),
	    &info) <= 0)
		give_up("system call");
	c = find_call(info.seccomp.nr);
	arg = (const uint64_t *)info.seccomp.args;
	if (c == NULL || opens_only(c, arg) != s->reads) {
		go_on(s->main, 0);
		return;
	}
	if (c->nr == __NR_write && arg[0] == STDOUT_FILENO)
		strcpy(p.name, "stdout");
	else if (!concerns(s, c, arg, &p)) {
		go_on(s->main, 0);
		return;
	}
	s->seen++;
	struck = s->mode != NOTHING && (s->seen == s->k ||
	    (s->mode == FAIL_ON && s->seen > s->k && needs_room(c)));
	tell(s, struck, c, &p);
	if (struck)
		hit(s, c, arg);
	else
		go_on(s->main, 0);
}

static void
stopped(struct strike *s, pid_t pid, int status)
{
	int event = status >> 16, signal = WSTOPSIG(status);

	if (event == PTRACE_EVENT_SECCOMP && pid == s->main)
		at_entry(s);
	else if (signal == (SIGTRAP | 0x80) && pid == s->main && s->dying) {
		kill(pid, SIGKILL);
	} else
		go_on(pid, event != 0 || signal == (SIGTRAP | 0x80) ? 0 :
		    signal);
}

int
main(int argc, char **argv)
{
	struct strike s = { .mode = NOTHING };
	int status;
	pid_t pid;

	options(&s, argc, argv);
	start(&s, argv + optind);
	for (;;) {
		pid = waitpid(-1, &status, __WALL);
		if (pid < 0 && errno == EINTR)
			continue;
		if (pid < 0)
			give_up("wait");
		if (WIFSTOPPED(status))
			stopped(&s, pid, status);
		else if (pid == s.main)
			break;
	}
	if (s.log != NULL && fclose(s.log) != 0)
		give_up("log");
	return WIFEXITED(status) ? WEXITSTATUS(status) :
	    128 + WTERMSIG(status);
}
