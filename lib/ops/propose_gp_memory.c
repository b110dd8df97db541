/* propose_gp_memory: the hyper-parameters in the state.  See propose_gp.h. */
#include <string.h>

#include "ops/propose_gp_fit.h"
#include "store/json.h"

static jv
theta_list(const struct gp *gp, size_t d)
{
	const double *theta = gp_theta(gp);
	jv list = jv_array();
	size_t i;

	for (i = 0; i < d + 2; i++)
		list = jv_array_append(list, jv_number(theta[i]));
	return list;
}

/* Of several objectives: whose theta it is, and that of the others. */
static jv
remember_others(jv doc, const struct several *v)
{
	const struct objective *o = v->search->state->objectives->objective;
	jv names = jv_array(), thetas = jv_array();
	size_t j;

	for (j = 0; j < v->k; j++)
		names = jv_array_append(names, jv_string(o[j].name));
	for (j = 1; j < v->k; j++)
		thetas = jv_array_append(thetas, theta_list(v->gp[j],
		    v->search->space->n));
	doc = jv_object_set(doc, jv_string("objectives"), names);
	return jv_object_set(doc, jv_string("thetas"), thetas);
}

jv
gp_model_memory(const struct gp_model *m, const struct search *s)
{
	jv doc = jv_object(), names = jv_array();
	size_t i;

	for (i = 0; i < s->space->n; i++)
		names = jv_array_append(names,
		    jv_string(s->space->param[i].name));
	doc = jv_object_set(doc, jv_string("n"), jv_number((double)m->n));
	doc = jv_object_set(doc, jv_string("theta"), theta_list(m->gp,
	    s->space->n));
	doc = jv_object_set(doc, jv_string("params"), names);
	return m->several != NULL ? remember_others(doc, m->several) : doc;
}

/* Is that a list of n? */
static bool
counts(const struct json *list, size_t n)
{
	struct err ignored;
	int len;

	return json_array(list, &len, &ignored) == 0 && (size_t)len == n;
}

static bool
is_named(const struct json *names, size_t i, const char *name)
{
	struct json one = json_element(names, (int)i);
	struct err ignored;
	const char *text;

	return json_text(&one, &text, &ignored) == 0 &&
	    strcmp(text, name) == 0;
}

static bool
same_params(const struct json *names, const struct space *space)
{
	size_t i;

	if (!counts(names, space->n))
		return false;
	for (i = 0; i < space->n; i++)
		if (!is_named(names, i, space->param[i].name))
			return false;
	return true;
}

/* Is what is remembered of these objectives, or of one number? */
static bool
same_objectives(const struct json *names, const struct several *v)
{
	const struct objectives *o;
	size_t j;

	if (v == NULL)
		return !json_present(names);
	if (!counts(names, v->k))
		return false;
	o = v->search->state->objectives;
	for (j = 0; j < v->k; j++)
		if (!is_named(names, j, o->objective[j].name))
			return false;
	return true;
}

size_t
gp_model_theta(const struct gp_model *m, const struct search *s,
    size_t objective, double *theta)
{
	struct json meta = json_root(s->state->meta, "meta");
	struct json model = json_member(&meta, "model");
	struct json list = json_member(&model, "theta"), one;
	struct json lists = json_member(&model, "thetas");
	struct json params = json_member(&model, "params");
	struct json objectives = json_member(&model, "objectives");
	double n = trial_real(&model, "n");
	struct err ignored;
	size_t i;

	if (!(n >= 1) || !same_params(&params, s->space) ||
	    !same_objectives(&objectives, m->several))
		return 0;
	if (objective > 0)
		list = json_element(&lists, (int)objective - 1);
	if (!counts(&list, s->space->n + 2))
		return 0;
	for (i = 0; i < s->space->n + 2; i++) {
		one = json_element(&list, (int)i);
		if (json_real(&one, &theta[i], &ignored) != 0)
			return 0;
	}
	return (size_t)n;
}
