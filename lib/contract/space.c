#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/xmem.h"
#include "contract/space.h"
#include "contract/point_value.h"
#include "contract/when.h"
#include "store/json.h"

static const char *const type_name[] = {
	"float", "int", "bool", "categorical"
};

const char *
param_type_name(enum param_type type)
{
	return type_name[type];
}

/* Keys that a type does not have. */
static int
refuse_keys(const struct json *j, const struct param *p,
    const char *const keys[], struct err *err)
{
	char wanted[64];

	for (; *keys != NULL; keys++) {
		struct json member = json_member(j, *keys);

		if (!json_present(&member))
			continue;
		snprintf(wanted, sizeof(wanted), "no %s for type %s", *keys,
		    type_name[p->type]);
		return json_expected(&member, wanted, err);
	}
	return 0;
}

static int
read_bounds(struct param *p, const struct json *j, struct err *err)
{
	struct json bounds = json_member(j, "bounds");
	struct json end;
	double *to[2] = { &p->lo, &p->hi };
	int i, n;

	if (jv_get_kind(bounds.v) != JV_KIND_ARRAY ||
	    json_array(&bounds, &n, err) != 0 || n != 2)
		return json_expected(&bounds, "[lower, upper]", err);
	for (i = 0; i < 2; i++) {
		end = json_element(&bounds, i);
		if (json_real(&end, to[i], err) != 0)
			return -1;
		if (p->type == PARAM_INT && (*to[i] != floor(*to[i]) ||
		    fabs(*to[i]) > (double)NUM_INT_MAX))
			return json_expected(&end, "an integer", err);
	}
	if (!(p->lo <= p->hi))
		return json_expected(&bounds, "lower <= upper", err);
	return 0;
}

static int
read_scale(struct param *p, const struct json *j, struct err *err)
{
	struct json scale = json_member(j, "scale");
	struct json bounds = json_member(j, "bounds");
	const char *text;

	if (!json_present(&scale))
		return 0;
	if (jv_get_kind(scale.v) != JV_KIND_STRING ||
	    json_text(&scale, &text, err) != 0 ||
	    (strcmp(text, "linear") != 0 && strcmp(text, "log") != 0))
		return json_expected(&scale, "\"linear\" or \"log\"", err);
	p->log = strcmp(text, "log") == 0;
	if (p->log && !(p->lo > 0))
		return json_expected(&bounds, "bounds above 0, since the "
		    "scale is log", err);
	return 0;
}

static bool
same_choice(const struct choice *a, const struct choice *b)
{
	if (a->is_number != b->is_number)
		return false;
	if (a->is_number)
		return a->number == b->number;
	return strcmp(a->text, b->text) == 0;
}

/* source is the choice's own text; empty if it could not be found. */
static int
read_choice(struct choice *c, const struct json *j, struct span source,
    struct err *err)
{
	char plain[NUM_TEXT];
	const char *text;

	if (jv_get_kind(j->v) == JV_KIND_NUMBER) {
		c->is_number = true;
		c->number = jv_number_value(j->v);
		c->text = source.p != NULL ?
		    xstrndup(source.p, source.len) :
		    xstrdup(num_plain(plain, c->number));
		return 0;
	}
	if (jv_get_kind(j->v) != JV_KIND_STRING)
		return json_expected(j, "a string or a number", err);
	if (json_text(j, &text, err) != 0)
		return -1;
	c->text = xstrdup(text);
	return 0;
}

static int
read_choices(struct param *p, const struct json *j, struct span source,
    struct err *err)
{
	struct json list = json_member(j, "choices");
	struct json_walk walk = json_walk(json_find(source, "choices"));
	struct span none = { NULL, 0 };
	int i, k, n;

	if (jv_get_kind(list.v) != JV_KIND_ARRAY ||
	    json_array(&list, &n, err) != 0 || n == 0)
		return json_expected(&list, "a non-empty list of choices",
		    err);
	p->choice = xcalloc((size_t)n, sizeof(*p->choice));
	p->nchoice = (size_t)n;
	p->hi = n - 1;
	for (i = 0; i < n; i++) {
		struct json element = json_element(&list, i);

		if (read_choice(&p->choice[i], &element,
		    json_next(&walk) ? walk.value : none, err) != 0)
			return -1;
		for (k = 0; k < i; k++)
			if (same_choice(&p->choice[k], &p->choice[i]))
				return json_expected(&element, "a choice "
				    "that is not in the list yet", err);
	}
	return 0;
}

static int
read_type(struct param *p, const struct json *j, struct err *err)
{
	struct json type = json_member(j, "type");
	const char *text = "";
	int i;

	if (jv_get_kind(type.v) == JV_KIND_STRING &&
	    json_text(&type, &text, err) != 0)
		return -1;
	for (i = 0; i <= PARAM_CATEGORICAL; i++)
		if (strcmp(text, type_name[i]) == 0) {
			p->type = (enum param_type)i;
			return 0;
		}
	return json_expected(&type, "\"float\", \"int\", \"bool\" or "
	    "\"categorical\"", err);
}

static int
read_range(struct param *p, const struct json *j, struct span source,
    struct err *err)
{
	static const char *const of_choices[] = { "choices", NULL };
	static const char *const of_numbers[] = { "bounds", "scale", NULL };

	switch (p->type) {
	case PARAM_FLOAT:
	case PARAM_INT:
		if (refuse_keys(j, p, of_choices, err) != 0 ||
		    read_bounds(p, j, err) != 0)
			return -1;
		return read_scale(p, j, err);
	case PARAM_BOOL:
		p->hi = 1;
		if (refuse_keys(j, p, of_choices, err) != 0)
			return -1;
		return refuse_keys(j, p, of_numbers, err);
	case PARAM_CATEGORICAL:
		if (refuse_keys(j, p, of_numbers, err) != 0)
			return -1;
		return read_choices(p, j, source, err);
	}
	return 0;
}

static int
read_param(struct space *s, const struct json *j, struct span source,
    struct err *err)
{
	static const char *const known[] = {
		"name", "type", "bounds", "scale", "choices", "description",
		"when", NULL
	};
	struct json name = json_member(j, "name");
	struct json about = json_member(j, "description");
	struct param *p = &s->param[s->n];
	const char *text;

	if (json_only(j, known, err) != 0 || json_text(&name, &text, err) != 0)
		return -1;
	if (*text == '\0')
		return json_expected(&name, "a non-empty name", err);
	if (space_index(s, text) >= 0)
		return json_expected(&name, "a name of its own (this one is "
		    "taken)", err);
	p->name = xstrdup(text);
	s->n++;
	if (json_present(&about)) {
		if (json_text(&about, &text, err) != 0)
			return -1;
		p->description = xstrdup(text);
	}
	if (read_type(p, j, err) != 0)
		return -1;
	return read_range(p, j, source, err);
}

static int
read_params(struct space *s, const struct json *list, struct span source,
    struct err *err)
{
	struct json_walk walk = json_walk(json_find(source, "parameters"));
	struct span none = { NULL, 0 };
	int i, n;

	if (jv_get_kind(list->v) != JV_KIND_ARRAY ||
	    json_array(list, &n, err) != 0 || n == 0)
		return json_expected(list, "a non-empty list of parameters",
		    err);
	s->param = xcalloc((size_t)n, sizeof(*s->param));
	for (i = 0; i < n; i++) {
		struct json element = json_element(list, i);

		if (read_param(s, &element,
		    json_next(&walk) ? walk.value : none, err) != 0)
			return -1;
	}
	return 0;
}

struct space *
space_from_json(jv doc, const char *text, size_t len, const char *file,
    struct err *err)
{
	static const char *const known[] = { "parameters", NULL };
	struct json root = json_root(doc, file);
	struct json list = json_member(&root, "parameters");
	struct span source = { text, len };
	struct space *s = xcalloc(1, sizeof(*s));

	if (json_only(&root, known, err) == 0 &&
	    read_params(s, &list, source, err) == 0 &&
	    when_from_json(s, &list, err) == 0)
		return s;
	space_free(s);
	return NULL;
}

static void
free_param(struct param *p)
{
	size_t i;

	free(p->name);
	free(p->description);
	for (i = 0; i < p->nchoice; i++)
		free(p->choice[i].text);
	free(p->choice);
	for (i = 0; i < p->nwhen; i++)
		free(p->when[i].value);
	free(p->when);
}

void
space_free(struct space *s)
{
	size_t i;

	if (s == NULL)
		return;
	for (i = 0; i < s->n; i++)
		free_param(&s->param[i]);
	free(s->param);
	free(s->order);
	free(s);
}

int
space_index(const struct space *s, const char *name)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		if (strcmp(s->param[i].name, name) == 0)
			return (int)i;
	return -1;
}

bool
space_conditional(const struct space *s)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		if (s->param[i].nwhen > 0)
			return true;
	return false;
}
