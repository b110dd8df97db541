#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "contract/scalarization.h"

/* Weights and reference points are objects with every objective's name. */
static int
read_vector(const struct objectives *o, const struct json *map, double *to,
    struct err *err)
{
	struct json member;
	const char *key;
	size_t k;
	int i;

	if (json_object(map, err) != 0)
		return -1;
	i = jv_object_iter(map->v);
	while (json_each(map, &i, &key, &member))
		if (objectives_index(o, key) < 0)
			return objectives_unknown(o, &member, err);
	for (k = 0; k < o->n; k++) {
		member = json_member(map, o->objective[k].name);
		if (json_real(&member, &to[k], err) != 0)
			return -1;
	}
	return 0;
}

static int
read_weights(struct objectives *o, const struct json *map, struct err *err)
{
	double max = 0, sum = 0;
	size_t k;

	o->weight = xcalloc(o->n, sizeof(*o->weight));
	if (read_vector(o, map, o->weight, err) != 0)
		return -1;
	for (k = 0; k < o->n; k++) {
		struct json member = json_member(map, o->objective[k].name);

		if (!(o->weight[k] > 0))
			return json_expected(&member, "a number > 0", err);
		max = fmax(max, o->weight[k]);
	}
	for (k = 0; k < o->n; k++)
		sum += o->weight[k] / max;	/* cannot overflow */
	for (k = 0; k < o->n; k++)
		o->weight[k] = o->weight[k] / max / sum;
	return 0;
}

static int
read_policy(struct objectives *o, const struct json *how, struct err *err)
{
	struct json policy = json_member(how, "policy");
	const char *text = "";
	int i;

	if (jv_get_kind(policy.v) == JV_KIND_STRING &&
	    json_text(&policy, &text, err) != 0)
		return -1;
	for (i = 0; i <= POLICY_LEXICOGRAPHIC; i++)
		if (strcmp(text, policy_name((enum policy)i)) == 0) {
			o->policy = (enum policy)i;
			return 0;
		}
	return json_expected(&policy, "one of \"primary_only\", "
	    "\"weighted_sum\", \"weighted_tchebycheff\", \"lexicographic\"",
	    err);
}

static int
refuse(const struct objectives *o, const struct json *j, struct err *err)
{
	struct buf wanted = BUF_INIT;

	if (json_is_null(j))
		return 0;
	buf_addf(&wanted, "no %s with policy \"%s\"", j->key,
	    policy_name(o->policy));
	json_expected(j, buf_str(&wanted), err);
	buf_release(&wanted);
	return -1;
}

static int
read_reference(struct objectives *o, const struct json *map, struct err *err)
{
	o->reference = xcalloc(o->n, sizeof(*o->reference));
	if (json_is_null(map))
		return 0;
	return read_vector(o, map, o->reference, err);
}

int
scalarization_from_json(struct objectives *o, const struct json *how,
    struct err *err)
{
	static const char *const known[] = {
		"policy", "weights", "reference_point", NULL
	};
	struct json weights = json_member(how, "weights");
	struct json reference = json_member(how, "reference_point");

	if (json_is_null(how))
		return 0;
	if (json_only(how, known, err) != 0 || read_policy(o, how, err) != 0)
		return -1;
	o->has_scalarization = true;
	if (o->policy == POLICY_WEIGHTED_SUM ||
	    o->policy == POLICY_WEIGHTED_TCHEBYCHEFF) {
		if (read_weights(o, &weights, err) != 0)
			return -1;
	} else if (refuse(o, &weights, err) != 0)
		return -1;
	if (o->policy == POLICY_WEIGHTED_TCHEBYCHEFF)
		return read_reference(o, &reference, err);
	return refuse(o, &reference, err);
}
