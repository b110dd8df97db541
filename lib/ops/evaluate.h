/*
 * evaluate: run an evaluator for each suggestion and make payloads of what
 * it answers.  See lo-eval(1).
 */
#ifndef LO_OPS_EVALUATE_H
#define LO_OPS_EVALUATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

struct evaluate_objective {
	const char *name;
	const char *program;	/* jq, over the evaluator's stdout; or NULL */
};

struct evaluate_request {
	const char *root;	/* campaign, or NULL: none at hand */
	char *const *command;	/* NULL-terminated; {name} is replaced */
	int jobs;
	double timeout;		/* seconds; 0: none */
	double kill_after;	/* seconds from SIGTERM to SIGKILL */
	int retries;		/* of a failed evaluation */
	const struct evaluate_objective *objective;
	size_t nobjective;
	bool has_penalty;
	double penalty;		/* penalty_objective of non-ok payloads */
	int input;		/* descriptor of suggestions */
	const char *input_name;
	/* Called with each payload (one compact JSON line, no newline) as
	 * soon as its evaluation ended; non-zero stops everything. */
	int (*emit)(void *, const char *payload);
	void *emit_arg;
	void (*notice)(void *, const char *text);
	void *notice_arg;
};

/* 0 when every suggestion got its payload. */
int	evaluate(const struct evaluate_request *, struct err *);

#endif
