#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/xmem.h"
#include "contract/config.h"
#include "contract/constraint.h"
#include "contract/objective.h"
#include "contract/space.h"
#include "ops/common.h"
#include "ops/init.h"
#include "store/json.h"

/*
 * A pending trial counts as lost after this many times one evaluation: a
 * batch is worked off one after the other, and evaluations differ.  Never
 * under an hour, since a person may be in the loop.
 */
#define PATIENCE 20
#define PATIENCE_LEAST 3600

static void
notice(const struct op *op, const char *text)
{
	if (op->notice != NULL)
		op->notice(op->notice_arg, text);
}

static int
check_request(const struct init_request *r, struct err *err)
{
	size_t i, j;

	if (r->dir == NULL || r->dir[0] == '\0')
		return err_set(err, LO_USAGE, "expected a directory");
	if (r->trials < 0)
		return err_set(err, LO_USAGE,
		    "--trials: expected a number above 0");
	if (!(r->eval_time >= 0) || isinf(r->eval_time))
		return err_set(err, LO_USAGE,
		    "--eval-time: expected seconds, 0 or more");
	for (i = 0; i < r->nobjective; i++) {
		if (r->objective[i].name[0] == '\0')
			return err_set(err, LO_USAGE,
			    "expected a name after --minimize or --maximize");
		for (j = 0; j < i; j++)
			if (strcmp(r->objective[i].name,
			    r->objective[j].name) == 0)
				return err_set(err, LO_USAGE, "objective %s "
				    "is given twice", r->objective[i].name);
	}
	return 0;
}

/* The document of that name; an invalid jv and the error if it is none. */
static jv
document(struct init_files *f, const char *name, struct err *err)
{
	const struct init_file *file = init_files_find(f, name);

	if (file == NULL) {
		err_set(err, LO_IO, "the template has no %s", name);
		return jv_invalid();
	}
	return json_parse(buf_str(&file->text), file->text.len, name, err);
}

/* ----------------------------------------------------------- config */

static jv
set_in(jv config, const char *group, const char *key, jv value)
{
	jv object = jv_object_get(jv_copy(config), jv_string(group));

	if (jv_get_kind(object) != JV_KIND_OBJECT) {
		jv_free(object);
		object = jv_object();
	}
	object = jv_object_set(object, jv_string(key), value);
	return jv_object_set(config, jv_string(group), object);
}

static double
number_of(jv config, const char *key)
{
	jv v = jv_object_get(jv_copy(config), jv_string(key));
	double x = jv_get_kind(v) == JV_KIND_NUMBER ? jv_number_value(v) : 0;

	jv_free(v);
	return x;
}

/* The budget; the warm-up takes at most half of it. */
static jv
set_trials(jv config, int64_t trials)
{
	double warm = number_of(config, "initial_random_trials");
	double half = floor((double)trials / 2);

	config = jv_object_set(config, jv_string("max_trials"),
	    jv_number((double)trials));
	if (warm > fmax(half, 1))
		config = jv_object_set(config,
		    jv_string("initial_random_trials"),
		    jv_number(fmax(half, 1)));
	return config;
}

/* Only keys and values that Looptimum knows. */
static jv
make_compatible(jv config)
{
	config = set_in(config, "surrogate", "type", jv_string("rbf_proxy"));
	config = set_in(config, "acquisition", "type", jv_string("ei"));
	config = jv_object_delete(config, jv_string("durability"));
	return jv_object_delete(config, jv_string("noise"));
}

static int
edit_config(const struct init_request *r, struct init_files *f,
    struct err *err)
{
	jv c = document(f, "bo_config.json", err);
	struct init_file *file;
	struct jw w;

	if (!jv_is_valid(c)) {
		jv_free(c);
		return -1;
	}
	if (r->trials > 0)
		c = set_trials(c, r->trials);
	if (r->has_seed)
		c = jv_object_set(c, jv_string("seed"),
		    jv_number((double)r->seed));
	if (r->eval_time > 0)
		c = jv_object_set(c, jv_string("max_pending_age_seconds"),
		    jv_number(fmax(PATIENCE_LEAST,
		    ceil(PATIENCE * r->eval_time))));
	if (r->compat)
		c = make_compatible(c);
	file = init_files_put(f, "bo_config.json");
	jw_init(&w, &file->text, JW_PRETTY);
	jw_jv(&w, c);
	jw_release(&w);
	buf_addc(&file->text, '\n');
	jv_free(c);
	return 0;
}

/* ------------------------------------------------- params, objectives */

static int
replace_space(const struct op *op, const struct init_request *r,
    struct init_files *f, struct err *err)
{
	struct init_file *space = init_files_put(f, "parameter_space.json");

	if (init_space(r->param, r->nparam, &space->text, err) != 0)
		return -1;
	if (init_files_find(f, "constraints.json") != NULL) {
		init_files_drop(f, "constraints.json");
		notice(op, "the template's constraints.json is left out: it "
		    "is about the template's parameters");
	}
	if (r->template != NULL && init_files_find(f, "evaluate") != NULL)
		notice(op, "evaluate still reads the template's parameters: "
		    "change it");
	return 0;
}

static void
write_objective(struct jw *w, const struct init_objective *o)
{
	jw_object(w);
	JW_KEY(w, "name", text, o->name);
	JW_KEY(w, "direction", text, o->maximize ? "maximize" : "minimize");
	jw_end(w);
}

static void
replace_objectives(const struct op *op, const struct init_request *r,
    struct init_files *f)
{
	struct init_file *file = init_files_put(f, "objective_schema.json");
	struct jw w;
	size_t i;

	jw_init(&w, &file->text, JW_PRETTY);
	jw_object(&w);
	jw_key(&w, "primary_objective");
	write_objective(&w, &r->objective[0]);
	jw_key(&w, "secondary_objectives");
	jw_array(&w);
	for (i = 1; i < r->nobjective; i++)
		write_objective(&w, &r->objective[i]);
	jw_end(&w);
	jw_end(&w);
	jw_release(&w);
	buf_addc(&file->text, '\n');
	if (r->template != NULL && r->nobjective > 1 &&
	    init_files_find(f, "evaluate") != NULL)
		notice(op, "evaluate still answers for the template's "
		    "objectives: change it");
}

/* Options alone make the contract files alone: the client template's
 * evaluator and page would be about other parameters. */
static void
keep_contracts(struct init_files *f)
{
	size_t i = f->n;

	while (i-- > 0)
		if (strcmp(f->file[i].name, "bo_config.json") != 0 &&
		    strcmp(f->file[i].name, "objective_schema.json") != 0)
			init_files_drop(f, f->file[i].name);
}

static int
collect(const struct op *op, const struct init_request *r,
    struct init_files *f, struct err *err)
{
	if (init_template(r->share, r->template != NULL ? r->template :
	    "client", f, err) != 0)
		return -1;
	if (r->template == NULL && r->nparam > 0)
		keep_contracts(f);
	if (r->nparam > 0 && replace_space(op, r, f, err) != 0)
		return -1;
	if (r->nobjective > 0)
		replace_objectives(op, r, f);
	return edit_config(r, f, err);
}

/* ------------------------------------------------------------ checks */

static int
check_config(struct init_files *f, struct err *err)
{
	jv v = document(f, "bo_config.json", err);
	struct config *c = NULL;

	if (jv_is_valid(v))
		c = config_from_json(v, "bo_config.json", err);
	jv_free(v);
	config_free(c);
	return c != NULL ? 0 : -1;
}

static int
check_objectives(struct init_files *f, struct err *err)
{
	jv v = document(f, "objective_schema.json", err);
	struct objectives *o = NULL;

	if (jv_is_valid(v))
		o = objectives_from_json(v, "objective_schema.json", err);
	jv_free(v);
	objectives_free(o);
	return o != NULL ? 0 : -1;
}

static int
check_constraints(struct init_files *f, const struct space *space,
    struct err *err)
{
	struct constraints *c = NULL;
	jv v;

	if (init_files_find(f, "constraints.json") == NULL)
		return 0;
	v = document(f, "constraints.json", err);
	if (jv_is_valid(v))
		c = constraints_from_json(v, space, "constraints.json", err);
	jv_free(v);
	constraints_free(c);
	return c != NULL ? 0 : -1;
}

static int
check_space(struct init_files *f, struct err *err)
{
	jv v = document(f, "parameter_space.json", err);
	const struct init_file *file;
	struct space *s = NULL;
	int status = -1;

	if (jv_is_valid(v)) {
		file = init_files_find(f, "parameter_space.json");
		s = space_from_json(v, buf_str(&file->text), file->text.len,
		    file->name, err);
	}
	jv_free(v);
	if (s != NULL)
		status = check_constraints(f, s, err);
	space_free(s);
	return status;
}

/* What the user asked for is judged by the very parsers that will read it;
 * what they refuse in options is a mistake on the command line. */
/* The file is not there yet: name the option where the parser names the
 * file, ".parameters[2].bounds: ..." in it. */
static void
name_option(const struct init_request *r, struct err *err)
{
	static const char file[] = "parameter_space.json: ";
	char text[sizeof(err->text)];
	const char *p;
	size_t i;
	int used = 0;

	if (strncmp(err->text, file, sizeof(file) - 1) == 0)
		memmove(err->text, err->text + sizeof(file) - 1,
		    strlen(err->text + sizeof(file) - 1) + 1);
	strcpy(text, err->text);
	if (sscanf(text, ".parameters[%zu]%n", &i, &used) < 1 || used == 0 ||
	    i >= r->nparam) {
		err_prefix(err, "--param: ");
		return;
	}
	for (p = text + used; *p == '.' || *p == ':' || *p == ' '; p++)
		;
	err_set(err, LO_USAGE, "--param %s: %s", r->param[i], p);
}

static int
check(const struct init_request *r, struct init_files *f, struct err *err)
{
	if (check_config(f, err) != 0)
		return -1;
	if (check_objectives(f, err) != 0) {
		if (r->nobjective > 0)
			err->status = LO_USAGE;
		return -1;
	}
	if (check_space(f, err) != 0) {
		if (r->nparam > 0) {
			name_option(r, err);
			err->status = LO_USAGE;
		}
		return -1;
	}
	return 0;
}

static void
write_document(const struct init_request *r, const struct init_files *f,
    struct buf *out)
{
	struct jw w;
	size_t i;

	jw_init(&w, out, JW_COMPACT);
	jw_object(&w);
	JW_KEY(&w, "campaign", text, r->dir);
	jw_key(&w, "files");
	jw_array(&w);
	for (i = 0; i < f->n; i++)
		if (!f->file[i].kept)
			jw_text(&w, f->file[i].name);
	jw_end(&w);
	jw_end(&w);
	jw_release(&w);
}

int
op_init(const struct op *op, const struct init_request *r, struct buf *out,
    struct err *err)
{
	struct init_files files = { NULL, 0, 0 };
	int status = check_request(r, err);

	if (status == 0)
		status = collect(op, r, &files, err);
	if (status == 0)
		status = check(r, &files, err);
	if (status == 0)
		status = init_place(op, &files, r->dir, err);
	if (status == 0)
		write_document(r, &files, out);
	if (status == 0 && r->nobjective > 1)
		op_say(op, "%s alone ranks trials (primary_only), the other "
		    "objective%s only recorded; for a compromise put a "
		    "scalarization into objective_schema.json, for all "
		    "compromises see acquisition.type ehvi in bo_config(5)",
		    r->objective[0].name, r->nobjective > 2 ? "s are" :
		    " is");
	init_files_release(&files);
	return status;
}
