/*
 * evaluate: run an evaluator for each suggestion and make payloads of what
 * it answers.  See lo-eval(1).
 *
 * How the work is divided:
 *	feed		suggestions from a descriptor
 *	template	their parameters as arguments and environment
 *	child, wake	processes and signals
 *	capture		what they say, in memory and in the trial's directory
 *	answer		what they said as a result
 *	job		one evaluation from claim to payload
 *	pool		several at a time
 *	evaluate	from input to output
 *
 * Claims E1 to E6, which the tests refer to:
 *  E1  Every suggestion that was started gets exactly one payload, unless
 *      its command cannot be executed or the output is lost.
 *  E2  No evaluator outlives its payload: its process group is killed when
 *      it has ended.
 *  E3  Nothing an evaluator does keeps the loop from the others: no write
 *      to it, no read from it blocks, and neither does the input.
 *  E4  A suggestion is started as soon as it was read completely and one
 *      of the jobs is free; a payload is handed out as soon as its
 *      evaluation ended.
 *  E5  After SIGINT, SIGTERM or SIGHUP nothing is started; what runs gets
 *      the signal and its payload says killed.
 *  E6  What gets no payload is named as still pending.
 */
#ifndef LO_OPS_EVALUATE_H
#define LO_OPS_EVALUATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

#define EVALUATE_HEARTBEAT 60.0	/* seconds */
#define EVALUATE_KILL_AFTER 10.0

struct evaluate_request {
	const char *root;	/* campaign, or NULL: none at hand */
	char *const *command;	/* NULL-terminated; {name} is replaced */
	int jobs;
	double timeout;		/* seconds; 0: none */
	double kill_after;	/* seconds from SIGTERM to SIGKILL */
	double heartbeat;	/* seconds between two */
	int retries;		/* of an evaluation that failed by itself */
	/* "NAME", or "NAME=JQ" with a program over the evaluator's stdout.
	 * With a campaign: for some of its objectives.  Without: all
	 * objectives, the primary one first. */
	const char *const *objective;
	size_t nobjective;
	double penalty;		/* of payloads that are not ok; NAN: none */
	int input;		/* descriptor of suggestions */
	const char *input_name;
	/* Called with each payload (one compact JSON line, no newline) as
	 * soon as its evaluation ended; -1 stops everything. */
	int (*emit)(void *, const char *payload, struct err *);
	void *emit_arg;
	/* What a person should hear: a line without newline. */
	void (*notice)(void *, const char *text);
	/* What evaluators say on stderr: "trial N: line\n". */
	void (*say)(void *, const char *text, size_t len);
	void *notice_arg;	/* of both */
};

/* 0 when every suggestion got its payload.  -1 with an empty text and
 * LO_REFUSED when some input was no suggestion, of which notice spoke.
 * *signal is the one that ended it early, by which the caller is to die
 * (wake_die), or 0.  SIGPIPE must be ignored (file_process_init). */
int	evaluate(const struct evaluate_request *, int *signal, struct err *);

#endif
