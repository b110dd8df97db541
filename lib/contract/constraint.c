#include <math.h>
#include <stdlib.h>

#include "base/num.h"
#include "base/xmem.h"
#include "contract/constraint.h"
#include "contract/constraint_rules.h"
#include "contract/point_value.h"
#include "contract/when.h"

/* How far a sum may be beyond its limit: rounding, not a violation. */
#define TOLERANCE 1e-12

static void
name_rules(struct constraints *c)
{
	size_t i, n = constraints_rules(c);

	c->id = xcalloc(n, sizeof(*c->id));
	for (i = 0; i < c->ninequality; i++)
		c->id[i] = xasprintf("linear_inequalities[%zu]", i);
	for (; i < n; i++)
		c->id[i] = xasprintf("forbidden_combinations[%zu]",
		    i - c->ninequality);
}

struct constraints *
constraints_from_json(jv doc, const struct space *space, const char *file,
    struct err *err)
{
	struct json root = json_root(doc, file);
	struct constraints *c = xcalloc(1, sizeof(*c));

	c->space = space;
	if (constraint_rules_read(c, &root, err) != 0) {
		constraints_free(c);
		return NULL;
	}
	name_rules(c);
	return c;
}

void
constraints_free(struct constraints *c)
{
	size_t i, k;

	if (c == NULL)
		return;
	for (i = 0; c->id != NULL && i < constraints_rules(c); i++)
		free(c->id[i]);
	for (i = 0; i < c->ninequality; i++) {
		free(c->inequality[i].param);
		free(c->inequality[i].coefficient);
	}
	for (i = 0; i < c->ncombination; i++) {
		for (k = 0; k < c->combination[i].n; k++)
			free(c->combination[i].match[k].value);
		free(c->combination[i].match);
	}
	free(c->id);
	free(c->tightening);
	free(c->inequality);
	free(c->combination);
	free(c);
}

void
constraints_box(const struct constraints *c, const struct space *s,
    struct range *box)
{
	const struct tightening *t;
	size_t i;

	for (i = 0; i < s->n; i++) {
		box[i].lo = s->param[i].lo;
		box[i].hi = s->param[i].hi;
	}
	for (i = 0; c != NULL && i < c->ntightening; i++) {
		t = &c->tightening[i];
		box[t->param].lo = fmax(box[t->param].lo, t->range.lo);
		box[t->param].hi = fmin(box[t->param].hi, t->range.hi);
	}
	for (i = 0; i < s->n; i++)
		if (s->param[i].type == PARAM_INT) {
			box[i].lo = ceil(box[i].lo);
			box[i].hi = floor(box[i].hi);
		}
}

size_t
constraints_rules(const struct constraints *c)
{
	return c != NULL ? c->ninequality + c->ncombination : 0;
}

const char *
constraints_rule_id(const struct constraints *c, size_t rule)
{
	return c->id[rule];
}

/* False if a parameter of the rule is inactive: it does not apply. */
static bool
add_up(const struct inequality *q, const double *point, double *sum)
{
	size_t i;

	*sum = 0;
	for (i = 0; i < q->n; i++)
		*sum += q->coefficient[i] * point[q->param[i]];
	for (i = 0; i < q->n; i++)
		if (isnan(point[q->param[i]]))
			return false;
	return true;
}

static bool
breaks_inequality(const struct inequality *q, const double *point,
    double *sum)
{
	if (!add_up(q, point, sum))
		return false;
	if (q->at_least)
		return !(*sum >= q->rhs - TOLERANCE);
	return !(*sum <= q->rhs + TOLERANCE);
}

/* An inactive parameter has none of the listed values. */
static bool
matches(const struct combination *f, const double *point)
{
	size_t i;

	for (i = 0; i < f->n; i++)
		if (!when_lists(&f->match[i], point[f->match[i].controller]))
			return false;
	return true;
}

bool
constraints_breaks(const struct constraints *c, size_t rule,
    const double *point)
{
	double sum;

	if (rule < c->ninequality)
		return breaks_inequality(&c->inequality[rule], point, &sum);
	return matches(&c->combination[rule - c->ninequality], point);
}

int
constraints_broken(const struct constraints *c, const double *point)
{
	size_t i;

	for (i = 0; i < constraints_rules(c); i++)
		if (constraints_breaks(c, i, point))
			return (int)i;
	return -1;
}

static void
tell_tightening(const struct constraints *c, size_t i, const double *point,
    struct buf *out)
{
	const struct tightening *t = &c->tightening[i];
	const struct param *p = &c->space->param[t->param];
	double x = point[t->param];
	char limit[NUM_TEXT], got[NUM_TEXT];

	/* comparisons with the NaN of an inactive one are false */
	if (x < t->range.lo)
		buf_addf(out, "; bound_tightening[%zu]: %s: expected at least "
		    "%s, got %s", i, p->name, num_plain(limit, t->range.lo),
		    num_plain(got, x));
	if (x > t->range.hi)
		buf_addf(out, "; bound_tightening[%zu]: %s: expected at most "
		    "%s, got %s", i, p->name, num_plain(limit, t->range.hi),
		    num_plain(got, x));
}

static void
tell_inequality(const struct constraints *c, size_t i, const double *point,
    struct buf *out)
{
	const struct inequality *q = &c->inequality[i];
	char text[NUM_TEXT];
	double sum;
	size_t k;

	if (!breaks_inequality(q, point, &sum))
		return;
	buf_addf(out, "; %s: expected ", c->id[i]);
	for (k = 0; k < q->n; k++)
		buf_addf(out, "%s%s*%s", k > 0 ? " + " : "",
		    num_plain(text, q->coefficient[k]),
		    c->space->param[q->param[k]].name);
	buf_addf(out, " %s %s", q->at_least ? ">=" : "<=",
	    num_plain(text, q->rhs));
	buf_addf(out, ", got %s", num_plain(text, sum));
}

static void
tell_combination(const struct constraints *c, size_t i, const double *point,
    struct buf *out)
{
	const struct combination *f = &c->combination[i];
	size_t k, param;

	if (!matches(f, point))
		return;
	buf_addf(out, "; %s: expected another combination, got ",
	    c->id[c->ninequality + i]);
	for (k = 0; k < f->n; k++) {
		param = f->match[k].controller;
		buf_addf(out, "%s%s=", k > 0 ? ", " : "",
		    c->space->param[param].name);
		point_value_text(&c->space->param[param], point[param], true,
		    out);
	}
}

int
constraints_inside(const struct constraints *c, const double *point,
    struct err *err)
{
	struct buf out = BUF_INIT;
	size_t i;
	int status = 0;

	if (c == NULL)
		return 0;
	for (i = 0; i < c->ntightening; i++)
		tell_tightening(c, i, point, &out);
	for (i = 0; i < c->ninequality; i++)
		tell_inequality(c, i, point, &out);
	for (i = 0; i < c->ncombination; i++)
		tell_combination(c, i, point, &out);
	if (out.len > 0)
		status = err_set(err, LO_REFUSED, "%s", out.p + 2);
	buf_release(&out);
	return status;
}
