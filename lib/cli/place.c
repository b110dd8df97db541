/* Where the program, its templates and its pages are: the part of tool.h
 * that looks at the file system. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/xmem.h"
#include "cli/tool.h"
#include "store/file.h"

#ifndef LO_DATADIR
#define LO_DATADIR "/usr/local/share/looptimum"
#endif

static char *
self(void)
{
	static const char *const link[] = {
		"/proc/self/exe",	/* Linux */
		"/proc/curproc/file",	/* FreeBSD */
		"/proc/curproc/exe"	/* NetBSD */
	};
	char path[4096];
	ssize_t n;
	size_t i;

	for (i = 0; i < sizeof(link) / sizeof(link[0]); i++) {
		n = readlink(link[i], path, sizeof(path));
		if (n > 0 && (size_t)n < sizeof(path) && path[0] == '/')
			return xstrndup(path, (size_t)n);
	}
	return NULL;
}

/* The first directory of PATH that holds our tools. */
static char *
search(void)
{
	const char *p = getenv("PATH");
	char *dir, *tool;
	size_t n;
	bool there;

	for (; p != NULL && *p != '\0'; p += n + (p[n] == ':')) {
		n = strcspn(p, ":");
		dir = n > 0 ? xstrndup(p, n) : xstrdup(".");
		tool = xasprintf("%s/lo-suggest", dir);
		there = access(tool, X_OK) == 0;
		free(tool);
		if (there)
			return dir;
		free(dir);
	}
	return NULL;
}

char *
tool_bin(void)
{
	char *path = self();
	char *slash = path != NULL ? strrchr(path, '/') : NULL;

	if (slash == NULL) {
		free(path);
		return search();
	}
	slash[slash == path] = '\0';
	return path;
}

/* dir/NAME if it has templates, else NULL. */
static char *
try_share(const char *dir, const char *name)
{
	char *share = xasprintf("%s/%s", dir, name);
	char *templates = xasprintf("%s/templates", share);
	bool there = access(templates, R_OK) == 0;

	free(templates);
	if (there)
		return share;
	free(share);
	return NULL;
}

char *
tool_share(void)
{
	const char *env = getenv("LO_SHARE");
	char *share = NULL, *bin;

	if (env != NULL && *env != '\0')
		return xstrdup(env);
	bin = tool_bin();
	if (bin != NULL)
		share = try_share(bin, "../share");
	if (bin != NULL && share == NULL)
		share = try_share(bin, "../share/looptimum");
	free(bin);
	return share != NULL ? share : xstrdup(LO_DATADIR);
}

/* A page lies in man/ of the tree, or in manN/ where it is installed;
 * both are found from the data's directory. */
static char *
try_page(const char *share, const char *prefix, const char *name,
    int section)
{
	static const char *const form[] = { "", ".gz" };
	char *path;
	size_t i;

	path = xasprintf("%s/../man/%s%s.%d", share, prefix, name, section);
	if (access(path, R_OK) == 0)
		return path;
	free(path);
	for (i = 0; i < sizeof(form) / sizeof(form[0]); i++) {
		path = xasprintf("%s/../man/man%d/%s%s.%d%s", share, section,
		    prefix, name, section, form[i]);
		if (access(path, R_OK) == 0)
			return path;
		free(path);
	}
	return NULL;
}

char *
tool_page(const char *name)
{
	char *share = tool_share(), *page = NULL;

	if (strchr(name, '/') == NULL) {
		page = try_page(share, "lo-", name, 1);
		if (page == NULL)
			page = try_page(share, "lo-", name, 7);
		if (page == NULL)
			page = try_page(share, "", name, 5);
		if (page == NULL)
			page = try_page(share, "", name, 7);
	}
	free(share);
	return page;
}

char *
tool_about(const char *name)
{
	char *page = tool_page(name), *about = NULL;
	struct buf text = BUF_INIT;
	struct err err;
	const char *p;

	if (page != NULL && file_slurp_path(page, &text, &err) > 0 &&
	    (p = strstr(text.p, "\n.Nd ")) != NULL) {
		p += strlen("\n.Nd ");
		about = xstrndup(p, strcspn(p, "\n"));
	}
	buf_release(&text);
	free(page);
	return about;
}
