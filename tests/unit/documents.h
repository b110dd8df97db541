/*
 * documents: what the tests of contract/ share.  JSON is written with single
 * quotes, which stand for double ones.
 */
#ifndef TESTS_DOCUMENTS_H
#define TESTS_DOCUMENTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jv.h>

#include "base/err.h"
#include "base/xmem.h"
#include "contract/objective.h"
#include "contract/space.h"
#include "store/json.h"

struct document {
	char *text;
	jv v;
};

/* A document and the message that it must be refused with. */
struct refusal {
	const char *text;
	const char *message;
};

static inline struct document
document(const char *text)
{
	struct document d = { xstrdup(text), jv_invalid() };
	struct err err;
	char *p;

	for (p = d.text; *p != '\0'; p++)
		if (*p == '\'')
			*p = '"';
	d.v = json_parse(d.text, strlen(d.text), "test", &err);
	if (!jv_is_valid(d.v))
		fail_msg("%s in %s", err.text, text);
	return d;
}

static inline void
document_free(struct document *d)
{
	free(d->text);
	jv_free(d->v);
}

static inline struct space *
try_space(const char *text, struct err *err)
{
	struct document d = document(text);
	struct space *s = space_from_json(d.v, d.text, strlen(d.text), "s",
	    err);

	document_free(&d);
	return s;
}

static inline struct space *
make_space(const char *text)
{
	struct err err = { 0, "" };
	struct space *s = try_space(text, &err);

	if (s == NULL)
		fail_msg("%s", err.text);
	return s;
}

static inline struct objectives *
make_objectives(const char *text)
{
	struct document d = document(text);
	struct err err = { 0, "" };
	struct objectives *o = objectives_from_json(d.v, "o", &err);

	if (o == NULL)
		fail_msg("%s", err.text);
	document_free(&d);
	return o;
}

/* A refused document: the status of a contract violation, these words. */
static inline void
assert_refused(bool refused, const struct err *err, const struct refusal *r)
{
	char *wanted = xstrdup(r->message), *p;

	for (p = wanted; *p != '\0'; p++)
		if (*p == '\'')
			*p = '"';
	if (!refused)
		fail_msg("accepted: %s", r->text);
	assert_int_equal(err->status, LO_REFUSED);
	assert_string_equal(err->text, wanted);
	free(wanted);
}

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

#endif
