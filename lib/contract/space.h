/*
 * space: parameter_space.json as a struct.  See parameter_space(5).
 *
 * Parameters are kept in file order; a point (point.h) is an array of one
 * double per parameter in that order.
 */
#ifndef LO_CONTRACT_SPACE_H
#define LO_CONTRACT_SPACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jv.h>

#include "base/err.h"

enum param_type { PARAM_FLOAT, PARAM_INT, PARAM_BOOL, PARAM_CATEGORICAL };

/* A categorical's choice: a string, or a number in the very text that it
 * has in the file (Looptimum tells 1 from 1.0). */
struct choice {
	bool is_number;
	double number;
	char *text;
};

/* The parameter is active only while its controller is active and holds
 * one of these values (a bool's 0/1, an int's number, a choice's index). */
struct condition {
	size_t controller;
	double *value;
	size_t nvalue;
};

struct param {
	char *name;
	char *description;	/* or NULL */
	enum param_type type;
	double lo, hi;		/* float, int; bool 0..1; choices 0..n-1 */
	bool log;
	struct choice *choice;	/* categorical */
	size_t nchoice;
	struct condition *when;	/* all must hold */
	size_t nwhen;
};

struct space {
	struct param *param;
	size_t n;
	size_t *order;		/* controllers before what they control */
};

/* text is the scanned source of the document, from which the numeric
 * choices' own spelling is taken.  NULL on error. */
struct space *space_from_json(jv borrowed, const char *text, size_t len,
	    const char *file, struct err *);
void	space_free(struct space *);
/* Index of a parameter, or -1. */
int	space_index(const struct space *, const char *name);
const char *param_type_name(enum param_type);
bool	space_conditional(const struct space *);	/* any "when" at all */

#endif
