#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "ops/answer.h"
#include "ops/answer_text.h"
#include "ops/capture.h"

#define SHOWN 120	/* bytes of a wrong answer in a message */

/* ------------------------------------------------------------- failing */

void
answer_set(struct answer *a, enum trial_status status, char *reason)
{
	free(a->reason);
	a->status = status;
	a->reason = reason;
}

static void
fail(struct answer *a, char *reason)
{
	answer_set(a, TRIAL_FAILED, reason);
}

/* "WHAT: TEXT", the text shortened. */
static void
fail_showing(struct answer *a, const char *what, struct span text)
{
	struct buf b = BUF_INIT;

	buf_addf(&b, "%s: ", what);
	capture_clean(text.p, text.len, SHOWN, &b);
	fail(a, buf_detach(&b));
}

static void
fail_unreadable(struct answer *a, const struct answer_text *t)
{
	if (t->all.len == 0)
		fail(a, xstrdup("no answer on stdout"));
	else if (answer_like_object(t->all) || answer_like_object(t->line))
		fail(a, xasprintf("answer is not JSON: %s", t->why.text));
	else if (answer_not_finite(t->line))
		fail_showing(a, "last line of stdout is not a finite number",
		    t->line);
	else
		fail_showing(a, "last line of stdout is neither a number nor "
		    "an object", t->line);
}

/* -------------------------------------------------------------- values */

/* What stands in place of a number, for a message; the caller frees. */
static char *
show(jv v)
{
	struct buf b = BUF_INIT;
	jv text = jv_dump_string(jv_copy(v), 0);

	capture_clean(jv_string_value(text),
	    (size_t)jv_string_length_bytes(jv_copy(text)), SHOWN, &b);
	jv_free(text);
	return buf_detach(&b);
}

/* v is borrowed. */
static bool
take_number(struct answer *a, size_t i, const char *name, jv v)
{
	char *got;

	if (jv_get_kind(v) == JV_KIND_NUMBER &&
	    isfinite(jv_number_value(v))) {
		a->y[i] = jv_number_value(v);
		return true;
	}
	got = show(v);
	fail(a, xasprintf("objective %s: expected a finite number, got %s",
	    name, jv_get_kind(v) == JV_KIND_NUMBER ?
	    "one that is not finite" : got));
	free(got);
	return false;
}

/* A member of the answer, invalid if there is none. */
static jv
member(jv object, const char *key)
{
	if (jv_get_kind(object) != JV_KIND_OBJECT)
		return jv_invalid();
	return jv_object_get(jv_copy(object), jv_string(key));
}

/* Does it say which of its members are values? */
static bool
has_wrapper(jv answer)
{
	static const char *const key[] = { "objectives", "objective",
	    "objective_value" };
	bool has = false;
	size_t i;

	for (i = 0; i < sizeof(key) / sizeof(key[0]); i++)
		has = has || jv_object_has(jv_copy(answer),
		    jv_string(key[i]));
	return has;
}

static jv
value_of(jv answer, const char *name, bool primary)
{
	jv all, v;

	if (jv_get_kind(answer) == JV_KIND_NUMBER)
		return primary ? jv_copy(answer) : jv_invalid();
	if (!has_wrapper(answer))
		return member(answer, name);
	all = member(answer, "objectives");
	v = member(all, name);
	jv_free(all);
	if (!jv_is_valid(v) && primary) {
		jv_free(v);
		v = member(answer, "objective");
	}
	if (!jv_is_valid(v) && primary) {
		jv_free(v);
		v = member(answer, "objective_value");
	}
	return v;
}

/* What was there and what to print instead. */
static void
fail_without(struct answer *a, const struct answer_question *q, size_t i,
    jv v)
{
	struct buf wanted = BUF_INIT;
	char *keys = NULL;
	size_t k;

	for (k = 0; k < q->n; k++)
		buf_addf(&wanted, "%s\"%s\": NUMBER", k > 0 ? ", " : "",
		    q->name[k]);
	if (jv_get_kind(v) == JV_KIND_OBJECT) {
		jv list = jv_keys(jv_copy(v));

		keys = show(list);
		jv_free(list);
	}
	fail(a, xasprintf("answer has no objective %s, %s%s: print %s{%s}",
	    q->name[i], keys != NULL ? "its keys are " :
	    "a number is the primary one's value alone", keys != NULL ?
	    keys : "", q->n == 1 ? "the number alone or " : "", wanted.p));
	free(keys);
	buf_release(&wanted);
}

static bool
take_plain(struct answer *a, const struct answer_question *q, size_t i, jv v)
{
	jv x = value_of(v, q->name[i], i == 0);
	bool good = false;

	if (jv_is_valid(x))
		good = take_number(a, i, q->name[i], x);
	else
		fail_without(a, q, i, v);
	jv_free(x);
	return good;
}

/* ------------------------------------------------------------ programs */

struct results {
	jv first;
	int n;
};

static int
collect(void *arg, jv v)
{
	struct results *r = arg;

	if (r->n++ == 0)
		r->first = v;
	else
		jv_free(v);
	return r->n > 1;
}

static bool
take_filtered(struct answer *a, const struct answer_question *q, size_t i,
    jv input)
{
	struct results r = { jv_invalid(), 0 };
	struct err err;
	bool good = false;

	if (filter_run(q->filter[i], jv_copy(input), collect, &r, &err) != 0)
		fail(a, xasprintf("objective %s: %s", q->name[i], err.text));
	else if (r.n != 1)
		fail(a, xasprintf("objective %s: expected one number from its "
		    "filter, got %s", q->name[i],
		    r.n == 0 ? "nothing" : "several values"));
	else
		good = take_number(a, i, q->name[i], r.first);
	jv_free(r.first);
	return good;
}

/* ---------------------------------------------------------- the whole */

static char *
text_member(jv v, const char *key)
{
	jv x = member(v, key);
	char *text = NULL;

	if (jv_get_kind(x) == JV_KIND_STRING &&
	    jv_string_value(x)[strspn(jv_string_value(x), " \t\r\n")] != '\0')
		text = xstrdup(jv_string_value(x));
	jv_free(x);
	return text;
}

static bool
number_member(jv v, const char *key, double *out)
{
	jv x = member(v, key);
	bool good = jv_get_kind(x) == JV_KIND_NUMBER &&
	    isfinite(jv_number_value(x));

	if (good)
		*out = jv_number_value(x);
	jv_free(x);
	return good;
}

/* What the answer says of itself; false if that is nonsense. */
static bool
take_status(struct answer *a, jv v)
{
	jv x = member(v, "status");
	char *got = NULL;
	int status = TRIAL_OK;

	if (jv_get_kind(x) == JV_KIND_STRING) {
		status = trial_status_from(jv_string_value(x));
		if (strcmp(jv_string_value(x), "success") == 0)
			status = TRIAL_OK;
	} else if (jv_is_valid(x)) {
		status = -1;
	}
	if (status < 0) {
		got = show(x);
		fail(a, xasprintf("status: expected ok, failed, killed or "
		    "timeout, got %s", got));
	} else {
		a->status = (enum trial_status)status;
	}
	free(got);
	jv_free(x);
	return status >= 0;
}

static void
take_reason(struct answer *a, jv v)
{
	char *reason = text_member(v, "terminal_reason");

	if (reason == NULL)
		reason = text_member(v, "failure_reason");
	if (reason == NULL)
		reason = xasprintf("status=%s", trial_status_name[a->status]);
	answer_set(a, a->status, reason);
}

static void
take_objectives(struct answer *a, const struct answer_question *q,
    const struct answer_text *t)
{
	jv whole = jv_is_valid(t->v) ? jv_copy(t->v) :
	    jv_string_sized(t->all.p, (int)t->all.len);
	size_t i;

	for (i = 0; i < q->n && a->status == TRIAL_OK; i++)
		if (q->filter[i] != NULL)
			take_filtered(a, q, i, whole);
		else if (jv_get_kind(t->v) == JV_KIND_OBJECT ||
		    jv_get_kind(t->v) == JV_KIND_NUMBER)
			take_plain(a, q, i, t->v);
		else
			fail_unreadable(a, t);
	jv_free(whole);
}

void
answer_read(const struct answer_question *q, const char *text, size_t len,
    bool cut, struct answer *a)
{
	struct answer_text t;
	bool any = false;
	size_t i;

	memset(a, 0, sizeof(*a));
	a->y = xcalloc(q->n + 1, sizeof(*a->y));
	for (i = 0; i < q->n; i++)
		any = any || q->filter[i] != NULL;
	answer_text(&t, text, len, any, cut);
	a->has_runtime = number_member(t.v, "runtime_seconds", &a->runtime) &&
	    a->runtime >= 0;
	if (take_status(a, t.v)) {
		if (a->status == TRIAL_OK)
			take_objectives(a, q, &t);
		else
			take_reason(a, t.v);
	}
	if (a->status != TRIAL_OK)
		a->has_penalty = number_member(t.v, "penalty_objective",
		    &a->penalty);
	jv_free(t.v);
}

void
answer_release(struct answer *a)
{
	free(a->y);
	free(a->reason);
	memset(a, 0, sizeof(*a));
}
