#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xmem.h"
#include "cli/emit.h"
#include "cli/tool.h"
#include "store/file.h"

#ifndef LO_VERSION
#define LO_VERSION "0.5.0"
#endif

#define MAX_COMMON 10

/* "lo-tool: text\n" in one write, so that lines of the programs of a pipe
 * do not mix. */
static void
say(const struct tool *t, const char *text)
{
	struct buf line = BUF_INIT;

	buf_addf(&line, "%s: %s\n", t->spec->name, text);
	file_write_all(STDERR_FILENO, line.p, line.len);
	buf_release(&line);
}

void
tool_warn(const struct tool *t, const char *fmt, ...)
{
	struct err e;
	va_list ap;

	va_start(ap, fmt);
	err_vset(&e, 0, fmt, ap);
	va_end(ap);
	say(t, e.text);
}

void
tool_notice(void *tool, const char *text)
{
	say(tool, text);
}

static void
say_help(const struct tool *t)
{
	tool_warn(t, "try '%s --help'", t->spec->name);
}

int
tool_fail(const struct tool *t, const struct err *err)
{
	if (err->text[0] != '\0')
		say(t, err->text);
	if (err->text[0] != '\0' && err->status == LO_USAGE)
		say_help(t);
	return err->status != 0 ? err->status : LO_REFUSED;
}

_Noreturn void
tool_usage(const struct tool *t, const char *fmt, ...)
{
	struct err e;
	va_list ap;

	va_start(ap, fmt);
	err_vset(&e, LO_USAGE, fmt, ap);
	va_end(ap);
	say(t, e.text);
	say_help(t);
	exit(LO_USAGE);
}

/* The options that the spec asks for; returns how many were put. */
static size_t
common_options(struct tool *t, struct opt *o)
{
	const struct opt all[] = {
		{ 'C', "campaign", "DIR", OPT_TEXT, &t->campaign,
		    "the campaign (default: $LO_CAMPAIGN, else the\n"
		    "nearest directory upwards with a bo_config.json)",
		    TOOL_CAMPAIGN },
		{ 'f', "filter", "EXPR", OPT_TEXT, &t->filter,
		    "run this jq program on each value; printed on one\n"
		    "line each, indented on a terminal", TOOL_OUTPUT },
		{ 'r', "raw-output", NULL, OPT_FLAG, &t->raw,
		    "strings that a filter gives without quotes",
		    TOOL_OUTPUT },
		{ 'c', "compact-output", NULL, OPT_FLAG, &t->compact,
		    "one line for each value on a terminal, too",
		    TOOL_OUTPUT },
		{ 0, "arg", "NAME VALUE", OPT_PAIR, &t->args,
		    "make $NAME known to the filter", TOOL_OUTPUT },
		{ 0, "lock-timeout", "SECONDS", OPT_SECONDS,
		    &t->lock_timeout, "how long to wait for the lock",
		    TOOL_MUTATES },
		{ 0, "fail-fast", NULL, OPT_FLAG, &t->fail_fast,
		    "do not wait for the lock", TOOL_MUTATES }
	};
	size_t i, n = 0;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (t->spec->common & (unsigned)all[i].which)
			o[n++] = all[i];
	o[n] = (struct opt)OPT_END;
	return n;
}

static size_t
meta_options(struct tool *t, struct opt *o)
{
	o[0] = (struct opt){ 'h', "help", NULL, OPT_FLAG, &t->help,
	    "this text", 0 };
	o[1] = (struct opt){ 'V', "version", NULL, OPT_FLAG, &t->version,
	    "print the version", 0 };
	o[2] = (struct opt)OPT_END;
	return 2;
}

/* The tool's own options, then the common ones, then -h and -V. */
static struct opt *
merge(struct tool *t, const struct opt *own)
{
	struct opt *all;
	size_t n = 0;

	while (own != NULL && own[n].name != NULL)
		n++;
	all = xcalloc(n + MAX_COMMON, sizeof(*all));
	if (n > 0)
		memcpy(all, own, n * sizeof(*all));
	n += common_options(t, all + n);
	meta_options(t, all + n);
	return all;
}

static void
open_output(struct tool *t, bool closed)
{
	struct emit_options o = { .filter = t->filter, .args = &t->args,
	    .raw = t->raw, .compact = t->compact, .closed = closed };
	struct err err;

	t->emit = emit_new(&o, &err);
	if (t->emit == NULL)
		tool_usage(t, "%s", err.text);
}

void
tool_only_reads(struct tool *t)
{
	emit_quiet(t->emit);
}

static void
add_help(struct tool *t, const struct opt *options, struct buf *out)
{
	const struct tool_spec *s = t->spec;
	struct opt common[MAX_COMMON];

	common_options(t, common);
	opt_usage(common, s->name, s->synopsis, out);
	buf_addf(out, "\n%s\n\n", s->about);
	opt_describe(options, out);
	buf_addf(out, "\nexample:\n  %s\n", s->example);
}

/* -h and -V: print, exit. */
static _Noreturn void
inform(struct tool *t, const struct opt *options)
{
	struct buf out = BUF_INIT;
	struct err err;
	int status = 0;

	tool_only_reads(t);
	if (t->help)
		add_help(t, options, &out);
	else
		buf_addf(&out, "%s (Looptimum) %s\n", t->spec->name,
		    LO_VERSION);
	if (tool_print_text(t, &out, &err) != 0)
		status = tool_fail(t, &err);
	exit(tool_end(t, status));
}

static void
check_operands(const struct tool *t)
{
	const struct tool_spec *s = t->spec;

	if (t->argc < s->min_args)
		tool_usage(t, "%s is missing", s->operand);
	if (s->max_args >= 0 && t->argc > s->max_args)
		tool_usage(t, "unexpected operand '%s'",
		    t->argv[s->max_args]);
}

void
tool_init(struct tool *t, const struct tool_spec *spec,
    const struct opt *own, int argc, char **argv)
{
	bool closed = fcntl(STDOUT_FILENO, F_GETFD) < 0;
	struct opt *options;
	struct err err;
	int first;

	file_process_init();
	memset(t, 0, sizeof(*t));
	t->spec = spec;
	t->lock_timeout = -1;
	options = merge(t, own);
	first = opt_parse(options, spec->common & TOOL_COMMAND ? OPT_FIRST :
	    OPT_ANYWHERE, argc, argv, &err);
	if (t->help || t->version) {
		t->filter = NULL;
		open_output(t, closed);
		inform(t, options);
	}
	free(options);
	if (first < 0)
		tool_usage(t, "%s", err.text);
	t->argc = argc - first;
	t->argv = argv + first;
	check_operands(t);
	if (t->fail_fast)
		t->lock_timeout = 0;
	open_output(t, closed);
	if ((spec->common & (TOOL_CAMPAIGN | TOOL_MUTATES | TOOL_COMMAND)) ==
	    TOOL_CAMPAIGN)
		tool_only_reads(t);
}

int
tool_print(struct tool *t, const struct buf *documents, struct err *err)
{
	struct span line;
	const char *p = documents->p, *end = p + documents->len, *stop;

	for (; p < end; p = stop + 1) {
		stop = memchr(p, '\n', (size_t)(end - p));
		if (stop == NULL)
			stop = end;
		line = (struct span){ p, (size_t)(stop - p) };
		if (line.len > 0 && emit_document(t->emit, line, err) != 0)
			return -1;
	}
	return 0;
}

int
tool_print_text(struct tool *t, const struct buf *text, struct err *err)
{
	return emit_text(t->emit, buf_str(text), text->len, err);
}

int
tool_put(struct tool *t, const struct buf *documents)
{
	struct err err;

	return tool_print(t, documents, &err) == 0 ? LO_DONE :
	    tool_fail(t, &err);
}

int
tool_end(struct tool *t, int status)
{
	struct err err;

	if (emit_close(t->emit, &err) != 0)
		status = tool_fail(t, &err);
	emit_free(t->emit);
	t->emit = NULL;
	opt_list_release(&t->args);
	return status;
}
