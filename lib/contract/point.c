#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "contract/point.h"
#include "contract/when.h"

/* Spaces up to this size are read without an allocation. */
#define FEW_PARAMS 32

/* Documents mostly have the parameters in the space's own order: the one
 * behind the last is tried first. */
static int
find_param(const struct space *s, const char *name, size_t guess)
{
	if (guess < s->n && strcmp(s->param[guess].name, name) == 0)
		return (int)guess;
	return space_index(s, name);
}

static int
unknown_param(const struct space *s, const struct json *member,
    struct err *err)
{
	struct buf known = BUF_INIT;
	size_t i;

	for (i = 0; i < s->n && known.len < 400; i++)
		buf_addf(&known, "%s%s", i > 0 ? ", " : "", s->param[i].name);
	json_complain(member, err, "unknown parameter, expected one of %s%s",
	    buf_str(&known), i < s->n ? ", ..." : "");
	buf_release(&known);
	return -1;
}

/* Find each parameter's member; the absent ones keep an invalid value. */
static int
sort_members(const struct space *s, const struct json *params,
    struct json *given, struct err *err)
{
	struct json member;
	const char *key;
	size_t i, guess = 0;
	int at, found;

	if (json_object(params, err) != 0)
		return -1;
	for (i = 0; i < s->n; i++) {
		given[i] = json_root(jv_invalid(), params->file);
		given[i].up = params;
		given[i].key = s->param[i].name;
	}
	at = jv_object_iter(params->v);
	while (json_each(params, &at, &key, &member)) {
		found = find_param(s, key, guess);
		if (found < 0)
			return unknown_param(s, &member, err);
		given[found] = member;
		guess = (size_t)found + 1;
	}
	return 0;
}

int
point_from_json(const struct space *s, const struct json *params,
    enum point_rule rule, double *point, struct err *err)
{
	struct json few[FEW_PARAMS], *given = few;
	size_t k, i;
	int status;

	if (s->n > FEW_PARAMS)
		given = xmalloc(s->n * sizeof(*given));
	status = sort_members(s, params, given, err);
	for (k = 0; k < s->n && status == 0; k++) {
		i = s->order[k];
		if (when_holds(&s->param[i], point))
			status = point_value_from_json(&s->param[i],
			    &given[i], rule == POINT_STRICT, &point[i], err);
		else
			point[i] = NAN;
	}
	if (given != few)
		free(given);
	return status;
}

void
point_deactivate(const struct space *s, double *point)
{
	size_t k;

	for (k = 0; k < s->n; k++)
		if (!when_holds(&s->param[s->order[k]], point))
			point[s->order[k]] = NAN;
}

bool
point_equal(const struct space *s, const double *a, const double *b)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		if (a[i] != b[i] && !(isnan(a[i]) && isnan(b[i])))
			return false;
	return true;
}

/* FNV-1a over the values, with one form for all NaN and for both zeros. */
unsigned long
point_hash(const struct space *s, const double *point)
{
	uint64_t hash = 0xcbf29ce484222325u, bits;
	double x;
	size_t i;
	int k;

	for (i = 0; i < s->n; i++) {
		x = point[i] == 0 ? 0 : point[i];
		memcpy(&bits, &x, sizeof(bits));
		if (isnan(x))
			bits = 1;
		for (k = 0; k < 64; k += 8)
			hash = (hash ^ (bits >> k & 0xff)) * 0x100000001b3u;
	}
	return (unsigned long)hash;
}

void
point_write(const struct space *s, const double *point, struct jw *w)
{
	size_t i;

	jw_object(w);
	for (i = 0; i < s->n; i++) {
		if (isnan(point[i]))
			continue;
		jw_key(w, s->param[i].name);
		point_value_write(&s->param[i], point[i], w);
	}
	jw_end(w);
}
