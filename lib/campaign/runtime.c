#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xmem.h"
#include "campaign/runtime.h"
#include "store/file.h"

#define DEMO_RESULT "examples/_demo_result.json"

static const struct {
	const char *label;
	enum path_id path;	/* PATH_COUNT: not configured */
	bool directory;
} known[RUNTIME_COUNT] = {
	[RUNTIME_STATE] = { "state_file", PATH_STATE, false },
	[RUNTIME_CSV] = { "observations_csv", PATH_CSV, false },
	[RUNTIME_ACQUISITION] = { "acquisition_log_file", PATH_ACQUISITION,
	    false },
	[RUNTIME_EVENTS] = { "event_log_file", PATH_EVENTS, false },
	[RUNTIME_LOCK] = { "lock_file", PATH_LOCK, false },
	[RUNTIME_REPORT_JSON] = { "report_json_file", PATH_REPORT_JSON,
	    false },
	[RUNTIME_REPORT_MD] = { "report_md_file", PATH_REPORT_MD, false },
	[RUNTIME_TRIALS] = { "trials_dir", PATH_TRIALS, true },
	[RUNTIME_DEMO] = { "demo_result_file", PATH_COUNT, false },
	[RUNTIME_REPORT_HTML] = { NULL, PATH_COUNT, false }
};

void
runtime_init(struct runtime *r, const struct paths *p)
{
	struct runtime_file *f;
	int i;

	memset(r, 0, sizeof(*r));
	for (i = 0; i < RUNTIME_COUNT; i++) {
		f = &r->file[i];
		f->label = known[i].label;
		f->directory = known[i].directory;
		if (known[i].path == PATH_COUNT)
			continue;
		f->shown = xstrdup(p->shown[known[i].path]);
		f->real = xstrdup(p->real[known[i].path]);
	}
	f = &r->file[RUNTIME_DEMO];
	f->shown = xstrdup(DEMO_RESULT);
	f->real = xasprintf("%s/%s", p->root, DEMO_RESULT);
	f = &r->file[RUNTIME_REPORT_HTML];
	f->shown = paths_report_html(p->shown[PATH_REPORT_JSON]);
	f->real = paths_report_html(p->real[PATH_REPORT_JSON]);
}

void
runtime_release(struct runtime *r)
{
	int i;

	for (i = 0; i < RUNTIME_COUNT; i++) {
		free(r->file[i].shown);
		free(r->file[i].real);
	}
	memset(r, 0, sizeof(*r));
}

struct runtime_file *
runtime_find(struct runtime *r, const char *label)
{
	int i;

	for (i = 0; i < RUNTIME_LABELS; i++)
		if (strcmp(r->file[i].label, label) == 0)
			return &r->file[i];
	return NULL;
}

/* ------------------------------------------------------- what is there */

static char *
absolute(const struct paths *p, const char *real)
{
	return *real == '/' ? xstrdup(real) :
	    xasprintf("%s/%s", p->state_dir, real);
}

/* Is path the other one, or above it? */
static bool
covers(const char *path, const char *other)
{
	size_t n = strlen(path);

	return strncmp(path, other, n) == 0 &&
	    (other[n] == '\0' || other[n] == '/');
}

/* NULL, or what else would go if this were taken away. */
static char *
also_there(const struct runtime *r, int i, const struct paths *p)
{
	static const char *const users[] = { "bo_config.json",
		"parameter_space.json", "objective_schema.json",
		"constraints.json" };
	char *path = absolute(p, r->file[i].real), *other, *found = NULL;
	size_t k;
	int n;

	if (strcmp(strrchr(path, '/'), "/..") == 0)
		found = xstrdup("the directory below");

	for (k = 0; k < 4 && found == NULL; k++) {
		other = xasprintf("%s/%s", p->root, users[k]);
		if (covers(path, other))
			found = xstrdup(users[k]);
		free(other);
	}
	if (found == NULL && covers(path, p->state_dir))
		found = xstrdup(p->state_dir);
	for (n = 0; n < RUNTIME_COUNT && found == NULL; n++) {
		other = absolute(p, r->file[n].real);
		if (n != i && covers(path, other))
			found = xstrdup(r->file[n].shown);
		free(other);
	}
	free(path);
	return found;
}

/* The rename that takes it away must succeed once it is decided on. */
static int
check_place(const struct runtime_file *f, int dir, struct err *err)
{
	struct stat above, st;
	const char *base;
	int status = 0, parent = file_open_parent(dir, f->real, false, false,
	    &base, err);

	if (parent < 0)
		return -1;
	if (fstat(parent, &above) != 0 ||
	    fstatat(parent, base, &st, AT_SYMLINK_NOFOLLOW) != 0)
		status = err_sys(err, "%s: cannot look at it", f->shown);
	else if (st.st_dev != above.st_dev)
		status = err_set(err, LO_REFUSED, "%s: a filesystem is "
		    "mounted there, so that it cannot be taken away",
		    f->shown);
	else if (faccessat(parent, ".", W_OK | X_OK, AT_EACCESS) != 0)
		status = err_sys(err, "%s: cannot be taken out of its "
		    "directory", f->shown);
	close(parent);
	return status;
}

static int
look_at(struct runtime_file *f, int dir, struct err *err)
{
	if (tree_kind(dir, f->real, &f->there, err) != 0)
		return -1;
	if (f->there == TREE_NONE)
		return 0;
	if (f->there == TREE_OTHER)
		return err_set(err, LO_REFUSED, "%s: is a symbolic link or "
		    "something special, expected a %s; put that in its place",
		    f->shown, f->directory ? "directory" : "file");
	if ((f->there == TREE_DIRECTORY) != f->directory)
		return err_set(err, LO_REFUSED, "%s: expected a %s, got a "
		    "%s", f->shown, f->directory ? "directory" : "file",
		    f->directory ? "file" : "directory");
	return check_place(f, dir, err);
}

int
runtime_look(struct runtime *r, const struct campaign *c, struct err *err)
{
	char *other;
	int i, status = 0;

	for (i = 0; i < RUNTIME_COUNT && status == 0; i++) {
		other = also_there(r, i, &c->paths);
		if (other != NULL)
			status = err_set(err, LO_REFUSED, "%s: holds %s, too, "
			    "so that it cannot be taken away by itself; "
			    "change it in bo_config.json", r->file[i].shown,
			    other);
		else
			status = look_at(&r->file[i], c->dir, err);
		free(other);
	}
	return status;
}

/* ---------------------------------------------------------- leftovers */

bool
runtime_owns(const struct paths *p, const char *path)
{
	const char *archive = path + sizeof(ARCHIVES_NAME);
	struct runtime r;
	bool owns;

	runtime_init(&r, p);
	owns = strcmp(path, r.file[RUNTIME_DEMO].real) == 0 ||
	    strcmp(path, r.file[RUNTIME_REPORT_HTML].real) == 0;
	runtime_release(&r);
	return owns || (strncmp(path, ARCHIVES_NAME "/",
	    sizeof(ARCHIVES_NAME)) == 0 && *archive != '\0' &&
	    *archive != '.' && strchr(archive, '/') == NULL);
}

void
runtime_sweep(const struct campaign *c)
{
	struct runtime r;
	char *slash;
	int i;

	tree_sweep(c->dir, ".");
	tree_sweep(c->dir, ARCHIVES_NAME);
	runtime_init(&r, &c->paths);
	for (i = 0; i < RUNTIME_COUNT; i++) {
		slash = strrchr(r.file[i].real, '/');
		if (slash == NULL || slash == r.file[i].real)
			continue;
		*slash = '\0';
		tree_sweep(c->dir, r.file[i].real);
	}
	runtime_release(&r);
}
