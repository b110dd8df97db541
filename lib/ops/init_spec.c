#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/xmem.h"
#include "ops/init_spec.h"
#include "store/json.h"

static const char *const example[] = {
	[PARAM_FLOAT] = "lr=float:1e-4..1e-1:log",
	[PARAM_INT] = "depth=int:1..8",
	[PARAM_BOOL] = "amp=bool",
	[PARAM_CATEGORICAL] = "opt=cat:adam,sgd",
};

static int bad(const struct init_spec *, struct err *, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static int
bad(const struct init_spec *s, struct err *err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	err_vset(err, LO_USAGE, fmt, ap);
	va_end(ap);
	return err_prefix(err, "--param %s: ", s->whole);
}

static void
words_release(struct init_words *w)
{
	size_t i;

	for (i = 0; i < w->n; i++) {
		free(w->word[i].text);
		free(w->word[i].json);
	}
	free(w->word);
}

void
init_spec_release(struct init_spec *s)
{
	size_t i;

	for (i = 0; i < s->nwhen; i++) {
		free(s->when[i].controller);
		words_release(&s->when[i].values);
	}
	free(s->when);
	words_release(&s->choices);
	free(s->name);
}

/* A number as JSON spells it: 007, +1 and 2^60 are text. */
static bool
is_json_number(const char *text, size_t len)
{
	struct err ignored;

	return len > 0 && strchr("-0123456789", text[0]) != NULL &&
	    json_scan(text, len, "", 1, &ignored) == 0;
}

static void
add_word(struct init_words *list, char *text, bool number)
{
	struct init_word *w;
	struct buf json = BUF_INIT;
	struct jw jw;

	if (number)
		buf_adds(&json, text);
	else {
		jw_init(&jw, &json, JW_COMPACT);
		jw_text(&jw, text);
		jw_release(&jw);
	}
	list->word = xgrow(list->word, list->n, &list->cap,
	    sizeof(*list->word));
	w = &list->word[list->n++];
	w->text = text;
	w->json = buf_detach(&json);
}

/* A JSON string at **at: anything may stand in it. */
static int
read_quoted(const struct init_spec *s, const char **at, struct init_words *list,
    struct err *err)
{
	const char *end = *at + 1;
	jv v;

	while (*end != '\0' && *end != '"')
		end += *end == '\\' && end[1] != '\0' ? 2 : 1;
	if (*end == '\0')
		return bad(s, err, "no closing quote after %s", *at);
	end++;
	v = json_parse(*at, (size_t)(end - *at), "quoted text", err);
	if (!jv_is_valid(v)) {
		jv_free(v);
		err->status = LO_USAGE;
		return err_prefix(err, "--param %s: ", s->whole);
	}
	add_word(list, xstrdup(jv_string_value(v)), false);
	jv_free(v);
	if (strchr(",:", *end) == NULL)
		return bad(s, err, "expected a comma after %.*s, got %s",
		    (int)(end - *at), *at, end);
	*at = end;
	return 0;
}

/* Words between commas, up to a colon or the end. */
static int
read_words(const struct init_spec *s, const char **at, struct init_words *list,
    struct err *err)
{
	size_t len;

	if (**at == '\0')
		return bad(s, err, "expected at least one %s",
		    list == &s->choices ? "choice" : "value");
	for (;; (*at)++) {
		if (**at == '"') {
			if (read_quoted(s, at, list, err) != 0)
				return -1;
		} else if ((len = strcspn(*at, ",:")) == 0) {
			return bad(s, err, "expected a value before \"%s\", "
			    "values are separated by one comma each", *at);
		} else {
			add_word(list, xstrndup(*at, len),
			    is_json_number(*at, len));
			*at += len;
		}
		if (**at != ',')
			return 0;
	}
}

static int
read_bound(const struct init_spec *s, const char *text, size_t len, double *out,
    struct err *err)
{
	int64_t whole;

	if (s->type == PARAM_FLOAT && num_read(text, len, out))
		return 0;
	if (s->type == PARAM_INT && num_read_int(text, len, &whole)) {
		*out = (double)whole;
		return 0;
	}
	return bad(s, err, "expected %s as a bound, got \"%.*s\"",
	    s->type == PARAM_INT ? "a whole number" : "a number",
	    (int)len, text);
}

static int
read_range(struct init_spec *s, const char **at, struct err *err)
{
	size_t len = strcspn(*at, ":");
	const char *dots = strstr(*at, "..");

	if (dots == NULL || dots >= *at + len)
		return bad(s, err, "expected LOW..HIGH, got \"%.*s\" "
		    "(for example --param %s)", (int)len, *at,
		    example[s->type]);
	if (read_bound(s, *at, (size_t)(dots - *at), &s->lo, err) != 0 ||
	    read_bound(s, dots + 2, (size_t)(*at + len - dots - 2), &s->hi,
	    err) != 0)
		return -1;
	if (s->lo > s->hi)
		return bad(s, err, "the lower bound of %s is above the upper "
		    "one", s->name);
	*at += len;
	return 0;
}

static int
read_when(struct init_spec *s, const char **at, struct err *err)
{
	size_t len = strcspn(*at, "=:");
	struct init_when *w;

	if (len == 0 || (*at)[len] != '=')
		return bad(s, err, "expected when=NAME=VALUE[,VALUE...], "
		    "got \"when=%.*s\" (for example --param "
		    "momentum=float:0..1:when=opt=sgd)",
		    (int)strcspn(*at, ":"), *at);
	s->when = xgrow(s->when, s->nwhen, &s->when_cap, sizeof(*s->when));
	w = &s->when[s->nwhen++];
	memset(w, 0, sizeof(*w));
	w->controller = xstrndup(*at, len);
	*at += len + 1;
	return read_words(s, at, &w->values, err);
}

/* What may follow the type and its values: ":log" and ":when=...". */
static int
read_modifiers(struct init_spec *s, const char *at, struct err *err)
{
	size_t len;

	while (*at == ':') {
		len = strcspn(++at, ":");
		if (strncmp(at, "when=", 5) == 0) {
			at += 5;
			if (read_when(s, &at, err) != 0)
				return -1;
		} else if (len == 3 && strncmp(at, "log", 3) == 0 &&
		    (s->type == PARAM_FLOAT || s->type == PARAM_INT)) {
			s->log = true;
			at += len;
		} else
			return bad(s, err, "unknown part \"%.*s\", expected "
			    "%swhen=NAME=VALUE%s", (int)len, at,
			    s->type <= PARAM_INT ? "log or " : "",
			    s->type == PARAM_CATEGORICAL ?
			    " (a choice with a colon needs double quotes)" :
			    "");
	}
	if (s->log && s->lo <= 0)
		return bad(s, err, "a log scale needs bounds above 0, the "
		    "lower one of %s is not", s->name);
	return 0;
}

static int
read_type(struct init_spec *s, const char **at, struct err *err)
{
	static const struct {
		const char *name;
		enum param_type type;
	} known[] = {
		{ "float", PARAM_FLOAT }, { "int", PARAM_INT },
		{ "bool", PARAM_BOOL }, { "cat", PARAM_CATEGORICAL },
		{ "categorical", PARAM_CATEGORICAL },
	};
	size_t i, len = strcspn(*at, ":");

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strlen(known[i].name) == len &&
		    strncmp(*at, known[i].name, len) == 0) {
			s->type = known[i].type;
			*at += len;
			return 0;
		}
	return bad(s, err, "unknown type \"%.*s\", expected float, int, "
	    "bool or cat (for example --param %s)", (int)len, *at,
	    example[PARAM_FLOAT]);
}

int
init_spec_read(struct init_spec *s, const char *text, struct err *err)
{
	const char *at = strchr(text, '=');

	s->whole = text;
	if (at == NULL || at == text)
		return bad(s, err, "expected NAME=TYPE... (for example "
		    "--param %s)", example[PARAM_FLOAT]);
	s->name = xstrndup(text, (size_t)(at - text));
	at++;
	if (read_type(s, &at, err) != 0)
		return -1;
	if (s->type == PARAM_BOOL)
		return read_modifiers(s, at, err);
	if (*at != ':')
		return bad(s, err, "expected %s after the type (for example "
		    "--param %s)", s->type == PARAM_CATEGORICAL ?
		    "\":\" and the choices" : "\":LOW..HIGH\"",
		    example[s->type]);
	at++;
	if (s->type == PARAM_CATEGORICAL ?
	    read_words(s, &at, &s->choices, err) : read_range(s, &at, err))
		return -1;
	return read_modifiers(s, at, err);
}
