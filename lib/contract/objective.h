/*
 * objective: objective_schema.json as a struct, scalarization, ranking.
 * See objective_schema(5).
 *
 * Objectives stand primary first, then secondary in file order; a vector y
 * has one double for each in that order.
 */
#ifndef LO_CONTRACT_OBJECTIVE_H
#define LO_CONTRACT_OBJECTIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jv.h>

#include "base/err.h"
#include "store/json.h"

enum policy {
	POLICY_PRIMARY_ONLY, POLICY_WEIGHTED_SUM,
	POLICY_WEIGHTED_TCHEBYCHEFF, POLICY_LEXICOGRAPHIC
};
const char *policy_name(enum policy);

struct objective {
	char *name;
	bool maximize;
	double tolerance;
	char *failure_handling;
};

struct objectives {
	struct objective *objective;
	size_t n;
	bool has_scalarization;	/* the key is in the file */
	enum policy policy;
	double *weight;		/* n, sum 1; of the weighted policies */
	double *reference;	/* n, as given (default 0); Tchebycheff */
};

struct objectives *objectives_from_json(jv borrowed, const char *file,
	    struct err *);
void	objectives_free(struct objectives *);
int	objectives_index(const struct objectives *, const char *name);
/* Complain about a member that is named after no objective. */
int	objectives_unknown(const struct objectives *, const struct json *,
	    struct err *);

/* The scalar that ranks and is modelled: the primary's value for
 * primary_only and lexicographic, else the weighted scalar. */
double	objectives_scalar(const struct objectives *, const double *y);
/* Is a smaller scalar better? */
bool	objectives_minimize_scalar(const struct objectives *);
/* "scalarized" for the weighted policies, else the primary's name. */
const char *objectives_scalar_name(const struct objectives *);
/* Do best and manifests carry scalarization_policy and objective_vector?
 * (several objectives, or a scalarization in the file) */
bool	objectives_vector_shown(const struct objectives *);
/* < 0 if a ranks before b: scalar, then lexicographic vector, then id. */
int	objectives_rank(const struct objectives *, const double *a,
	    int64_t id_a, const double *b, int64_t id_b);
/* Does a dominate b (no worse in all, better in one)? */
bool	objectives_dominates(const struct objectives *, const double *a,
	    const double *b);

/* Write {"name": value, ...}; y NULL writes null for each. */
void	objectives_write(const struct objectives *, const double *y,
	    struct jw *);

#endif
