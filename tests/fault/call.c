#define _GNU_SOURCE		/* process_vm_readv */

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "call.h"

#if defined(__x86_64__)
#define ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCH AUDIT_ARCH_AARCH64
#endif

static const struct call call_table[] = {
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

int
call_filter(void)
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
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return -1;
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

const struct call *
call_find(uint64_t nr)
{
	size_t i;

	for (i = 0; i < CALLS; i++)
		if (call_table[i].nr == (long)nr)
			return &call_table[i];
	return NULL;
}

bool
call_opens_only(const struct call *c, const uint64_t *arg)
{
	uint64_t flags = c->nr == __NR_openat ? arg[2] : arg[1];
	bool opens = c->nr == __NR_openat;

#ifdef __NR_open
	opens = opens || c->nr == __NR_open;
#endif
	return opens && (flags & (O_CREAT | O_TRUNC)) == 0;
}

bool
call_is_write(const struct call *c)
{
	return c->nr == __NR_write || c->nr == __NR_pwrite64;
}

bool
call_needs_room(const struct call *c)
{
	static const char *const name[] = { "open", "write", "pwrite",
	    "mkdir", "link", "rename", "symlink", "copy", NULL };
	int i;

	for (i = 0; name[i] != NULL; i++)
		if (strncmp(c->name, name[i], strlen(name[i])) == 0)
			return true;
	return false;
}

/* -------------------------------------------------- where it is */

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

int
call_places(const struct call *c, const uint64_t *arg, pid_t pid,
    struct place p[2])
{
	switch (c->form) {
	case FD0:
	case FD2:
		of_descriptor(pid, (int)arg[c->form == FD0 ? 0 : 2], &p[0]);
		return 1;
	case PATH0:
	case PATH1:
		of_path(pid, AT_FDCWD, arg[c->form == PATH0 ? 0 : 1], &p[0]);
		return 1;
	case AT0:
	case AT1:
		arg += c->form == AT1;
		of_path(pid, (int)arg[0], arg[1], &p[0]);
		return 1;
	case AT0_AT2:
		of_path(pid, (int)arg[0], arg[1], &p[0]);
		of_path(pid, (int)arg[2], arg[3], &p[1]);
		return 2;
	default:
		of_path(pid, AT_FDCWD, arg[0], &p[0]);
		of_path(pid, AT_FDCWD, arg[1], &p[1]);
		return 2;
	}
}
