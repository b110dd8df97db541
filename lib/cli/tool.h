/*
 * tool: what every tool does before and after its one call.
 *
 *	int main(int argc, char **argv)
 *	{
 *		... option values on the stack, table of options ...
 *		tool_init(&t, &spec, options, argc, argv);
 *		status = op_...(&op, ...) ? tool_fail(&t, &err) : ...
 *		return tool_end(&t, status);
 *	}
 *
 * tool_init handles -h, -V and usage errors (exit 2) itself and adds the
 * common options that spec.common names.  A filter is compiled there, so a
 * mistake in it is known before anything is done.
 */
#ifndef LO_CLI_TOOL_H
#define LO_CLI_TOOL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "cli/opt.h"
#include "store/json.h"

enum tool_common {
	TOOL_CAMPAIGN = 1,	/* -C */
	TOOL_OUTPUT = 2,	/* -f -r -c --arg */
	TOOL_MUTATES = 4,	/* --lock-timeout --fail-fast */
	TOOL_COMMAND = 8	/* options end at the first operand */
};

struct tool_spec {
	const char *name;	/* "lo-suggest" */
	/* Synopsis after the name, without the common options (they are
	 * put in front): "[-n N] [--jsonl]"; several lines end in \n. */
	const char *synopsis;
	const char *about;	/* one line */
	const char *example;	/* one worked example for --help */
	unsigned common;
	int min_args, max_args;	/* operands; max < 0: any number */
	const char *operand;	/* the first one's name, if min_args > 0 */
};

struct emit;
struct tool {
	const struct tool_spec *spec;
	int argc;		/* operands left */
	char **argv;
	struct emit *emit;
	/* values of the common options */
	const char *campaign;	/* -C, or NULL */
	const char *filter;
	bool raw, compact, fail_fast;
	double lock_timeout;	/* 0 with --fail-fast, < 0: not given */
	struct opt_list args;
	bool help, version;
};

/* options may be NULL. */
void	tool_init(struct tool *, const struct tool_spec *,
	    const struct opt *options, int argc, char **argv);
/* The operands as ids of trials, a usage error if one is none; the caller
 * frees. */
int64_t	*tool_ids(const struct tool *);
/* Read the operands (stdin if there are none, or for "-") as streams of JSON
 * values and hand each over as soon as it is complete, with "FILE:LINE".
 * each returns non-zero to stop, which is no error. */
typedef int tool_value(void *arg, struct span value, const char *where);
int	tool_values(const struct tool *, tool_value *each, void *arg,
	    struct err *);
/* Print one JSON document, or each line of several, through the filter.
 * Flushes; 0, or -1: LO_IO when the reader went away or the disk is full,
 * LO_REFUSED when the filter failed (what came before is printed). */
int	tool_print(struct tool *, const struct buf *documents, struct err *);
/* This call changes nothing: if the reader of stdout goes away, as head(1)
 * does, that is exit status 4 without a word.  Tools that have no option of
 * those that write do so anyway. */
void	tool_only_reads(struct tool *);
/* Plain text on stdout, checked alike. */
int	tool_print_text(struct tool *, const struct buf *, struct err *);
/* tool_print, and on failure tool_fail: the exit status. */
int	tool_put(struct tool *, const struct buf *documents);
/* Suggestions, one a line: a single one as it is, several as lines (jsonl)
 * or as {"schema_version","count","suggestions":[...]}.  On failure also
 * says which trials are pending; the exit status. */
int	tool_put_suggestions(struct tool *, const struct buf *lines,
	    bool jsonl);
/* "lo-tool: text" on stderr. */
void	tool_warn(const struct tool *, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));
void	tool_notice(void *tool, const char *text);
/* Print the error (if it has a text; a usage error with a pointer to
 * --help) and return its status. */
int	tool_fail(const struct tool *, const struct err *);
/* Have the person at the terminal type a word.  LO_REFUSED if another came,
 * or if standard input is no terminal. */
int	tool_confirm(const struct tool *, const char *question,
	    const char *word, struct err *);
/* Usage error: message, pointer to --help; exits 2. */
_Noreturn void tool_usage(const struct tool *, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));
/* Close stdout with a check, free everything; returns the exit status. */
int	tool_end(struct tool *, int status);

/* Where things are; the caller frees.  NULL: not found. */
/* The directory in which this program lies. */
char	*tool_bin(void);
/* Templates and schemas: $LO_SHARE, the tree of this program, or the
 * installed place.  Never NULL. */
char	*tool_share(void);
/* The page lo-NAME(1), lo-NAME(7), NAME(5) or NAME(7). */
char	*tool_page(const char *name);
/* What lo-NAME does, in the words of its page. */
char	*tool_about(const char *name);

/* Go to a new directory below $TMPDIR or /tmp, with our own tools first in
 * PATH and no campaign in the environment.  Its path, or NULL. */
char	*tool_scratch(struct err *);
/* Remove it unless it is to be kept; frees dir. */
void	tool_scratch_end(const struct tool *, char *dir, bool keep);

#endif
