#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "contract/objective.h"
#include "contract/scalarization.h"

static const char *const policy_names[] = {
	"primary_only", "weighted_sum", "weighted_tchebycheff",
	"lexicographic"
};

const char *
policy_name(enum policy p)
{
	return policy_names[p];
}

static int
read_direction(struct objective *o, const struct json *j, struct err *err)
{
	struct json direction = json_member(j, "direction");
	const char *text = "";

	if (jv_get_kind(direction.v) == JV_KIND_STRING &&
	    json_text(&direction, &text, err) != 0)
		return -1;
	if (strcmp(text, "minimize") != 0 && strcmp(text, "maximize") != 0)
		return json_expected(&direction, "\"minimize\" or "
		    "\"maximize\"", err);
	o->maximize = strcmp(text, "maximize") == 0;
	return 0;
}

static int
read_handling(struct objective *o, const struct json *j, struct err *err)
{
	struct json tolerance = json_member(j, "tolerance");
	struct json handling = json_member(j, "failure_handling");
	const char *text = "record_and_continue";

	if (json_present(&tolerance) && (jv_get_kind(tolerance.v) !=
	    JV_KIND_NUMBER || !(jv_number_value(tolerance.v) >= 0)))
		return json_expected(&tolerance, "a number >= 0", err);
	if (json_present(&tolerance))
		o->tolerance = jv_number_value(tolerance.v);
	if (json_present(&handling) && json_text(&handling, &text, err) != 0)
		return -1;
	o->failure_handling = xstrdup(text);
	return 0;
}

static int
read_objective(struct objectives *o, const struct json *j, struct err *err)
{
	static const char *const known[] = {
		"name", "direction", "tolerance", "failure_handling", NULL
	};
	struct json name = json_member(j, "name");
	struct objective *new = &o->objective[o->n];
	const char *text;

	if (json_only(j, known, err) != 0 || json_text(&name, &text, err) != 0)
		return -1;
	if (*text == '\0')
		return json_expected(&name, "a non-empty name", err);
	if (objectives_index(o, text) >= 0)
		return json_expected(&name, "a name of its own (this one is "
		    "taken)", err);
	new->name = xstrdup(text);
	o->n++;
	if (read_direction(new, j, err) != 0)
		return -1;
	return read_handling(new, j, err);
}

static int
read_objectives(struct objectives *o, const struct json *root,
    struct err *err)
{
	struct json primary = json_member(root, "primary_objective");
	struct json others = json_member(root, "secondary_objectives");
	int i, n = 0;

	if (!json_is_null(&others) && json_array(&others, &n, err) != 0)
		return -1;
	o->objective = xcalloc((size_t)n + 1, sizeof(*o->objective));
	if (read_objective(o, &primary, err) != 0)
		return -1;
	for (i = 0; i < n; i++) {
		struct json element = json_element(&others, i);

		if (read_objective(o, &element, err) != 0)
			return -1;
	}
	return 0;
}

struct objectives *
objectives_from_json(jv doc, const char *file, struct err *err)
{
	static const char *const known[] = {
		"primary_objective", "secondary_objectives", "scalarization",
		NULL
	};
	struct json root = json_root(doc, file);
	struct json how = json_member(&root, "scalarization");
	struct objectives *o = xcalloc(1, sizeof(*o));

	if (json_only(&root, known, err) == 0 &&
	    read_objectives(o, &root, err) == 0 &&
	    scalarization_from_json(o, &how, err) == 0)
		return o;
	objectives_free(o);
	return NULL;
}

void
objectives_free(struct objectives *o)
{
	size_t i;

	if (o == NULL)
		return;
	for (i = 0; i < o->n; i++) {
		free(o->objective[i].name);
		free(o->objective[i].failure_handling);
	}
	free(o->objective);
	free(o->weight);
	free(o->reference);
	free(o);
}

int
objectives_index(const struct objectives *o, const char *name)
{
	size_t i;

	for (i = 0; i < o->n; i++)
		if (strcmp(o->objective[i].name, name) == 0)
			return (int)i;
	return -1;
}

int
objectives_unknown(const struct objectives *o, const struct json *member,
    struct err *err)
{
	struct buf names = BUF_INIT;
	size_t i;

	for (i = 0; i < o->n; i++)
		buf_addf(&names, "%s%s", i > 0 ? ", " : "",
		    o->objective[i].name);
	json_complain(member, err, "unknown objective, expected exactly %s",
	    buf_str(&names));
	buf_release(&names);
	return -1;
}

static bool
weighted(const struct objectives *o)
{
	return o->policy == POLICY_WEIGHTED_SUM ||
	    o->policy == POLICY_WEIGHTED_TCHEBYCHEFF;
}

/* As if everything were minimized. */
static double
turned(const struct objectives *o, size_t i, double value)
{
	return o->objective[i].maximize ? -value : value;
}

double
objectives_scalar(const struct objectives *o, const double *y)
{
	double t, far, sum = 0, max = 0;
	size_t i;

	if (!weighted(o))
		return y[0];
	for (i = 0; i < o->n; i++) {
		t = turned(o, i, y[i]);
		sum += o->weight[i] * t;
		far = o->reference == NULL ? 0 : o->weight[i] *
		    fabs(t - turned(o, i, o->reference[i]));
		if (far > max)
			max = far;
	}
	return o->policy == POLICY_WEIGHTED_SUM ? sum : max;
}

bool
objectives_minimize_scalar(const struct objectives *o)
{
	return weighted(o) || !o->objective[0].maximize;
}

const char *
objectives_scalar_name(const struct objectives *o)
{
	return weighted(o) ? "scalarized" : o->objective[0].name;
}

bool
objectives_vector_shown(const struct objectives *o)
{
	return o->n > 1 || o->has_scalarization;
}

static int
compare(double a, double b)
{
	return (a > b) - (a < b);
}

int
objectives_rank(const struct objectives *o, const double *a, int64_t id_a,
    const double *b, int64_t id_b)
{
	int order = compare(objectives_scalar(o, a), objectives_scalar(o, b));
	size_t i;

	if (!objectives_minimize_scalar(o))
		order = -order;
	for (i = 0; i < o->n && order == 0; i++)
		order = compare(turned(o, i, a[i]), turned(o, i, b[i]));
	return order != 0 ? order : (id_a > id_b) - (id_a < id_b);
}

bool
objectives_dominates(const struct objectives *o, const double *a,
    const double *b)
{
	bool better = false;
	size_t i;
	int order;

	for (i = 0; i < o->n; i++) {
		order = compare(turned(o, i, a[i]), turned(o, i, b[i]));
		if (order > 0)
			return false;
		better = better || order < 0;
	}
	return better;
}

void
objectives_write(const struct objectives *o, const double *y, struct jw *w)
{
	size_t i;

	jw_object(w);
	for (i = 0; i < o->n; i++) {
		jw_key(w, o->objective[i].name);
		jw_real(w, y != NULL ? y[i] : NAN);
	}
	jw_end(w);
}
