/*
 * task: a problem of the optimizer's benchmark.
 *
 * A family is a source file with a list of problems.  An open task has the
 * documents that a campaign would have (parameter space, constraints,
 * objectives), a budget, and a function that evaluates a point; everything
 * is minimised.  Tasks are deterministic: instance (>= 0) moves optima and
 * turns axes where the family can, and seeds the noise where there is any.
 */
#ifndef TESTS_BENCH_OPT_TASK_H
#define TESTS_BENCH_OPT_TASK_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "contract/constraint.h"
#include "contract/objective.h"
#include "contract/space.h"
#include "model/rng.h"

#define PI 3.14159265358979323846
#define TASK_OBJECTIVES 3

/* What an evaluation brings. */
struct result {
	bool failed;			/* a crash: no values */
	double y[TASK_OBJECTIVES];	/* as the optimizer sees them */
	double truth[TASK_OBJECTIVES];	/* without noise */
};

struct task {
	char *name;			/* "bbob-f08-d10" */
	const char *block;		/* "bbob" */
	uint64_t instance;
	/* Filled by the family before task_ready. */
	struct buf space_text;		/* parameter_space.json */
	struct buf constraints_text;	/* constraints.json, or empty */
	size_t nobjective;		/* 1, or 2 to 3 for a front */
	size_t budget;			/* evaluations */
	size_t batch;			/* evaluated at the same time */
	bool noisy;
	/* One objective: the least true value (NaN: not known, then best is
	 * the least that anyone was seen to reach).  Fronts: the largest
	 * hypervolume of normalised objectives, see front.h. */
	double optimum;
	/* The middle of true values over random points; NaN: task_ready
	 * draws some and finds out. */
	double typical;
	/* A point where the optimum is reached, for opt-bench verify; NULL:
	 * none is known. */
	double *best_point;
	/* Fronts: the box in which objectives are normalised. */
	double ideal[TASK_OBJECTIVES], nadir[TASK_OBJECTIVES];
	/* Point as in contract/point.h (bool 0/1, int its value, categorical
	 * the index of its choice, NaN inactive).  count is how many
	 * evaluations came before: the noise's counter. */
	void (*evaluate)(const struct task *, const double *point,
	    uint64_t count, struct result *);
	void *data;			/* the family's; freed by free_data */
	void (*free_data)(void *);
	/* Made by task_ready. */
	struct buf objectives_text;
	struct space *space;
	struct constraints *constraints;	/* or NULL */
	struct objectives *objectives;
};

struct family {
	const char *block;
	size_t (*count)(void);
	/* Problem i of the family as instance; fills a zeroed task. */
	void (*open)(struct task *, size_t i, uint64_t instance);
};

/* All of them, in the order of the report. */
extern const struct family *const families[];
extern const size_t nfamilies;
extern const struct family bbob_family, mixed_family, discrete_family,
    conditional_family, constrained_family, failing_family, noisy_family,
    batch_family, front_family, knob_family, tiny_family;

/* Total number of tasks, and the one with that number (its name alone is
 * cheap: nothing is drawn until task_ready). */
size_t	task_count(void);
struct task *task_open(size_t number, uint64_t instance);
/* By name; NULL if there is none. */
struct task *task_find(const char *name, uint64_t instance);
void	task_free(struct task *);
/* Parse the documents and find typical; exits with a message if a family
 * wrote nonsense. */
void	task_ready(struct task *);
/* Uniform over the space, rejecting what breaks constraints. */
void	task_random_point(const struct task *, struct rng *, double *point);

/* For families: append a parameter to space_text.  The first one opens the
 * document, task_end_space closes it; more holds further members of the
 * parameter (",\"scale\":\"log\"") or is "". */
void	task_float(struct task *, const char *name, double lo, double hi,
	    const char *more);
void	task_int(struct task *, const char *name, int lo, int hi,
	    const char *more);
void	task_bool(struct task *, const char *name, const char *more);
/* levels strings "c0", "c1", ... */
void	task_categorical(struct task *, const char *name, int levels,
	    const char *more);
void	task_end_space(struct task *);
/* n uniform floats x0, x1, ... in [lo, hi], and the document closed. */
void	task_box(struct task *, size_t n, double lo, double hi);

/* Smaller ones first. */
void	task_sort(double *, size_t n);

/* For families: a task's data of that size, zeroed, that free releases. */
void	*task_data(struct task *, size_t size);
/* What came of it: one true value, seen without noise; no failure. */
void	result_set(struct result *, double y);

/* Random numbers of an instance: the same for all optimizers.  stream tells
 * apart what they are for. */
void	task_rng(struct rng *, const char *name, uint64_t instance,
	    uint32_t stream);
uint64_t task_hash(const char *);	/* FNV-1a */
double	task_normal(struct rng *);	/* standard, by inversion */

#endif
