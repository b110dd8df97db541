#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/xmem.h"
#include "ops/validate.h"
#include "store/lock.h"

/* A campaign that changes while it is read is read again. */
#define READ_TRIES 50
#define READ_PAUSE 0.01

/* What state and journal were, to see whether they changed. */
struct look {
	struct stat state, journal;
};

static void
look(const struct vcheck *v, struct look *l)
{
	memset(l, 0, sizeof(*l));
	if (v->c.dir < 0)
		return;
	if (fstatat(v->c.dir, v->c.paths.real[PATH_STATE], &l->state,
	    AT_SYMLINK_NOFOLLOW) != 0)
		memset(&l->state, 0, sizeof(l->state));
	if (fstatat(v->c.dir, JOURNAL_NAME, &l->journal,
	    AT_SYMLINK_NOFOLLOW) != 0)
		memset(&l->journal, 0, sizeof(l->journal));
}

static bool
same_file(const struct stat *a, const struct stat *b)
{
	return a->st_ino == b->st_ino && a->st_size == b->st_size &&
	    a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	    a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* ------------------------------------------------------------ opening */

static void
open_directory(struct vcheck *v)
{
	v->c.dir = open(v->c.paths.state_dir,
	    O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (v->c.dir < 0 && errno != ENOENT)
		find_text(v, FINDING_ERROR, v->c.paths.state_dir, NULL,
		    "cannot open the state directory: %s", strerror(errno));
}

/* Returns a descriptor that keeps writers out, or -1.  No lock file: no
 * writer was ever here. */
static int
share_lock(struct vcheck *v)
{
	const char *real = v->c.paths.real[PATH_LOCK];
	struct stat st;
	int fd;

	if (v->c.dir < 0 ||
	    fstatat(v->c.dir, real, &st, AT_SYMLINK_NOFOLLOW) != 0) {
		v->alone = true;
		return -1;
	}
	v->lock_exists = true;
	if (!S_ISREG(st.st_mode)) {
		find_text(v, FINDING_ERROR, v->c.paths.shown[PATH_LOCK],
		    NULL, "not a regular file, so that nothing can be locked");
		return -1;
	}
	if (v->no_lock)
		return -1;
	errno = 0;
	fd = lock_share(v->c.dir, real);
	v->alone = fd >= 0;
	v->lock_errno = fd >= 0 ? 0 : errno;
	return fd;
}

void
vcheck_release(struct vcheck *v)
{
	size_t i;

	for (i = 0; i < v->nfinding; i++) {
		free(v->finding[i].file);
		free(v->finding[i].path);
		free(v->finding[i].text);
	}
	free(v->finding);
	for (i = 0; i < v->ntrial; i++) {
		free(v->trial[i].point);
		free(v->trial[i].y);
	}
	free(v->trial);
	state_free(v->c.state);
	buf_release(&v->state_text);
	journal_release(&v->c.journal);
	paths_release(&v->c.paths);
	contracts_release(&v->c.c);
	if (v->c.dir >= 0)
		close(v->c.dir);
}

/* ------------------------------------------------------------ reading */

int
vcheck_read(struct vcheck *v, const char *real, const char *shown,
    struct buf *out)
{
	size_t len = strlen(real);
	struct err e;
	int found;

	if (v->c.dir < 0)
		return 0;
	found = campaign_read_file(&v->c, real, out, &e);
	if (found >= 0)
		return found;
	if (strncmp(e.text, real, len) == 0 &&
	    strncmp(e.text + len, ": ", 2) == 0)
		find_text(v, FINDING_ERROR, shown, NULL, "%s",
		    e.text + len + 2);
	else
		find_err(v, FINDING_ERROR, shown, &e);
	return -1;
}

jv
vcheck_parse(struct vcheck *v, const char *real, const char *shown,
    enum finding_kind kind, int *found)
{
	struct buf text = BUF_INIT;
	jv doc = jv_invalid();
	struct err e;

	*found = vcheck_read(v, real, shown, &text);
	if (*found > 0) {
		jv_free(doc);
		doc = json_parse(buf_str(&text), text.len, shown, &e);
		if (!jv_is_valid(doc))
			find_err(v, kind, shown, &e);
	}
	buf_release(&text);
	return doc;
}

/* Only a used campaign has these; a new one has no state either. */
static void
check_state_there(struct vcheck *v)
{
	struct finding last;

	if (v->state_exists || (v->ndecision == 0 && v->ndirectory == 0))
		return;
	find_text(v, FINDING_ERROR, v->c.paths.shown[PATH_STATE], NULL,
	    "missing, though there are %s: the campaign is damaged",
	    v->ndirectory > 0 ? "trials" : "decisions");
	/* what explains the others comes first */
	last = v->finding[v->nfinding - 1];
	memmove(v->finding + 1, v->finding,
	    (v->nfinding - 1) * sizeof(last));
	v->finding[0] = last;
}

static void
check_files(struct vcheck *v)
{
	validate_directory(v);
	validate_state(v);
	validate_logs(v);
	if (!v->brief)
		validate_csv(v);
	validate_trials(v);
	check_state_there(v);
	validate_leases(v);
	vcheck_read_state(v);
	if (!v->brief)
		validate_governance(v);
}

/* Returns whether the campaign changed meanwhile. */
static bool
check_once(struct vcheck *v, const char *root, unsigned how)
{
	struct look before, after;
	struct err e;
	int lock;

	memset(v, 0, sizeof(*v));
	v->brief = (how & VCHECK_BRIEF) != 0;
	v->no_lock = (how & VCHECK_NO_LOCK) != 0;
	v->c.dir = -1;
	journal_init(&v->c.journal);
	validate_contracts(v, root);
	if (v->c.c.config == NULL ||
	    paths_init(&v->c.paths, root, v->c.c.config, false, &e) != 0) {
		find_text(v, FINDING_ERROR, "bo_config.json", ".paths",
		    "%s", v->c.c.config == NULL ? "unusable" : e.text);
		return false;
	}
	open_directory(v);
	lock = share_lock(v);
	look(v, &before);
	check_files(v);
	look(v, &after);
	if (lock >= 0)
		close(lock);
	return !v->alone && !(same_file(&before.state, &after.state) &&
	    same_file(&before.journal, &after.journal));
}

void
vcheck_run(struct vcheck *v, const char *root, unsigned how)
{
	bool changed;
	int tries = 0;

	while ((changed = check_once(v, root, how)) &&
	    ++tries < READ_TRIES) {
		vcheck_release(v);
		clock_sleep(READ_PAUSE);
	}
	if (changed)
		find_text(v, FINDING_WARNING, v->c.paths.shown[PATH_STATE],
		    NULL, "it kept changing while it was checked");
}

/* ------------------------------------------------------------- result */

static void
write_list(struct vcheck *v, struct jw *w, enum finding_kind kind)
{
	const struct finding *f;
	struct buf line = BUF_INIT;
	size_t i;

	jw_array(w);
	for (i = 0; i < v->nfinding; i++) {
		f = &v->finding[i];
		if (f->kind != kind)
			continue;
		buf_cut(&line, 0);
		buf_addf(&line, "%s: %s%s%s", f->file,
		    f->path != NULL ? f->path : "",
		    f->path != NULL ? ": " : "", f->text);
		jw_text(w, buf_str(&line));
	}
	jw_end(w);
	buf_release(&line);
}

size_t
vcheck_count(const struct vcheck *v, enum finding_kind kind)
{
	size_t i, n = 0;

	for (i = 0; i < v->nfinding; i++)
		n += v->finding[i].kind == kind;
	return n;
}

static void
write_document(struct vcheck *v, struct buf *out)
{
	struct jw w;

	jw_init(&w, out, JW_COMPACT);
	jw_object(&w);
	JW_KEY(&w, "valid", bool, vcheck_count(v, FINDING_ERROR) == 0);
	jw_key(&w, "errors");
	write_list(v, &w, FINDING_ERROR);
	jw_key(&w, "warnings");
	write_list(v, &w, FINDING_WARNING);
	jw_end(&w);
	jw_release(&w);
}

static void
tell(const struct vcheck *v, const struct validate_request *r,
    enum finding_kind kind)
{
	const struct finding *f;
	char *line;
	size_t i;

	for (i = 0; r->finding != NULL && i < v->nfinding; i++) {
		f = &v->finding[i];
		if (f->kind != kind)
			continue;
		line = xasprintf("%s: %s%s%s: %s", f->file,
		    f->path != NULL ? f->path : "",
		    f->path != NULL ? ": " : "",
		    kind == FINDING_ERROR ? "error" : "warning", f->text);
		r->finding(r->finding_arg, line);
		free(line);
	}
}

int
op_validate(const struct op *op, const struct validate_request *r,
    struct buf *out, struct err *err)
{
	struct vcheck v;
	bool sound;

	vcheck_run(&v, op->root, 0);
	write_document(&v, out);
	tell(&v, r, FINDING_ERROR);
	tell(&v, r, FINDING_WARNING);
	sound = vcheck_count(&v, FINDING_ERROR) == 0 &&
	    (!r->strict || vcheck_count(&v, FINDING_WARNING) == 0);
	vcheck_release(&v);
	return sound ? 0 : err_set(err, LO_REFUSED, "%s", "");
}
