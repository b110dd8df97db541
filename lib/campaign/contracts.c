#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xmem.h"
#include "campaign/campaign.h"
#include "store/file.h"
#include "store/json.h"

/* One of the user's files: its text and what libjq makes of it. */
struct document {
	char *name;
	struct buf text;
	jv doc;
};

/* The shortest name that is right: the campaign may be elsewhere. */
static char *
name_of(const char *root, const char *file)
{
	char here[4096];

	if (getcwd(here, sizeof(here)) != NULL && strcmp(here, root) == 0)
		return xstrdup(file);
	return xasprintf("%s/%s", root, file);
}

static int
only_yaml(const char *root, const char *file, struct err *err)
{
	static const char *const suffix[] = { "yaml", "yml" };
	size_t i, stem = strlen(file) - strlen("json");
	int found = 0;

	for (i = 0; i < 2; i++) {
		char *path = xasprintf("%s/%.*s%s", root, (int)stem, file,
		    suffix[i]);

		if (access(path, F_OK) == 0)
			found = err_set(err, LO_REFUSED, "%s: YAML is not "
			    "read; expected %s/%s", path, root, file);
		free(path);
	}
	return found;
}

/* 1 read, 0 there is none, -1. */
static int
document_read(struct document *d, const char *root, const char *file,
    struct err *err)
{
	char *path = xasprintf("%s/%s", root, file);
	int status;

	memset(d, 0, sizeof(*d));
	d->doc = jv_invalid();
	d->name = name_of(root, file);
	status = file_slurp_path(path, &d->text, err);
	free(path);
	if (status == 0)
		return only_yaml(root, file, err);
	if (status < 0)
		return -1;
	d->doc = json_parse(buf_str(&d->text), d->text.len, d->name, err);
	return jv_is_valid(d->doc) ? 1 : -1;
}

static void
document_release(struct document *d)
{
	free(d->name);
	buf_release(&d->text);
	jv_free(d->doc);
}

typedef int build(struct contracts *, const struct document *, struct err *);

static int
build_config(struct contracts *c, const struct document *d, struct err *err)
{
	c->config = config_from_json(d->doc, d->name, err);
	return c->config != NULL ? 0 : -1;
}

static int
build_space(struct contracts *c, const struct document *d, struct err *err)
{
	c->space = space_from_json(d->doc, buf_str(&d->text), d->text.len,
	    d->name, err);
	return c->space != NULL ? 0 : -1;
}

static int
build_objectives(struct contracts *c, const struct document *d,
    struct err *err)
{
	c->objectives = objectives_from_json(d->doc, d->name, err);
	return c->objectives != NULL ? 0 : -1;
}

static int
build_constraints(struct contracts *c, const struct document *d,
    struct err *err)
{
	c->constraints = constraints_from_json(d->doc, c->space, d->name,
	    err);
	return c->constraints != NULL ? 0 : -1;
}

static int
load(struct contracts *c, const char *root, size_t n, struct err *err)
{
	static const struct {
		const char *file;
		build *make;
		bool optional;
	} part[] = {
		{ "bo_config.json", build_config, false },
		{ "parameter_space.json", build_space, false },
		{ "objective_schema.json", build_objectives, false },
		{ "constraints.json", build_constraints, true },
	};
	struct document d;
	size_t i;
	int status = 0;

	memset(c, 0, sizeof(*c));
	for (i = 0; i < sizeof(part) / sizeof(part[0]) && i < n &&
	    status == 0; i++) {
		status = document_read(&d, root, part[i].file, err);
		if (status > 0)
			status = part[i].make(c, &d, err);
		else if (status == 0 && !part[i].optional)
			status = err_set(err, LO_REFUSED, "%s: missing; put "
			    "it back from a copy, or look at the one that "
			    "lo-init makes elsewhere", d.name);
		document_release(&d);
	}
	if (status != 0)
		contracts_release(c);
	return status;
}

int
contracts_load(struct contracts *c, const char *root, struct err *err)
{
	return load(c, root, SIZE_MAX, err);
}

int
contracts_load_config(struct contracts *c, const char *root, struct err *err)
{
	return load(c, root, 1, err);
}

void
contracts_release(struct contracts *c)
{
	config_free(c->config);
	constraints_free(c->constraints);
	objectives_free(c->objectives);
	space_free(c->space);
	memset(c, 0, sizeof(*c));
}
