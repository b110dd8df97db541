#include <elf.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>

#include "tracee.h"

int
tracee_call(pid_t pid, uint64_t *nr, uint64_t arg[6])
{
	struct __ptrace_syscall_info info;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info) <= 0)
		return -1;
	*nr = info.seccomp.nr;
	memcpy(arg, info.seccomp.args, 6 * sizeof(*arg));
	return 0;
}

#if defined(__x86_64__)
int
tracee_fail(pid_t pid, int error)
{
	struct user_regs_struct r;

	if (ptrace(PTRACE_GETREGS, pid, 0, &r) != 0)
		return -1;
	r.orig_rax = (unsigned long long)-1;
	r.rax = (unsigned long long)-(long long)error;
	return ptrace(PTRACE_SETREGS, pid, 0, &r) == 0 ? 0 : -1;
}

int
tracee_set_length(pid_t pid, uint64_t length)
{
	struct user_regs_struct r;

	if (ptrace(PTRACE_GETREGS, pid, 0, &r) != 0)
		return -1;
	r.rdx = length;
	return ptrace(PTRACE_SETREGS, pid, 0, &r) == 0 ? 0 : -1;
}
#else
static int
set_register(pid_t pid, int number, uint64_t value)
{
	struct user_regs_struct r;
	struct iovec v = { &r, sizeof(r) };

	if (ptrace(PTRACE_GETREGSET, pid, NT_PRSTATUS, &v) != 0)
		return -1;
	r.regs[number] = value;
	return ptrace(PTRACE_SETREGSET, pid, NT_PRSTATUS, &v) == 0 ? 0 : -1;
}

int
tracee_fail(pid_t pid, int error)
{
	int none = -1;
	struct iovec v = { &none, sizeof(none) };

	if (set_register(pid, 0, (uint64_t)-(int64_t)error) != 0)
		return -1;
	return ptrace(PTRACE_SETREGSET, pid, NT_ARM_SYSTEM_CALL, &v) == 0 ?
	    0 : -1;
}

int
tracee_set_length(pid_t pid, uint64_t length)
{
	return set_register(pid, 2, length);
}
#endif
