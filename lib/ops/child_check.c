#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/xmem.h"
#include "ops/child.h"

#define FIRST_LINE 4096	/* of it, so much is looked at */

int
child_cannot_run(const char *command, int why, struct err *err)
{
	const char *hint = "";

	if (why == ENOENT && strchr(command, '/') != NULL &&
	    access(command, F_OK) == 0)
		hint = " (the interpreter in its first line)";
	else if (why == ENOENT && strchr(command, '/') == NULL)
		hint = " in PATH";
	return err_set(err, LO_REFUSED, "cannot run %s: %s%s", command,
	    strerror(why), hint);
}

/* 0, or the errno that an exec would give. */
static int
look(const char *path)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return errno;
	if (!S_ISREG(st.st_mode))
		return EACCES;
	return access(path, X_OK) == 0 ? 0 : errno;
}

/* The same of the interpreter in its first line, if it has one. */
static int
look_interpreter(const char *path)
{
	char line[FIRST_LINE + 1], *name;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return 0;	/* may be executed, but not read */
	n = read(fd, line, FIRST_LINE);
	close(fd);
	if (n < 2 || memcmp(line, "#!", 2) != 0)
		return 0;
	line[n] = '\0';
	name = line + 2;
	name += strspn(name, " \t");
	name[strcspn(name, " \t\n")] = '\0';
	return *name == '\0' || *name != '/' ? 0 : look(name);
}

/* As execvp(3) goes through PATH; *found is the caller's to free. */
static int
search(const char *command, char **found)
{
	const char *p = getenv("PATH");
	int why = ENOENT, now = ENOENT;
	size_t len;

	*found = NULL;
	if (p == NULL)
		p = "/bin:/usr/bin";
	for (;; p += len + 1) {
		len = strcspn(p, ":");
		*found = xasprintf("%.*s%s%s", (int)len, p, len > 0 ? "/" :
		    "", command);
		now = look(*found);
		if (now == 0)
			return 0;
		if (now == EACCES)
			why = EACCES;
		free(*found);
		*found = NULL;
		if (p[len] == '\0')
			return why;
	}
}

int
child_check(const char *command, struct err *err)
{
	char *path = NULL;
	int why;

	if (*command == '\0')
		why = ENOENT;
	else if (strchr(command, '/') == NULL)
		why = search(command, &path);
	else
		why = look(command);
	if (why == 0)
		why = look_interpreter(path != NULL ? path : command);
	free(path);
	return why == 0 ? 0 : child_cannot_run(command, why, err);
}
