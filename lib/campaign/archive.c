#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xmem.h"
#include "campaign/archive.h"
#include "campaign/archive_manifest.h"
#include "store/file.h"

const char *const archive_integrity_name[] = {
	"ok", "missing_files", "invalid_manifest", "legacy"
};

bool
archive_is_id(const char *id)
{
	return *id != '\0' && *id != '.' && strchr(id, '/') == NULL &&
	    strlen(id) <= 255;
}

char *
archive_shown(const struct paths *p, const char *id)
{
	const char *state = p->shown[PATH_STATE];
	const char *slash = strrchr(state, '/');
	int n = slash != NULL ? (int)(slash - state) + 1 : 0;

	return xasprintf("%.*s" ARCHIVES_NAME "%s%s", n, state,
	    id != NULL ? "/" : "", id != NULL ? id : "");
}

static void
release_entries(struct archive *a)
{
	size_t i;

	for (i = 0; i < a->n; i++) {
		free(a->entry[i].label);
		free(a->entry[i].source_rel);
		free(a->entry[i].archive_rel);
	}
	a->n = 0;
}

void
archive_release(struct archive *a)
{
	release_entries(a);
	free(a->entry);
	free(a->id);
	free(a->real);
	free(a->problem);
	memset(a, 0, sizeof(*a));
}

void
archives_release(struct archives *all)
{
	size_t i;

	for (i = 0; i < all->n; i++)
		archive_release(&all->item[i]);
	free(all->item);
	memset(all, 0, sizeof(*all));
}

/* ----------------------------------------------------------- looking */

/* The first thing that is wrong is told; paths from the archive on. */
static void
complain(struct archive *a, const char *text)
{
	size_t n = strlen(a->real);

	if (a->problem != NULL)
		return;
	if (strncmp(text, a->real, n) == 0 && text[n] == '/')
		text += n + 1;
	a->problem = xstrdup(text);
}

/* Is there what the entry says, made of files and directories only? */
static void
check_entry(struct archive *a, struct archive_entry *e,
    const struct campaign *c)
{
	char *path = xasprintf("%s/%s", a->real, e->archive_rel);
	enum tree_kind kind;
	uint64_t bytes;
	struct err err;

	if (tree_kind(c->dir, path, &kind, &err) != 0)
		complain(a, err.text);
	else if (kind != (e->directory ? TREE_DIRECTORY : TREE_FILE))
		err_set(&err, LO_REFUSED, "%s: expected a %s, %s", path,
		    e->directory ? "directory" : "file",
		    kind == TREE_NONE ? "there is none" :
		    kind == TREE_FILE ? "got a file" :
		    kind == TREE_DIRECTORY ? "got a directory" :
		    "got a symbolic link or something special");
	else if (tree_measure(c->dir, path, false, &bytes, &err) == 0)
		e->present = true;
	if (!e->present)
		complain(a, err.text);
	free(path);
}

static void
check_entries(struct archive *a, const struct campaign *c)
{
	size_t i;

	for (i = 0; i < a->n; i++)
		check_entry(a, &a->entry[i], c);
	if (a->integrity == ARCHIVE_OK && a->problem != NULL)
		a->integrity = ARCHIVE_MISSING_FILES;
}

/* Is there anything below that path of a legacy archive? */
static void
add_known(struct archive *a, const struct runtime_file *f,
    const struct campaign *c)
{
	char *path = xasprintf("%s/%s", a->real, f->shown);
	struct archive_entry e;
	enum tree_kind kind;
	struct err err;

	if (!archive_is_inside(f->shown))
		kind = TREE_NONE;
	else if (tree_kind(c->dir, path, &kind, &err) != 0)
		complain(a, err.text);
	if (kind != TREE_NONE) {
		e.label = xstrdup(f->label);
		e.source_rel = xstrdup(f->shown);
		e.archive_rel = xstrdup(f->shown);
		e.directory = f->directory;
		archive_add_entry(a, &e);
	}
	free(path);
}

static void
read_legacy(struct archive *a, struct runtime *r, const struct campaign *c)
{
	int i;

	a->integrity = ARCHIVE_LEGACY;
	for (i = 0; i < RUNTIME_LABELS; i++)
		add_known(a, &r->file[i], c);
}

/* Not what stands there is wrong. */
static bool
is_system_error(int number)
{
	return number == EMFILE || number == ENFILE || number == EIO ||
	    number == ENOMEM || number == ESTALE;
}

static void
read_manifest(struct archive *a, const struct campaign *c)
{
	char *path = xasprintf("%s/" ARCHIVE_MANIFEST, a->real);
	struct buf text = BUF_INIT;
	struct runtime r;
	struct err err;
	int there;

	errno = 0;
	there = file_slurp(c->dir, path, path, &text, &err);
	a->unseen = there < 0 && is_system_error(errno);
	runtime_init(&r, &c->paths);
	if (there == 0)
		read_legacy(a, &r, c);
	else if (there < 0 || archive_parse(a, &text, &r, &err) != 0) {
		a->integrity = ARCHIVE_INVALID_MANIFEST;
		complain(a, err.text);
		release_entries(a);
	}
	runtime_release(&r);
	buf_release(&text);
	free(path);
}

/* Where the archive's directory is, if it is one. */
static int
find(struct archive *a, const struct campaign *c, struct err *err)
{
	char *path = xasprintf(ARCHIVES_NAME "/%s", a->id);
	char *shown = archive_shown(&c->paths, NULL);
	enum tree_kind kind = TREE_NONE;
	int status = 0;

	a->real = journal_where(&c->journal, c->dir, path);
	if (a->real != NULL)
		status = tree_kind(c->dir, a->real, &kind, err);
	if (status == 0 && kind == TREE_OTHER)
		status = err_set(err, LO_REFUSED, "archive %s: is a symbolic "
		    "link or something special, expected a directory", a->id);
	else if (status == 0 && kind != TREE_DIRECTORY)
		status = err_set(err, LO_REFUSED, "archive %s: there is none "
		    "in %s; lo-archive list shows all", a->id, shown);
	free(shown);
	free(path);
	return status;
}

int
archive_read(struct archive *a, const struct campaign *c, const char *id,
    struct err *err)
{
	struct err ignored;

	memset(a, 0, sizeof(*a));
	if (!archive_is_id(id))
		return err_set(err, LO_REFUSED, "archive '%s': expected the "
		    "name of a directory in %s, without '/' and without '.' "
		    "in front", id, ARCHIVES_NAME);
	a->id = xstrdup(id);
	if (c->dir < 0)
		err_set(err, LO_REFUSED, "archive %s: there is none, nor any "
		    "other", id);
	if (c->dir < 0 || find(a, c, err) != 0) {
		archive_release(a);
		return -1;
	}
	read_manifest(a, c);
	check_entries(a, c);
	tree_measure(c->dir, a->real, true, &a->bytes, &ignored);
	return 0;
}

/* ---------------------------------------------------------------- all */

static int
newest_first(const void *x, const void *y)
{
	const struct archive *a = x, *b = y;

	if (a->dated != b->dated)
		return a->dated ? -1 : 1;
	if (a->dated && a->created_at != b->created_at)
		return a->created_at > b->created_at ? -1 : 1;
	return strcmp(b->id, a->id);
}

static void
add_archive(struct archives *all, const struct campaign *c, const char *id)
{
	struct archive *a;
	struct err err = { 0 };
	size_t i;

	for (i = 0; i < all->n; i++)
		if (strcmp(all->item[i].id, id) == 0)
			return;
	all->item = xgrow(all->item, all->n, &all->cap, sizeof(*all->item));
	a = &all->item[all->n];
	if (archive_read(a, c, id, &err) == 0)
		all->n++;
	all->unseen = all->unseen || a->unseen || err.status == LO_IO;
}

/* Archives that a journal has yet to put in their places. */
static void
add_waiting(struct archives *all, const struct campaign *c)
{
	const struct journal_entry *e;
	size_t i;

	for (i = 0; i < c->journal.n; i++) {
		e = &c->journal.entry[i];
		if (e->op == JOURNAL_MOVE && strncmp(e->path, ARCHIVES_NAME
		    "/", sizeof(ARCHIVES_NAME)) == 0)
			add_archive(all, c, e->path + sizeof(ARCHIVES_NAME));
	}
}

int
archives_read(struct archives *all, const struct campaign *c,
    struct err *err)
{
	int fd = campaign_open_dir(c, ARCHIVES_NAME);
	DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *e;

	memset(all, 0, sizeof(*all));
	if (fd < 0 && errno != ENOENT)
		return err_sys(err, "%s: cannot open", ARCHIVES_NAME);
	if (d == NULL && fd >= 0)
		close(fd);
	while (d != NULL && (e = readdir(d)) != NULL)
		add_archive(all, c, e->d_name);
	if (d != NULL)
		closedir(d);
	add_waiting(all, c);
	if (all->n > 1)
		qsort(all->item, all->n, sizeof(*all->item), newest_first);
	return 0;
}

int
archive_copy(const struct archive *a, const struct archive_entry *e,
    const struct campaign *c, const char *to, struct err *err)
{
	char *from = xasprintf("%s/%s", a->real, e->archive_rel);
	int status = tree_copy(c->dir, from, to,
	    c->c.config->relaxed ? 0 : TREE_SYNC, err);

	free(from);
	return status;
}
