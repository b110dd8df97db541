#define _XOPEN_SOURCE 700	/* realpath */

#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "campaign/paths.h"

/* What follows dir and a slash in path, or NULL. */
static const char *
inside(const char *dir, const char *path)
{
	size_t n = strlen(dir);

	if (strcmp(dir, "/") == 0)
		return path + 1;
	return strncmp(dir, path, n) == 0 && path[n] == '/' ? path + n + 1 :
	    NULL;
}

/* A name in a directory that exists. */
static char *
real_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *base = slash != NULL ? slash + 1 : path;
	char *dir, *real, *whole;

	if (*base == '\0')
		return NULL;
	dir = slash == NULL ? xstrdup(".") : slash == path ? xstrdup("/") :
	    xstrndup(path, (size_t)(slash - path));
	real = realpath(dir, NULL);
	free(dir);
	if (real == NULL)
		return NULL;
	whole = xasprintf("%s/%s", strcmp(real, "/") == 0 ? "" : real, base);
	free(real);
	return whole;
}

char *
paths_of_user(const struct paths *p, const char *path, char **absolute,
    struct err *err)
{
	char *whole = realpath(path, NULL), *shown;
	const char *rest;

	if (whole == NULL)
		whole = real_name(path);
	if (whole == NULL) {
		err_sys(err, "%s", path);
		return NULL;
	}
	rest = inside(p->root, whole);
	shown = xstrdup(rest != NULL ? rest : whole);
	if (absolute != NULL)
		*absolute = whole;
	else
		free(whole);
	return shown;
}

static bool
is_contract(const struct paths *p, const char *path)
{
	static const char *const name[] = { "bo_config.json",
	    "parameter_space.json", "objective_schema.json",
	    "constraints.json" };
	const char *rest = inside(p->root, path);
	size_t i;

	for (i = 0; rest != NULL && i < sizeof(name) / sizeof(name[0]); i++)
		if (strcmp(rest, name[i]) == 0)
			return true;
	return false;
}

/* Things that lie beside the state file and have no path of their own. */
static bool
is_beside_state(const struct paths *p, const char *path)
{
	const char *rest = inside(p->state_dir, path);

	return rest != NULL && (strncmp(rest, ".looptimum", 10) == 0 ||
	    strncmp(rest, "reset_archives/", 15) == 0 ||
	    strcmp(rest, "report.html") == 0);
}

bool
paths_owns(const struct paths *p, const char *path)
{
	bool owned = is_contract(p, path) || is_beside_state(p, path);
	char *whole;
	int i;

	for (i = 0; i < PATH_COUNT && !owned; i++) {
		whole = *p->real[i] == '/' ? xstrdup(p->real[i]) :
		    xasprintf("%s/%s", p->state_dir, p->real[i]);
		owned = strcmp(whole, path) == 0 ||
		    inside(whole, path) != NULL;
		free(whole);
	}
	return owned;
}
