#include <sys/stat.h>

#include <stdlib.h>
#include <string.h>

#include "base/near.h"
#include "base/xmem.h"
#include "ops/validate.h"
#include "store/file.h"

/* Missing: say so, and whether it is there in a form that is not read. */
static void
absent(struct vcheck *v, const char *root, const char *stem, bool required)
{
	static const char *const suffix[] = { "yaml", "yml" };
	struct stat st;
	char *json = xasprintf("%s.json", stem), *path;
	size_t i;

	for (i = 0; i < 2; i++) {
		path = xasprintf("%s/%s.%s", root, stem, suffix[i]);
		if (lstat(path, &st) == 0) {
			find_text(v, FINDING_ERROR, json, NULL,
			    "missing, there is only %s.%s, which is not read: "
			    "write it as %s", stem, suffix[i], json);
			required = false;
		}
		free(path);
	}
	if (required)
		find_text(v, FINDING_ERROR, json, NULL,
		    "missing (lo-init makes one)");
	free(json);
}

/* A contract file's document, its text kept in text. */
static jv
load(struct vcheck *v, const char *root, const char *stem, bool required,
    struct buf *text)
{
	char *name = xasprintf("%s.json", stem);
	char *path = xasprintf("%s/%s", root, name);
	jv doc = jv_invalid();
	struct err e;
	int found = file_slurp_path(path, text, &e);

	if (found == 0)
		absent(v, root, stem, required);
	else if (found > 0) {
		jv_free(doc);
		doc = json_parse(text->p, text->len, name, &e);
	}
	if (found < 0 || (found > 0 && !jv_is_valid(doc)))
		find_err(v, FINDING_ERROR, name, &e);
	free(path);
	free(name);
	return doc;
}

static const char *
last_part(const char *path)
{
	return strrchr(path, '.') + 1;
}

/* A key that no tool heeds: misspelt, or in the wrong place? */
static void
unknown_key(struct vcheck *v, const char *file, const char *path)
{
	const char *dot = strrchr(path, '.'), *meant = NULL, *key;
	struct near near = NEAR(dot != NULL ? dot + 1 : path);
	bool of_paths = strncmp(path, ".paths.", 7) == 0;
	size_t i;

	for (i = 0; !of_paths && (key = config_key(i)) != NULL; i++) {
		near_try(&near, last_part(key));
		if (near.best == last_part(key))
			meant = key + 1;
	}
	for (i = 0; of_paths && i < PATH_COUNT; i++)
		near_try(&near, path_key[i]);
	if (of_paths)
		meant = near.best;
	if (meant == NULL)
		find_text(v, FINDING_WARNING, file, path,
		    "unknown key, kept but without effect");
	else
		find_text(v, FINDING_WARNING, file, path,
		    "unknown key, kept but without effect, did you mean "
		    "%s?", meant);
}

/* Settings that are allowed, but hardly meant. */
static void
check_budget(struct vcheck *v, const char *file, const struct config *c)
{
	if (c->surrogate != SURROGATE_RANDOM && c->max_trials > 1 &&
	    c->initial_random_trials >= c->max_trials)
		find_text(v, FINDING_WARNING, file, ".initial_random_trials",
		    "%lld of %lld trials: the model will never be used, "
		    "expected less than max_trials",
		    (long long)c->initial_random_trials,
		    (long long)c->max_trials);
}

/* Without a readable config the files are looked for at their defaults. */
static void
load_config(struct vcheck *v, const char *root)
{
	static const char name[] = "bo_config.json";
	struct buf text = BUF_INIT;
	struct contracts *c = &v->c.c;
	struct err e;
	jv doc = load(v, root, "bo_config", true, &text);
	size_t i;

	if (jv_is_valid(doc)) {
		c->config = config_from_json(doc, name, &e);
		if (c->config == NULL)
			find_err(v, FINDING_ERROR, name, &e);
	}
	jv_free(doc);
	v->config_ok = c->config != NULL;
	if (c->config == NULL) {
		doc = jv_object();
		c->config = config_from_json(doc, name, &e);
		jv_free(doc);
	}
	for (i = 0; c->config != NULL && i < c->config->nunknown; i++)
		unknown_key(v, name, c->config->unknown[i]);
	if (v->config_ok)
		check_budget(v, name, c->config);
	buf_release(&text);
}

static void
load_space(struct vcheck *v, const char *root)
{
	static const char name[] = "parameter_space.json";
	struct buf text = BUF_INIT;
	struct err e;
	jv doc = load(v, root, "parameter_space", true, &text);

	if (jv_is_valid(doc)) {
		v->c.c.space = space_from_json(doc, text.p, text.len, name,
		    &e);
		if (v->c.c.space == NULL)
			find_err(v, FINDING_ERROR, name, &e);
	}
	jv_free(doc);
	buf_release(&text);
}

static void
load_objectives(struct vcheck *v, const char *root)
{
	static const char name[] = "objective_schema.json";
	struct buf text = BUF_INIT;
	struct err e;
	jv doc = load(v, root, "objective_schema", true, &text);

	if (jv_is_valid(doc)) {
		v->c.c.objectives = objectives_from_json(doc, name, &e);
		if (v->c.c.objectives == NULL)
			find_err(v, FINDING_ERROR, name, &e);
	}
	jv_free(doc);
	buf_release(&text);
}

static void
load_constraints(struct vcheck *v, const char *root)
{
	static const char name[] = "constraints.json";
	struct buf text = BUF_INIT;
	struct err e;
	jv doc = load(v, root, "constraints", false, &text);

	if (jv_is_valid(doc) && v->c.c.space != NULL) {
		v->c.c.constraints = constraints_from_json(doc, v->c.c.space,
		    name, &e);
		if (v->c.c.constraints == NULL)
			find_err(v, FINDING_ERROR, name, &e);
	}
	jv_free(doc);
	buf_release(&text);
}

void
validate_contracts(struct vcheck *v, const char *root)
{
	load_config(v, root);
	load_space(v, root);
	load_objectives(v, root);
	load_constraints(v, root);
}
