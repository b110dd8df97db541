/* plot: one picture, for a terminal or as SVG.  See ops.h. */
#include <string.h>

#include "base/clock.h"
#include "base/near.h"
#include "ops/common.h"
#include "ops/plot.h"
#include "plot/svg.h"
#include "plot/term.h"

/* As often is the log read again while the campaign changes. */
#define TRIES 20

static const struct kind {
	const char *name;
	int operands;
	plot_builder *build;
} kinds[] = {
	{ "history", 0, plot_history },
	{ "trials", 0, plot_trials },
	{ "parallel", 0, plot_parallel },
	{ "slice", 1, plot_slice },
	{ "importance", 0, plot_importance },
	{ "pareto", 0, plot_pareto },
	{ "timeline", 0, plot_timeline },
	{ "failures", 0, plot_failures },
	{ "calibration", 0, plot_calibration }
};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static const struct kind *
find(const char *name)
{
	size_t i;

	for (i = 0; i < KINDS; i++)
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	return NULL;
}

int
op_plot_operands(const char *name)
{
	const struct kind *k = find(name);

	return k != NULL ? k->operands : -1;
}

void
op_plot_kinds(struct buf *out)
{
	size_t i;

	for (i = 0; i < KINDS; i++)
		buf_addf(out, "%s%s", i == 0 ? "" : i + 1 < KINDS ? ", " :
		    " or ", kinds[i].name);
}

static int
find_param(const struct space *space, const char *name, size_t *found,
    struct err *err)
{
	struct near near = NEAR(name);
	int i = space_index(space, name);
	size_t j;

	if (i >= 0) {
		*found = (size_t)i;
		return 0;
	}
	for (j = 0; j < space->n; j++)
		near_try(&near, space->param[j].name);
	return err_set(err, LO_REFUSED, "parameter_space.json: there is no "
	    "parameter %s%s%s%s", name, near.best != NULL ?
	    ", did you mean " : "", near.best != NULL ? near.best : "",
	    near.best != NULL ? "?" : "");
}

static void
put_term(struct charts *list, const struct plot_request *q, struct buf *out)
{
	struct term_options o = { .width = q->width, .utf8 = q->braille };
	size_t i;

	for (i = 0; i < list->n; i++) {
		if (i > 0)
			buf_addc(out, '\n');
		term_draw(&list->chart[i], &o, out);
	}
}

static int
build(struct plot_source *s, const struct plot_request *q,
    struct charts *list, struct err *err)
{
	const struct kind *k = find(q->kind);

	if (k == NULL)
		return err_set(err, LO_USAGE, "%s: no such kind of picture",
		    q->kind);
	if (k->operands > 0 && find_param(s->r->c->c.space, q->param,
	    &s->param, err) != 0)
		return -1;
	return k->build(s, list, err);
}

/* The campaign as it is now; *again if it changed meanwhile. */
static int
once(const struct op *op, const struct plot_request *q,
    struct charts *list, bool *again, struct err *err)
{
	struct campaign *c = op_open_read(op, err);
	struct report r;
	struct plot_source s = { .r = &r, .terminal = !q->svg };
	int status;

	*again = false;
	if (c == NULL)
		return -1;
	report_init(&r, c, 0, clock_now());
	status = build(&s, q, list, err);
	*again = campaign_changed(c);
	report_release(&r);
	campaign_close(c);
	return status;
}

int
op_plot(const struct op *op, const struct plot_request *q, struct buf *out,
    struct err *err)
{
	struct charts list = { 0 };
	bool again = true;
	int i, status = -1;

	for (i = 0; i < TRIES && again; i++) {
		charts_release(&list);
		status = once(op, q, &list, &again, err);
	}
	if (status == 0 && q->svg)
		svg_document(&list, out);
	else if (status == 0)
		put_term(&list, q, out);
	charts_release(&list);
	return status;
}
