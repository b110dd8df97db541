#define _DEFAULT_SOURCE	/* d_type */
#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xmem.h"
#include "ops/validate.h"
#include "store/file.h"

/* Does the listing tell already?  Not on all systems. */
static bool
is_directory(const struct dirent *entry)
{
#ifdef DT_DIR
	return entry->d_type == DT_DIR;
#else
	(void)entry;
	return false;
#endif
}

struct ids {
	int64_t *id;
	size_t n, cap;
};

static int
by_number(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* trial_<id> as the tools write it: no sign, no leading zero. */
static int64_t
id_of_name(const char *name)
{
	struct span digits = { name + 6, strlen(name + 6) };

	if (digits.p[0] == '0' ||
	    strspn(digits.p, "0123456789") != digits.len)
		return -1;
	return span_id(digits);
}

/* Is it a directory?  If not, says so. */
static bool
check_kind(struct vcheck *v, int dirfd, const char *name, const char *shown)
{
	struct stat st;

	if (fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		find_text(v, FINDING_ERROR, shown, NULL, "%s",
		    strerror(errno));
	else if (!S_ISDIR(st.st_mode))
		find_text(v, FINDING_ERROR, shown, NULL,
		    "expected a directory%s", S_ISLNK(st.st_mode) ?
		    ", got a symbolic link" : "");
	else
		return true;
	return false;
}

static void
check_entry(struct vcheck *v, int dirfd, const struct dirent *entry,
    struct ids *ids)
{
	const char *name = entry->d_name;
	int64_t id = id_of_name(name);
	char *shown;

	v->ndirectory++;
	if (id < 0 || !is_directory(entry)) {
		shown = xasprintf("%s/%s", v->c.paths.shown[PATH_TRIALS],
		    name);
		if (id < 0)
			find_text(v, FINDING_ERROR, shown, NULL,
			    "expected trial_ and an integer id");
		else if (!check_kind(v, dirfd, name, shown))
			id = -1;
		free(shown);
	}
	if (id < 0)
		return;
	ids->id = xgrow(ids->id, ids->n, &ids->cap, sizeof(int64_t));
	ids->id[ids->n++] = id;
}

static void
list(struct vcheck *v, int dirfd, struct ids *ids)
{
	DIR *dir = fdopendir(dirfd);
	struct dirent *entry;

	if (dir == NULL) {
		close(dirfd);
		return;
	}
	while ((entry = readdir(dir)) != NULL)
		if (strncmp(entry->d_name, "trial_", 6) == 0)
			check_entry(v, dirfd, entry, ids);
	closedir(dir);
	if (ids->n > 0)
		qsort(ids->id, ids->n, sizeof(*ids->id), by_number);
}

static void
check_leftovers(struct vcheck *v, const char *real, const char *shown)
{
	char *dir = xasprintf("%s/", shown);
	int fd = campaign_open_dir(&v->c, real);

	if (fd >= 0)
		validate_leftovers(v, fd, dir);
	free(dir);
}

static void
check_trial(struct vcheck *v, int64_t id)
{
	char *real = paths_trial_real(&v->c.paths, id, NULL);
	char *shown = paths_trial_shown(&v->c.paths, id, NULL);
	struct vtrial *t = vtrial_find(v, id);

	if (validate_manifest(v, id) == 0) {
		find_text(v, FINDING_ERROR, shown, NULL, "no manifest.json");
		if (t != NULL)	/* said once */
			t->seen |= SEEN_MANIFEST;
	}
	check_leftovers(v, real, shown);
	free(real);
	free(shown);
}

static bool
lacks_manifest(const struct vtrial *t)
{
	return (t->seen & SEEN_MANIFEST) == 0;
}

/* Those that only a journal holds so far are found by name. */
static void
check_unlisted(struct vcheck *v)
{
	size_t i;

	for (i = 0; i < v->ntrial; i++)
		if (lacks_manifest(&v->trial[i]))
			validate_manifest(v, v->trial[i].id);
	find_trials(v, v->c.paths.shown[PATH_TRIALS], "no manifest",
	    lacks_manifest);
}

/* Is there a manifest, as the last commit left it? */
static bool
has_manifest(const struct vcheck *v, int trials, int64_t id)
{
	char below[sizeof("trial_/manifest.json") + 20], *real;
	struct stat st;
	bool found;

	snprintf(below, sizeof(below), "trial_%lld/manifest.json",
	    (long long)id);
	if (fstatat(trials, below, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return true;
	real = paths_trial_real(&v->c.paths, id, "manifest.json");
	found = journal_find(&v->c.journal, real) != NULL;
	free(real);
	return found;
}

/* That there is a manifest, no more. */
static void
glance_at_trial(struct vcheck *v, int trials, int64_t id)
{
	struct vtrial *t = vtrial_find(v, id);
	char *shown;

	if (has_manifest(v, trials, id)) {
		if (t != NULL)
			t->seen |= SEEN_MANIFEST;
		return;
	}
	shown = paths_trial_shown(&v->c.paths, id, NULL);
	find_text(v, FINDING_ERROR, shown, NULL, "no manifest.json");
	free(shown);
}

static void
check_listed(struct vcheck *v, int trials, const struct ids *ids)
{
	size_t i;

	for (i = 0; i < ids->n; i++)
		if (v->brief)
			glance_at_trial(v, trials, ids->id[i]);
		else
			check_trial(v, ids->id[i]);
}

void
validate_trials(struct vcheck *v)
{
	const char *real = v->c.paths.real[PATH_TRIALS];
	const char *shown = v->c.paths.shown[PATH_TRIALS];
	struct ids ids = { NULL, 0, 0 };
	int fd = campaign_open_dir(&v->c, real);

	if (fd < 0 && errno != ENOENT) {
		find_text(v, FINDING_ERROR, shown, NULL,
		    "cannot be read as a directory: %s", strerror(errno));
		return;
	}
	if (fd >= 0) {
		list(v, fd, &ids);
		check_leftovers(v, real, shown);
	}
	if (fd >= 0) {
		fd = campaign_open_dir(&v->c, real);	/* list closed it */
		check_listed(v, fd, &ids);
		close(fd);
	}
	if (!v->brief)
		check_unlisted(v);
	free(ids.id);
}
