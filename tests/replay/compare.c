/* compare: two JSON values.  See compare.h. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "store/json.h"

#include "compare.h"

static void
print_value(jv v)
{
	struct buf text = BUF_INIT;
	struct jw w;

	if (!jv_is_valid(v)) {
		fputs("nothing", stdout);
		return;
	}
	jw_init(&w, &text, JW_COMPACT);
	jw_jv(&w, v);
	jw_release(&w);
	fputs(buf_str(&text), stdout);
	buf_release(&text);
}

static void
differ(struct compare *c, jv a, jv b, double off)
{
	c->differences++;
	if (off > c->largest)
		c->largest = off;
	printf("trial %" PRId64 ": %s: expected ", c->trial,
	    buf_str(&c->path));
	print_value(a);
	fputs(", got ", stdout);
	print_value(b);
	if (isfinite(off))
		printf(" (off by %.1e)", off);
	putchar('\n');
}

void
compare_below(struct compare *c, const char *name, jv a, jv b)
{
	size_t was = c->path.len;

	buf_addf(&c->path, ".%s", name);
	compare_values(c, a, b);
	buf_cut(&c->path, was);
}

jv
member_of(jv object, const char *key)
{
	return jv_object_get(jv_copy(object), jv_string(key));
}

static void
compare_objects(struct compare *c, jv a, jv b)
{
	jv keys = jv_keys(jv_object_merge(jv_copy(a), jv_copy(b))), key;
	int n = jv_array_length(jv_copy(keys)), i;

	for (i = 0; i < n; i++) {
		key = jv_array_get(jv_copy(keys), i);
		compare_below(c, jv_string_value(key),
		    member_of(a, jv_string_value(key)),
		    member_of(b, jv_string_value(key)));
		jv_free(key);
	}
	jv_free(keys);
}

static void
compare_arrays(struct compare *c, jv a, jv b)
{
	int na = jv_array_length(jv_copy(a)), i;
	int nb = jv_array_length(jv_copy(b));
	char name[32];

	for (i = 0; i < na || i < nb; i++) {
		snprintf(name, sizeof(name), "[%d]", i);
		compare_below(c, name, i < na ? jv_array_get(jv_copy(a), i) :
		    jv_invalid(), i < nb ? jv_array_get(jv_copy(b), i) :
		    jv_invalid());
	}
}

static void
compare_numbers(struct compare *c, jv a, jv b)
{
	double x = jv_number_value(a), y = jv_number_value(b);

	if (x != y || signbit(x) != signbit(y))
		differ(c, a, b, fabs(x - y) / fmax(fabs(x), fabs(y)));
}

void
compare_values(struct compare *c, jv a, jv b)
{
	jv_kind kind = jv_get_kind(a);

	if (kind != jv_get_kind(b))
		differ(c, a, b, INFINITY);
	else if (kind == JV_KIND_OBJECT)
		compare_objects(c, a, b);
	else if (kind == JV_KIND_ARRAY)
		compare_arrays(c, a, b);
	else if (kind == JV_KIND_NUMBER)
		compare_numbers(c, a, b);
	else if (!jv_equal(jv_copy(a), jv_copy(b)))
		differ(c, a, b, INFINITY);
	jv_free(a);
	jv_free(b);
}
