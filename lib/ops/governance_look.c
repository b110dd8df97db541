#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xmem.h"
#include "ops/governance.h"
#include "store/file.h"

#define ARCHIVES "reset_archives"
#define ARCHIVE_DEPTH 64	/* no archive has a tree as deep as that */

/* A directory that is looked through. */
struct walk {
	DIR *dir;
	int fd;			/* dir's own */
	struct dirent *e;
	struct stat st;		/* of the entry, links not followed */
};

/* 1, 0 if there is no such directory, -1 with errno. */
static int
walk_open(struct walk *w, int at, const char *name)
{
	memset(w, 0, sizeof(*w));
	w->fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW |
	    O_CLOEXEC);
	if (w->fd < 0)
		return errno == ENOENT ? 0 : -1;
	w->dir = fdopendir(w->fd);
	if (w->dir != NULL)
		return 1;
	close(w->fd);
	return -1;
}

static bool
walk_next(struct walk *w)
{
	while ((w->e = readdir(w->dir)) != NULL)
		if (strcmp(w->e->d_name, ".") != 0 &&
		    strcmp(w->e->d_name, "..") != 0 &&
		    fstatat(w->fd, w->e->d_name, &w->st,
		    AT_SYMLINK_NOFOLLOW) == 0)
			return true;
	return false;
}

/* Bytes of the files below; -1 with errno. */
static int64_t
measure(int at, const char *name, int depth)
{
	int64_t sum = 0, below;
	struct walk w;
	int there = depth > 0 ? walk_open(&w, at, name) : 0;

	if (there <= 0)
		return there;
	while (sum >= 0 && walk_next(&w)) {
		below = S_ISREG(w.st.st_mode) ? (int64_t)w.st.st_size : 0;
		if (S_ISDIR(w.st.st_mode))
			below = measure(w.fd, w.e->d_name, depth - 1);
		sum = below < 0 ? -1 : sum + below;
	}
	closedir(w.dir);
	return sum;
}

/* By its manifest; NaN if that does not tell. */
static double
age_of(int archives, const char *id, double now)
{
	char *path = xasprintf("%s/archive_manifest.json", id);
	struct buf text = BUF_INIT;
	struct err ignored;
	struct json root;
	double age = NAN;
	jv doc;

	if (file_slurp(archives, path, path, &text, &ignored) > 0) {
		doc = json_parse(text.p, text.len, path, &ignored);
		root = json_root(doc, path);
		age = now - trial_real(&root, "created_at");
		jv_free(doc);
	}
	buf_release(&text);
	free(path);
	/* clocks of two machines may differ */
	return age < 0 ? 0 : age;
}

static int
by_id(const void *a, const void *b)
{
	const struct governance_archive *x = a, *y = b;

	return strcmp(x->id, y->id);
}

void
governance_add_archive(struct governance *g, const char *id, int64_t size,
    double age)
{
	struct governance_archive *a;

	g->archive = xgrow(g->archive, g->narchive, &g->archive_cap,
	    sizeof(*a));
	a = &g->archive[g->narchive++];
	a->id = xstrdup(id);
	a->path = xasprintf("%s/%s", g->archives_root, id);
	a->size = size;
	a->age = age;
	g->archives_exist = true;
	qsort(g->archive, g->narchive, sizeof(*a), by_id);
}

static void
archive_release(struct governance_archive *a)
{
	free(a->id);
	free(a->path);
}

void
governance_drop_archive(struct governance *g, const char *id)
{
	size_t i;

	for (i = 0; i < g->narchive; i++)
		if (strcmp(g->archive[i].id, id) == 0)
			break;
	if (i == g->narchive)
		return;
	archive_release(&g->archive[i]);
	g->narchive--;
	memmove(&g->archive[i], &g->archive[i + 1],
	    (g->narchive - i) * sizeof(*g->archive));
}

static int
look_archives(struct governance *g, const struct campaign *c, double now,
    struct err *err)
{
	struct walk w;
	int64_t size = 0;
	int there = c->dir >= 0 ? walk_open(&w, c->dir, ARCHIVES) : 0;

	if (there < 0)
		return err_sys(err, "%s: cannot read", g->archives_root);
	g->archives_exist = there > 0;
	if (there == 0)
		return 0;
	while (size >= 0 && walk_next(&w)) {
		if (!S_ISDIR(w.st.st_mode) || *w.e->d_name == '.')
			continue;
		size = measure(w.fd, w.e->d_name, ARCHIVE_DEPTH);
		if (size < 0)
			err_sys(err, "%s/%s: cannot read", g->archives_root,
			    w.e->d_name);
		else
			governance_add_archive(g, w.e->d_name, size,
			    age_of(w.fd, w.e->d_name, now));
	}
	closedir(w.dir);
	return size < 0 ? -1 : 0;
}

/* As the last commit leaves it, though a crash kept that from the file. */
static void
look_log(struct governance_log *l, const struct campaign *c,
    enum path_id which)
{
	l->label = path_key[which];
	l->path = c->paths.shown[which];
	l->exists = campaign_stat(c, c->paths.real[which], &l->size) ==
	    THERE_FILE;
}

/* Both are where the state file is, as people see it. */
static void
set_roots(struct governance *g, const struct paths *p)
{
	const char *shown = p->shown[PATH_STATE];
	const char *slash = strrchr(shown, '/');

	if (slash == NULL) {
		g->logs_root = xstrdup(".");
		g->archives_root = xstrdup(ARCHIVES);
		return;
	}
	g->logs_root = xstrndup(shown, slash > shown ?
	    (size_t)(slash - shown) : 1);
	g->archives_root = xasprintf("%.*s/" ARCHIVES, (int)(slash - shown),
	    shown);
}

int
governance_look(struct governance *g, const struct campaign *c, double now,
    struct err *err)
{
	memset(g, 0, sizeof(*g));
	set_roots(g, &c->paths);
	look_log(&g->log[0], c, PATH_ACQUISITION);
	look_log(&g->log[1], c, PATH_EVENTS);
	return look_archives(g, c, now, err);
}

static void
findings_release(struct governance_finding *f, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		free(f[i].message);
		buf_release(&f[i].details);
	}
	free(f);
}

void
governance_release(struct governance *g)
{
	size_t i;

	for (i = 0; i < g->narchive; i++)
		archive_release(&g->archive[i]);
	free(g->archive);
	free(g->archives_root);
	free(g->logs_root);
	findings_release(g->warning, g->nwarning);
	findings_release(g->violation, g->nviolation);
	memset(g, 0, sizeof(*g));
}
