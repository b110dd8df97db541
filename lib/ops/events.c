#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/xmem.h"
#include "ops/common.h"
#include "ops/events.h"

/* The log is looked at so often. */
#define PERIOD_MS 200
/* So many events at most are written before the cursor follows: those a
 * reader may see twice if the process is killed in between. */
#define CHUNK 64

struct follower {
	const struct op *op;
	const struct events_request *r;
	struct campaign *c;
	const char *name;	/* of the log, for messages */
	char *path[2];		/* log and journal, absolute */
	struct campaign_seen seen[2];
	struct cursor cursor;
	struct position at;	/* behind what was written out */
	struct position saved;	/* what the cursor's file says */
	bool bad;		/* a line was no event */
};

static char *
absolute(const struct paths *p, const char *real)
{
	return *real == '/' ? xstrdup(real) :
	    xasprintf("%s/%s", p->state_dir, real);
}

/* Does the log or a journal differ from when this was asked last? */
static bool
changed(struct follower *f)
{
	struct campaign_seen now[2];
	struct stat st;
	int i;

	memset(now, 0, sizeof(now));
	for (i = 0; i < 2; i++)
		if (lstat(f->path[i], &st) == 0) {
			now[i].inode = st.st_ino;
			now[i].size = st.st_size;
			now[i].seconds = st.st_mtim.tv_sec;
			now[i].nanoseconds = st.st_mtim.tv_nsec;
		}
	if (memcmp(now, f->seen, sizeof(now)) == 0)
		return false;
	memcpy(f->seen, now, sizeof(now));
	return true;
}

static int
save(struct follower *f, struct err *err)
{
	if (f->cursor.path == NULL || (f->saved.offset == f->at.offset &&
	    f->saved.check == f->at.check))
		return 0;
	if (cursor_save(&f->cursor, &f->at, err) != 0)
		return -1;
	f->saved = f->at;
	return 0;
}

/* Write the events out, then go to behind them. */
static int
put(struct follower *f, struct buf *out, const struct lines *l,
    struct err *err)
{
	if (out->len > 0 && f->r->emit(f->r->emit_arg, out, err) != 0)
		return -1;
	buf_cut(out, 0);
	position_after(&f->at, l);
	return save(f, err);
}

static int
put_lines(struct follower *f, const struct buf *log, struct err *err)
{
	struct lines l = lines_of(log);
	struct buf out = BUF_INIT;
	struct err bad;
	size_t n = 0;
	int status = 0;

	l.number = (size_t)f->at.line;
	l.next = (size_t)f->at.offset;
	while (status == 0 && lines_next(&l)) {
		if (lines_object(&l, f->name, &bad) != 0) {
			f->bad = true;
			op_say(f->op, "%s", bad.text);
		} else if (events_line(&l, f->r->topics, &out) &&
		    ++n % CHUNK == 0)
			status = put(f, &out, &l, err);
	}
	if (status == 0 && l.number > (size_t)f->at.line)
		status = put(f, &out, &l, err);
	buf_release(&out);
	return status;
}

/* Events since the last time. */
static int
look(struct follower *f, struct err *err)
{
	struct buf log = BUF_INIT;
	int there;

	campaign_look_again(f->c, err);
	there = campaign_read_file(f->c, f->c->paths.real[PATH_EVENTS], &log,
	    err);
	if (there > 0 && !position_fits(&f->at, &log)) {
		op_say(f->op, "%s: is another log than before, after a reset "
		    "or restore; starting over at its beginning", f->name);
		memset(&f->at, 0, sizeof(f->at));
	}
	if (there > 0)
		there = put_lines(f, &log, err);
	buf_release(&log);
	return there < 0 ? -1 : 0;
}

/* Wait a moment; the reader may go away meanwhile. */
static int
wait_for_more(const struct follower *f, struct err *err)
{
	struct pollfd p = { .fd = f->r->watch };

	if (poll(&p, 1, PERIOD_MS) > 0 &&
	    (p.revents & (POLLERR | POLLHUP)) != 0)
		return err_set(err, LO_IO, "%s", "");
	return 0;
}

static int
follow(struct follower *f, struct err *err)
{
	do {
		if (changed(f) && look(f, err) != 0)
			return -1;
	} while (f->r->follow && wait_for_more(f, err) == 0);
	return f->r->follow ? -1 : 0;
}

/* That the cursor can be kept shows before anything is written. */
static int
begin(struct follower *f, struct err *err)
{
	if (f->r->cursor == NULL)
		return 0;
	if (cursor_open(&f->cursor, &f->c->paths, f->r->cursor, &f->at,
	    err) != 0)
		return -1;
	f->saved = f->at;
	return cursor_save(&f->cursor, &f->at, err);
}

int
op_events(const struct op *op, const struct events_request *r,
    struct err *err)
{
	struct follower f = { .op = op, .r = r };
	int status;

	if ((f.c = op_open_read_damaged(op, err)) == NULL)
		return -1;
	f.name = f.c->paths.shown[PATH_EVENTS];
	f.path[0] = absolute(&f.c->paths, f.c->paths.real[PATH_EVENTS]);
	f.path[1] = absolute(&f.c->paths, JOURNAL_NAME);
	f.seen[0].size = -1;
	status = begin(&f, err);
	if (status == 0)
		status = follow(&f, err);
	if (status == 0 && f.bad)
		status = err_set(err, LO_REFUSED, "%s", "");
	cursor_release(&f.cursor);
	free(f.path[0]);
	free(f.path[1]);
	campaign_close(f.c);
	return status;
}
