#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "campaign/archive_manifest.h"
#include "store/json.h"

bool
archive_is_inside(const char *path)
{
	size_t n;

	do {
		n = strcspn(path, "/");
		if (n == 0 || n > 255 || (n == 1 && *path == '.') ||
		    (n == 2 && memcmp(path, "..", 2) == 0))
			return false;
		path += n;
	} while (*path != '\0' && *++path != '\0');
	return path[-1] != '/';
}

void
archive_add_entry(struct archive *a, const struct archive_entry *e)
{
	a->entry = xgrow(a->entry, a->n, &a->cap, sizeof(*a->entry));
	a->entry[a->n] = *e;
	a->entry[a->n++].present = false;
}

static int
expect_text(const struct json *root, const char *key, const char *text,
    struct err *err)
{
	struct json f = json_member(root, key);
	const char *is;

	if (json_text(&f, &is, err) != 0)
		return -1;
	return strcmp(is, text) == 0 ? 0 : json_complain(&f, err,
	    "expected \"%s\", got \"%s\"", text, is);
}

/* The four texts of an entry. */
struct line {
	const char *label, *source, *place;
	const struct runtime_file *file;
};

static int
read_texts(const struct json *root, struct line *l, struct err *err)
{
	struct json label = json_member(root, "label");
	struct json source = json_member(root, "source_rel");
	struct json place = json_member(root, "archive_rel");

	return json_object(root, err) != 0 ||
	    json_text(&label, &l->label, err) != 0 ||
	    json_text(&source, &l->source, err) != 0 ||
	    json_text(&place, &l->place, err) != 0 ? -1 : 0;
}

static int
check_line(const struct json *root, const struct archive *a,
    const struct line *l, struct err *err)
{
	size_t i;

	if (l->file == NULL)
		return json_complain(root, err, "'%s' is no label of a file "
		    "that a reset takes away", l->label);
	for (i = 0; i < a->n; i++)
		if (strcmp(a->entry[i].label, l->label) == 0)
			return json_complain(root, err, "label '%s' is there "
			    "twice", l->label);
	if (!archive_is_inside(l->place))
		return json_complain(root, err, "archive_rel '%s' leads out "
		    "of the archive", l->place);
	if (!archive_is_inside(l->source) &&
	    strcmp(l->source, l->file->shown) != 0)
		return json_complain(root, err, "source_rel '%s' leads out "
		    "of the campaign", l->source);
	return expect_text(root, "path_type", l->file->directory ?
	    "directory" : "file", err);
}

static int
read_entry(struct archive *a, const struct json *root, struct runtime *r,
    struct err *err)
{
	struct archive_entry e;
	struct line l;

	if (read_texts(root, &l, err) != 0)
		return -1;
	l.file = runtime_find(r, l.label);
	if (check_line(root, a, &l, err) != 0)
		return -1;
	e.label = xstrdup(l.label);
	e.source_rel = xstrdup(l.source);
	e.archive_rel = xstrdup(l.place);
	e.directory = l.file->directory;
	archive_add_entry(a, &e);
	return 0;
}

static int
read_head(struct archive *a, const struct json *root, struct err *err)
{
	struct json version = json_member(root, "manifest_version");
	struct json source = json_member(root, "source_root");
	struct json created = json_member(root, "created_at");
	const char *text;
	int64_t one;

	if (json_object(root, err) != 0)
		return -1;
	if (json_real(&created, &a->created_at, err) != 0)
		return -1;
	a->dated = true;
	if (json_int(&version, 1, 1, &one, err) != 0 ||
	    expect_text(root, "archive_type", "reset", err) != 0 ||
	    expect_text(root, "archive_id", a->id, err) != 0 ||
	    json_text(&source, &text, err) != 0)
		return -1;
	return *text != '\0' ? 0 : json_expected(&source, "a path", err);
}

int
archive_parse(struct archive *a, const struct buf *text, struct runtime *r,
    struct err *err)
{
	char *name = xasprintf("%s/" ARCHIVE_MANIFEST, a->real);
	jv doc = json_parse(buf_str(text), text->len, name, err);
	struct json root = json_root(doc, name);
	struct json entries = json_member(&root, "entries"), e;
	int i, n, status = -1;

	if (jv_is_valid(doc) && read_head(a, &root, err) == 0 &&
	    json_array(&entries, &n, err) == 0)
		for (i = status = 0; i < n && status == 0; i++) {
			e = json_element(&entries, i);
			status = read_entry(a, &e, r, err);
		}
	jv_free(doc);
	free(name);
	return status;
}
