#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/xmem.h"
#include "campaign/csv.h"
#include "campaign/recover.h"
#include "campaign/trail.h"
#include "campaign/txn.h"
#include "store/file.h"
#include "store/json.h"
#include "store/tree.h"

struct txn {
	struct campaign *c;
	double now;
	struct journal files;	/* of trials; they follow the state */
	struct buf events, decisions;
	struct buf released;	/* the last event */
	struct buf marks;	/* elements of the note's list */
	struct buf renewed;	/* what the event log begins with, if ... */
	bool renews;
};

struct txn *
txn_begin(struct campaign *c)
{
	struct txn *t = xcalloc(1, sizeof(*t));
	struct jw w;

	t->c = c;
	t->now = clock_now();
	journal_init(&t->files);
	trail_event(&w, &t->events, "lock_acquired", t->now);
	JW_KEY(&w, "command", text, c->command);
	JW_KEY(&w, "pid", int, (int64_t)getpid());
	JW_KEY(&w, "wait_seconds", real, lock_waited(c->lock));
	trail_end(&w);
	return t;
}

void
txn_free(struct txn *t)
{
	if (t == NULL)
		return;
	journal_release(&t->files);
	buf_release(&t->events);
	buf_release(&t->decisions);
	buf_release(&t->released);
	buf_release(&t->marks);
	buf_release(&t->renewed);
	free(t);
}

double
txn_now(const struct txn *t)
{
	return t->now;
}

static void
move_into(struct buf *to, struct buf *from)
{
	buf_add(to, from->p, from->len);
	buf_release(from);
}

void
txn_event(struct txn *t, struct buf *line)
{
	move_into(&t->events, line);
}

void
txn_decision(struct txn *t, struct buf *line)
{
	move_into(&t->decisions, line);
}

void
txn_mark(struct txn *t, int64_t id, const char *key, double at)
{
	struct jw w;

	if (t->marks.len > 0)
		buf_addc(&t->marks, ',');
	jw_init(&w, &t->marks, JW_COMPACT);
	jw_object(&w);
	JW_KEY(&w, "id", int, id);
	JW_KEY(&w, "key", text, key);
	JW_KEY(&w, "at", real, at);
	jw_end(&w);
	jw_release(&w);
}

int
txn_file(struct txn *t, const char *real, struct buf *data, struct err *err)
{
	struct journal_old old;
	int status = journal_look(t->c->dir, real, &old, err);

	if (status == 0)
		journal_replace(&t->files, real, old, data);
	return status;
}

static int
add_file(struct txn *t, int64_t id, const char *name, struct buf *data,
    struct err *err)
{
	char *path = paths_trial_real(&t->c->paths, id, name);
	int status = txn_file(t, path, data, err);

	if (status == 0)
		journal_together(&t->files);
	free(path);
	return status;
}

int
txn_manifest(struct txn *t, int64_t id, struct buf *data, struct err *err)
{
	return add_file(t, id, "manifest.json", data, err);
}

int
txn_payload(struct txn *t, int64_t id, struct buf *data, struct err *err)
{
	return add_file(t, id, "ingest_payload.json", data, err);
}

int
txn_import_report(struct txn *t, const char *base, struct buf *data,
    struct err *err)
{
	char *path = xasprintf("%s/%s", t->c->paths.real[PATH_IMPORTS], base);
	int status = txn_file(t, path, data, err);

	free(path);
	return status;
}

/* ----------------------------------------------------- files and trees */

/* What recovery judges by is compared; the others need not be read. */
static int
look(struct txn *t, const char *real, const char *at,
    struct journal_old *old, struct err *err)
{
	enum tree_kind kind;
	int status;

	if (strcmp(real, t->c->paths.real[PATH_STATE]) == 0)
		return journal_look(t->c->dir, at, old, err);
	memset(old, 0, sizeof(*old));
	status = tree_kind(t->c->dir, at, &kind, err);
	old->exists = kind != TREE_NONE;
	return status;
}

int
txn_remove(struct txn *t, const char *real, struct err *err)
{
	struct journal_old old;
	enum tree_kind kind;
	char *aside;

	if (look(t, real, real, &old, err) != 0 ||
	    tree_kind(t->c->dir, real, &kind, err) != 0)
		return -1;
	if (kind != TREE_DIRECTORY) {
		journal_remove(&t->files, real, old);
		return 0;
	}
	aside = tree_stage_name(real);
	journal_clear(&t->files, real, aside);
	free(aside);
	return 0;
}

int
txn_place(struct txn *t, const char *real, const char *aside,
    struct err *err)
{
	struct journal_old old, moved;

	if (look(t, real, real, &old, err) != 0 ||
	    look(t, real, aside, &moved, err) != 0)
		return -1;
	journal_place_tree(&t->files, real, old, aside, moved);
	return 0;
}

/* ----------------------------------------------------------- the logs */

void
txn_renew_events(struct txn *t, struct buf *text)
{
	t->renews = true;
	move_into(&t->renewed, text);
}

static int
stage_renewed(struct txn *t, struct journal *j, struct err *err)
{
	const char *path = t->c->paths.real[PATH_EVENTS];
	struct journal_old old;

	if (look(t, path, path, &old, err) != 0)
		return -1;
	buf_add(&t->renewed, t->events.p, t->events.len);
	journal_replace(j, path, old, &t->renewed);
	return 0;
}

static int
stage_torn(struct txn *t, struct journal *j, const char *path,
    struct buf *torn, struct err *err)
{
	char *aside = xasprintf("%s.torn", path);
	struct buf whole = BUF_INIT;
	struct journal_old old;
	int status = file_slurp(t->c->dir, aside, aside, &whole, err);

	if (status >= 0)
		status = journal_look(t->c->dir, aside, &old, err);
	if (status >= 0) {
		buf_add(&whole, torn->p, torn->len);
		buf_addc(&whole, '\n');
		journal_replace(j, aside, old, &whole);
	}
	buf_release(&whole);
	free(aside);
	return status < 0 ? -1 : 0;
}

static int
stage_log(struct txn *t, struct journal *j, const char *path,
    struct buf *lines, struct err *err)
{
	struct journal_old old;
	struct buf torn = BUF_INIT;
	uint64_t end;
	int status;

	if (lines->len == 0)
		return 0;
	status = journal_look_tail(t->c->dir, path, &old, &end, &torn, err);
	if (status >= 0)
		status = torn.len > 0 ? stage_torn(t, j, path, &torn, err) :
		    0;
	if (status == 0)
		journal_append(j, path, old, end, lines);
	buf_release(&torn);
	return status;
}

/* Its length is part of what the log will be, so it is made once. */
static void
released(struct txn *t)
{
	struct jw w;

	if (t->released.len > 0)
		return;
	trail_event(&w, &t->released, "lock_released", clock_now());
	JW_KEY(&w, "command", text, t->c->command);
	JW_KEY(&w, "pid", int, (int64_t)getpid());
	JW_KEY(&w, "wait_seconds", real, lock_waited(t->c->lock));
	trail_end(&w);
}

/* How long a log is before this change's lines come. */
static int
log_begins(struct txn *t, enum path_id which, uint64_t *end,
    struct err *err)
{
	const char *real = t->c->paths.real[which];
	const struct journal_entry *e = journal_find(&t->files, real);
	struct journal_old old;

	*end = t->renewed.len;
	if (which == PATH_EVENTS && t->renews)
		return 0;
	*end = 0;
	if (e != NULL && e->op == JOURNAL_REMOVE)
		return 0;
	if (e != NULL && e->op == JOURNAL_MOVE)
		real = e->aside;
	return journal_look_tail(t->c->dir, real, &old, end, NULL, err) < 0 ?
	    -1 : 0;
}

int
txn_log_size(struct txn *t, enum path_id which, int64_t *size,
    struct err *err)
{
	uint64_t end, lines = t->decisions.len;

	if (which == PATH_EVENTS) {
		released(t);
		lines = t->events.len + t->released.len;
	}
	if (log_begins(t, which, &end, err) != 0)
		return -1;
	*size = (int64_t)(end + lines);
	return 0;
}

/* ---------------------------------------------------------- the commit */

static int
stage_state(struct txn *t, struct journal *j, struct err *err)
{
	struct state *s = t->c->state;
	struct journal_old old;
	const char *real = t->c->paths.real[PATH_STATE];
	struct buf text = BUF_INIT;

	/* one that was not read may be there, damaged */
	if (!s->exists && journal_look(t->c->dir, real, &old, err) != 0)
		return -1;
	if (s->exists) {
		old.exists = true;
		old.size = s->text.len;
		old.crc = file_crc(s->text.p, s->text.len);
	}
	state_write(s, &text);
	journal_replace(j, real, old, &text);
	return 0;
}

/* The state comes first: recovery judges by it.  But its text needs the
 * length of the CSV, which is therefore staged aside. */
static int
stage(struct txn *t, struct journal *j, struct err *err)
{
	struct journal csv;
	const char *const *path = (const char *const *)t->c->paths.real;
	int status = 0;

	journal_init(&csv);
	released(t);
	move_into(&t->events, &t->released);
	if (t->c->state != NULL) {
		status = csv_stage(t->c, &csv, err);
		if (status == 0)
			status = stage_state(t, j, err);
	}
	journal_move(&t->files, j);
	journal_move(&csv, j);
	if (status == 0)
		status = stage_log(t, j, path[PATH_ACQUISITION],
		    &t->decisions, err);
	if (status == 0)
		status = t->renews ? stage_renewed(t, j, err) :
		    stage_log(t, j, path[PATH_EVENTS], &t->events, err);
	j->note = xasprintf("{\"command\":\"%s\",\"marks\":[%s]}",
	    t->c->command, buf_str(&t->marks));
	journal_release(&csv);
	return status;
}

int
txn_commit(struct txn *t, struct err *err)
{
	struct journal_place at;
	struct journal j;
	bool committed = false;
	int status;

	recover_place(t->c, &at);
	journal_init(&j);
	status = stage(t, &j, err);
	if (status == 0)
		status = journal_commit(&j, &at, &committed, err);
	if (status != 0 && committed) {
		err->status = LO_IO;
		err_prefix(err, "the change is recorded but not finished; the "
		    "next command that writes finishes it: ");
	}
	journal_release(&j);
	return status;
}
