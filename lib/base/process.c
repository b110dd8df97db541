#define _DEFAULT_SOURCE		/* getentropy */

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/process.h"

static void
first_line(const char *path, char *out, size_t size)
{
	FILE *f = fopen(path, "re");

	out[0] = '\0';
	if (f == NULL)
		return;
	if (fgets(out, (int)size, f) == NULL)
		out[0] = '\0';
	out[strcspn(out, "\n")] = '\0';
	fclose(f);
}

/* Field 22 of /proc/PID/stat, counted behind the name's parenthesis. */
static double
start_time(long pid)
{
	char path[64], line[1024], *p;
	int field;

	snprintf(path, sizeof(path), "/proc/%ld/stat", pid);
	first_line(path, line, sizeof(line));
	p = strrchr(line, ')');
	for (field = 2; p != NULL && field < 22; field++)
		p = strchr(p + 1, ' ');
	return p != NULL ? strtod(p, NULL) : 0;
}

void
process_self(struct process_id *id)
{
	memset(id, 0, sizeof(*id));
	if (gethostname(id->host, sizeof(id->host) - 1) != 0)
		strcpy(id->host, "localhost");
	first_line("/proc/sys/kernel/random/boot_id", id->boot_id,
	    sizeof(id->boot_id));
	id->pid = (long)getpid();
	id->start_time = start_time(id->pid);
}

int
process_alive(const struct process_id *id)
{
	struct process_id self;
	double started;

	process_self(&self);
	if (strcmp(self.host, id->host) != 0 ||
	    strcmp(self.boot_id, id->boot_id) != 0)
		return -1;
	if (id->pid <= 0 || (kill((pid_t)id->pid, 0) != 0 && errno == ESRCH))
		return 0;
	started = start_time(id->pid);
	return id->start_time <= 0 || started <= 0 ||
	    id->start_time == started;
}

void
process_random(void *out, size_t size)
{
	unsigned char *p = out;
	size_t n;

	for (; size > 0; p += n, size -= n) {
		n = size < 256 ? size : 256;
		if (getentropy(p, n) != 0) {
			fputs("looptimum: no random numbers from the "
			    "system\n", stderr);
			exit(LO_IO);
		}
	}
}

void
process_random_hex(char *out, size_t n)
{
	size_t i;

	process_random(out, n);
	for (i = 0; i < n; i++)
		out[i] = "0123456789abcdef"[(unsigned char)out[i] & 15];
	out[n] = '\0';
}
