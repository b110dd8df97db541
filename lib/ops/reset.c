#include <stdlib.h>

#include "base/xmem.h"
#include "campaign/trail.h"
#include "ops/archived.h"
#include "ops/governance.h"
#include "store/tree.h"

/* A reset under way. */
struct reset {
	struct campaign *c;
	struct runtime files;
	struct archive_made made;	/* id NULL: none */
	struct txn *t;
	char *shown;		/* of the archive, or NULL */
};

static bool
goes(const struct reset *r, int i)
{
	return i != RUNTIME_LOCK && r->files.file[i].there != TREE_NONE;
}

/* Files with a label that go, or do not. */
static int64_t
count(const struct reset *r, bool going)
{
	int64_t n = 0;
	int i;

	for (i = 0; i < RUNTIME_LABELS; i++)
		n += i != RUNTIME_LOCK && goes(r, i) == going;
	return n;
}

static void
begin_log(struct reset *r)
{
	struct buf line = BUF_INIT;
	struct jw w;

	trail_event(&w, &line, "campaign_reset", txn_now(r->t));
	JW_KEY(&w, "archive_enabled", bool, r->shown != NULL);
	JW_KEY(&w, "archive_path", text, r->shown);
	JW_KEY(&w, "removed_count", int, count(r, true));
	JW_KEY(&w, "missing_count", int, count(r, false));
	trail_end(&w);
	txn_renew_events(r->t, &line);
}

/* The archive gets its name before anything loses its own. */
static int
stage(struct reset *r, struct err *err)
{
	int i, status = 0;

	if (r->made.id != NULL)
		status = txn_place(r->t, r->made.real, r->made.aside, err);
	for (i = 0; i < RUNTIME_COUNT && status == 0; i++)
		if (goes(r, i) && i != RUNTIME_EVENTS)
			status = txn_remove(r->t, r->files.file[i].real, err);
	return status;
}

static void
put_document(const struct reset *r, struct buf *out)
{
	struct jw w;
	int i;

	jw_init(&w, out, JW_COMPACT);
	jw_object(&w);
	JW_KEY(&w, "result", text, "reset");
	JW_KEY(&w, "archive_id", text, r->made.id);
	JW_KEY(&w, "archive_path", text, r->shown);
	jw_key(&w, "removed");
	jw_array(&w);
	for (i = 0; i < RUNTIME_COUNT; i++)
		if (goes(r, i))
			jw_text(&w, r->files.file[i].shown);
	jw_end(&w);
	jw_end(&w);
	jw_release(&w);
	buf_addc(out, '\n');
}

/* Was nothing committed, what was prepared goes. */
static void
drop(struct reset *r)
{
	struct err ignored;
	enum tree_kind kind;

	if (r->made.id != NULL &&
	    tree_kind(r->c->dir, JOURNAL_NAME, &kind, &ignored) == 0 &&
	    kind == TREE_NONE)
		tree_remove(r->c->dir, r->made.aside, &ignored);
}

/* The archive counts among those that there may be. */
static void
foretell(void *arg, struct governance *g)
{
	const struct reset *r = arg;
	uint64_t size;
	struct err ignored;

	if (r->made.id != NULL && tree_measure(r->c->dir, r->made.aside,
	    false, &size, &ignored) == 0)
		governance_add_archive(g, r->made.id, (int64_t)size, 0);
}

static int
reset(struct reset *r, struct buf *out, struct err *err)
{
	const struct governance_change change = { foretell, r };

	r->t = txn_begin(r->c);
	begin_log(r);
	if (stage(r, err) != 0 ||
	    governance_commit_as(r->c, r->t, &change, err) != 0) {
		drop(r);
		return -1;
	}
	put_document(r, out);
	return 0;
}

int
op_reset(const struct op *op, const struct reset_request *request,
    struct buf *out, struct err *err)
{
	struct reset r = { .c = op_open_write_bare(op, "reset", err) };
	int status;

	if (r.c == NULL)
		return -1;
	runtime_init(&r.files, &r.c->paths);
	status = runtime_look(&r.files, r.c, err);
	if (status == 0 && !request->no_archive)
		status = archive_make(&r.made, r.c, &r.files, err);
	if (r.made.id != NULL)
		r.shown = archive_shown(&r.c->paths, r.made.id);
	if (status == 0)
		status = reset(&r, out, err);
	free(r.shown);
	txn_free(r.t);
	archive_made_release(&r.made);
	runtime_release(&r.files);
	campaign_close(r.c);
	return status;
}
