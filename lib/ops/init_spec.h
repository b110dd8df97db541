/*
 * init_spec: one --param of the command line, taken apart.  See init.h for
 * the notation.
 */
#ifndef LO_OPS_INIT_SPEC_H
#define LO_OPS_INIT_SPEC_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "contract/space.h"

/* One choice or condition value. */
struct init_word {
	char *text;		/* as typed, without quotes */
	char *json;		/* as it will stand in the file */
};

struct init_words {
	struct init_word *word;
	size_t n, cap;
};

struct init_when {
	char *controller;
	struct init_words values;
};

struct init_spec {
	const char *whole;	/* for messages */
	char *name;
	enum param_type type;
	double lo, hi;
	bool log;
	struct init_words choices;
	struct init_when *when;
	size_t nwhen, when_cap;
};

/* A zeroed spec is filled; release it whether that worked or not. */
int	init_spec_read(struct init_spec *, const char *text, struct err *);
void	init_spec_release(struct init_spec *);

#endif
