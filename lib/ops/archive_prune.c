#include "base/clock.h"
#include "campaign/trail.h"
#include "ops/archived.h"
#include "ops/governance.h"

/* The i-th newest of them: do all rules that are given let it go? */
static bool
goes(const struct archives *all, size_t i, const struct prune_request *r,
    double now)
{
	const struct archive *a = &all->item[i];

	if (r->keep_last >= 0 && i < (size_t)r->keep_last)
		return false;
	return r->older_than < 0 ||
	    (a->dated && now - a->created_at > r->older_than);
}

static void
put_line(const struct archive *a, double now, struct buf *out)
{
	struct jw w;

	jw_init(&w, out, JW_COMPACT);
	archived_head(a, &w);
	JW_KEY(&w, "result", text, "pruned");
	archived_age(a, now, &w);
	JW_KEY(&w, "size_bytes", int, (int64_t)a->bytes);
	jw_end(&w);
	jw_release(&w);
	buf_addc(out, '\n');
}

/* Lines of those that go; their removal is staged, if t is not NULL. */
static int
choose(const struct archives *all, const struct prune_request *r, double now,
    struct txn *t, struct buf *out, int64_t *n, struct err *err)
{
	size_t i;

	for (i = 0; i < all->n; i++) {
		if (!goes(all, i, r, now))
			continue;
		if (t != NULL && txn_remove(t, all->item[i].real, err) != 0)
			return -1;
		put_line(&all->item[i], now, out);
		++*n;
	}
	return 0;
}

/* Would nothing stay but what cannot be restored?  That keeps nobody's
 * results. */
static int
check_rest(struct archives *all, const struct prune_request *r,
    const struct campaign *c, double now, struct err *err)
{
	const struct archive *kept = NULL;
	size_t i, sound = 0;

	if (r->keep_last < 1)	/* none was asked to stay */
		return 0;
	for (i = 0; i < all->n; i++) {
		if (goes(all, i, r, now))
			continue;
		if (archive_content(&all->item[i], c))
			return 0;
		if (kept == NULL)
			kept = &all->item[i];
	}
	for (i = 0; i < all->n && kept != NULL; i++)
		sound += goes(all, i, r, now) &&
		    archive_content(&all->item[i], c);
	if (sound == 0)
		return 0;
	return err_set(err, LO_REFUSED, "every archive that can be restored "
	    "would go (%zu of them), and what stays, like %s, cannot be: "
	    "%.200s; keep more, or remove that directory first", sound,
	    kept->id, kept->problem != NULL ? kept->problem :
	    "it holds nothing");
}

static void
put_event(struct buf *line, const struct prune_request *r, double now,
    int64_t n)
{
	struct jw w;

	trail_event(&w, line, "archives_pruned", now);
	JW_KEY(&w, "pruned_count", int, n);
	jw_key(&w, "keep_last");
	if (r->keep_last >= 0)
		jw_int(&w, r->keep_last);
	else
		jw_null(&w);
	jw_key(&w, "older_than_seconds");
	if (r->older_than >= 0)
		jw_real(&w, r->older_than);
	else
		jw_null(&w);
	trail_end(&w);
}

/* What the request lets go, of these at this time. */
struct pruning {
	const struct archives *all;
	const struct prune_request *r;
	double now;
};

static void
foretell(void *arg, struct governance *g)
{
	const struct pruning *p = arg;
	size_t i;

	for (i = 0; i < p->all->n; i++)
		if (goes(p->all, i, p->r, p->now))
			governance_drop_archive(g, p->all->item[i].id);
}

static int
commit(struct campaign *c, struct txn *t, struct pruning *p, int64_t n,
    struct err *err)
{
	const struct governance_change change = { foretell, p };
	struct buf event = BUF_INIT;

	put_event(&event, p->r, p->now, n);
	txn_event(t, &event);
	return governance_commit_as(c, t, &change, err);
}

static int
prune(struct campaign *c, const struct prune_request *r, struct buf *out,
    struct err *err)
{
	struct archives all;
	struct pruning p = { &all, r, 0 };
	struct buf lines = BUF_INIT;
	struct txn *t;
	int64_t n = 0;
	int status;

	if (archives_read(&all, c, err) != 0)
		return -1;
	if (all.unseen) {
		archives_release(&all);
		return err_set(err, LO_IO, "an archive could not be read, so "
		    "which are the newest is not known; nothing was pruned, "
		    "try again");
	}
	t = txn_begin(c);
	p.now = txn_now(t);
	status = check_rest(&all, r, c, p.now, err);
	if (status == 0)
		status = choose(&all, r, p.now, t, &lines, &n, err);
	if (status == 0)
		status = commit(c, t, &p, n, err);
	if (status == 0)
		buf_add(out, lines.p, lines.len);
	txn_free(t);
	buf_release(&lines);
	archives_release(&all);
	return status;
}

static int
look(const struct op *op, const struct prune_request *r, struct buf *out,
    struct err *err)
{
	struct archives all;
	struct campaign *c = archived_open(op, &all, err);
	double now = clock_now();
	int64_t n = 0;
	int status;

	if (c == NULL)
		return -1;
	status = check_rest(&all, r, c, now, err);
	if (status == 0)
		choose(&all, r, now, NULL, out, &n, err);
	archives_release(&all);
	campaign_close(c);
	return status;
}

int
op_archive_prune(const struct op *op, const struct prune_request *r,
    struct buf *out, struct err *err)
{
	struct campaign *c;
	int status;

	if (r->keep_last < 0 && r->older_than < 0)
		return err_set(err, LO_USAGE, "which archives? give "
		    "--keep-last N, --older-than SECONDS, or both");
	if (r->look)
		return look(op, r, out, err);
	c = op_open_write_bare(op, "prune-archives", err);
	if (c == NULL)
		return -1;
	status = prune(c, r, out, err);
	campaign_close(c);
	return status;
}
