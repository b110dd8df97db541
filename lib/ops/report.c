/* report: the report files, made on demand.  See ops.h. */
#include <stdlib.h>

#include "base/clock.h"
#include "campaign/trail.h"
#include "campaign/txn.h"
#include "ops/common.h"
#include "ops/governance.h"
#include "ops/report.h"

#define TOP 5

static size_t
top(const struct report_request *q)
{
	return q->top > 0 ? (size_t)q->top : TOP;
}

/* Where the page is; the caller frees. */
static char *
page_shown(const struct campaign *c)
{
	return paths_report_html(c->paths.shown[PATH_REPORT_JSON]);
}

static int
stage_page(struct txn *t, const struct report *r, struct err *err)
{
	char *real = paths_report_html(
	    r->c->paths.real[PATH_REPORT_JSON]);
	struct buf text = BUF_INIT;
	int status;

	report_html(r, &text);
	status = txn_file(t, real, &text, err);
	buf_release(&text);
	free(real);
	return status;
}

static int
stage(struct txn *t, const struct report *r, bool html, struct err *err)
{
	const struct paths *p = &r->c->paths;
	struct buf json = BUF_INIT, md = BUF_INIT;
	int status;

	report_json(r, JW_PRETTY, &json);
	report_md(r, &md);
	status = txn_file(t, p->real[PATH_REPORT_JSON], &json, err);
	if (status == 0)
		status = txn_file(t, p->real[PATH_REPORT_MD], &md, err);
	if (status == 0 && html)
		status = stage_page(t, r, err);
	buf_release(&json);
	buf_release(&md);
	return status;
}

static void
log_event(struct txn *t, const struct paths *p)
{
	struct buf line = BUF_INIT;
	struct jw w;

	trail_event(&w, &line, "report_generated", txn_now(t));
	JW_KEY(&w, "report_json", text, p->shown[PATH_REPORT_JSON]);
	JW_KEY(&w, "report_md", text, p->shown[PATH_REPORT_MD]);
	trail_end(&w);
	txn_event(t, &line);
	buf_release(&line);
}

static void
put_paths(const struct campaign *c, bool html, struct buf *out)
{
	char *page = page_shown(c);
	struct jw w;

	jw_init(&w, out, JW_COMPACT);
	jw_object(&w);
	JW_KEY(&w, "report_json", text, c->paths.shown[PATH_REPORT_JSON]);
	JW_KEY(&w, "report_md", text, c->paths.shown[PATH_REPORT_MD]);
	if (html)
		JW_KEY(&w, "report_html", text, page);
	jw_end(&w);
	jw_release(&w);
	buf_addc(out, '\n');
	free(page);
}

int
op_report(const struct op *op, const struct report_request *q,
    struct buf *out, struct err *err)
{
	struct campaign *c = op_open_write(op, "report", err);
	struct report r;
	struct txn *t;
	int status;

	if (c == NULL)
		return -1;
	t = txn_begin(c);
	report_init(&r, c, top(q), txn_now(t));
	log_event(t, &c->paths);
	status = stage(t, &r, q->html, err);
	if (status == 0)
		status = governance_commit(c, t, err);
	if (status == 0)
		put_paths(c, q->html, out);
	report_release(&r);
	txn_free(t);
	campaign_close(c);
	return status;
}

int
op_report_print(const struct op *op, const struct report_request *q,
    enum report_form form, struct buf *out, struct err *err)
{
	struct campaign *c = op_open_read(op, err);
	struct report r;

	if (c == NULL)
		return -1;
	report_init(&r, c, top(q), clock_now());
	if (form == REPORT_JSON)
		report_json(&r, JW_COMPACT, out);
	else if (form == REPORT_MD)
		report_md(&r, out);
	else
		report_html(&r, out);
	report_release(&r);
	campaign_close(c);
	return 0;
}
