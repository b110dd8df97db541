#define _XOPEN_SOURCE 700	/* realpath */

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xmem.h"
#include "campaign/paths.h"
#include "store/file.h"

static bool
has_file(const char *dir, const char *base)
{
	char *path = xasprintf("%s/%s", dir, base);
	bool there = access(path, F_OK) == 0;

	free(path);
	return there;
}

/* bo_config.json stands there; or the reason why this is no campaign. */
static char *
campaign_at(const char *dir, const char *whence, struct err *err)
{
	char *real = realpath(dir, NULL);

	if (real == NULL) {
		err_sys(err, "%s%s", whence, dir);
		err->status = LO_REFUSED;
		return NULL;
	}
	if (has_file(real, "bo_config.json"))
		return real;
	if (has_file(real, "bo_config.yaml") ||
	    has_file(real, "bo_config.yml"))
		err_set(err, LO_REFUSED, "%s%s: has bo_config in YAML, which "
		    "is not read; expected bo_config.json", whence, dir);
	else
		err_set(err, LO_REFUSED, "%s%s: no bo_config.json %s, so it "
		    "is no campaign; go to one, name it with -C DIR, or make "
		    "one with lo-init DIR", whence, real, *whence == '\0' &&
		    strcmp(dir, ".") == 0 ? "here or above" : "there");
	free(real);
	return NULL;
}

char *
campaign_find(const char *dir, struct err *err)
{
	const char *env = getenv("LO_CAMPAIGN");
	char *here, *slash;

	if (dir != NULL)
		return campaign_at(dir, "", err);
	if (env != NULL && *env != '\0')
		return campaign_at(env, "LO_CAMPAIGN=", err);
	if ((here = realpath(".", NULL)) == NULL) {
		err_sys(err, "cannot tell the current directory");
		return NULL;
	}
	while (!has_file(here, "bo_config.json")) {
		slash = strrchr(here, '/');
		if (slash == here && here[1] != '\0')
			slash++;
		if (slash == NULL || *slash == '\0') {
			free(here);
			return campaign_at(".", "", err);
		}
		*slash = '\0';
	}
	return here;
}

/* Lexically: no "./", no doubled or trailing slash. */
static char *
tidy(const char *path)
{
	char *out = xmalloc(strlen(path) + 2), *p = out;

	if (*path == '/')
		*p++ = '/';
	while (*path != '\0') {
		size_t n = strcspn(path, "/");

		if (n > 0 && !(n == 1 && *path == '.')) {
			if (p > out && p[-1] != '/')
				*p++ = '/';
			memcpy(p, path, n);
			p += n;
		}
		path += n;
		path += strspn(path, "/");
	}
	*p = '\0';
	return out;
}

static char *
parent_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		return xstrdup("");
	return xstrndup(path, slash == path ? 1 : (size_t)(slash - path));
}

static char *
below(const char *root, const char *path)
{
	if (*path == '/')
		return xstrdup(path);
	return *path != '\0' ? xasprintf("%s/%s", root, path) :
	    xstrdup(root);
}

static int
make_dirs(const char *path, struct err *err)
{
	char *copy = xstrdup(path), *p = copy;
	int status = 0;

	do {
		p = strchr(p + 1, '/');
		if (p != NULL)
			*p = '\0';
		if (mkdir(copy, 0777) != 0 && errno != EEXIST)
			status = err_sys(err, "%s: cannot make the directory",
			    copy);
		if (p != NULL)
			*p = '/';
	} while (p != NULL && status == 0);
	free(copy);
	return status;
}

/* The directory's real path; its lexical one while it does not exist. */
static char *
resolve_dir(const char *dir, bool create, struct err *err)
{
	char *real = realpath(dir, NULL);

	if (real == NULL && create) {
		if (make_dirs(dir, err) != 0)
			return NULL;
		real = realpath(dir, NULL);
	}
	return real != NULL ? real : xstrdup(dir);
}

static bool
climbs(const char *path)
{
	return strcmp(path, "..") == 0 || strncmp(path, "../", 3) == 0 ||
	    strstr(path, "/../") != NULL || (strlen(path) > 3 &&
	    strcmp(path + strlen(path) - 3, "/..") == 0);
}

/* path below dir (both lexical): the rest, else NULL. */
static const char *
rest_below(const char *dir, const char *path)
{
	size_t n = strlen(dir);

	if (n == 0)
		return *path != '/' && !climbs(path) ? path : NULL;
	if (strncmp(path, dir, n) != 0 || path[n] != '/')
		return NULL;
	return climbs(path + n) ? NULL : path + n + 1;
}

static char *
real_of(const struct paths *p, const char *state_dir, const char *path,
    bool create, struct err *err)
{
	const char *rest = rest_below(state_dir, path), *slash;
	char *parent, *whole, *real, *out = NULL;

	if (rest != NULL)
		return xstrdup(rest);
	whole = below(p->root, path);
	parent = parent_of(whole);
	slash = strrchr(whole, '/');
	real = resolve_dir(parent, create, err);
	if (real != NULL)
		out = xasprintf("%s%s", strcmp(real, "/") == 0 ? "" : real,
		    slash);
	free(real);
	free(parent);
	free(whole);
	return out;
}

int
paths_init(struct paths *p, const char *root, const struct config *config,
    bool create, struct err *err)
{
	char *tidied[PATH_COUNT], *state_dir, *whole;
	int i, status = 0;

	memset(p, 0, sizeof(*p));
	p->root = xstrdup(root);
	for (i = 0; i < PATH_COUNT; i++)
		tidied[i] = tidy(config->path[i]);
	state_dir = parent_of(tidied[PATH_STATE]);
	whole = below(root, state_dir);
	p->state_dir = resolve_dir(whole, create, err);
	if (p->state_dir == NULL)
		status = -1;
	for (i = 0; i < PATH_COUNT && status == 0; i++) {
		p->shown[i] = xstrdup(tidied[i]);
		p->real[i] = real_of(p, state_dir, tidied[i],
		    create && i != PATH_REPORT_JSON && i != PATH_REPORT_MD &&
		    i != PATH_IMPORTS, err);
		if (p->real[i] == NULL)
			status = -1;
	}
	for (i = 0; i < PATH_COUNT; i++)
		free(tidied[i]);
	free(state_dir);
	free(whole);
	return status;
}

static int
sync_dir(const char *dir, struct err *err)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), status;

	if (fd < 0)
		return 0;	/* not ours to look into */
	status = file_sync_dir(fd, dir, err);
	/* what cannot be written has nothing to lose */
	if (status != 0 && (errno == EROFS || errno == EINVAL))
		status = 0;
	close(fd);
	return status;
}

/* Every directory above the path, up to the root of the campaign. */
static int
sync_above(const char *root, const char *path, struct err *err)
{
	char *dir = xstrdup(path), *up;
	int status = 0;

	while (status == 0 && strcmp(dir, root) != 0 &&
	    strcmp(dir, "/") != 0) {
		up = parent_of(dir);
		free(dir);
		dir = up;
		status = sync_dir(dir, err);
	}
	free(dir);
	return status;
}

int
paths_sync(const struct paths *p, struct err *err)
{
	int i, status = sync_above(p->root, p->state_dir, err);

	for (i = 0; i < PATH_COUNT && status == 0; i++)
		if (*p->real[i] == '/')
			status = sync_above(p->root, p->real[i], err);
	return status;
}

void
paths_release(struct paths *p)
{
	int i;

	free(p->root);
	free(p->state_dir);
	for (i = 0; i < PATH_COUNT; i++) {
		free(p->shown[i]);
		free(p->real[i]);
	}
	memset(p, 0, sizeof(*p));
}

static char *
trial_path(const char *trials, int64_t id, const char *name)
{
	return xasprintf("%s/trial_%lld%s%s", trials, (long long)id,
	    name != NULL ? "/" : "", name != NULL ? name : "");
}

char *
paths_trial_shown(const struct paths *p, int64_t id, const char *name)
{
	return trial_path(p->shown[PATH_TRIALS], id, name);
}

char *
paths_trial_real(const struct paths *p, int64_t id, const char *name)
{
	return trial_path(p->real[PATH_TRIALS], id, name);
}

char *
paths_report_html(const char *report_json)
{
	size_t len = strlen(report_json), end = strlen(".json");

	if (len > end && strcmp(report_json + len - end, ".json") == 0)
		len -= end;
	return xasprintf("%.*s.html", (int)len, report_json);
}
