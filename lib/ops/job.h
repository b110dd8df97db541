/*
 * job: one evaluation, from the claim to the payload.
 *
 * A struct evaluation is what all jobs share and none changes, but for the
 * notes of what was said once.  Times are clock_steady's; INFINITY: never.
 */
#ifndef LO_OPS_JOB_H
#define LO_OPS_JOB_H

#include <poll.h>

#include "campaign/campaign.h"
#include "ops/answer.h"
#include "ops/capture.h"
#include "ops/child.h"
#include "ops/evaluate.h"
#include "ops/feed.h"
#include "ops/ops.h"

/* So long is the lock waited for at a time: the loop stands still. */
#define JOB_LOCK_SLICE 1.0

struct evaluation {
	const struct evaluate_request *r;
	bool campaign;		/* contracts, paths and op are there */
	struct contracts contracts;
	struct paths paths;
	struct op op;		/* of claims and heartbeats */
	struct answer_question question;
	bool told_guess;
};

int	evaluation_open(struct evaluation *, const struct evaluate_request *,
	    struct err *);
void	evaluation_close(struct evaluation *);
/* A notice, and one that begins with "trial N: ". */
void	evaluation_say(const struct evaluation *, const char *text);
void	evaluation_note(const struct evaluation *, int64_t id,
	    const char *fmt, ...) __attribute__((format(printf, 3, 4)));

enum job_fate {
	FATE_OWN,		/* ends by itself */
	FATE_TIMEOUT,		/* was told to end: took too long */
	FATE_STOPPED		/* was told to end: we were */
};

struct job {
	struct evaluation *e;
	struct suggestion *s;
	struct child child;
	struct capture out, err;
	char **argv;
	size_t fed;		/* bytes of the suggestion it got */
	int attempt;		/* from 0 */
	enum job_fate fate;
	int stop_signal;	/* of FATE_STOPPED */
	bool claimed;
	bool told_beat;		/* a failed heartbeat was reported */
	double claim_until;	/* give up; NAN: settled */
	double began, runtime;	/* of the last attempt */
	double timeout_at, kill_at, beat_at;
};

/* Takes the suggestion over. */
struct job *job_new(struct evaluation *, struct suggestion *);
void	job_free(struct job *);
/* Claim the trial: 0 if that is settled, 1 if the lock is busy: again. */
int	job_claim(struct job *);
/* It was claimed for this process already. */
void	job_claimed(struct job *);
int	job_start(struct job *, struct err *);

#define JOB_FDS 3
void	job_poll(const struct job *, struct pollfd fd[JOB_FDS]);
void	job_serve(struct job *, const struct pollfd fd[JOB_FDS]);

/* When job_tick is to be called. */
double	job_next(const struct job *);
/* Timeout, kill, heartbeat: whatever is due. */
void	job_tick(struct job *);
/* Pass a signal on; SIGKILL follows after kill_after. */
void	job_stop(struct job *, int signal);

/* It ended and was collected: read the rest and judge.  True if it is to
 * be started once more. */
bool	job_finish(struct job *, int wait_status, bool may_retry,
	    struct answer *);
/* What the end and the answer amount to. */
void	job_judge(struct job *, int wait_status, struct answer *);
/* The payload, and on failure what a person needs to know. */
void	job_payload(const struct job *, const struct answer *, struct buf *);
void	job_complain(const struct job *, const struct answer *,
	    int wait_status);
/* The evaluation as a person would type it: LO_PARAM_x=0.5 ./evaluate */
void	job_by_hand(const struct job *, struct buf *);

#endif
