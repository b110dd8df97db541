#include <errno.h>

#include "ops/snapshot.h"

static void
put_summary(const struct snapshot *s, struct jw *w)
{
	jw_key(w, "summary");
	jw_object(w);
	JW_KEY(w, "hard_error_count", int, (int64_t)s->error.n);
	JW_KEY(w, "warning_count", int, (int64_t)s->warning.n);
	JW_KEY(w, "governance_warning_count", int,
	    (int64_t)s->governance.nwarning);
	JW_KEY(w, "governance_violation_count", int,
	    (int64_t)s->governance.nviolation);
	jw_end(w);
}

static void
put_paths(const struct snapshot *s, struct jw *w)
{
	int i;

	jw_key(w, "path_presence");
	jw_object(w);
	for (i = 0; i < PATH_COUNT; i++) {
		jw_key(w, path_key[i]);
		jw_object(w);
		JW_KEY(w, "path", text, s->c->paths.shown[i]);
		JW_KEY(w, "exists", bool,
		    snapshot_exists(s, (enum path_id)i));
		jw_end(w);
	}
	jw_end(w);
}

/* Who holds the lock, in the words of the lock file. */
static void
put_holder(const struct snapshot *s, struct jw *w)
{
	const char *real = s->c->paths.real[PATH_LOCK];
	struct buf text = BUF_INIT;
	struct err ignored;
	struct span line;

	line.len = 0;
	if (campaign_read_file(s->c, real, &text, &ignored) > 0 &&
	    json_scan(text.p, text.len, real, 1, &ignored) == 0) {
		line.p = text.p;
		line.len = text.len;
	}
	jw_key(w, "holder");
	if (line.len > 0 && json_walk(line).object)
		jw_raw(w, line);
	else
		jw_null(w);
	buf_release(&text);
}

static void
put_lock(const struct snapshot *s, struct jw *w)
{
	int why = s->v.lock_errno;
	bool held = why == EWOULDBLOCK || why == EAGAIN;

	jw_key(w, "lock");
	jw_object(w);
	JW_KEY(w, "path", text, s->c->paths.shown[PATH_LOCK]);
	JW_KEY(w, "exists", bool, s->v.lock_exists);
	JW_KEY(w, "posix_locking_available", bool, why != ENOSYS &&
	    why != ENOTSUP && why != EOPNOTSUPP && why != ENOLCK);
	JW_KEY(w, "exclusive_lock_held", bool, held);
	if (held)
		put_holder(s, w);
	else {
		jw_key(w, "holder");
		jw_null(w);
	}
	jw_end(w);
}

static void
put_governance(const struct snapshot *s, struct jw *w)
{
	const struct governance *g = &s->governance;
	const struct config *config = s->c->c.config;

	jw_key(w, "governance");
	jw_object(w);
	jw_key(w, "allowed_statuses");
	governance_write_statuses(config, w);
	jw_key(w, "pending_age");
	snapshot_write_ages(s, w);
	jw_key(w, "retention");
	governance_write_retention(config, w);
	jw_key(w, "footprints");
	governance_write_footprints(g, w);
	jw_key(w, "warnings");
	governance_write_findings(g->warning, g->nwarning, w);
	jw_key(w, "violations");
	governance_write_findings(g->violation, g->nviolation, w);
	jw_end(w);
}

int
op_health(const struct op *op, const struct health_request *r,
    struct buf *out, struct err *err)
{
	struct snapshot s;
	struct jw w;
	int status;

	snapshot_take(&s, op, SNAPSHOT_SHARED);
	jw_init(&w, out, JW_COMPACT);
	jw_object(&w);
	snapshot_write_head(&s, &w);
	put_summary(&s, &w);
	jw_key(&w, "status");
	snapshot_write_status(&s, &w);
	put_paths(&s, &w);
	put_lock(&s, &w);
	jw_key(&w, "hard_errors");
	snapshot_write_list(&s.error, &w);
	jw_key(&w, "warnings");
	snapshot_write_list(&s.warning, &w);
	put_governance(&s, &w);
	jw_end(&w);
	jw_release(&w);
	buf_addc(out, '\n');
	status = snapshot_verdict(&s, r->strict, err);
	snapshot_release(&s);
	return status;
}
