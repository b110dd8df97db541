#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/xmem.h"
#include "contract/constraint.h"
#include "contract/constraint_rules.h"
#include "contract/point_value.h"

/* The index of the numeric parameter that a rule names, or -1. */
static int
read_param(const struct constraints *c, const struct json *rule,
    struct err *err)
{
	struct json name = json_member(rule, "param");
	const char *text;
	enum param_type type;
	int i;

	if (json_text(&name, &text, err) != 0)
		return -1;
	i = space_index(c->space, text);
	if (i < 0)
		return json_expected(&name, "a parameter of the search space",
		    err);
	type = c->space->param[i].type;
	if (type == PARAM_FLOAT || type == PARAM_INT)
		return i;
	return json_complain(&name, err, "expected a float or int parameter, "
	    "got \"%s\" of type %s", text, param_type_name(type));
}

/* A list of rules, absent or empty if there are none; *n is its length. */
static int
list_length(const struct json *list, int *n, struct err *err)
{
	*n = 0;
	return json_present(list) ? json_array(list, n, err) : 0;
}

static int
read_limit(const struct param *p, const struct json *limit, double *out,
    struct err *err)
{
	if (!json_present(limit))
		return 0;
	return point_value_from_json(&(struct param){ .type = PARAM_FLOAT,
	    .lo = p->lo, .hi = p->hi }, limit, true, out, err);
}

static int
read_tightening(struct constraints *c, const struct json *rule,
    struct err *err)
{
	static const char *const known[] = { "param", "min", "max", NULL };
	struct tightening *t = &c->tightening[c->ntightening];
	struct json min = json_member(rule, "min");
	struct json max = json_member(rule, "max");
	const struct param *p;
	int param;

	if (json_only(rule, known, err) != 0 ||
	    (param = read_param(c, rule, err)) < 0)
		return -1;
	if (!json_present(&min) && !json_present(&max))
		return json_expected(rule, "min, max or both", err);
	p = &c->space->param[param];
	t->param = (size_t)param;
	t->range.lo = -INFINITY;
	t->range.hi = INFINITY;
	if (read_limit(p, &min, &t->range.lo, err) != 0 ||
	    read_limit(p, &max, &t->range.hi, err) != 0)
		return -1;
	c->ntightening++;
	return 0;
}

static int
read_term(const struct constraints *c, struct inequality *q,
    const struct json *term, struct err *err)
{
	static const char *const known[] = { "param", "coefficient", NULL };
	struct json name = json_member(term, "param");
	struct json coefficient = json_member(term, "coefficient");
	int param;
	size_t i;

	if (json_only(term, known, err) != 0 ||
	    (param = read_param(c, term, err)) < 0)
		return -1;
	for (i = 0; i < q->n; i++)
		if (q->param[i] == (size_t)param)
			return json_expected(&name, "a parameter that is not "
			    "in this rule yet", err);
	if (json_real(&coefficient, &q->coefficient[q->n], err) != 0)
		return -1;
	q->param[q->n++] = (size_t)param;
	return 0;
}

static int
read_terms(const struct constraints *c, struct inequality *q,
    const struct json *rule, struct err *err)
{
	struct json terms = json_member(rule, "terms");
	int i, n;

	if (jv_get_kind(terms.v) != JV_KIND_ARRAY ||
	    json_array(&terms, &n, err) != 0 || n == 0)
		return json_expected(&terms, "a non-empty list of terms",
		    err);
	q->param = xcalloc((size_t)n, sizeof(*q->param));
	q->coefficient = xcalloc((size_t)n, sizeof(*q->coefficient));
	for (i = 0; i < n; i++) {
		struct json term = json_element(&terms, i);

		if (read_term(c, q, &term, err) != 0)
			return -1;
	}
	return 0;
}

static int
read_inequality(struct constraints *c, const struct json *rule,
    struct err *err)
{
	static const char *const known[] = {
		"terms", "operator", "rhs", NULL
	};
	struct inequality *q = &c->inequality[c->ninequality++];
	struct json operator = json_member(rule, "operator");
	struct json rhs = json_member(rule, "rhs");
	const char *text = "";

	if (json_only(rule, known, err) != 0 ||
	    read_terms(c, q, rule, err) != 0)
		return -1;
	if (jv_get_kind(operator.v) == JV_KIND_STRING &&
	    json_text(&operator, &text, err) != 0)
		return -1;
	if (strcmp(text, "<=") != 0 && strcmp(text, ">=") != 0)
		return json_expected(&operator, "\"<=\" or \">=\"", err);
	q->at_least = *text == '>';
	return json_real(&rhs, &q->rhs, err);
}

static int
read_combination(struct constraints *c, const struct json *rule,
    struct err *err)
{
	static const char *const known[] = { "when", NULL };
	struct combination *f = &c->combination[c->ncombination++];
	struct json when = json_member(rule, "when"), member;
	struct condition *m;
	const char *key;
	int i, param;

	if (json_only(rule, known, err) != 0)
		return -1;
	if (jv_get_kind(when.v) != JV_KIND_OBJECT ||
	    jv_object_length(jv_copy(when.v)) == 0)
		return json_expected(&when, "a non-empty object of "
		    "parameters and their values", err);
	f->match = xcalloc((size_t)jv_object_length(jv_copy(when.v)),
	    sizeof(*f->match));
	i = jv_object_iter(when.v);
	while (json_each(&when, &i, &key, &member)) {
		param = space_index(c->space, key);
		if (param < 0)
			return json_complain(&member, err, "unknown "
			    "parameter, expected one of the search space");
		m = &f->match[f->n++];
		m->controller = (size_t)param;
		if (point_value_list(&c->space->param[param], &member, false,
		    &m->value, &m->nvalue, err) != 0)
			return -1;
	}
	return 0;
}

static int
read_lists(struct constraints *c, const struct json *root, struct err *err)
{
	struct json tight = json_member(root, "bound_tightening");
	struct json linear = json_member(root, "linear_inequalities");
	struct json forbidden = json_member(root, "forbidden_combinations");
	struct {
		struct json *list;
		int n;
		int (*read)(struct constraints *, const struct json *,
		    struct err *);
	} family[] = {
		{ &tight, 0, read_tightening },
		{ &linear, 0, read_inequality },
		{ &forbidden, 0, read_combination }
	};
	int f, i;

	for (f = 0; f < 3; f++)
		if (list_length(family[f].list, &family[f].n, err) != 0)
			return -1;
	c->tightening = xcalloc((size_t)family[0].n, sizeof(*c->tightening));
	c->inequality = xcalloc((size_t)family[1].n, sizeof(*c->inequality));
	c->combination = xcalloc((size_t)family[2].n,
	    sizeof(*c->combination));
	for (f = 0; f < 3; f++)
		for (i = 0; i < family[f].n; i++) {
			struct json rule = json_element(family[f].list, i);

			if (family[f].read(c, &rule, err) != 0)
				return -1;
		}
	return 0;
}

/* The rules of one parameter combine and must leave something of it. */
static int
check_ranges(const struct constraints *c, const struct json *root,
    struct err *err)
{
	struct json list = json_member(root, "bound_tightening");
	struct range *box = xcalloc(c->space->n, sizeof(*box));
	char lo[NUM_TEXT], hi[NUM_TEXT];
	size_t i;
	int status = 0;

	constraints_box(c, c->space, box);
	for (i = 0; i < c->space->n && status == 0; i++)
		if (!(box[i].lo <= box[i].hi))
			status = json_complain(&list, err, "expected rules "
			    "that leave a range of %s, got %s to %s",
			    c->space->param[i].name,
			    num_plain(lo, box[i].lo),
			    num_plain(hi, box[i].hi));
	free(box);
	return status;
}

int
constraint_rules_read(struct constraints *c, const struct json *root,
    struct err *err)
{
	static const char *const known[] = {
		"bound_tightening", "linear_inequalities",
		"forbidden_combinations", NULL
	};

	if (json_only(root, known, err) != 0 ||
	    read_lists(c, root, err) != 0)
		return -1;
	return check_ranges(c, root, err);
}
