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

static int
find(const struct answer_question *q, const char *name)
{
	size_t i;

	for (i = 0; i < q->n; i++)
		if (strcmp(q->name[i], name) == 0)
			return (int)i;
	return -1;
}

static int
unknown_objective(const struct answer_question *q, const char *name,
    struct err *err)
{
	struct buf known = BUF_INIT;
	size_t i;

	for (i = 0; i < q->n; i++)
		buf_addf(&known, "%s%s", i > 0 ? ", " : "", q->name[i]);
	err_set(err, LO_REFUSED, "--objective %s: the campaign has no such "
	    "objective, expected one of: %s", name, buf_str(&known));
	buf_release(&known);
	return -1;
}

static void
add_name(struct answer_question *q, const char *name, size_t room)
{
	if (q->name == NULL) {
		q->name = xcalloc(room + 1, sizeof(*q->name));
		q->filter = xcalloc(room + 1, sizeof(*q->filter));
	}
	q->name[q->n++] = name;
}

static int
ask(struct answer_question *q, const struct evaluate_objective *o,
    struct err *err)
{
	int i = find(q, o->name);

	if (i < 0)
		return unknown_objective(q, o->name, err);
	if (o->program == NULL)
		return 0;
	if (q->filter[i] != NULL)
		return err_set(err, LO_USAGE, "--objective %s: given twice",
		    o->name);
	q->filter[i] = filter_new(o->program, jv_invalid(), err);
	if (q->filter[i] == NULL)
		return err_prefix(err, "--objective %s: ", o->name);
	return 0;
}

static int
set_question(struct evaluation *e, struct err *err)
{
	const struct evaluate_request *r = e->r;
	const struct objectives *o = e->contracts.objectives;
	size_t i;

	for (i = 0; e->campaign && i < o->n; i++)
		add_name(&e->question, o->objective[i].name, o->n);
	for (i = 0; !e->campaign && i < r->nobjective; i++)
		if (find(&e->question, r->objective[i].name) < 0)
			add_name(&e->question, r->objective[i].name,
			    r->nobjective);
	if (e->question.n == 0)
		return err_set(err, LO_REFUSED, "no campaign at hand: give "
		    "one with -C DIR, or name each objective with "
		    "--objective NAME, the primary one first");
	for (i = 0; i < r->nobjective; i++)
		if (ask(&e->question, &r->objective[i], err) != 0)
			return -1;
	return 0;
}

/* ------------------------------------------------------------ campaign */

static void
note_unknown(const struct evaluation *e)
{
	struct buf names = BUF_INIT, text = BUF_INIT;

	template_unknown(e->r->command, e->contracts.space, &names);
	if (names.len > 0) {
		buf_addf(&text, "no parameter has the name in braces and "
		    "these are passed on as they are: %s", names.p);
		evaluation_say(e, text.p);
	}
	buf_release(&names);
	buf_release(&text);
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
	note_unknown(e);
	return 0;
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

	for (i = 0; i < e->question.n; i++)
		filter_free(e->question.filter[i]);
	free(e->question.filter);
	free(e->question.name);
	if (e->campaign) {
		contracts_release(&e->contracts);
		paths_release(&e->paths);
		free(e->op.root);
	}
	memset(e, 0, sizeof(*e));
}
