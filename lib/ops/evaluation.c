#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "ops/job.h"

void
evaluation_say(const struct evaluation *e, const char *text)
{
	if (e->r->notice != NULL)
		e->r->notice(e->r->notice_arg, text);
}

void
evaluation_note(const struct evaluation *e, int64_t id, const char *fmt, ...)
{
	struct err text;
	va_list ap;

	va_start(ap, fmt);
	err_vset(&text, 0, fmt, ap);
	va_end(ap);
	err_prefix(&text, "trial %lld: ", (long long)id);
	evaluation_say(e, text.text);
}

/* ---------------------------------------------------------- objectives */

/* An objective as it was asked for: NAME or NAME=JQ. */
struct asked {
	const char *name;
	size_t len;
	const char *program;	/* or NULL */
};

static struct asked
split(const char *text)
{
	struct asked a = { text, strcspn(text, "="), NULL };

	if (text[a.len] == '=')
		a.program = text + a.len + 1;
	return a;
}

static int
find(const struct answer_question *q, const struct asked *a)
{
	size_t i;

	for (i = 0; i < q->n; i++)
		if (strlen(q->name[i]) == a->len &&
		    memcmp(q->name[i], a->name, a->len) == 0)
			return (int)i;
	return -1;
}

static int
unknown_objective(const struct answer_question *q, const struct asked *a,
    struct err *err)
{
	struct buf known = BUF_INIT;
	size_t i;

	for (i = 0; i < q->n; i++)
		buf_addf(&known, "%s%s", i > 0 ? ", " : "", q->name[i]);
	err_set(err, LO_REFUSED, "--objective %.*s: the campaign has no such "
	    "objective, expected one of: %s", (int)a->len, a->name,
	    buf_str(&known));
	buf_release(&known);
	return -1;
}

static int
set_program(struct answer_question *q, const struct asked *a,
    struct err *err)
{
	int i = find(q, a);

	if (i < 0)
		return unknown_objective(q, a, err);
	if (a->program == NULL)
		return 0;
	if (q->filter[i] != NULL)
		return err_set(err, LO_USAGE, "--objective %s: given twice",
		    q->name[i]);
	q->filter[i] = filter_new(a->program, jv_invalid(), err);
	if (q->filter[i] == NULL)
		return err_prefix(err, "--objective %s: ", q->name[i]);
	return 0;
}

/* Whose values are wanted: the campaign's objectives, else those named. */
static void
set_names(struct evaluation *e)
{
	const struct evaluate_request *r = e->r;
	const struct objectives *o = e->contracts.objectives;
	struct answer_question *q = &e->question;
	size_t i, room = e->campaign ? o->n : r->nobjective;

	q->name = xcalloc(room + 1, sizeof(*q->name));
	q->filter = xcalloc(room + 1, sizeof(*q->filter));
	for (i = 0; i < room; i++) {
		struct asked a = split(e->campaign ? "" : r->objective[i]);

		if (e->campaign)
			q->name[q->n++] = xstrdup(o->objective[i].name);
		else if (find(q, &a) < 0)
			q->name[q->n++] = xstrndup(a.name, a.len);
	}
}

static int
set_question(struct evaluation *e, struct err *err)
{
	const struct evaluate_request *r = e->r;
	size_t i;

	set_names(e);
	if (e->question.n == 0)
		return err_set(err, LO_REFUSED, "no campaign at hand: give "
		    "one with -C DIR, or name each objective with "
		    "--objective NAME, the primary one first");
	for (i = 0; i < r->nobjective; i++) {
		struct asked a = split(r->objective[i]);

		if (a.len == 0)
			return err_set(err, LO_USAGE, "--objective: expected "
			    "NAME or NAME=JQ, got '%s'", r->objective[i]);
		if (set_program(&e->question, &a, err) != 0)
			return -1;
	}
	return 0;
}

/* ------------------------------------------------------------ campaign */

/* A misspelt name is found before anything runs. */
static int
refuse_unknown(const struct evaluation *e, struct err *err)
{
	const struct space *space = e->contracts.space;
	struct buf names = BUF_INIT, known = BUF_INIT;
	int status = 0;
	size_t i;

	template_unknown(e->r->command, space, &names);
	for (i = 0; i < space->n; i++)
		buf_addf(&known, "%s%s", i > 0 ? ", " : "",
		    space->param[i].name);
	if (names.len > 0)
		status = err_set(err, LO_REFUSED, "%s: no parameter has this "
		    "name, expected one of: %s (double braces, {{...}}, stand "
		    "for the text itself); nothing was run", names.p,
		    buf_str(&known));
	buf_release(&names);
	buf_release(&known);
	return status;
}

static int
open_campaign(struct evaluation *e, struct err *err)
{
	const struct evaluate_request *r = e->r;

	if (contracts_load(&e->contracts, r->root, err) != 0)
		return -1;
	if (paths_init(&e->paths, r->root, e->contracts.config, false,
	    err) != 0) {
		contracts_release(&e->contracts);
		return -1;
	}
	e->campaign = true;
	e->op.root = xstrdup(r->root);
	e->op.notice = r->notice;
	e->op.notice_arg = r->notice_arg;
	if (template_check_space(e->contracts.space, err) != 0)
		return -1;
	return refuse_unknown(e, err);
}

int
evaluation_open(struct evaluation *e, const struct evaluate_request *r,
    struct err *err)
{
	memset(e, 0, sizeof(*e));
	e->r = r;
	if ((r->root == NULL || open_campaign(e, err) == 0) &&
	    set_question(e, err) == 0)
		return 0;
	evaluation_close(e);
	return -1;
}

void
evaluation_close(struct evaluation *e)
{
	size_t i;

	for (i = 0; i < e->question.n; i++) {
		filter_free(e->question.filter[i]);
		free(e->question.name[i]);
	}
	free(e->question.filter);
	free(e->question.name);
	if (e->campaign) {
		contracts_release(&e->contracts);
		paths_release(&e->paths);
		free(e->op.root);
	}
	memset(e, 0, sizeof(*e));
}
