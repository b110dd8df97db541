#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xmem.h"
#include "ops/validate.h"
#include "store/file.h"

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

static void
check_entry(struct vcheck *v, int dirfd, const char *name, struct ids *ids)
{
	char *shown = xasprintf("%s/%s", v->c.paths.shown[PATH_TRIALS], name);
	int64_t id = id_of_name(name);
	struct stat st;

	v->ndirectory++;
	if (id < 0)
		find_text(v, FINDING_ERROR, shown, NULL,
		    "expected trial_ and an integer id");
	else if (fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		find_text(v, FINDING_ERROR, shown, NULL, "%s",
		    strerror(errno));
	else if (!S_ISDIR(st.st_mode))
		find_text(v, FINDING_ERROR, shown, NULL,
		    "expected a directory%s", S_ISLNK(st.st_mode) ?
		    ", got a symbolic link" : "");
	else {
		ids->id = xgrow(ids->id, ids->n, &ids->cap, sizeof(int64_t));
		ids->id[ids->n++] = id;
	}
	free(shown);
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
			check_entry(v, dirfd, entry->d_name, ids);
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

/* That there is a manifest, no more. */
static void
glance_at_trial(struct vcheck *v, int trials, int64_t id)
{
	char *real = paths_trial_real(&v->c.paths, id, "manifest.json");
	char *shown = paths_trial_shown(&v->c.paths, id, NULL);
	char *below = xasprintf("trial_%lld/manifest.json", (long long)id);
	struct vtrial *t = vtrial_find(v, id);
	struct stat st;

	if (fstatat(trials, below, &st, AT_SYMLINK_NOFOLLOW) != 0 &&
	    journal_find(&v->c.journal, real) == NULL)
		find_text(v, FINDING_ERROR, shown, NULL, "no manifest.json");
	else if (t != NULL)
		t->seen |= SEEN_MANIFEST;
	free(below);
	free(shown);
	free(real);
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
