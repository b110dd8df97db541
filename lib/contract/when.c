#include <stdlib.h>

#include "base/buf.h"
#include "base/xmem.h"
#include "contract/point_value.h"
#include "contract/when.h"

static int
check_controller(const struct space *s, size_t self, const struct json *j,
    int controller, struct err *err)
{
	const char *name = s->param[self].name;

	if (controller < 0)
		return json_complain(j, err, "unknown controller, expected "
		    "another parameter of this file");
	if ((size_t)controller == self)
		return json_complain(j, err, "a parameter cannot control "
		    "itself: %s -> %s", name, name);
	if (s->param[controller].type == PARAM_FLOAT)
		return json_complain(j, err, "expected a bool, int or "
		    "categorical controller, got a float");
	return 0;
}

static int
read_conditions(struct space *s, size_t self, const struct json *when,
    struct err *err)
{
	struct param *p = &s->param[self];
	struct condition *c;
	struct json member;
	const char *key;
	int i, controller;

	if (jv_get_kind(when->v) != JV_KIND_OBJECT ||
	    jv_object_length(jv_copy(when->v)) == 0)
		return json_expected(when, "a non-empty object of controllers "
		    "and their values", err);
	p->when = xcalloc((size_t)jv_object_length(jv_copy(when->v)),
	    sizeof(*p->when));
	i = jv_object_iter(when->v);
	while (json_each(when, &i, &key, &member)) {
		controller = space_index(s, key);
		if (check_controller(s, self, &member, controller, err) != 0)
			return -1;
		c = &p->when[p->nwhen++];
		c->controller = (size_t)controller;
		if (point_value_list(&s->param[controller], &member, true,
		    &c->value, &c->nvalue, err) != 0)
			return -1;
	}
	return 0;
}

/* The first controller that has no place in the order yet, or -1. */
static int
open_controller(const struct param *p, const bool *placed)
{
	size_t i;

	for (i = 0; i < p->nwhen; i++)
		if (!placed[p->when[i].controller])
			return (int)p->when[i].controller;
	return -1;
}

/* Returns how many could be placed; the others hang on a circle. */
static size_t
place(struct space *s, bool *placed)
{
	size_t i, before, done = 0;

	do {
		before = done;
		for (i = 0; i < s->n; i++) {
			if (placed[i] ||
			    open_controller(&s->param[i], placed) >= 0)
				continue;
			placed[i] = true;
			s->order[done++] = i;
		}
	} while (done > before);
	return done;
}

/* Whoever follows controllers without a place runs into the circle after n
 * steps at most.  It is told from its first parameter in file order. */
static size_t
circle(const struct space *s, const bool *placed, struct buf *path)
{
	size_t i, at = 0, first;

	while (placed[at])
		at++;
	for (i = 0; i < s->n; i++)
		at = (size_t)open_controller(&s->param[at], placed);
	first = at;
	for (i = 0; i < s->n; i++) {
		at = (size_t)open_controller(&s->param[at], placed);
		if (at < first)
			first = at;
	}
	buf_adds(path, s->param[first].name);
	at = first;
	do {
		at = (size_t)open_controller(&s->param[at], placed);
		buf_addf(path, " -> %s", s->param[at].name);
	} while (at != first);
	return first;
}

static int
put_in_order(struct space *s, const struct json *list, struct err *err)
{
	bool *placed = xcalloc(s->n, sizeof(*placed));
	struct buf path = BUF_INIT;
	struct json param, when;
	int status = 0;

	s->order = xcalloc(s->n, sizeof(*s->order));
	if (place(s, placed) < s->n) {
		param = json_element(list, (int)circle(s, placed, &path));
		when = json_member(&param, "when");
		status = json_complain(&when, err, "the conditions run in a "
		    "circle: %s", buf_str(&path));
	}
	buf_release(&path);
	free(placed);
	return status;
}

int
when_from_json(struct space *s, const struct json *list, struct err *err)
{
	size_t i;

	for (i = 0; i < s->n; i++) {
		struct json param = json_element(list, (int)i);
		struct json when = json_member(&param, "when");

		if (json_present(&when) &&
		    read_conditions(s, i, &when, err) != 0)
			return -1;
	}
	return put_in_order(s, list, err);
}

bool
when_lists(const struct condition *c, double value)
{
	size_t i;

	for (i = 0; i < c->nvalue; i++)
		if (c->value[i] == value)
			return true;
	return false;
}

bool
when_holds(const struct param *p, const double *point)
{
	size_t i;

	for (i = 0; i < p->nwhen; i++)
		if (!when_lists(&p->when[i], point[p->when[i].controller]))
			return false;
	return true;
}
