#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "campaign/trail.h"
#include "ops/archived.h"
#include "ops/governance.h"
#include "store/file.h"

/* A restore under way. */
struct restore {
	struct campaign *c;
	struct archive a;
	struct runtime files;
	const struct archive_entry *entry[RUNTIME_COUNT];	/* or NULL */
	char *aside[RUNTIME_COUNT];	/* what is copied already */
	struct buf events;	/* the archived event log */
	struct txn *t;
};

/* The archive's event log is read, since this restore goes into it. */
static bool
is_copied(const struct restore *r, int i)
{
	return r->entry[i] != NULL && i != RUNTIME_EVENTS &&
	    i != RUNTIME_LOCK;
}

static bool
is_removed(const struct restore *r, int i)
{
	return r->entry[i] == NULL && i != RUNTIME_EVENTS &&
	    i != RUNTIME_LOCK && r->files.file[i].there != TREE_NONE;
}

static void
match(struct restore *r)
{
	const struct runtime_file *f;
	size_t i;

	for (i = 0; i < r->a.n; i++) {
		f = runtime_find(&r->files, r->a.entry[i].label);
		r->entry[f - r->files.file] = &r->a.entry[i];
	}
}

/* ------------------------------------------------------------- copying */

/* A last line that was torn stays behind: the archive still has it. */
static int
read_events(struct restore *r, struct err *err)
{
	const struct archive_entry *e = r->entry[RUNTIME_EVENTS];
	char *path;
	int there;

	if (e == NULL)
		return 0;
	path = xasprintf("%s/%s", r->a.real, e->archive_rel);
	there = file_slurp(r->c->dir, path, path, &r->events, err);
	if (there == 0)
		err_set(err, LO_IO, "%s: has gone", path);
	free(path);
	while (r->events.len > 0 && r->events.p[r->events.len - 1] != '\n')
		buf_cut(&r->events, r->events.len - 1);
	return there > 0 ? 0 : -1;
}

static int
copy_all(struct restore *r, struct err *err)
{
	int i;

	for (i = 0; i < RUNTIME_COUNT; i++) {
		if (!is_copied(r, i))
			continue;
		r->aside[i] = tree_stage_name(r->files.file[i].real);
		if (archive_copy(&r->a, r->entry[i], r->c, r->aside[i],
		    err) != 0)
			return -1;
	}
	return read_events(r, err);
}

/* Unless a journal waits for them. */
static void
drop_copies(struct restore *r)
{
	struct err ignored;
	enum tree_kind kind;
	int i;

	if (tree_kind(r->c->dir, JOURNAL_NAME, &kind, &ignored) != 0 ||
	    kind != TREE_NONE)
		return;
	for (i = 0; i < RUNTIME_COUNT; i++)
		if (r->aside[i] != NULL)
			tree_remove(r->c->dir, r->aside[i], &ignored);
}

/* ---------------------------------------------------------- the change */

static int
stage(struct restore *r, struct err *err)
{
	const char *real;
	int i, status = 0;

	for (i = 0; i < RUNTIME_COUNT && status == 0; i++) {
		real = r->files.file[i].real;
		if (is_copied(r, i))
			status = txn_place(r->t, real, r->aside[i], err);
		else if (is_removed(r, i))
			status = txn_remove(r->t, real, err);
	}
	txn_renew_events(r->t, &r->events);
	return status;
}

/* Entries that are put back, or those of them that replace something. */
static int64_t
count(const struct restore *r, bool replacing)
{
	int64_t n = 0;
	int i;

	for (i = 0; i < RUNTIME_LABELS; i++)
		n += i != RUNTIME_LOCK && r->entry[i] != NULL &&
		    (!replacing || r->files.file[i].there != TREE_NONE);
	return n;
}

static void
put_event(const struct restore *r, struct buf *line)
{
	char *shown = archive_shown(&r->c->paths, r->a.id);
	struct jw w;

	trail_event(&w, line, "campaign_restored", txn_now(r->t));
	JW_KEY(&w, "archive_id", text, r->a.id);
	JW_KEY(&w, "archive_path", text, shown);
	JW_KEY(&w, "legacy_archive", bool,
	    r->a.integrity == ARCHIVE_LEGACY);
	JW_KEY(&w, "restored_count", int, count(r, false));
	JW_KEY(&w, "overwritten_count", int, count(r, true));
	JW_KEY(&w, "ignored_count", int, r->entry[RUNTIME_LOCK] != NULL);
	trail_end(&w);
	free(shown);
}

static int
commit(struct restore *r, struct err *err)
{
	struct buf event = BUF_INIT;

	r->t = txn_begin(r->c);
	put_event(r, &event);
	txn_event(r->t, &event);
	return stage(r, err) == 0 ? governance_commit(r->c, r->t, err) : -1;
}

/* The campaign is as it was; its log says that this was tried. */
static void
log_failure(const struct op *op, struct restore *r, const struct err *why)
{
	struct txn *t = txn_begin(r->c);
	struct buf line = BUF_INIT;
	struct err err;
	struct jw w;

	trail_event(&w, &line, "campaign_restore_failed", txn_now(t));
	JW_KEY(&w, "archive_id", text, r->a.id);
	JW_KEY(&w, "error", text, why->text);
	trail_end(&w);
	txn_event(t, &line);
	if (governance_commit(r->c, t, &err) != 0)
		op_say(op, "the failure could not be logged: %s", err.text);
	txn_free(t);
}

/* ------------------------------------------------------------ document */

typedef bool choice(const struct restore *, int);

static bool
is_restored(const struct restore *r, int i)
{
	return i != RUNTIME_LOCK && r->entry[i] != NULL;
}

static bool
is_ignored(const struct restore *r, int i)
{
	return i == RUNTIME_LOCK && r->entry[i] != NULL;
}

static void
put_paths(const struct restore *r, struct jw *w, const char *key,
    choice *chosen)
{
	int i;

	jw_key(w, key);
	jw_array(w);
	for (i = 0; i < RUNTIME_COUNT; i++)
		if (chosen(r, i))
			jw_text(w, r->files.file[i].shown);
	jw_end(w);
}

static void
put_document(const struct restore *r, struct buf *out)
{
	struct jw w;

	jw_init(&w, out, JW_COMPACT);
	archived_head(&r->a, &w);
	JW_KEY(&w, "result", text, "restored");
	JW_KEY(&w, "legacy", bool, r->a.integrity == ARCHIVE_LEGACY);
	put_paths(r, &w, "restored", is_restored);
	put_paths(r, &w, "removed", is_removed);
	put_paths(r, &w, "ignored", is_ignored);
	jw_end(&w);
	jw_release(&w);
	buf_addc(out, '\n');
}

/* What is refused leaves no trace, what fails is logged. */
static int
restore(const struct op *op, struct restore *r, struct err *err)
{
	runtime_init(&r->files, &r->c->paths);
	if (archived_refuse(&r->a, &r->files, err) != 0 ||
	    runtime_look(&r->files, r->c, err) != 0)
		return -1;
	match(r);
	if (copy_all(r, err) != 0) {
		drop_copies(r);
		log_failure(op, r, err);
		return -1;
	}
	if (commit(r, err) == 0)
		return 0;
	drop_copies(r);
	return -1;
}

int
op_archive_restore(const struct op *op, const char *id, bool damaged,
    struct buf *out, struct err *err)
{
	struct restore r = { .c = op_open_write_bare(op, "restore", err) };
	int i, status;

	if (r.c == NULL)
		return -1;
	status = archive_read(&r.a, r.c, id, err);
	if (status == 0) {
		if (!damaged)
			archive_content(&r.a, r.c);
		status = restore(op, &r, err);
		if (status == 0)
			put_document(&r, out);
		runtime_release(&r.files);
	}
	for (i = 0; i < RUNTIME_COUNT; i++)
		free(r.aside[i]);
	txn_free(r.t);
	buf_release(&r.events);
	archive_release(&r.a);
	campaign_close(r.c);
	return status;
}
