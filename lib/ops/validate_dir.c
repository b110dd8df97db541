#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xmem.h"
#include "campaign/recover.h"
#include "ops/validate.h"
#include "store/file.h"
#include "store/tree.h"

static bool
begins(const char *name, const char *prefix)
{
	return strncmp(name, prefix, strlen(prefix)) == 0;
}

/* What recovery would look at: is the state the journal's, old or new? */
static bool
journal_fits(struct vcheck *v)
{
	const char *real = v->c.paths.real[PATH_STATE];
	const struct journal_entry *e = journal_find(&v->c.journal, real);
	struct buf text = BUF_INIT;
	struct err ignored;
	bool fits;
	int there;

	if (e == NULL)
		return true;
	there = file_slurp(v->c.dir, real, real, &text, &ignored);
	fits = there < 0 || journal_is_old(e, there > 0, &text) ||
	    journal_is_new(e, there > 0, &text);
	buf_release(&text);
	return fits;
}

static void
check_journal(struct vcheck *v, const char *dir)
{
	char *shown = xasprintf("%s%s", dir, JOURNAL_NAME);
	struct journal_place at;
	struct err e;
	int found;

	recover_place(&v->c, &at);
	found = journal_load(&v->c.journal, &at, &e);
	if (found < 0)
		find_err(v, FINDING_ERROR, shown, &e);
	else if (found > 0 && !journal_fits(v)) {
		journal_release(&v->c.journal);
		journal_init(&v->c.journal);
		if (v->alone)
			find_text(v, FINDING_WARNING, shown, NULL, "an "
			    "interrupted change that the state was written "
			    "over since; the next command that writes deals "
			    "with it");
	} else if (found > 0 && v->alone)
		find_text(v, FINDING_WARNING, shown, NULL, "a change was "
		    "interrupted; the next command that writes finishes it");
	free(shown);
}

void
validate_leftovers(struct vcheck *v, int dirfd, const char *dir)
{
	DIR *d = fdopendir(dirfd);
	struct dirent *entry;
	char *shown;

	if (d == NULL) {
		close(dirfd);
		return;
	}
	while ((entry = readdir(d)) != NULL) {
		shown = xasprintf("%s%s", dir, entry->d_name);
		/* a writer at work has some of these */
		if (v->alone && (begins(entry->d_name, FILE_TEMP) ||
		    begins(entry->d_name, TREE_STAGE)))
			find_text(v, FINDING_WARNING, shown, NULL,
			    "left by an interrupted command");
		if (begins(entry->d_name, JOURNAL_NAME ".lost-"))
			find_text(v, FINDING_WARNING, shown, NULL, "a change "
			    "that could not be finished, kept for a look; "
			    "remove it after that");
		free(shown);
	}
	closedir(d);
}

void
validate_directory(struct vcheck *v)
{
	const char *state = v->c.paths.shown[PATH_STATE];
	const char *slash = strrchr(state, '/');
	char *dir = xstrndup(state,
	    slash != NULL ? (size_t)(slash - state) + 1 : 0);
	int fd;

	if (v->c.dir >= 0) {
		check_journal(v, dir);
		fd = openat(v->c.dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (fd >= 0)
			validate_leftovers(v, fd, dir);
	}
	free(dir);
}
