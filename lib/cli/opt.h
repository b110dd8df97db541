/*
 * opt: a table of options becomes values, a usage text and --help.
 */
#ifndef LO_CLI_OPT_H
#define LO_CLI_OPT_H

#include <stdbool.h>
#include <stddef.h>

enum opt_kind {
	OPT_FLAG,	/* bool */
	OPT_TEXT,	/* const char * */
	OPT_INT,	/* int64_t, >= 0 */
	OPT_SECONDS,	/* double, >= 0 */
	OPT_REAL,	/* double */
	OPT_LIST	/* struct opt_list: may be repeated */
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
	const char *help;
	int which;		/* of OPT_LIST */
};

#define OPT_END { 0, NULL, NULL, OPT_FLAG, NULL, NULL, 0 }

#endif
