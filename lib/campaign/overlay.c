#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xmem.h"
#include "campaign/campaign.h"
#include "store/file.h"

/* A reader applies nothing, and sees what the journal will leave. */

int
campaign_read_file(const struct campaign *c, const char *real,
    struct buf *text, struct err *err)
{
	const struct journal_entry *e = journal_find(&c->journal, real);
	char *at;
	int there;

	if (c->dir < 0)
		return 0;
	at = journal_where(&c->journal, c->dir, real);
	if (at == NULL)
		return 0;
	there = file_slurp(c->dir, at, real, text, err);
	if (there == 0 && strcmp(at, real) != 0)
		there = file_slurp(c->dir, real, real, text, err);
	free(at);
	return there < 0 || e == NULL ? there : journal_overlay(e, text);
}

static int
open_below(const struct campaign *c, const char *path)
{
	char *inside = xasprintf("%s/.", path);
	struct err ignored;
	const char *base;
	int fd = file_open_parent(c->dir, inside, false, false, &base,
	    &ignored);

	free(inside);
	return fd;
}

int
campaign_open_dir(const struct campaign *c, const char *real)
{
	char *at = c->dir < 0 ? NULL :
	    journal_where(&c->journal, c->dir, real);
	int fd = -1, saved = ENOENT;

	if (at != NULL) {
		fd = open_below(c, at);
		if (fd < 0 && strcmp(at, real) != 0)
			fd = open_below(c, real);
		saved = errno;
	}
	free(at);
	errno = saved;
	return fd;
}

/* Will the journal make files below it? */
static bool
is_made(const struct journal *j, const char *path)
{
	size_t i, n = strlen(path);

	for (i = 0; i < j->n; i++)
		if (strncmp(j->entry[i].path, path, n) == 0 &&
		    j->entry[i].path[n] == '/')
			return true;
	return false;
}

static enum campaign_there
stat_at(const struct campaign *c, const char *path, int64_t *size)
{
	struct stat st;

	if ((c->dir < 0 && *path != '/') ||
	    fstatat(c->dir, path, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return THERE_NOTHING;
	if (!S_ISREG(st.st_mode))
		return THERE_OTHER;
	*size = (int64_t)st.st_size;
	return THERE_FILE;
}

enum campaign_there
campaign_stat(const struct campaign *c, const char *real, int64_t *size)
{
	const struct journal_entry *e = journal_find(&c->journal, real);
	char *at = journal_where(&c->journal, c->dir, real);
	enum campaign_there what;

	*size = 0;
	if (at == NULL)
		return THERE_NOTHING;
	if (e != NULL && (e->op == JOURNAL_REPLACE ||
	    e->op == JOURNAL_APPEND)) {
		*size = (int64_t)(e->offset + e->data.len);
		free(at);
		return THERE_FILE;
	}
	what = stat_at(c, at, size);
	if (what == THERE_NOTHING)
		what = stat_at(c, real, size);
	if (what == THERE_NOTHING && is_made(&c->journal, real))
		what = THERE_OTHER;
	free(at);
	return what;
}
