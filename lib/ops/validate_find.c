#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/xmem.h"
#include "ops/validate.h"

/* Of a long list of trials, how many are named. */
#define IDS_SHOWN 10

static void
add(struct vcheck *v, enum finding_kind kind, const char *file, char *path,
    const char *text)
{
	struct finding *f;

	v->finding = xgrow(v->finding, v->nfinding, &v->finding_cap,
	    sizeof(*v->finding));
	f = &v->finding[v->nfinding++];
	f->kind = kind;
	f->file = xstrdup(file);
	f->path = path;
	f->text = xstrdup(text);
}

void
find_text(struct vcheck *v, enum finding_kind kind, const char *file,
    const char *path, const char *fmt, ...)
{
	struct err e;
	va_list ap;

	va_start(ap, fmt);
	err_vset(&e, LO_REFUSED, fmt, ap);
	va_end(ap);
	add(v, kind, file, path != NULL ? xstrdup(path) : NULL, e.text);
}

void
find_at(struct vcheck *v, enum finding_kind kind, const struct json *j,
    const char *fmt, ...)
{
	struct buf path = BUF_INIT;
	struct err e;
	va_list ap;

	va_start(ap, fmt);
	err_vset(&e, LO_REFUSED, fmt, ap);
	va_end(ap);
	json_path(j, &path);
	add(v, kind, j->file, buf_detach(&path), e.text);
}

void
find_err(struct vcheck *v, enum finding_kind kind, const char *file,
    const struct err *e)
{
	const char *text = e->text, *colon;
	const char *root = v->c.paths.root;
	size_t len = root != NULL ? strlen(root) : 0;
	char *path = NULL;

	if (len > 0 && strncmp(text, root, len) == 0 && text[len] == '/')
		text += len + 1;
	len = strlen(file);
	if (strncmp(text, file, len) == 0 && strncmp(text + len, ": ", 2) == 0)
		text += len + 2;
	colon = strstr(text, ": ");
	if (colon != NULL &&
	    (text[0] == '.' || strncmp(text, "line ", 5) == 0)) {
		path = xstrndup(text, (size_t)(colon - text));
		text = colon + 2;
	}
	add(v, kind, file, path, text);
}

void
find_trials(struct vcheck *v, const char *file, const char *what,
    bool (*test)(const struct vtrial *))
{
	struct buf ids = BUF_INIT;
	size_t i, n = 0;

	for (i = 0; i < v->ntrial; i++) {
		if (!test(&v->trial[i]))
			continue;
		if (n < IDS_SHOWN)
			buf_addf(&ids, "%s%lld", n > 0 ? ", " : "",
			    (long long)v->trial[i].id);
		n++;
	}
	if (n > 0)
		find_text(v, FINDING_WARNING, file, NULL,
		    "%s of %zu trial%s: %s%s", what, n, n > 1 ? "s" : "",
		    buf_str(&ids), n > IDS_SHOWN ? ", ..." : "");
	buf_release(&ids);
}

/* ------------------------------------------------------------ fields */

static bool
number_fits(const struct json *j, unsigned kinds)
{
	struct err ignored;
	int64_t n;

	if ((kinds & FIELD_REAL) != 0)
		return true;
	if ((kinds & FIELD_INT) != 0)
		return json_int(j, -NUM_INT_MAX, NUM_INT_MAX, &n,
		    &ignored) == 0;
	if ((kinds & FIELD_COUNT) != 0)
		return json_int(j, 0, NUM_INT_MAX, &n, &ignored) == 0;
	if ((kinds & FIELD_ID) != 0)
		return json_int(j, 1, NUM_INT_MAX, &n, &ignored) == 0;
	return false;
}

static bool
fits(const struct json *j, unsigned kinds)
{
	switch (jv_get_kind(j->v)) {
	case JV_KIND_NULL:
		return (kinds & FIELD_NULL) != 0;
	case JV_KIND_NUMBER:
		return number_fits(j, kinds);
	case JV_KIND_STRING:
		if ((kinds & FIELD_TOKEN) != 0)
			return jv_string_value(j->v)[0] != '\0';
		return (kinds & FIELD_TEXT) != 0;
	case JV_KIND_OBJECT:
		return (kinds & FIELD_OBJECT) != 0;
	default:
		return false;
	}
}

/* "a number or null" */
static const char *
kinds_text(unsigned kinds, struct buf *out)
{
	static const struct {
		unsigned kind;
		const char *name;
	} names[] = {
		{ FIELD_REAL, "a number" }, { FIELD_INT, "an integer" },
		{ FIELD_COUNT, "an integer >= 0" },
		{ FIELD_ID, "an integer >= 1" }, { FIELD_TEXT, "a string" },
		{ FIELD_TOKEN, "a non-empty string" },
		{ FIELD_OBJECT, "an object" }, { FIELD_NULL, "null" },
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if ((kinds & names[i].kind) != 0)
			buf_addf(out, "%s%s", out->len > 0 ? " or " : "",
			    names[i].name);
	return buf_str(out);
}

static void
misfit(struct vcheck *v, enum finding_kind kind, const struct json *j,
    unsigned kinds)
{
	struct buf expected = BUF_INIT;
	struct err e;

	json_expected(j, kinds_text(kinds, &expected), &e);
	find_err(v, kind, j->file, &e);
	buf_release(&expected);
}

bool
check_fields(struct vcheck *v, const struct json *object,
    const struct field *f)
{
	struct json j;
	bool right = true;

	for (; f->key != NULL; f++) {
		j = json_member(object, f->key);
		if (!json_present(&j)) {
			if (f->need == FIELD_OPTIONAL)
				continue;
			misfit(v, f->need == FIELD_REQUIRED ? FINDING_ERROR :
			    FINDING_WARNING, &j, f->kinds);
			right = right && f->need != FIELD_REQUIRED;
		} else if (!fits(&j, f->kinds)) {
			misfit(v, FINDING_ERROR, &j, f->kinds);
			right = false;
		}
	}
	return right;
}

struct json
part_of(const struct json *up, const char *key, int index, struct span text)
{
	struct json j = { jv_invalid(), up, key, index, up->file };
	struct err ignored;

	if (text.p != NULL)
		j.v = json_parse_scanned(text, &ignored);
	return j;
}

int64_t
span_id(struct span s)
{
	double x;

	if (s.p == NULL || !num_read(s.p, s.len, &x) || x < 1 ||
	    x > (double)NUM_INT_MAX || x != (double)(int64_t)x)
		return -1;
	return (int64_t)x;
}
