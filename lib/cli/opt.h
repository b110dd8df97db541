/*
 * opt: a table of options becomes values, a usage text and --help.
 *
 * A table is an array of struct opt that ends with OPT_END; the values it
 * points to hold their defaults before opt_parse.  Lists are released by
 * opt_list_release; their items point into argv.
 */
#ifndef LO_CLI_OPT_H
#define LO_CLI_OPT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

enum opt_kind {
	OPT_FLAG,	/* bool */
	OPT_TEXT,	/* const char * */
	OPT_INT,	/* int64_t, >= 0 */
	OPT_SECONDS,	/* double, >= 0 */
	OPT_REAL,	/* double */
	OPT_LIST,	/* struct opt_list: may be repeated */
	OPT_COUNT,	/* int64_t, >= 1 */
	OPT_PAIR	/* struct opt_list: two arguments, two items */
};

struct opt_list {
	const char **item;
	size_t n, cap;
	/* 'which' of each item, when several options share one list */
	int *which;
};

struct opt {
	char letter;		/* 0: long only */
	const char *name;	/* long name */
	const char *arg;	/* metavariable, NULL for flags */
	enum opt_kind kind;
	void *value;
	const char *help;	/* a line break in it is kept */
	int which;		/* of OPT_LIST */
};

#define OPT_END { 0, NULL, NULL, OPT_FLAG, NULL, NULL, 0 }

enum opt_order {
	OPT_ANYWHERE,	/* options may stand between operands */
	OPT_FIRST	/* the first operand ends them: a command follows */
};

/* Set the values.  Returns the index in argv (whose operands are moved to
 * its end) of the first operand, or -1 and LO_USAGE. */
int	opt_parse(const struct opt *, enum opt_order, int argc, char **argv,
	    struct err *);
void	opt_list_release(struct opt_list *);

/* "usage: NAME [-C DIR] ... SYNOPSIS", one for each line of synopsis, with
 * the options of the table in front. */
void	opt_usage(const struct opt *, const char *name,
	    const char *synopsis, struct buf *);
/* A line or more for each option. */
void	opt_describe(const struct opt *, struct buf *);

#endif
