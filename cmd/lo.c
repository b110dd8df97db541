#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xmem.h"
#include "cli/tool.h"

static const struct tool_spec spec = {
	.name = "lo",
	.synopsis = "[TOOL [ARG...]]\nhelp [TOOL|PAGE]\n",
	.about = "list the tools, run one, or show its page",
	.example = "lo status -H",
	.common = TOOL_COMMAND,
	.max_args = -1
};

static int
is_name(const struct dirent *d)
{
	return strncmp(d->d_name, "lo-", 3) == 0 &&
	    strchr(d->d_name, '.') == NULL;
}

static void
add_line(struct buf *out, const char *bin, const char *name)
{
	char *path = xasprintf("%s/%s", bin, name);
	char *about = tool_about(name + 3);

	if (access(path, X_OK) == 0)
		buf_addf(out, "%-*s%s\n", about != NULL ? 16 : 0, name,
		    about != NULL ? about : "");
	free(about);
	free(path);
}

/* Every tool beside this program, and what its page says it does. */
static int
list(struct tool *t, const char *bin, struct err *err)
{
	struct buf out = BUF_INIT;
	struct dirent **entry;
	int i, n, result;

	n = scandir(bin, &entry, is_name, alphasort);
	if (n < 0)
		return err_sys(err, "%s", bin);
	for (i = 0; i < n; i++) {
		add_line(&out, bin, entry[i]->d_name);
		free(entry[i]);
	}
	free(entry);
	result = tool_print_text(t, &out, err);
	buf_release(&out);
	return result;
}

/* Become lo-NAME, which takes argv over from its own name on. */
static int
run(const char *bin, const char *name, char **argv, struct err *err)
{
	char *path = xasprintf("%s/lo-%s", bin, name);

	argv[0] = path;
	errno = ENOENT;
	if (strchr(name, '/') == NULL)
		execv(path, argv);
	if (errno == ENOENT)
		err_set(err, LO_USAGE, "there is no lo-%s; 'lo' lists the "
		    "tools", name);
	else
		err_sys(err, "%s", path);
	free(path);
	return -1;
}

/* Show the page with whatever shows pages here, else --help. */
static int
help(const char *bin, const char *name, struct err *err)
{
	char *page = tool_page(name), option[] = "--help";
	char *argv[] = { NULL, option, NULL };

	if (page != NULL) {
		signal(SIGPIPE, SIG_DFL);
		execlp("man", "man", "-l", page, (char *)NULL);
		execlp("mandoc", "mandoc", "-a", page, (char *)NULL);
		free(page);
	}
	return run(bin, name, argv, err);
}

int
main(int argc, char **argv)
{
	struct tool t;
	struct err err;
	char *bin = tool_bin();
	const char *name;
	int asks, failed;

	tool_init(&t, &spec, NULL, argc, argv);
	asks = t.argc > 0 && strcmp(t.argv[0], "help") == 0;
	name = t.argc > asks ? t.argv[asks] : "";
	name += strncmp(name, "lo-", 3) == 0 ? 3 : 0;
	if (bin == NULL)
		failed = err_set(&err, LO_IO, "not in PATH");
	else if (t.argc == asks)
		failed = list(&t, bin, &err);
	else if (asks)
		failed = help(bin, name, &err);
	else
		failed = run(bin, name, t.argv, &err);
	free(bin);
	return tool_end(&t, failed ? tool_fail(&t, &err) : LO_DONE);
}
