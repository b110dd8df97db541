#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xmem.h"
#include "campaign/trail.h"
#include "campaign/txn.h"
#include "ops/common.h"
#include "ops/export.h"
#include "ops/format.h"
#include "ops/governance.h"
#include "store/file.h"

static void
render(const struct campaign *c, enum record_format format, struct buf *out)
{
	if (format == FORMAT_CSV)
		export_csv(c, out);
	else
		export_jsonl(c, out);
}

/* A device or a pipe must not be replaced, nor a file of the campaign. */
static int
check_target(const struct campaign *c, const char *file,
    const char *absolute, struct err *err)
{
	struct stat st;

	if (paths_owns(&c->paths, absolute))
		return err_set(err, LO_REFUSED, "%s: is a file of the "
		    "campaign, expected another name", file);
	if (stat(absolute, &st) == 0 && !S_ISREG(st.st_mode))
		return err_set(err, LO_REFUSED, "%s: expected a regular file "
		    "or none, got something else; to write into a pipe or "
		    "device, redirect standard output", file);
	return 0;
}

static int
put_file(const struct campaign *c, const char *absolute,
    const struct buf *text, struct err *err)
{
	const char *base = strrchr(absolute, '/') + 1;
	char *dir = xstrndup(absolute, (size_t)(base - absolute));
	struct file_place at = { .base = base, .owner = c->paths.root,
	    .sync = !c->c.config->relaxed };
	int status;

	at.dir = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	status = at.dir < 0 ? err_sys(err, "%s", dir) :
	    file_replace_owned(&at, buf_str(text), text->len, err);
	if (status == 0 && at.sync)
		status = file_sync_dir(at.dir, dir, err);
	if (at.dir >= 0)
		close(at.dir);
	free(dir);
	return status;
}

static int
commit(struct campaign *c, const struct export_request *r, const char *path,
    struct err *err)
{
	struct txn *t = txn_begin(c);
	struct buf line = BUF_INIT;
	struct jw w;
	int status;

	trail_event(&w, &line, "observations_exported", txn_now(t));
	JW_KEY(&w, "export_path", text, path);
	JW_KEY(&w, "exported_at", real, txn_now(t));
	JW_KEY(&w, "row_format", text, format_name(r->format));
	JW_KEY(&w, "exported_count", int, (int64_t)c->state->nobs);
	trail_end(&w);
	txn_event(t, &line);
	status = governance_commit(c, t, err);
	txn_free(t);
	return status;
}

static void
answer(const struct campaign *c, const struct export_request *r,
    const char *path, struct buf *out)
{
	struct jw w;

	jw_init(&w, out, JW_COMPACT);
	jw_object(&w);
	JW_KEY(&w, "exported", int, (int64_t)c->state->nobs);
	JW_KEY(&w, "format", text, format_name(r->format));
	JW_KEY(&w, "path", text, path);
	jw_end(&w);
	jw_release(&w);
	buf_addc(out, '\n');
}

/* The file first: a crash in between leaves an export that nobody was told
 * of, never a word of one that is not there. */
static int
export_to_file(struct campaign *c, const struct export_request *r,
    struct buf *out, struct err *err)
{
	struct buf text = BUF_INIT;
	char *absolute = NULL;
	char *path = paths_of_user(&c->paths, r->file, &absolute, err);
	int status = path != NULL ? check_target(c, r->file, absolute, err) :
	    -1;

	if (status == 0) {
		render(c, r->format, &text);
		status = put_file(c, absolute, &text, err);
	}
	if (status == 0)
		status = commit(c, r, path, err);
	if (status == 0)
		answer(c, r, path, out);
	buf_release(&text);
	free(absolute);
	free(path);
	return status;
}

int
op_export(const struct op *op, const struct export_request *request,
    struct buf *out, struct err *err)
{
	struct export_request r = *request;
	struct campaign *c;
	int status = 0;

	if (format_of(&r.format, r.file, err) != 0)
		return -1;
	c = r.file != NULL ? op_open_write(op, "export-observations", err) :
	    op_open_read(op, err);
	if (c == NULL)
		return -1;
	if (r.file != NULL)
		status = export_to_file(c, &r, out, err);
	else
		render(c, r.format, out);
	campaign_close(c);
	return status;
}
