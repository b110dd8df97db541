/* events_cursor: positions and where they are kept.  See events.h. */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/num.h"
#include "base/xmem.h"
#include "ops/events.h"
#include "store/file.h"
#include "store/json.h"

/* So many bytes in front of a position tell one log from another. */
#define CHECKED ((int64_t)4096)

static uint32_t
check_of(const struct buf *log, int64_t offset)
{
	int64_t n = offset < CHECKED ? offset : CHECKED;

	return file_crc(log->p + (offset - n), (size_t)n);
}

void
position_after(struct position *at, const struct lines *l)
{
	at->line = (int64_t)l->number;
	at->offset = (int64_t)l->next;
	at->checked = true;
	at->check = at->offset > 0 ? check_of(l->text, at->offset) : 0;
}

bool
position_fits(const struct position *at, const struct buf *log)
{
	if (at->offset == 0)
		return true;
	if ((size_t)at->offset > log->len || log->p[at->offset - 1] != '\n')
		return false;
	return !at->checked || check_of(log, at->offset) == at->check;
}

/* -------------------------------------------------------------- files */

static int
read_check(const struct json *root, struct position *at, struct err *err)
{
	struct json member = json_member(root, "check");
	int64_t check;

	if (!json_present(&member))
		return 0;
	if (json_int(&member, 0, UINT32_MAX, &check, err) != 0)
		return -1;
	at->checked = true;
	at->check = (uint32_t)check;
	return 0;
}

static int
read_position(const char *name, const struct buf *text, struct position *at,
    struct err *err)
{
	static const char *const keys[] = {
		"line_number", "byte_offset", "check", NULL
	};
	jv doc = json_parse(buf_str(text), text->len, name, err);
	struct json root = json_root(doc, name), line, offset;
	int status = -1;

	line = json_member(&root, "line_number");
	offset = json_member(&root, "byte_offset");
	if (jv_is_valid(doc) && json_object(&root, err) == 0 &&
	    json_only(&root, keys, err) == 0 &&
	    json_int(&line, 0, NUM_INT_MAX, &at->line, err) == 0 &&
	    json_int(&offset, 0, NUM_INT_MAX, &at->offset, err) == 0 &&
	    read_check(&root, at, err) == 0)
		status = 0;
	jv_free(doc);
	if (status != 0)
		err->status = LO_REFUSED;
	else if ((at->line == 0) != (at->offset == 0))
		status = err_set(err, LO_REFUSED, "%s: expected line_number "
		    "and byte_offset that are both 0 or both not", name);
	return status;
}

/* Renaming a file over a device or directory would be a surprise. */
static int
check_kind(const struct cursor *c, struct err *err)
{
	struct stat st;

	if (lstat(c->path, &st) == 0 && !S_ISREG(st.st_mode))
		return err_set(err, LO_REFUSED, "%s: expected a regular file "
		    "to keep the cursor in", c->shown);
	return 0;
}

int
cursor_open(struct cursor *c, const struct paths *paths, const char *path,
    struct position *at, struct err *err)
{
	struct buf text = BUF_INIT;
	int there, status = 0;

	memset(c, 0, sizeof(*c));
	c->shown = paths_of_user(paths, path, &c->path, err);
	if (c->shown == NULL)
		return -1;
	if (paths_owns(paths, c->path))
		return err_set(err, LO_REFUSED, "%s: is one of the "
		    "campaign's own files; expected another one to keep the "
		    "cursor in", path);
	if (check_kind(c, err) != 0)
		return -1;
	there = file_slurp_path(c->path, &text, err);
	if (there > 0)
		status = read_position(path, &text, at, err);
	buf_release(&text);
	return there < 0 ? -1 : status;
}

void
cursor_release(struct cursor *c)
{
	free(c->path);
	free(c->shown);
}

static void
write_position(const struct position *at, struct buf *out)
{
	struct jw w;

	jw_init(&w, out, JW_COMPACT);
	jw_object(&w);
	JW_KEY(&w, "line_number", int, at->line);
	JW_KEY(&w, "byte_offset", int, at->offset);
	if (at->checked)
		JW_KEY(&w, "check", int, (int64_t)at->check);
	jw_end(&w);
	jw_release(&w);
	buf_addc(out, '\n');
}

static int
replace(const struct cursor *c, const struct buf *text, struct err *err)
{
	const char *base;
	int dir = file_open_parent(AT_FDCWD, c->path, false, false, &base,
	    err), status;

	if (dir < 0)
		return -1;
	status = file_replace(dir, base, text->p, text->len, true, err);
	close(dir);
	return status;
}

/* A signal that ends the process waits for the rename, so that no temporary
 * file stays behind. */
int
cursor_save(const struct cursor *c, const struct position *at,
    struct err *err)
{
	struct buf text = BUF_INIT;
	sigset_t ends, old;
	int status;

	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGHUP);
	write_position(at, &text);
	sigprocmask(SIG_BLOCK, &ends, &old);
	status = replace(c, &text, err);
	sigprocmask(SIG_SETMASK, &old, NULL);
	buf_release(&text);
	if (status != 0) {
		err_prefix(err, "%s: ", c->shown);
		err->status = LO_IO;
	}
	return status;
}
