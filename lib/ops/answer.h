/*
 * answer: what an evaluator printed becomes a result.
 *
 * The answer is the whole of stdout if that is one JSON object, else its
 * last non-empty line: a number, which is the primary objective, or an
 * object with "objectives" {NAME: number} and, for the primary one,
 * "objective" or "objective_value"; if it has none of these three, its
 * members with the names of objectives are those.  Also "status",
 * "terminal_reason" (or "failure_reason"), "penalty_objective",
 * "runtime_seconds".  Other members are not looked at.
 *
 * An objective with a jq program is what that gives, for the answer if it
 * is JSON of any kind, else for all of stdout as one string.
 *
 * Whatever cannot be understood makes a failed result and says why.
 */
#ifndef LO_OPS_ANSWER_H
#define LO_OPS_ANSWER_H

#include <stdbool.h>
#include <stddef.h>

#include "contract/config.h"
#include "store/filter.h"

/* What is asked: objectives, the primary one first. */
struct answer_question {
	char **name;
	struct filter **filter;	/* NULL where there is no program */
	size_t n;
};

struct answer {
	enum trial_status status;
	double *y;		/* question's n; meaningful if ok */
	bool has_penalty, has_runtime;
	double penalty;		/* of a status that is not ok */
	double runtime;
	char *reason;		/* of a status that is not ok */
};

/* cut: the beginning of the text is missing. */
void	answer_read(const struct answer_question *, const char *text,
	    size_t len, bool cut, struct answer *);
/* A result without an answer.  The reason is taken over. */
void	answer_set(struct answer *, enum trial_status, char *reason);
void	answer_release(struct answer *);

#endif
