#include <sys/stat.h>

#include <fcntl.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/xmem.h"
#include "campaign/txn.h"
#include "ops/common.h"
#include "ops/rebuild.h"
#include "store/file.h"

void
rebuild_say(struct rebuild *r, const char *fmt, ...)
{
	struct err e;		/* as much as an error may say */
	va_list ap;

	va_start(ap, fmt);
	err_vset(&e, LO_DONE, fmt, ap);
	va_end(ap);
	buf_add(&r->unknown, e.text, strlen(e.text) + 1);
}

void
rebuild_unread(struct rebuild *r, const char *real, const struct err *err)
{
	struct stat st;

	if (r->unread || (fstatat(r->c->dir, real, &st,
	    AT_SYMLINK_NOFOLLOW) == 0 && !S_ISREG(st.st_mode)))
		return;
	r->unread = true;
	err_set(&r->why, LO_IO, "%s; nothing is rebuilt without it: try "
	    "again, or move it away first", err->text);
}

void
rebuild_release(struct rebuild *r)
{
	if (r->s != NULL && r->c->state != r->s)
		state_free(r->s);
	campaign_close(r->c);
	free(r->trial);
	free(r->lost);
	buf_release(&r->unknown);
}

/* ------------------------------------------------------------ the state */

static void
set_meta(struct rebuild *r)
{
	struct state *s = r->s;
	int64_t seed = r->seed_known ? r->seed : r->c->c.config->seed;

	if (!isnan(r->begun))
		s->meta = jv_object_set(s->meta, jv_string("created_at"),
		    jv_number(r->begun));
	s->meta = jv_object_set(s->meta, jv_string("seed"),
	    jv_number((double)seed));
	if (!r->seed_known)
		rebuild_say(r, "the seed: no decision names one; that of "
		    "bo_config.json is taken");
}

/* It became the best when it came in, if no later one did. */
static void
set_best(struct rebuild *r)
{
	const struct observation *o = state_find_best(r->s);

	if (o != NULL)
		state_update_best(r->s, isnan(o->completed_at) ? r->now :
		    o->completed_at);
}

static void
assemble(struct rebuild *r)
{
	rebuild_rows(r);
	if (r->s->next_trial_id <= r->last_id)
		r->s->next_trial_id = r->last_id + 1;
	set_meta(r);
	set_best(r);
	rebuild_say(r, "what only the state had: who evaluates pending "
	    "trials, the last fit of the model, since when the best trial is "
	    "the best, keys of other programs");
}

static int
check_anything(const struct rebuild *r, struct err *err)
{
	if (r->n > 0)
		return 0;
	return err_set(err, LO_REFUSED, "%s: there is nothing to rebuild it "
	    "from, neither trials nor decisions",
	    r->c->paths.shown[PATH_STATE]);
}

/* ---------------------------------------------------------- the files */

/* A state that can be read is not replaced by a poorer one. */
static int
check_damaged(const struct rebuild *r, const struct buf *old, int there,
    struct err *err)
{
	const struct campaign *c = r->c;
	struct buf copy = BUF_INIT;
	struct state *s;

	if (there <= 0)
		return there;
	buf_add(&copy, old->p, old->len);
	s = state_parse(&copy, c->c.space, c->c.objectives,
	    c->paths.shown[PATH_STATE], err);
	if (s == NULL)
		return 0;
	state_free(s);
	return err_set(err, LO_REFUSED, "%s: it can be read, so it is not "
	    "replaced; if it is a wrong one, move it out of the way first",
	    c->paths.shown[PATH_STATE]);
}

static char *
stamped(const struct rebuild *r, const char *face)
{
	return xasprintf("%s" STATE_DAMAGED "%.6f", face, r->now);
}

static int
place(struct rebuild *r, char **kept, struct err *err)
{
	struct campaign *c = r->c;
	const char *real = c->paths.real[PATH_STATE];
	struct txn *t = txn_begin(c);
	struct buf old = BUF_INIT;
	char *aside = stamped(r, real), *rebuilt = xasprintf("%s" STATE_REBUILT,
	    real);
	int there = file_slurp(c->dir, real, c->paths.shown[PATH_STATE],
	    &old, err);
	int status = check_damaged(r, &old, there, err);

	if (status == 0 && there > 0) {
		*kept = stamped(r, c->paths.shown[PATH_STATE]);
		status = txn_file(t, aside, &old, err);
	}
	if (status == 0)
		status = txn_remove(t, rebuilt, err);
	if (status == 0) {
		c->state = r->s;
		status = txn_commit(t, err);
	}
	txn_free(t);
	buf_release(&old);
	free(aside);
	free(rebuilt);
	return status < 0 ? -1 : 0;
}

/* Nothing but this one file is written. */
static int
write_beside(struct rebuild *r, struct err *err)
{
	struct campaign *c = r->c;
	bool sync = !c->c.config->relaxed;
	char *rebuilt = xasprintf("%s" STATE_REBUILT,
	    c->paths.real[PATH_STATE]);
	struct buf text = BUF_INIT;
	int status;

	state_write(r->s, &text);
	status = file_put(c->dir, rebuilt, &text, sync, err);
	if (status == 0 && sync)
		status = file_sync_dir(c->dir, c->paths.state_dir, err);
	buf_release(&text);
	free(rebuilt);
	return status;
}

/* --------------------------------------------------------- the document */

static void
put_unknown(const struct rebuild *r, struct jw *w)
{
	const char *p = r->unknown.p, *end = p + r->unknown.len;
	size_t i;

	jw_key(w, "lost");
	jw_array(w);
	for (i = 0; i < r->nlost; i++)
		jw_int(w, r->lost[i]);
	jw_end(w);
	jw_key(w, "unknown");
	jw_array(w);
	for (; p < end; p += strlen(p) + 1)
		jw_text(w, p);
	jw_end(w);
}

static void
put_document(const struct rebuild *r, bool placed, const char *kept,
    struct buf *out)
{
	const char *shown = r->c->paths.shown[PATH_STATE];
	char *rebuilt = xasprintf("%s" STATE_REBUILT, shown);
	struct jw w;

	jw_init(&w, out, JW_COMPACT);
	jw_object(&w);
	JW_KEY(&w, "rebuilt", text, placed ? shown : rebuilt);
	JW_KEY(&w, "placed", bool, placed);
	JW_KEY(&w, "kept", text, kept);
	JW_KEY(&w, "observations", int, (int64_t)r->s->nobs);
	JW_KEY(&w, "pending", int, (int64_t)r->s->npend);
	JW_KEY(&w, "next_trial_id", int, r->s->next_trial_id);
	jw_key(&w, "best");
	state_write_best(r->s, &w);
	put_unknown(r, &w);
	jw_end(&w);
	jw_release(&w);
	buf_addc(out, '\n');
	free(rebuilt);
}

static void
say_unknown(const struct op *op, const struct rebuild *r)
{
	const char *p = r->unknown.p, *end = p + r->unknown.len;

	for (; p < end; p += strlen(p) + 1)
		op_say(op, "not known: %s", p);
}

/* ------------------------------------------------------------- all of it */

static struct campaign *
open_stateless(const struct op *op, struct err *err)
{
	struct campaign_open how = { op->root, "rebuild", op->lock_timeout,
	    false, true };
	struct campaign *c = campaign_open_write(&how, err);

	if (c != NULL && c->warning != NULL)
		op_say(op, "%s", c->warning);
	return c;
}

int
op_rebuild(const struct op *op, bool in_place, struct buf *out,
    struct err *err)
{
	struct rebuild r = { .c = open_stateless(op, err) };
	char *kept = NULL;
	int status;

	if (r.c == NULL)
		return -1;
	r.now = clock_now();
	r.s = state_new(r.c->c.space, r.c->c.objectives, r.now);
	status = rebuild_gather(&r, err);
	if (status == 0)
		status = check_anything(&r, err);
	if (status == 0) {
		assemble(&r);
		if (r.unread)
			*err = r.why;
		status = r.unread ? -1 : in_place ? place(&r, &kept, err) :
		    write_beside(&r, err);
	}
	if (status == 0) {
		say_unknown(op, &r);
		put_document(&r, in_place, kept, out);
	}
	free(kept);
	rebuild_release(&r);
	return status;
}
