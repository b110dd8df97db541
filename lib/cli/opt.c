#include <getopt.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/near.h"
#include "base/num.h"
#include "base/xmem.h"
#include "cli/opt.h"

#define LONG_VALUE 256	/* getopt's value of table entry 0; above letters */
#define HELP_COLUMN 26
#define LINE_WIDTH 79

/* What getopt_long wants to be given, made of a table. */
struct getopt_table {
	struct option *option;
	struct buf letters;
};

static size_t
count(const struct opt *table)
{
	size_t n = 0;

	while (table[n].name != NULL)
		n++;
	return n;
}

static void
build(struct getopt_table *g, const struct opt *table, enum opt_order order)
{
	size_t i, n = count(table);

	g->option = xcalloc(n + 1, sizeof(*g->option));
	buf_adds(&g->letters, order == OPT_FIRST ? "+:" : ":");
	for (i = 0; i < n; i++) {
		bool takes = table[i].kind != OPT_FLAG;

		g->option[i].name = table[i].name;
		g->option[i].has_arg = takes ? required_argument : no_argument;
		g->option[i].val = LONG_VALUE + (int)i;
		if (table[i].letter == 0)
			continue;
		buf_addc(&g->letters, table[i].letter);
		if (takes)
			buf_addc(&g->letters, ':');
	}
}

static const struct opt *
find(const struct opt *table, int value)
{
	if (value >= LONG_VALUE)
		return &table[value - LONG_VALUE];
	for (; table->name != NULL; table++)
		if (table->letter != 0 && table->letter == value)
			return table;
	return NULL;
}

static void
list_add(struct opt_list *list, const char *item, int which)
{
	size_t cap = list->cap;

	list->which = xgrow(list->which, list->n, &cap, sizeof(int));
	list->item = xgrow(list->item, list->n, &list->cap,
	    sizeof(const char *));
	list->which[list->n] = which;
	list->item[list->n++] = item;
}

void
opt_list_release(struct opt_list *list)
{
	free(list->item);
	free(list->which);
	list->item = NULL;
	list->which = NULL;
	list->n = list->cap = 0;
}

static int
expected(const struct opt *o, const char *what, const char *got,
    struct err *err)
{
	return err_set(err, LO_USAGE, "--%s: expected %s, got '%s'", o->name,
	    what, got);
}

static int
set_int(const struct opt *o, int64_t least, const char *text, struct err *err)
{
	int64_t x;

	if (!num_read_int(text, strlen(text), &x) || x < least)
		return expected(o, least > 0 ? "a whole number of at least 1" :
		    "a whole number", text, err);
	*(int64_t *)o->value = x;
	return 0;
}

static int
set_real(const struct opt *o, bool negative, const char *text,
    struct err *err)
{
	double x;

	if (!num_read(text, strlen(text), &x) || (x < 0 && !negative))
		return expected(o, negative ? "a number" :
		    "a number of seconds", text, err);
	*(double *)o->value = x;
	return 0;
}

/* The second argument of an OPT_PAIR is the next element of argv. */
static int
set_pair(const struct opt *o, const char *first, int argc, char **argv,
    struct err *err)
{
	if (optind >= argc)
		return err_set(err, LO_USAGE, "--%s needs two arguments: %s",
		    o->name, o->arg);
	list_add(o->value, first, o->which);
	list_add(o->value, argv[optind++], o->which);
	return 0;
}

static int
set(const struct opt *o, const char *text, struct err *err)
{
	switch (o->kind) {
	case OPT_FLAG:
		*(bool *)o->value = true;
		return 0;
	case OPT_TEXT:
		*(const char **)o->value = text;
		return 0;
	case OPT_INT:
		return set_int(o, 0, text, err);
	case OPT_COUNT:
		return set_int(o, 1, text, err);
	case OPT_SECONDS:
		return set_real(o, false, text, err);
	case OPT_REAL:
		return set_real(o, true, text, err);
	case OPT_LIST:
	case OPT_PAIR:
		break;
	}
	list_add(o->value, text, o->which);
	return 0;
}

/* A long option that is none: perhaps one of several, or a misspelt one. */
static int
refuse_long(const struct opt *table, const char *word, struct err *err)
{
	size_t len = strcspn(word, "=");
	char *name = xstrndup(word + 2, len - 2);
	struct near near = NEAR(name);
	struct buf several = BUF_INIT;
	const char *sep = "";

	for (; table->name != NULL; table++) {
		near_try(&near, table->name);
		if (strncmp(table->name, name, len - 2) != 0)
			continue;
		buf_addf(&several, "%s--%s", sep, table->name);
		sep = ", ";
	}
	if (several.len > 0)
		err_set(err, LO_USAGE, "ambiguous option --%s: %s", name,
		    several.p);
	else if (near.best != NULL)
		err_set(err, LO_USAGE, "unknown option --%s, did you mean "
		    "--%s?", name, near.best);
	else
		err_set(err, LO_USAGE, "unknown option --%s", name);
	buf_release(&several);
	free(name);
	return -1;
}

/* Say what getopt refused; it leaves the reason in optopt and optind. */
static int
refuse(const struct opt *table, int result, char **argv, struct err *err)
{
	const struct opt *o = find(table, optopt);

	if (result == ':')
		return err_set(err, LO_USAGE, "--%s needs an argument: %s",
		    o->name, o->arg);
	if (optopt >= LONG_VALUE)
		return err_set(err, LO_USAGE, "--%s takes no argument",
		    o->name);
	if (optopt != 0)
		return err_set(err, LO_USAGE, "unknown option -%c", optopt);
	return refuse_long(table, argv[optind - 1], err);
}

int
opt_parse(const struct opt *table, enum opt_order order, int argc,
    char **argv, struct err *err)
{
	struct getopt_table g = { NULL, BUF_INIT };
	const struct opt *o;
	int c, failed = 0;

	build(&g, table, order);
	opterr = 0;
	optind = 0;	/* glibc and musl: start over, read the order again */
	while (failed == 0 && (c = getopt_long(argc, argv,
	    buf_str(&g.letters), g.option, NULL)) != -1) {
		if (c == '?' || c == ':') {
			failed = refuse(table, c, argv, err);
			continue;
		}
		o = find(table, c);
		if (o->kind == OPT_PAIR)
			failed = set_pair(o, optarg, argc, argv, err);
		else
			failed = set(o, optarg, err);
	}
	free(g.option);
	buf_release(&g.letters);
	return failed != 0 ? -1 : optind;
}

/* Length of the next word of a synopsis; brackets hold words together. */
static size_t
word_length(const char *s)
{
	size_t n;
	int depth = 0;

	for (n = 0; s[n] != '\0' && s[n] != '\n'; n++) {
		if (s[n] == '[')
			depth++;
		else if (s[n] == ']')
			depth--;
		else if (s[n] == ' ' && depth == 0)
			break;
	}
	return n;
}

/* Append the words of s up to a line break, folding lines at indent. */
static const char *
fold(struct buf *out, size_t *column, size_t indent, const char *s)
{
	size_t n;

	while (*s != '\0' && *s != '\n') {
		n = word_length(s);
		if (*column + 1 + n > LINE_WIDTH) {
			buf_addf(out, "\n%*s", (int)indent, "");
			*column = indent;
		}
		buf_addf(out, " %.*s", (int)n, s);
		*column += 1 + n;
		s += n;
		while (*s == ' ')
			s++;
	}
	return *s == '\n' ? s + 1 : s;
}

static void
add_brief(const struct opt *o, struct buf *out)
{
	if (o->letter != 0)
		buf_addf(out, "[-%c", o->letter);
	else
		buf_addf(out, "[--%s", o->name);
	if (o->arg != NULL)
		buf_addf(out, " %s", o->arg);
	buf_adds(out, "] ");
}

void
opt_usage(const struct opt *table, const char *name, const char *synopsis,
    struct buf *out)
{
	struct buf common = BUF_INIT;
	size_t column, indent = strlen("usage: ") + strlen(name);
	const char *lead = "usage:";

	for (; table->name != NULL; table++)
		add_brief(table, &common);
	do {
		buf_addf(out, "%s %s", lead, name);
		column = indent;
		fold(out, &column, indent, buf_str(&common));
		synopsis = fold(out, &column, indent, synopsis);
		buf_addc(out, '\n');
		lead = "      ";
	} while (*synopsis != '\0');
	buf_release(&common);
}

static void
describe_one(const struct opt *o, struct buf *out)
{
	size_t start = out->len, used;
	const char *s;

	if (o->letter != 0)
		buf_addf(out, "  -%c, --%s", o->letter, o->name);
	else
		buf_addf(out, "      --%s", o->name);
	if (o->arg != NULL)
		buf_addf(out, " %s", o->arg);
	used = out->len - start;
	if (used + 2 > HELP_COLUMN) {
		buf_addc(out, '\n');
		used = 0;
	}
	buf_addf(out, "%*s", (int)(HELP_COLUMN - used), "");
	for (s = o->help; *s != '\0'; s++) {
		buf_addc(out, *s);
		if (*s == '\n')
			buf_addf(out, "%*s", HELP_COLUMN, "");
	}
	buf_addc(out, '\n');
}

void
opt_describe(const struct opt *table, struct buf *out)
{
	for (; table->name != NULL; table++)
		describe_one(table, out);
}
