/*
 * campaign: all that reads a campaign, with one of its files made up.
 *
 * The first byte says which file the others are.  Before the next input it
 * is again what it was.
 */
#define _GNU_SOURCE	/* mkdtemp, nftw */
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fuzz.h"
#include "ops/ops.h"
#include "store/file.h"

static const char *const file[] = {
	"state/bo_state.json", "state/observations.csv",
	"state/acquisition_log.jsonl", "state/event_log.jsonl",
	"state/trials/trial_1/manifest.json",
	"state/trials/trial_1/ingest_payload.json",
	"state/trials/trial_3/manifest.json", "state/.looptimum.journal",
	"bo_config.json", "parameter_space.json", "objective_schema.json",
	"constraints.json", "state/.looptimum.lock",
	"state/reset_archives/a/archive_manifest.json"
};
#define FILES (sizeof(file) / sizeof(file[0]))

/* Where it is; made once for the process. */
struct place {
	char root[64];
	int dir;
	struct op op;
	struct buf was[FILES];
	int there[FILES];
};

static struct place *
place(void)
{
	static struct place p;

	return &p;
}

static int
drop(const char *path, const struct stat *st, int type, struct FTW *where)
{
	(void)st;
	(void)type;
	(void)where;
	return remove(path);
}

static void
clean(void)
{
	struct place *p = place();
	size_t i;

	nftw(p->root, drop, 8, FTW_DEPTH | FTW_PHYS);
	for (i = 0; i < FILES; i++)
		buf_release(&p->was[i]);
	op_release(&p->op);
}

static void
must(int status, const struct err *err)
{
	if (status != 0)
		fuzz_failed(err->text, __FILE__, __LINE__);
}

static void
result(const struct op *op, int64_t trial, const char *value)
{
	struct ingest_request r = { .trial = trial, .value = &value,
	    .nvalue = 1, .file = "result" };
	struct buf out = BUF_INIT;
	struct err err = { 0, "" };

	must(op_ingest(op, &r, &out, &err), &err);
	buf_release(&out);
}

static void
start(const struct op *op, const char *root)
{
	const char *param[] = { "x=float:0..1", "n=int:1..8", "c=cat:u,v" };
	struct init_objective o = { "loss", false };
	const char *share = getenv("LO_SHARE");
	struct init_request init = { .dir = root, .param = param,
	    .nparam = 3, .objective = &o, .nobjective = 1,
	    .share = share != NULL ? share : "share" };
	struct suggest_request suggest = { .count = 4 };
	struct buf out = BUF_INIT;
	struct err err = { 0, "" };

	must(op_init(op, &init, &out, &err), &err);
	must(op_suggest(op, &suggest, &out, &err), &err);
	buf_release(&out);
	result(op, 1, "loss=0.5");
	result(op, 2, "loss=0.25");
}

static void
make(struct place *p)
{
	const char *tmp = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
	struct err err = { 0, "" };
	size_t i;

	snprintf(p->root, sizeof(p->root), "%s/lo-fuzz.XXXXXX", tmp);
	fuzz_check(mkdtemp(p->root) != NULL);
	p->op.root = strdup(p->root);
	start(&p->op, p->root);
	p->dir = open(p->root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (i = 0; i < FILES; i++) {
		p->there[i] = file_slurp(p->dir, file[i], file[i],
		    &p->was[i], &err);
		fuzz_check(p->there[i] >= 0);
	}
	atexit(clean);
}

static int
emit(void *arg, const struct buf *lines, struct err *err)
{
	(void)arg;
	(void)lines;
	(void)err;
	return 0;
}

/* Documents are JSON whatever the campaign is. */
static void
judge(int status, struct buf *out, const struct err *err, bool document)
{
	struct err why;

	fuzz_check(status == 0 || err->status == LO_REFUSED ||
	    err->status == LO_IO || err->status == LO_AGAIN);
	if (document && out->len > 0)
		must(json_scan(out->p, out->len, "out", 1, &why), &why);
	buf_cut(out, 0);
}

static void
look(const struct op *op)
{
	struct validate_request validate = { 0 };
	struct health_request health = { 0 };
	struct metrics_request metrics = { .prometheus = true };
	struct report_request report = { 0 };
	struct export_request export = { .format = FORMAT_CSV };
	struct trace_request trace = { 0 };
	struct events_request events = { .emit = emit, .watch = -1 };
	struct err e = { 0, "" };
	struct buf b = BUF_INIT;

	judge(op_validate(op, &validate, &b, &e), &b, &e, true);
	judge(op_health(op, &health, &b, &e), &b, &e, true);
	judge(op_status(op, &b, &e), &b, &e, true);
	judge(op_status_table(op, &b, &e), &b, &e, false);
	judge(op_metrics(op, &metrics, &b, &e), &b, &e, false);
	judge(op_report_print(op, &report, REPORT_JSON, &b, &e), &b, &e,
	    true);
	judge(op_report_print(op, &report, REPORT_HTML, &b, &e), &b, &e,
	    false);
	judge(op_export(op, &export, &b, &e), &b, &e, false);
	judge(op_trace(op, &trace, &b, &e), &b, &e, false);
	judge(op_explain(op, 3, &b, &e), &b, &e, false);
	judge(op_best(op, &b, &e), &b, &e, true);
	judge(op_archive_list(op, &b, &e), &b, &e, false);
	judge(op_events(op, &events, &e), &b, &e, false);
	buf_release(&b);
}

static void
put(const struct place *p, size_t i, const struct buf *text)
{
	struct err err = { 0, "" };

	must(file_put(p->dir, file[i], text, false, &err), &err);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct place *p = place();
	struct buf text = BUF_INIT;
	size_t i;

	if (len == 0)
		return 0;
	if (p->op.root == NULL)
		make(p);
	i = (size_t)(*data - '0') % FILES;
	fuzz_text(data + 1, len - 1, &text);
	put(p, i, &text);
	look(&p->op);
	if (p->there[i])
		put(p, i, &p->was[i]);
	else
		unlinkat(p->dir, file[i], 0);
	buf_release(&text);
	return 0;
}
