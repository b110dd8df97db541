#include <math.h>
#include <string.h>

#include "base/num.h"
#include "ops/validate.h"

static const struct field best_fields[] = {
	{ "trial_id", FIELD_ID, FIELD_REQUIRED },
	{ "objective_name", FIELD_TEXT, FIELD_REQUIRED },
	{ "objective_value", FIELD_REAL, FIELD_REQUIRED },
	{ "updated_at", FIELD_REAL, FIELD_REQUIRED },
	{ "scalarization_policy", FIELD_TEXT, FIELD_OPTIONAL },
	{ "objective_vector", FIELD_OBJECT, FIELD_OPTIONAL },
	{ NULL, 0, FIELD_OPTIONAL }
};

static bool
close_to(double a, double b)
{
	return fabs(a - b) <= 1e-12 * fmax(1, fmax(fabs(a), fabs(b)));
}

static bool
can_be_best(const struct vtrial *t)
{
	return t->status == TRIAL_OK && t->y != NULL;
}

static const struct vtrial *
find_top(const struct vcheck *v)
{
	const struct objectives *o = v->c.c.objectives;
	const struct vtrial *top = NULL, *t;
	size_t i;

	for (i = 0; o != NULL && i < v->ntrial; i++) {
		t = &v->trial[i];
		if (can_be_best(t) && (top == NULL || objectives_rank(o, t->y,
		    t->id, top->y, top->id) < 0))
			top = t;
	}
	return top;
}

/* Sums of weights may differ in the last digit between programs, so trials
 * that are as good as equal may stand for each other; equal ones not. */
static void
check_optimal(struct vcheck *v, const struct json *best,
    const struct vtrial *t, const struct vtrial *top)
{
	const struct objectives *o = v->c.c.objectives;
	double mine = objectives_scalar(o, t->y);
	double theirs = objectives_scalar(o, top->y);
	char a[NUM_TEXT], b[NUM_TEXT];

	if (t == top || (mine != theirs && close_to(mine, theirs)))
		return;
	find_at(v, FINDING_ERROR, best, "trial %lld (%s) is not the best, "
	    "trial %lld (%s) is", (long long)t->id, num_plain(a, mine),
	    (long long)top->id, num_plain(b, theirs));
}

static void
check_text(struct vcheck *v, const struct json *best, const char *key,
    const char *expected)
{
	struct json j = json_member(best, key);

	if (jv_get_kind(j.v) != JV_KIND_STRING)
		find_at(v, FINDING_ERROR, &j, "missing, expected \"%s\"",
		    expected);
	else if (strcmp(jv_string_value(j.v), expected) != 0)
		find_at(v, FINDING_ERROR, &j, "expected \"%s\", got \"%s\"",
		    expected, jv_string_value(j.v));
}

static void
check_number(struct vcheck *v, const struct json *object, const char *key,
    double expected)
{
	struct json j = json_member(object, key);
	char a[NUM_TEXT], b[NUM_TEXT];

	if (jv_get_kind(j.v) != JV_KIND_NUMBER)
		find_at(v, FINDING_ERROR, &j, "missing, expected %s",
		    num_plain(a, expected));
	else if (!close_to(jv_number_value(j.v), expected))
		find_at(v, FINDING_ERROR, &j, "expected %s as the observation "
		    "has it, got %s", num_plain(a, expected),
		    num_plain(b, jv_number_value(j.v)));
}

static void
check_values(struct vcheck *v, const struct json *best,
    const struct vtrial *t)
{
	const struct objectives *o = v->c.c.objectives;
	struct json vector = json_member(best, "objective_vector");
	size_t i;

	check_text(v, best, "objective_name", objectives_scalar_name(o));
	check_number(v, best, "objective_value", objectives_scalar(o, t->y));
	if (!objectives_vector_shown(o))
		return;
	check_text(v, best, "scalarization_policy", policy_name(o->policy));
	for (i = 0; i < o->n; i++)
		check_number(v, &vector, o->objective[i].name, t->y[i]);
}

void
validate_best(struct vcheck *v, const struct json *best)
{
	const struct vtrial *top = find_top(v), *t;
	struct json id = json_member(best, "trial_id");
	struct err e;

	if (!json_present(best) || (json_is_null(best) && top != NULL)) {
		if (top != NULL)
			find_at(v, FINDING_ERROR, best, "missing, trial %lld "
			    "is the best", (long long)top->id);
		else
			find_at(v, FINDING_ERROR, best, "missing, expected "
			    "null");
		return;
	}
	if (json_is_null(best))
		return;
	if (json_object(best, &e) != 0) {
		find_err(v, FINDING_ERROR, best->file, &e);
		return;
	}
	if (!check_fields(v, best, best_fields) ||
	    v->c.c.objectives == NULL)
		return;
	t = vtrial_find(v, (int64_t)jv_number_value(id.v));
	if (t == NULL || t->status != TRIAL_OK)
		find_at(v, FINDING_ERROR, &id, "no ok observation has the id "
		    "%.0f", jv_number_value(id.v));
	else if (t->y != NULL) {
		check_optimal(v, best, t, top);
		check_values(v, best, t);
	}
}
