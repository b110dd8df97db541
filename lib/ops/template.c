#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "ops/template.h"

extern char **environ;

static bool
is_word_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '_';
}

/* ------------------------------------------------------- parameters */

/* The text of a scanned JSON string; NULL if it holds a NUL byte. */
static char *
string_text(struct span quoted, struct err *err)
{
	jv v = json_parse_scanned(quoted, err);
	char *text = NULL;
	size_t len;

	if (!jv_is_valid(v))
		return NULL;
	len = (size_t)jv_string_length_bytes(jv_copy(v));
	if (memchr(jv_string_value(v), '\0', len) == NULL)
		text = xstrndup(jv_string_value(v), len);
	else
		err_set(err, LO_REFUSED, "a NUL byte cannot be passed to a "
		    "command");
	jv_free(v);
	return text;
}

static int
add_value(struct template_params *p, struct span key, struct span value,
    struct err *err)
{
	struct span quoted = { key.p - 1, key.len + 2 };
	struct template_value *v;

	p->value = xgrow(p->value, p->n, &p->cap, sizeof(*p->value));
	v = &p->value[p->n++];
	v->text = NULL;
	v->name = string_text(quoted, err);
	if (v->name == NULL)
		return err_prefix(err, "params: ");
	if (*value.p == '"')
		v->text = string_text(value, err);
	else if (*value.p != 'n')
		v->text = xstrndup(value.p, value.len);
	if (*value.p == '"' && v->text == NULL)
		return err_prefix(err, "params.%s: ", v->name);
	return 0;
}

/* The index of the first name after from that becomes the same variable,
 * or n. */
static size_t
find_clash(const char *const *name, size_t n, size_t from)
{
	struct buf x = BUF_INIT, y = BUF_INIT;
	size_t i;

	template_variable(name[from], &x);
	for (i = from + 1; i < n; i++) {
		buf_cut(&y, 0);
		template_variable(name[i], &y);
		if (strcmp(x.p, y.p) == 0)
			break;
	}
	buf_release(&x);
	buf_release(&y);
	return i;
}

static int
check_names(const char *const *name, size_t n, struct err *err)
{
	struct buf variable = BUF_INIT;
	size_t a, b = n;

	for (a = 0; a < n; a++)
		if ((b = find_clash(name, n, a)) < n)
			break;
	if (b >= n)
		return 0;
	template_variable(name[a], &variable);
	err_set(err, LO_REFUSED, "parameters \"%s\" and \"%s\" have the same "
	    "environment variable %s: rename one of them", name[a], name[b],
	    variable.p);
	buf_release(&variable);
	return -1;
}

int
template_params(struct template_params *p, struct span object,
    struct err *err)
{
	struct json_walk w = json_walk(object);
	const char **name;
	size_t i;
	int status;

	memset(p, 0, sizeof(*p));
	while (json_next(&w))
		if (add_value(p, w.key, w.value, err) != 0)
			return -1;
	name = xcalloc(p->n + 1, sizeof(*name));
	for (i = 0; i < p->n; i++)
		name[i] = p->value[i].name;
	status = check_names(name, p->n, err);
	free(name);
	return status;
}

int
template_check_space(const struct space *space, struct err *err)
{
	const char **name = xcalloc(space->n + 1, sizeof(*name));
	size_t i;
	int status;

	for (i = 0; i < space->n; i++)
		name[i] = space->param[i].name;
	status = check_names(name, space->n, err);
	free(name);
	return status;
}

void
template_release(struct template_params *p)
{
	size_t i;

	for (i = 0; i < p->n; i++) {
		free(p->value[i].name);
		free(p->value[i].text);
	}
	free(p->value);
	memset(p, 0, sizeof(*p));
}

/* -------------------------------------------------------- arguments */

/* What a word in braces means. */
enum meaning { NOTHING, VALUE, INACTIVE, GUESSED };

struct hole {
	const char *name;
	size_t len;		/* of the name */
	size_t skip;		/* of the whole, braces included */
	bool literal;		/* {{name}} */
	enum meaning meaning;
	const char *text;	/* of a VALUE */
};

static bool
is_named(const char *name, const struct hole *h)
{
	return strlen(name) == h->len && memcmp(name, h->name, h->len) == 0;
}

static bool
looks_like_name(const struct hole *h)
{
	size_t i;

	if (h->name[0] >= '0' && h->name[0] <= '9')
		return false;
	for (i = 0; i < h->len; i++)
		if (!is_word_char(h->name[i]) &&
		    (i == 0 || strchr(".-", h->name[i]) == NULL))
			return false;
	return true;
}

static enum meaning
mean(struct hole *h, const struct space *space,
    const struct template_params *p)
{
	size_t i;

	for (i = 0; p != NULL && i < p->n; i++)
		if (is_named(p->value[i].name, h)) {
			h->text = p->value[i].text;
			return h->text != NULL ? VALUE : INACTIVE;
		}
	for (i = 0; space != NULL && i < space->n; i++)
		if (is_named(space->param[i].name, h))
			return INACTIVE;
	return looks_like_name(h) && (space == NULL || h->literal) ?
	    GUESSED : NOTHING;
}

/* Is there a word in braces at p?  before is the character before it. */
static bool
find_hole(const char *p, char before, struct hole *h)
{
	const char *end;

	if (*p != '{' || before == '$')
		return false;
	h->literal = p[1] == '{';
	h->name = p + 1 + h->literal;
	end = h->name + strcspn(h->name, "{}");
	if (*end != '}' || end == h->name || (h->literal && end[1] != '}'))
		return false;
	h->len = (size_t)(end - h->name);
	h->skip = h->len + (h->literal ? 4 : 2);
	return true;
}

/* One argument with its holes filled; false if it is to be left out. */
static bool
expand(const char *arg, const struct space *space,
    const struct template_params *params, struct buf *out,
    struct buf *guessed)
{
	const char *p = arg;
	struct hole h;

	buf_adds(out, "");
	while (*p != '\0') {
		if (!find_hole(p, p > arg ? p[-1] : '\0', &h) ||
		    (h.meaning = mean(&h, space, params)) == NOTHING) {
			buf_addc(out, *p++);
			continue;
		}
		if (h.literal) {
			buf_add(out, p + 1, h.skip - 2);
		} else if (h.meaning == VALUE) {
			buf_adds(out, h.text);
		} else {
			if (h.meaning == GUESSED && guessed->len == 0)
				buf_add(guessed, h.name, h.len);
			return false;
		}
		p += h.skip;
	}
	return true;
}

char **
template_command(char *const *command, const struct space *space,
    const struct template_params *params, struct buf *guessed)
{
	struct buf arg = BUF_INIT;
	char **argv;
	size_t i, n = 0, count = 0;

	while (command[count] != NULL)
		count++;
	argv = xcalloc(count + 1, sizeof(*argv));
	argv[n++] = xstrdup(command[0]);
	for (i = 1; i < count; i++) {
		buf_cut(&arg, 0);
		if (expand(command[i], space, params, &arg, guessed))
			argv[n++] = xstrdup(arg.p);
	}
	buf_release(&arg);
	return argv;
}

void
template_unknown(char *const *command, const struct space *space,
    struct buf *names)
{
	const char *p;
	struct hole h;
	size_t i;

	for (i = 1; command[0] != NULL && command[i] != NULL; i++)
		for (p = command[i]; *p != '\0'; p++) {
			if (!find_hole(p, p > command[i] ? p[-1] : '\0', &h))
				continue;
			if (!h.literal && looks_like_name(&h) &&
			    mean(&h, space, NULL) == NOTHING)
				buf_addf(names, "%s{%.*s}",
				    names->len > 0 ? ", " : "", (int)h.len,
				    h.name);
			p += h.skip - 1;
		}
}

/* ------------------------------------------------------ environment */

void
template_variable(const char *name, struct buf *out)
{
	buf_adds(out, "LO_PARAM_");
	for (; *name != '\0'; name++)
		if (is_word_char(*name))
			buf_addc(out, *name);
		else if (((unsigned char)*name & 0xc0) != 0x80)
			buf_addc(out, '_');	/* once a UTF-8 sequence */
}

static bool
is_ours(const char *variable)
{
	return strncmp(variable, "LO_PARAM_", 9) == 0 ||
	    strncmp(variable, "LO_TRIAL_ID=", 12) == 0 ||
	    strncmp(variable, "LOOPTIMUM_TRIAL_ID=", 19) == 0;
}

char **
template_environment(const struct template_params *params, int64_t trial_id)
{
	struct buf b = BUF_INIT;
	char **env;
	size_t i, n = 0, count = 0;

	while (environ[count] != NULL)
		count++;
	env = xcalloc(count + params->n + 3, sizeof(*env));
	for (i = 0; i < count; i++)
		if (!is_ours(environ[i]))
			env[n++] = xstrdup(environ[i]);
	env[n++] = xasprintf("LO_TRIAL_ID=%" PRId64, trial_id);
	env[n++] = xasprintf("LOOPTIMUM_TRIAL_ID=%" PRId64, trial_id);
	for (i = 0; i < params->n; i++) {
		if (params->value[i].text == NULL)
			continue;
		buf_cut(&b, 0);
		template_variable(params->value[i].name, &b);
		env[n++] = xasprintf("%s=%s", b.p, params->value[i].text);
	}
	buf_release(&b);
	return env;
}

void
template_free(char **strings)
{
	size_t i;

	for (i = 0; strings != NULL && strings[i] != NULL; i++)
		free(strings[i]);
	free(strings);
}
